"""Organisations, and who may act for them: members by invitation, signatories by a confirmed mandate."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kit import clock
from people.models.person import Person

# Staff who meet organisations of every programme; the others see those of their dossiers, with the dossier.
STAFF_WHO_SEE_ORGANISATIONS = (
    "administrator",
    "programme_manager",
    "instructing_officer",
    "committee_secretary",
    "paying_officer",
    "auditor",
)


class OrganisationKind(models.TextChoices):
    COMMUNE = "commune", _("Commune")
    EPCI = "epci", _("Grouping of communes (EPCI)")
    SYNDICAT_MIXTE = "syndicat_mixte", _("Mixed syndicate")
    OFFICE_DE_TOURISME = "office_de_tourisme", _("Tourist office")
    CENTRE_DE_GESTION = "centre_de_gestion", _("Management centre for local civil servants")
    ASSOCIATION = "association", pgettext_lazy("kind of organisation", "Association (non-profit)")
    PAYS = "pays", _("Pays (group of rural territories)")
    CIAS = "cias", _("Intercommunal social centre (CIAS)")
    CCAS = "ccas", _("Municipal social centre (CCAS)")
    AGENCE = "agence", _("Public agency")
    DEPARTEMENT = "departement", _("Département council")
    REGION = "region", _("Région council")
    ETAT = "etat", _("State service")
    PROVIDER = "provider", _("Service provider")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, person: Person | None) -> Self:
        """One's own organisations; those who instruct, decide, pay or audit see all of them."""
        if person is None or not person.is_authenticated:
            return self.none()
        own = person.standing
        if any(own.has_role(role) for role in STAFF_WHO_SEE_ORGANISATIONS):
            return self
        asked = Mandate.objects.filter(person=person, status=MandateStatus.REQUESTED).values("organisation")
        return self.filter(Q(pk__in=own.organisations) | Q(pk__in=asked))


class Organisation(models.Model):
    """A body that applies, is a partner, advises or pays: known by its SIRET, or its RNA if it is an association."""

    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    name = models.CharField(_("name"), max_length=200)
    siret = models.CharField(_("SIRET"), max_length=14, unique=True, null=True, blank=True)
    rna = models.CharField(_("RNA number"), max_length=10, unique=True, null=True, blank=True)
    identifier_unknown = models.BooleanField(_("identifier unknown"), default=False)
    insee = models.CharField(_("INSEE code of the commune"), max_length=5, blank=True)
    department = models.CharField(_("département"), max_length=3, blank=True)
    region = models.CharField(_("région"), max_length=2, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="organisation_is_identified",
                condition=Q(siret__isnull=False) | Q(rna__isnull=False) | Q(identifier_unknown=True),
            ),
            models.CheckConstraint(
                name="organisation_unknown_has_no_identifier",
                condition=Q(identifier_unknown=False) | Q(siret__isnull=True, rna__isnull=True),
            ),
            models.CheckConstraint(
                name="organisation_rna_is_an_association_s",
                condition=Q(rna__isnull=True) | Q(kind=OrganisationKind.ASSOCIATION),
            ),
        ]
        indexes = [models.Index(fields=["name", "id"], name="organisation_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def siren(self) -> str:
        """The first nine digits of the SIRET; empty when there is none."""
        return (self.siret or "")[:9]

    @property
    def identifier(self) -> str:
        """The SIRET, else the RNA number, else nothing."""
        return self.siret or self.rna or ""

    @property
    def journal_chain(self) -> str:
        return "site"

    @property
    def journal_label(self) -> str:
        return f"organisation:{self.pk}"


class Capacity(models.TextChoices):
    EDITOR = "editor", _("Editor: prepares applications and claims")
    EMPLOYEE = "employee", _("Employee: without access to applications")
    ELECTED = "elected", _("Elected member: without access to applications")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def live(self) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gt=clock.today()))

    def visible_to(self, person: Person | None) -> Self:
        """One's own, and those of the organisations one acts for; administrators and programme managers see all."""
        if person is None or not person.is_authenticated:
            return self.none()
        own = person.standing
        if own.has_role("administrator") or own.has_role("programme_manager"):
            return self
        return self.filter(Q(person=person) | Q(organisation__in=own.acts_for))


class Membership(models.Model):
    """A person belongs to an organisation, from `since` until just before `until` (days in Paris)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    capacity = models.CharField(_("capacity"), max_length=10, choices=Capacity.choices)
    since = models.DateField(_("since"), default=clock.today)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person", "capacity"],
                condition=Q(until__isnull=True),
                name="membership_once_at_a_time",
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation}"

    @property
    def journal_chain(self) -> str:
        return "site"

    @property
    def journal_label(self) -> str:
        return f"organisation:{self.organisation_id}"


class MandateStatus(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("mandate", "Requested")
    CONFIRMED = "confirmed", pgettext_lazy("mandate", "Confirmed")
    REFUSED = "refused", pgettext_lazy("mandate", "Refused")
    ENDED = "ended", pgettext_lazy("mandate", "Ended")


class MandateQuerySet(models.QuerySet["Mandate"]):
    def confirmed(self) -> Self:
        return self.filter(status=MandateStatus.CONFIRMED)

    def waiting(self) -> Self:
        return self.filter(status=MandateStatus.REQUESTED)

    def visible_to(self, person: Person | None) -> Self:
        """One's own, and those of the organisations one acts for; administrators and programme managers see all."""
        if person is None or not person.is_authenticated:
            return self.none()
        own = person.standing
        if own.has_role("administrator") or own.has_role("programme_manager"):
            return self
        return self.filter(Q(person=person) | Q(organisation__in=own.acts_for))


class Mandate(models.Model):
    """The power to sign for an organisation (mayor, president, delegate), proven by a document.

    Confirmed by a programme manager who is neither the requester nor the person mandated.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates")
    function = models.CharField(_("function"), max_length=100)
    status = models.CharField(
        _("status"), max_length=10, choices=MandateStatus.choices, default=MandateStatus.REQUESTED
    )
    evidence = models.ForeignKey("records.Document", models.PROTECT, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ["requested_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(status__in=["requested", "confirmed"]),
                name="mandate_once_at_a_time",
            ),
            models.CheckConstraint(
                name="mandate_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=F("requested_by")) & ~Q(confirmed_by=F("person"))),
            ),
            models.CheckConstraint(
                name="mandate_status_has_its_dates",
                condition=(
                    Q(status="requested", confirmed_at__isnull=True, confirmed_by__isnull=True, ended_at__isnull=True)
                    | Q(
                        status="confirmed",
                        confirmed_at__isnull=False,
                        confirmed_by__isnull=False,
                        ended_at__isnull=True,
                    )
                    | Q(status="refused", confirmed_at__isnull=True, ended_at__isnull=False, ended_by__isnull=False)
                    | Q(status="ended", confirmed_at__isnull=False, ended_at__isnull=False, ended_by__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function} · {self.organisation}"

    @property
    def journal_chain(self) -> str:
        return "site"

    @property
    def journal_label(self) -> str:
        return f"organisation:{self.organisation_id}"
