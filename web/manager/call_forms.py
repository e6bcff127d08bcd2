"""Forms of a call: what applicants read, its dates in Paris, its rules, its grid."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kit.clock import PARIS
from programmes.models import Call, Envelope
from programmes.rules.deadlines import USUAL_REMINDERS, Ambiguous, Imaginary, paris_instant
from selection.models import Group
from web.forms import CleanCharField, CleanTextarea, DayField, EscalierForm, EscalierFormSet, choices_of
from web.manager.forms import NumberField

TEXTS = ("title_fr", "title_en", "presentation_fr", "presentation_en")
RULES = ("slug", "reference_prefix", "needs_advice", "allows_partial_awards", "reminder_days")
NUMBERS = ("scorecards_needed", "appeal_days", "contest_days")


class HourField(forms.TimeField):
    """An hour of the day, in Paris."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "es-w-date"}))
        super().__init__(**kwargs)
        self.error_messages["invalid"] = _("Write an hour such as 14:30.")


class DaysField(CleanCharField):
    """Numbers of days, set apart by commas or spaces."""

    def prepare_value(self, value: Any) -> Any:
        """Days as a person writes them."""
        return value if isinstance(value, str) or value is None else ", ".join(map(str, value))

    def clean(self, value: Any) -> list[int]:
        """The days. Raises `ValidationError` for what is no whole number."""
        parts = re.split(r"[\s,;]+", super().clean(value) or "")
        try:
            return [int(part) for part in parts if part]
        except ValueError as error:
            raise forms.ValidationError(_t("Write numbers of days such as 7, 1.")) from error


class InstantForm(EscalierForm):
    """Days and hours that make instants; `instants` names them."""

    instants: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Put each instant beside its day and hour; an hour that no clock shows, or shows twice, is refused."""
        given: dict[str, Any] = super().clean() or {}
        for name in self.instants:
            day, hour = given.get(f"{name}_day"), given.get(f"{name}_hour")
            if day is None or hour is None:
                continue
            try:
                given[f"{name}_at"] = paris_instant(datetime.combine(day, hour))
            except (Imaginary, Ambiguous):
                self.add_error(f"{name}_hour", _t("The clocks change in this hour; choose another one."))
        return given


def initial_of(call: Call, *instants: str) -> dict[str, Any]:
    """The days and hours of a call's instants, in Paris."""
    found: dict[str, Any] = {}
    for name in instants:
        local = getattr(call, f"{name}_at").astimezone(PARIS)
        found |= {f"{name}_day": local.date(), f"{name}_hour": local.time()}
    return found


class TextsForm(EscalierForm):
    """What applicants read, in both languages."""

    title_fr = CleanCharField(label=_("Title in French"), max_length=200)
    title_en = CleanCharField(label=_("Title in English"), max_length=200, required=False)
    presentation_fr = CleanTextarea(
        label=_("Presentation in French"),
        max_length=20_000,
        help_text=_("What the call funds, who may apply, what is not eligible."),
    )
    presentation_en = CleanTextarea(label=_("Presentation in English"), max_length=20_000, required=False)


class PublishedForm(TextsForm):
    """What may still change once the call is published."""

    reason = CleanTextarea(
        label=_("Reason of the change"), max_length=1000, required=False, help_text=_("Needed once the call is open.")
    )

    @property
    def changes(self) -> dict[str, Any]:
        """The fields to change, by name."""
        return {name: self.cleaned_data[name] for name in TEXTS}


class CallForm(TextsForm, InstantForm):
    """A call in preparation."""

    instants = ("opens", "closes")
    slug = CleanCharField(
        label=_("Address of the page"), max_length=60, help_text=_("For example innovative-projects-2027.")
    )
    reference_prefix = CleanCharField(
        label=_("Prefix of the references"),
        max_length=20,
        help_text=_("In capitals; PRAI-2027 numbers the applications PRAI-2027-0001 and so on."),
    )
    opens_day = DayField(label=_("Opens on"))
    opens_hour = HourField(label=_("Opening hour, in Paris"))
    closes_day = DayField(label=_("Closes on"))
    closes_hour = HourField(label=_("Closing hour, in Paris"))
    needs_advice = forms.BooleanField(label=_("Advice before the selection"), required=False, initial=True)
    allows_partial_awards = forms.BooleanField(
        label=_("A grant may be cut to what the envelope has left"), required=False
    )
    scorecards_needed = forms.IntegerField(
        label=_("Scorecards needed for each application"), min_value=1, max_value=20, initial=2
    )
    appeal_days = forms.IntegerField(label=_("Days to appeal"), min_value=1, max_value=365, initial=60)
    contest_days = forms.IntegerField(label=_("Days to contest a check"), min_value=1, max_value=365, initial=30)
    reminder_days = DaysField(
        label=_("Remind of drafts so many days before the call closes"),
        max_length=40,
        required=False,
        initial=USUAL_REMINDERS,
        help_text=_("For example 7, 1: a week before, and on the eve. Empty: no reminder."),
    )
    field_order = [
        *TEXTS,
        "slug",
        "reference_prefix",
        "opens_day",
        "opens_hour",
        "closes_day",
        "closes_hour",
        "needs_advice",
        "allows_partial_awards",
        *NUMBERS,
        "reminder_days",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NUMBERS:
            self.fields[name].widget.attrs["class"] = "es-w-short"
        self.fields["presentation_fr"].widget.attrs["rows"] = 12

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of the call, by name."""
        names = (*TEXTS, *RULES, *NUMBERS, "opens_at", "closes_at")
        return {name: self.cleaned_data[name] for name in names}


class NewCallForm(CallForm):
    """A new call of an action, paid from one of its envelopes."""

    envelope = forms.ChoiceField(label=_("Envelope"))
    field_order = ["envelope", *CallForm.field_order]

    def __init__(self, *args: Any, envelopes: Iterable[Envelope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.envelopes = list(envelopes)
        self.fields["envelope"].choices = choices_of(self.envelopes)  # type: ignore[attr-defined]
        self.order_fields(self.field_order)

    @property
    def answer(self) -> dict[str, Any]:
        """The arguments of the act."""
        wanted = self.cleaned_data["envelope"]
        return {**self.changes, "envelope": next(row for row in self.envelopes if str(row.pk) == wanted)}


class DeadlineForm(InstantForm):
    """A later, or earlier, last hour."""

    instants = ("closes",)
    closes_day = DayField(label=_("Closes on"))
    closes_hour = HourField(label=_("Closing hour, in Paris"))
    reason = CleanTextarea(
        label=_("Reason"), max_length=1000, help_text=_("Kept, and told to whoever has a draft for this call.")
    )


class CriterionForm(EscalierForm):
    """One criterion of the grid."""

    code = CleanCharField(label=_("Code"), max_length=30)
    group = forms.ChoiceField(label=_("Group"), choices=Group.choices)
    label_fr = CleanCharField(label=_("Label in French"), max_length=120)
    label_en = CleanCharField(label=_("Label in English"), max_length=120, required=False)
    weight = NumberField(label=_("Weight"))
    minimum = NumberField(label=_("Lowest mark"))
    maximum = NumberField(label=_("Highest mark"))
    step = NumberField(label=_("By steps of"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("weight", "minimum", "maximum", "step"):
            self.fields[name].widget.attrs |= {"class": "es-w-short", "size": "5"}
        for name in ("label_fr", "label_en"):
            self.fields[name].widget.attrs["size"] = "26"


CriterionFormSet = formset_factory(
    CriterionForm, formset=EscalierFormSet, extra=0, can_delete=True, max_num=30, validate_max=True
)
