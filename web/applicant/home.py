"""What waits for those who act for an organisation, and how to begin for those who act for none."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.lifecycle import State
from grants.models import Agreement, CompletionRequest, Dossier, Partner, PartnerState, Side
from grants.queries import messages
from kit import clock
from monitoring.models import Claim, UsageReport
from monitoring.queries import deadlines
from monitoring.queries import todo as monitoring
from people.models import Mandate, Person
from selection.queries import todo as selection
from web.home import HomeSection, section
from web.shared import messages as letters
from web.shared.work import Source, Task, of_dossier, on_dossier

LONGEST_PERIOD = timedelta(days=367)
"""No call leaves more than a year to contest a check."""


def drafts(person: Person) -> QuerySet[Dossier]:
    """Drafts that can still be filed, the first to close first."""
    mine = Dossier.objects.filter(state=State.DRAFT, applicant__in=person.standing.acts_for)
    mine = mine.filter(call__closes_at__gt=clock.now()).select_related("applicant", "call")
    return mine.order_by("call__closes_at", "pk")


def completions(person: Person) -> QuerySet[CompletionRequest]:
    """Dossiers sent back for completion, the first due first."""
    waiting = CompletionRequest.objects.filter(answered_at=None, cancelled_at=None, dossier__state=State.RETURNED)
    waiting = waiting.filter(dossier__applicant__in=person.standing.acts_for)
    return waiting.select_related("dossier__applicant").order_by("due_at", "pk")


def partnerships(person: Person) -> QuerySet[Partner]:
    """Projects that an organisation of the signatory is invited to join."""
    waiting = Partner.objects.filter(state=PartnerState.INVITED, organisation__in=person.standing.signatory_of)
    waiting = waiting.filter(dossier__state__in=[State.DRAFT, State.RETURNED])
    return waiting.select_related("dossier__applicant", "organisation").order_by("invited_at", "pk")


def agreements_to_sign(person: Person) -> QuerySet[Agreement]:
    """Agreements that wait for the beneficiary's signature."""
    waiting = Agreement.objects.filter(beneficiary_signed_at=None, dossier__state=State.SELECTED)
    waiting = waiting.filter(dossier__applicant__in=person.standing.signatory_of)
    return waiting.select_related("dossier__applicant").order_by("pk")


def contestable(person: Person) -> list[Claim]:
    """Certified claims with a rejection that may still be contested, the last certified first."""
    recent = monitoring.claims_with_rejections(person).filter(certified_at__gte=clock.now() - LONGEST_PERIOD)
    return [row for row in recent if (until := deadlines.contest_ends_at(row)) and clock.now() < until]


def threads_to_read(person: Person) -> QuerySet[Dossier]:
    """Dossiers with messages of the service, the longest waiting first."""
    return messages.to_read(person, Side.APPLICANT)


def _thread(row: Dossier) -> Task:
    return Task(str(row), reverse("applicant:messages", args=[row.reference]), letters.waiting(row))


def _draft(row: Dossier) -> Task:
    return Task(
        str(row), reverse("applicant:application", args=[row.reference]), row.applicant.name, row.call.closes_at
    )


def _partner(row: Partner) -> Task:
    url = reverse("applicant:answer_partner", args=[row.dossier.reference, row.pk])
    return Task(str(row.dossier), url, row.dossier.applicant.name)


def _claim(row: Claim) -> Task:
    url = reverse("applicant:claim", args=[row.dossier.reference, row.number])
    return Task(str(row), url, row.dossier.title)


def _contest(row: Claim) -> Task:
    url = reverse("applicant:claim", args=[row.dossier.reference, row.number])
    return Task(str(row), url, row.dossier.title, deadlines.contest_ends_at(row))


def _usage(row: UsageReport) -> Task:
    url = reverse("applicant:usage_report", args=[row.dossier.reference, row.pk])
    return Task(row.service.name, url, row.dossier.applicant.name, row.due_on)


SOURCES: list[Source] = [
    (_("Messages of the service"), threads_to_read, _thread),
    (_("Dossiers to complete"), completions, on_dossier("applicant:application", "due_at")),
    (_("Dossiers in preparation"), drafts, _draft),
    (_("Invitations to join a project"), partnerships, _partner),
    (_("Days of advice to countersign"), selection.missions_to_countersign, on_dossier("applicant:countersign")),
    (_("Agreements to sign"), agreements_to_sign, on_dossier("applicant:sign")),
    (_("Claims to finish"), monitoring.claims_to_finish, _claim),
    (_("Payments that can be claimed"), monitoring.dossiers_to_claim, of_dossier("applicant:expenses")),
    (_("Services to record"), monitoring.services_to_record, of_dossier("applicant:record_service")),
    (_("Rejected expenses that may be contested"), contestable, _contest),
    (_("Usage reports to fill in"), monitoring.usage_reports_to_fill, _usage),
]


def todo(person: Person) -> list[HomeSection]:
    """One section for whoever acts for an organisation, or has no role at all and may want to apply."""
    if person.standing.acts_for:
        own = section(
            person,
            _t("My organisations"),
            SOURCES,
            empty=_t("Nothing waits for you. Follow your dossiers, or start one for an open call."),
            action=_t("My dossiers"),
            url=reverse("applicant:dossiers"),
            links=[(_t("My organisations"), reverse("staff:organisations"))],
        )
        # The staff may belong to a body that never applies, such as the provider of the advice.
        return [own] if own.groups or not person.standing.roles else []
    if person.standing.roles:
        return []
    if Mandate.objects.waiting().filter(person=person).exists():
        return [
            HomeSection(
                _t("My organisations"),
                empty=_t("Your mandate waits for a programme manager to confirm it; a mail will tell you."),
                action=_t("My organisations"),
                url=reverse("staff:organisations"),
            )
        ]
    return [
        HomeSection(
            _t("My organisations"),
            empty=_t("You act for no organisation yet. Register yours, or ask one of its signatories to invite you."),
            action=_t("Register an organisation"),
            url=reverse("staff:register_organisation"),
            links=[(_t("Ask for a mandate"), reverse("staff:request_mandate"))],
        )
    ]
