"""A programme, its measures (labelled "actions" for their users) and the decisions taken about them."""

from typing import TYPE_CHECKING, Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from people.models import Person

CODE = RegexValidator(
    r"^[A-Z0-9][A-Z0-9.-]{1,29}$", _("Use capital letters, digits, hyphens and dots, for example PRAI-2027.")
)


class BilingualTitle:
    """An object with `title_fr` and `title_en`: its title in the language of the page."""

    title_fr: str
    title_en: str

    @property
    def title(self) -> str:
        """The title in the active language; French when English is empty."""
        return self.title_en if get_language() == "en" and self.title_en else self.title_fr


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, person: "Person | None") -> Self:
        """Programmes are public: what they fund is published."""
        return self


class Programme(BilingualTitle, models.Model):
    """A programme of grants, run by one managing body."""

    code = models.CharField(_("code"), max_length=30, unique=True, validators=[CODE])
    title_fr = models.CharField(_("title in French"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    managing_body = models.CharField(_("managing body"), max_length=200)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    fund = models.CharField(_("fund"), max_length=60, default="FEDER")
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    illustrative = models.BooleanField(_("illustrative data"), default=False)
    created_at = models.DateTimeField(_("created at"))

    objects = ProgrammeQuerySet.as_manager()

    lock_rank = 10

    class Meta:
        ordering = ["code"]
        verbose_name = _("programme")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="programme_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def contact(self) -> str:
        """Whom an applicant writes to: the address of the programme, else the name of its managing body."""
        return self.contact_email or self.managing_body

    @property
    def programme_code(self) -> str:
        """The scope of the roles that bear on this object."""
        return self.code

    @property
    def journal_chain(self) -> str:
        return f"programme:{self.code}"

    @property
    def journal_label(self) -> str:
        return self.code


class OfProgramme:
    """An object that belongs to a programme: roles and journal follow from it."""

    programme: Programme

    @property
    def programme_code(self) -> str:
        return self.programme.code

    @property
    def journal_chain(self) -> str:
        return self.programme.journal_chain

    @property
    def journal_label(self) -> str:
        return str(self)


class DecisionBody(models.TextChoices):
    STEERING = "steering", _("Steering committee")
    SELECTION = "selection", _("Selection committee")
    MONITORING = "monitoring", _("Monitoring committee")
    MANAGEMENT = "management", _("Managing body")


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, person: "Person | None") -> Self:
        """Decisions on programmes are read by those who hold a role there."""
        if person is None or not person.is_authenticated:
            return self.none()
        return self.filter(programme__code__in=person.standing.scopes())


class Decision(OfProgramme, models.Model):
    """What a body decided, with reference, date and text; all that changes money or targets names one (R19-R21)."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="decisions")
    reference = models.CharField(_("reference"), max_length=60)
    body = models.CharField(_("body"), max_length=12, choices=DecisionBody.choices)
    taken_on = models.DateField(_("date of the decision"))
    text = models.TextField(_("text"))

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_on", "-pk"]
        verbose_name = _("decision")
        constraints = [models.UniqueConstraint(fields=["programme", "reference"], name="decision_reference_unique")]

    def __str__(self) -> str:
        return self.reference


class MeasureStep(models.TextChoices):
    """The step of the staircase a measure serves (R01)."""

    AWARENESS = "awareness", _("Awareness")
    TRAINING = "training", _("Training")
    ADVICE = "advice", pgettext_lazy("step", "Advice")
    PROJECT = "project", _("Innovative project")
    FOLLOW_UP = "follow_up", _("Follow-up")
    RESOURCE_CENTRE = "resource_centre", _("Resource centre")
    STUDY = "study", _("Study")
    ACCOMPANIMENT = "accompaniment", _("Accompanying measures")
    TECHNICAL_ASSISTANCE = "technical_assistance", _("Technical assistance")


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, person: "Person | None") -> Self:
        """Measures are public, as their programmes."""
        return self


class Measure(OfProgramme, BilingualTitle, models.Model):
    """One action of a programme (7.4 …)."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="measures")
    code = models.CharField(_("code"), max_length=20)
    step = models.CharField(_("step"), max_length=22, choices=MeasureStep.choices)
    title_fr = models.CharField(_("title in French"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    operator = models.CharField(_("operator"), max_length=200, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "code"]
        verbose_name = pgettext_lazy("measure", "Action")
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="measure_code_unique")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
