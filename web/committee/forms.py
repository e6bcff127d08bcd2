"""Forms of the committee: meetings, what they decide, who scores, the conflict question, the scorecard."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kit.clock import PARIS
from people.models import Person
from selection.models import Committee, CommitteeMember, Criterion, Outcome
from web.forms import CleanCharField, CleanTextarea, DayField, EscalierForm, choices_of
from web.templatetags.escalier import number

LONGEST_TEXT = 10_000


class WhenForm(EscalierForm):
    """When, in Paris, and where a meeting is."""

    day = DayField(label=_("Day"))
    hour = forms.TimeField(
        label=_("Hour"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "es-w-date"}),
        error_messages={"invalid": _("Write an hour such as 14:30.")},
    )
    place = CleanCharField(label=_("Place"), max_length=200, required=False)

    @property
    def answer(self) -> dict[str, Any]:
        """The arguments of the act."""
        given = self.cleaned_data
        return {"starts_at": datetime.combine(given["day"], given["hour"], tzinfo=PARIS), "place": given["place"]}


class PlanForm(WhenForm):
    """A new meeting of one of the committees."""

    committee = forms.ChoiceField(label=_("Committee"))
    field_order = ["committee", "day", "hour", "place"]

    def __init__(self, *args: Any, committees: Iterable[Committee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.committees = list(committees)
        self.fields["committee"].choices = choices_of(self.committees)  # type: ignore[attr-defined]

    @property
    def committee_chosen(self) -> Committee:
        """The committee that meets."""
        return next(row for row in self.committees if str(row.pk) == self.cleaned_data["committee"])


class AttendanceForm(EscalierForm):
    """Who was there."""

    present = forms.MultipleChoiceField(label=_("Members present"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, members: Iterable[CommitteeMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = list(members)
        self.fields["present"].choices = choices_of(self.members, lambda row: row.person.full_name)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[CommitteeMember]:
        """The members who were present."""
        wanted = set(self.cleaned_data["present"])
        return [row for row in self.members if str(row.pk) in wanted]


class DecisionForm(EscalierForm):
    """What the meeting decided about one dossier."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=Outcome.choices, widget=forms.RadioSelect)
    rank = forms.IntegerField(
        label=_("Rank on the reserve list"), required=False, min_value=1, help_text=_("For the reserve list only.")
    )
    reasons = CleanTextarea(
        label=_("Reasons"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("The applicant receives them; needed when the dossier is not selected."),
    )
    votes_for = forms.IntegerField(label=_("Votes for"), min_value=0, initial=0)
    votes_against = forms.IntegerField(label=_("Votes against"), min_value=0, initial=0)
    abstentions = forms.IntegerField(label=_("Abstentions"), min_value=0, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("rank", "votes_for", "votes_against", "abstentions"):
            self.fields[name].widget.attrs["class"] = "es-w-short"


class AssignForm(EscalierForm):
    """The member to whom a dossier is given."""

    person = forms.ChoiceField(label=_("Committee member"))

    def __init__(self, *args: Any, persons: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.persons = list(persons)
        self.fields["person"].choices = choices_of(self.persons, lambda row: row.full_name)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Person:
        """The member chosen."""
        return next(row for row in self.persons if str(row.pk) == self.cleaned_data["person"])


class ConflictForm(EscalierForm):
    """The conflict question: which of the two buttons was pressed, and why if there is one."""

    explanation = CleanCharField(
        label=_("In a few words, if you have a conflict"),
        max_length=300,
        required=False,
        help_text=_("Only the secretary and the auditor read this."),
    )
    answer = forms.ChoiceField(choices=[("none", ""), ("conflict", "")], widget=forms.HiddenInput)


class ScoreForm(EscalierForm):
    """One mark for each criterion of the grid, in its order, and a comment."""

    comment = CleanTextarea(label=_("Comment"), required=False, max_length=LONGEST_TEXT)

    def __init__(self, *args: Any, criteria: Iterable[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for item in self.criteria:
            field = CleanCharField(label=item.label, max_length=6, help_text=_scale(item))
            field.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "es-w-short"}
            field.error_messages["required"] = _t("Give a mark.")
            self.fields[item.code] = field
        self.order_fields([*(item.code for item in self.criteria), "comment"])

    @property
    def marks(self) -> dict[str, str]:
        """The marks by criterion, as written: the act reads them strictly."""
        return {item.code: self.cleaned_data[item.code] for item in self.criteria}


def _scale(item: Criterion) -> str:
    names = ("minimum", "maximum", "step", "weight")
    bounds = {name: number(Decimal(f"{getattr(item, name).normalize():f}")) for name in names}
    return _t("From {minimum} to {maximum}, by {step}; weight {weight}.").format(**bounds)
