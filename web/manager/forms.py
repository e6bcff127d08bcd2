"""Forms of the programme manager: actions, decisions, money, committees, contracts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from kit import clock
from kit.money import MoneyFormField, format_number
from kit.text import format_date
from people.models import Organisation, Person
from programmes.actions.programmes import OPERATORS
from programmes.models import Decision, DecisionBody, MeasureStep, Underspend
from web.forms import CleanCharField, CleanTextarea, DayField, EscalierForm, YesNoField, choices_of

HUNDRED = Decimal(100)


class NumberField(MoneyFormField):
    """A number with two decimals at most, written with a comma or a point."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write a number such as 12.5, with two decimals at most."),
        "min_value": _("Write a number of %(limit)s or more."),
        "max_value": _("Write a number of %(limit)s or less."),
    }

    def _refuse(self, code: str, limit: Decimal | int) -> None:
        message = self.error_messages[code]
        raise forms.ValidationError(message, code=code, params={"limit": f"{Decimal(limit):f}"})


class PercentField(NumberField):
    """A share written as a percentage, from 0 to 100; the value goes from 0 to 1."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_value=1, **kwargs)
        self.error_messages["max_value"] = _("Write a percentage from 0 to 100.")

    def prepare_value(self, value: Any) -> Any:
        return format_number(value * HUNDRED) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, Decimal):
            return value
        text = value.replace("%", "") if isinstance(value, str) else value
        found = super().to_python(text)
        return None if found is None else found / HUNDRED


class MeasureForm(EscalierForm):
    """An action of the programme."""

    code = CleanCharField(label=_("Code"), max_length=20, help_text=_("For example 7.4."))
    step = forms.ChoiceField(label=_("Step that it serves"), choices=MeasureStep.choices)
    title_fr = CleanCharField(label=_("Title in French"), max_length=200)
    title_en = CleanCharField(label=_("Title in English"), max_length=200, required=False)
    operator = CleanCharField(label=_("Who runs it"), max_length=200, required=False)


class DecisionForm(EscalierForm):
    """What a body decided."""

    reference = CleanCharField(label=_("Reference"), max_length=60, help_text=_("For example COPIL-2027-1."))
    body = forms.ChoiceField(label=_("Body"), choices=DecisionBody.choices)
    taken_on = DayField(label=_("Date of the decision"))
    text = CleanTextarea(label=_("Text"), max_length=10_000)


class OfDecisionForm(EscalierForm):
    """Something that a decision makes."""

    decision = forms.ChoiceField(label=_("Decision"))

    def __init__(self, *args: Any, decisions: Iterable[Decision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decisions = list(decisions)
        choices = choices_of(self.decisions, _decision_label)
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]
        self.order_fields(["decision", *(name for name in self.fields if name != "decision")])

    @property
    def answer(self) -> dict[str, Any]:
        """The arguments of the act."""
        wanted = self.cleaned_data["decision"]
        return {**self.cleaned_data, "decision": next(row for row in self.decisions if str(row.pk) == wanted)}


def _decision_label(row: Decision) -> str:
    return f"{row.reference} · {row.get_body_display()} · {format_date(row.taken_on)}"


class EnvelopeForm(OfDecisionForm):
    """Money set aside for an action."""

    code = CleanCharField(label=_("Code"), max_length=40, help_text=_("It names the envelope in the accounts."))
    amount = MoneyFormField(label=_("Amount of the envelope"))
    planned_total_cost = MoneyFormField(label=_("Planned total cost of the action"), required=False)
    fund = CleanCharField(label=_("Fund"), max_length=60, required=False, help_text=_("Empty: that of the programme."))


class AmountForm(OfDecisionForm):
    """What an envelope becomes."""

    amount = MoneyFormField(label=_("New amount of the envelope"))


class RuleForm(OfDecisionForm):
    """How an action aids from a day on."""

    valid_from = DayField(label=_("Valid from"))
    rate = PercentField(label=_("Rate, in % of the eligible base"))
    ceiling = MoneyFormField(label=_("Grant, at most"), required=False)
    floor = MoneyFormField(label=_("Grant, at least"), required=False)
    rounding_unit = forms.TypedChoiceField(
        label=_("Rounded down to"),
        choices=[("1", _("the euro")), ("0.01", _("the cent"))],
        coerce=Decimal,
        initial="1",
        widget=forms.RadioSelect,
    )
    underspend = forms.ChoiceField(
        label=_("When less is spent than planned"),
        choices=Underspend.choices,
        initial=Underspend.NOMINAL,
        widget=forms.RadioSelect,
    )
    advance_share = PercentField(label=_("Advance, at most, in % of the grant"), initial=Decimal("0.30"))
    interim_share = PercentField(
        label=_("Advance and interim payments, at most, in % of the grant"), initial=Decimal("0.80")
    )


class IndicatorForm(EscalierForm):
    """What an indicator is."""

    indicator = CleanCharField(
        label=_("Indicator"), max_length=60, help_text=_("Its short name, the same from one version to the next.")
    )
    label_fr = CleanCharField(label=_("Label in French"), max_length=200)
    label_en = CleanCharField(label=_("Label in English"), max_length=200, required=False)
    value = NumberField(label=_("Value"), min_value=None, required=False)
    unit = CleanCharField(label=_("Unit"), max_length=40, help_text=_("For example people, projects, EUR, percent."))


class TargetForm(IndicatorForm, OfDecisionForm):
    """A target from a day on."""

    operator = forms.ChoiceField(
        label=_("Comparison"), choices=[(sign, sign or _("None")) for sign in OPERATORS], required=False, initial=">="
    )
    valid_from = DayField(label=_("Valid from"))
    field_order = ["decision", "indicator", "label_fr", "label_en", "operator", "value", "unit", "valid_from"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)


class ResultForm(IndicatorForm):
    """A figure as its source declares it."""

    reached = YesNoField(label=_("Declared as reached?"), required=False)
    source = CleanCharField(label=_("Source"), max_length=200)
    declared_on = DayField(label=_("Date of the declaration"))
    note = CleanCharField(label=_("Note"), max_length=300, required=False)


class FrameworkForm(EscalierForm):
    """Days of advice bought from a provider."""

    provider = forms.ChoiceField(label=_("Provider"))
    reference = CleanCharField(label=_("Reference"), max_length=60)
    days = NumberField(label=_("Days bought"), help_text=_("By half days, for example 120.5."))
    day_price = MoneyFormField(label=_("Price of a day"))
    starts_on = DayField(label=_("Starts on"))
    ends_on = DayField(label=_("Ends on"))

    def __init__(self, *args: Any, providers: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.providers = list(providers)
        self.fields["provider"].choices = choices_of(self.providers)  # type: ignore[attr-defined]

    @property
    def answer(self) -> dict[str, Any]:
        """The arguments of the act."""
        wanted = self.cleaned_data["provider"]
        return {**self.cleaned_data, "provider": next(row for row in self.providers if str(row.pk) == wanted)}


class CommitteeForm(EscalierForm):
    """A committee."""

    name = CleanCharField(label=_("Name"), max_length=200)
    body = forms.ChoiceField(label=_("Kind"), choices=DecisionBody.choices, initial=DecisionBody.SELECTION)
    quorum = forms.IntegerField(
        label=_("Members needed for a meeting to decide"),
        min_value=1,
        max_value=999,
        widget=forms.NumberInput(attrs={"class": "es-w-short"}),
    )


class AppointForm(EscalierForm):
    """A member of the committee."""

    person = forms.ChoiceField(label=_("Person"))
    since = DayField(label=_("Since"), initial=clock.today)

    def __init__(self, *args: Any, persons: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.persons = list(persons)
        self.fields["person"].choices = choices_of(self.persons, lambda row: row.full_name)  # type: ignore[attr-defined]

    @property
    def answer(self) -> dict[str, Any]:
        """The arguments of the act."""
        wanted = self.cleaned_data["person"]
        return {**self.cleaned_data, "person": next(row for row in self.persons if str(row.pk) == wanted)}


class UntilForm(EscalierForm):
    """When a membership ends."""

    until = DayField(label=_("First day without it"))
