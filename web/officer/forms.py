"""Forms of the instructing service: what is typed to examine a dossier, advise it and write its agreement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from grants.models import Dossier
from kit import clock
from kit.clock import PARIS
from people.models import Person, Role
from programmes.rules.form import Section
from selection.models import FrameworkContract
from web.forms import CleanCharField, CleanTextarea, DayField, EscalierForm, EscalierFormSet, YesNoField, choices_of

LONGEST_TEXT = 10_000


def end_of(day: date) -> datetime:
    """The instant at which `day`, a last day, is over in Paris: midnight of the next one."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=PARIS)


class DueForm(EscalierForm):
    """Until which day, that day included, something may be done."""

    last_day = DayField(label=_("Last day to answer"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].widget.attrs["min"] = (clock.today() + timedelta(days=1)).isoformat()

    @property
    def due_at(self) -> datetime:
        """The instant from which an answer comes too late."""
        return end_of(self.cleaned_data["last_day"])


class ReturnForm(DueForm):
    """What the applicant has to complete: whole sections, and what is missing in them."""

    sections = forms.MultipleChoiceField(label=_("Parts to complete"), widget=forms.CheckboxSelectMultiple)
    message = CleanTextarea(
        label=_("What is missing"),
        help_text=_("The applicant receives this text by mail."),
        max_length=LONGEST_TEXT,
    )
    field_order = ["sections", "message", "last_day"]

    def __init__(self, *args: Any, parts: Iterable[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles: dict[str, str] = {}
        for part in parts:
            titles.setdefault(part.code, str(part.title))
        self.fields["sections"].choices = list(titles.items())  # type: ignore[attr-defined]


class IneligibleForm(EscalierForm):
    """Which rule of the call is not met, and why."""

    rule = CleanCharField(
        label=_("Rule of the call that is not met"),
        help_text=_("For example: rule 2, projects in the region."),
        max_length=300,
    )
    reasons = CleanTextarea(
        label=_("Reasons"), help_text=_("The applicant receives them with the ways of appeal."), max_length=LONGEST_TEXT
    )


class ReasonForm(EscalierForm):
    """A reason that is kept."""

    reason = CleanTextarea(label=_("Reason"), max_length=2000)


class AdviseForm(EscalierForm):
    """The officer's reasoned opinion."""

    favourable = YesNoField(label=_("Is your opinion favourable?"))
    opinion = CleanTextarea(label=_("Reasoned opinion"), max_length=LONGEST_TEXT)


class MissionForm(EscalierForm):
    """An advice mission: by whom, from which contract, for how many days."""

    contract = forms.ChoiceField(label=_("Framework contract"))
    adviser = forms.ChoiceField(label=_("Adviser"))
    days = forms.DecimalField(
        label=_("Days"),
        min_value=Decimal("0.5"),
        max_digits=4,
        decimal_places=1,
        help_text=_("By half days, for example 3.5."),
    )
    purpose = CleanTextarea(label=_("What the mission is for"), max_length=LONGEST_TEXT)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.contracts = list(
            FrameworkContract.objects.filter(
                programme=dossier.programme_id, starts_on__lte=today, ends_on__gte=today
            ).select_related("provider")
        )
        self.advisers = list(
            Person.objects.filter(
                is_active=True,
                role_assignments__in=_live(Role.ADVISER, dossier.programme_code),
            ).order_by("full_name", "pk")
        )
        self.fields["contract"].choices = choices_of(self.contracts, _contract_label)  # type: ignore[attr-defined]
        self.fields["adviser"].choices = choices_of(self.advisers, lambda person: person.full_name)  # type: ignore[attr-defined]
        self.fields["days"].widget.attrs["step"] = "0.5"

    @property
    def answer(self) -> dict[str, Any]:
        """The arguments of the act."""
        given = self.cleaned_data
        return {
            "contract": next(row for row in self.contracts if str(row.pk) == given["contract"]),
            "adviser": next(row for row in self.advisers if str(row.pk) == given["adviser"]),
            "days": given["days"],
            "purpose": given["purpose"],
        }


def _live(role: str, scope: str) -> Any:
    from people.models import RoleAssignment

    return RoleAssignment.objects.live().filter(role=role, scope=scope).order_by()


def _contract_label(contract: FrameworkContract) -> str:
    return f"{contract.reference} · {contract.provider.name}"


class AgreementForm(EscalierForm):
    """Number and dates of a grant agreement."""

    number = CleanCharField(label=_("Number of the agreement"), max_length=60)
    starts_on = DayField(label=_("Expenses eligible from"))
    ends_on = DayField(label=_("Project ends on"))


class ConditionForm(EscalierForm):
    """One condition of an agreement."""

    text = CleanCharField(label=_("Condition"), max_length=300)
    due_on = DayField(label=_("Due"), required=False)


ConditionFormSet = formset_factory(
    ConditionForm, formset=EscalierFormSet, extra=1, can_delete=True, max_num=50, validate_max=True
)


class EvidenceForm(EscalierForm):
    """How a condition was met."""

    note = CleanCharField(label=_("Proof"), help_text=_("What shows that the condition is met."), max_length=300)
    document = forms.ChoiceField(label=_("Document of the dossier"), required=False)

    def __init__(self, *args: Any, documents: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.documents = documents
        self.fields["document"].choices = choices_of(documents, lambda row: row.label or row.name, _("No document"))  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Any:
        """The document chosen, if one is."""
        wanted = self.cleaned_data["document"]
        return next((row for row in self.documents if str(row.pk) == wanted), None)
