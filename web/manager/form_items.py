"""What is typed to write a call's form: a section, a question of each kind, a document, an eligibility question."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from programmes.rules.form import (
    CHOICE,
    DATE,
    LONG,
    MOST_ROWS,
    NO,
    NUMBER,
    PARTS,
    QUESTIONS,
    TABLE,
    YES,
    YES_NO,
    Check,
    Condition,
    Field,
    Form,
    FormErrors,
    Piece,
    Section,
    Words,
)
from programmes.rules.form_edit import (
    ELIGIBILITY,
    FIELDS,
    LONGEST_CODE,
    LONGEST_PIECE_CODE,
    PIECES,
    SECTIONS,
    Place,
    new_code,
)
from programmes.rules.form_edit import items as listed
from programmes.rules.form_lines import column_lines, columns_of, option_lines, options_of
from programmes.rules.form_words import PART_WORDS
from web.forms import CleanCharField, CleanTextarea, EscalierForm

LONGEST_LINE, LONGEST_TEXT, LONGEST_LINES = 500, 2000, 20_000
WORDS = ("title", "intro", "label", "help", "example", "question", "otherwise")
BOTH = [(YES, _("Yes")), (NO, _("No"))]


class LinesField(CleanTextarea):
    """Choices or columns, one a line; the value is what the lines say."""

    def __init__(self, read: Any, **kwargs: Any) -> None:
        super().__init__(
            max_length=LONGEST_LINES, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}), **kwargs
        )
        self.read = read

    def clean(self, value: Any) -> Any:
        try:
            return self.read(super().clean(value))
        except FormErrors as error:
            raise ValidationError([sentence for _place, sentence in error.errors]) from error


class SeenForm(EscalierForm):
    """A form that says from which state of the call's form it was filled, so that nobody's work is overwritten."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def renew(self, digest: str) -> None:
        """Keep what was typed, over what stands now: sent again, it is done to that."""
        typed: Any = self.data.copy()  # type: ignore[attr-defined]
        typed["seen"] = digest
        self.data = typed

    def tell(self, error: FormErrors) -> None:
        """Show what makes the form of the call unreadable at the fields it comes from."""
        for place, sentence in error.errors:
            whole, first = place.replace(".", "_"), place.split(".")[0]
            name = next((name for name in (whole, first) if name in self.fields), None)
            self.add_error(name, ValidationError(sentence, code="unreadable"))


class ItemForm(SeenForm):
    """One item of a list of the form: a new one, or `former` with other values."""

    makes: type[Any]
    longest_code = LONGEST_CODE
    whole: tuple[str, ...] = ()
    """The names of the values that are taken as they are typed."""

    def __init__(self, *args: Any, form: Form, place: Place, former: Any = None, **kwargs: Any) -> None:
        self.form, self.place, self.former = form, place, former
        kwargs["initial"] = {**self.values_of(former), **(kwargs.get("initial") or {})} if former else kwargs["initial"]
        super().__init__(*args, **kwargs)

    def values_of(self, former: Any) -> dict[str, Any]:
        """What stands in the fields at first."""
        found = {name: getattr(former, name) for name in self.whole}
        for name in WORDS:
            words = getattr(former, name, None)
            if isinstance(words, Words):
                found |= {f"{name}_fr": words.fr, f"{name}_en": words.en}
        return found

    @property
    def values(self) -> dict[str, Any]:
        """The values of the item that were typed."""
        given = self.cleaned_data
        words = {name: Words(given[f"{name}_fr"], given[f"{name}_en"]) for name in WORDS if f"{name}_fr" in self.fields}
        return {**{name: given[name] for name in self.whole if name in self.fields}, **words}

    @property
    def item(self) -> Any:
        """The item as it was typed; after `is_valid()`."""
        if self.former is not None:
            return dataclasses.replace(self.former, **self.values)
        taken = [row.code for row in listed(self.form, self.place)]
        name = next(self.cleaned_data[name] for name in ("title_fr", "label_fr", "question_fr") if name in self.fields)
        return self.makes(code=new_code(name, taken, self.longest_code), **self.values)


class SectionItemForm(ItemForm):
    """A section: its title, its introduction, how long it takes."""

    makes = Section
    whole = ("part", "minutes")
    part = forms.ChoiceField(label=_("What it holds"), widget=forms.RadioSelect)
    title_fr = CleanCharField(
        label=_("Title in French"),
        max_length=LONGEST_LINE,
        help_text=_("What the applicant does in it, with a verb: Describe the project."),
    )
    title_en = CleanCharField(label=_("Title in English"), max_length=LONGEST_LINE, required=False)
    intro_fr = CleanTextarea(label=_("Introduction in French"), max_length=LONGEST_TEXT, required=False)
    intro_en = CleanTextarea(label=_("Introduction in English"), max_length=LONGEST_TEXT, required=False)
    minutes = forms.IntegerField(label=_("Minutes that it takes"), min_value=1, max_value=600, initial=5)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].widget.attrs["class"] = "es-w-short"
        if self.former is not None:
            del self.fields["part"]
            return
        free = [part for part in PARTS if part == QUESTIONS or self.form.part(part) is None]
        self.fields["part"].choices = [(part, PART_WORDS[part]) for part in free]  # type: ignore[attr-defined]
        self.fields["part"].initial = QUESTIONS


class FieldItemForm(ItemForm):
    """A question: its words, and the settings of its kind."""

    makes = Field
    whole = ("kind", "required", "max_words", "least", "most", "after", "choices", "columns", "max_rows")
    kind = forms.CharField(widget=forms.HiddenInput, max_length=20)
    label_fr = CleanCharField(label=_("Question in French"), max_length=LONGEST_LINE)
    label_en = CleanCharField(label=_("Question in English"), max_length=LONGEST_LINE, required=False)
    required = forms.BooleanField(label=_("An answer is needed to file"), required=False, initial=True)
    max_words = forms.IntegerField(label=_("Words at most"), min_value=1, max_value=5000, required=False)
    least = forms.IntegerField(label=_("Lowest number"), required=False)
    most = forms.IntegerField(label=_("Highest number"), required=False)
    after = forms.ChoiceField(label=_("Must come after"), required=False)
    choices = LinesField(
        options_of,
        label=_("Answers to choose from"),
        help_text=_(
            "One a line: code = label in French | label in English. Answers are kept by the code, which may be left "
            "out for a new line."
        ),
    )
    columns = LinesField(
        columns_of,
        label=_("Columns"),
        help_text=_(
            "One a line: code = label in French | label in English | kind. The kind is text, number, amount, date or "
            "choice; the choices of a column follow it, one a line after a dash."
        ),
    )
    max_rows = forms.IntegerField(label=_("Rows at most"), min_value=1, max_value=MOST_ROWS, initial=20)
    help_fr = CleanTextarea(label=_("Help in French"), max_length=LONGEST_TEXT, required=False)
    help_en = CleanTextarea(label=_("Help in English"), max_length=LONGEST_TEXT, required=False)
    example_fr = CleanCharField(label=_("Example in French"), max_length=LONGEST_LINE, required=False)
    example_en = CleanCharField(label=_("Example in English"), max_length=LONGEST_LINE, required=False)

    OF_KIND: Mapping[str, tuple[str, ...]] = {
        LONG: ("max_words",),
        NUMBER: ("least", "most"),
        DATE: ("after",),
        CHOICE: ("choices",),
        TABLE: ("columns", "max_rows"),
    }

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["kind"] = kind
        for other, names in self.OF_KIND.items():
            for name in names if other != kind else ():
                del self.fields[name]
        for name in ("max_words", "least", "most", "max_rows"):
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = "es-w-short"
        if "after" in self.fields:
            days = [(item.code, str(item.label)) for item in self._before() if item.kind == DATE]
            self.fields["after"].choices = [("", _t("No other date")), *days]  # type: ignore[attr-defined]

    def values_of(self, former: Field) -> dict[str, Any]:
        lines = {"choices": option_lines(former.choices), "columns": column_lines(former.columns)}
        return {**super().values_of(former), **lines}

    @property
    def item(self) -> Field:
        """The question; settings of a kind that it is no more are gone."""
        usual = {item.name: item.default for item in dataclasses.fields(Field)}
        others: dict[str, Any] = {
            name: usual[name] for names in self.OF_KIND.values() for name in names if name not in self.fields
        }
        made: Field = super().item
        return dataclasses.replace(made, **others)

    def _before(self) -> Iterator[Field]:
        for item in listed(self.form, self.place):
            if self.former is not None and item.code == self.former.code:
                return
            yield item


class PieceItemForm(ItemForm):
    """A kind of document that the form asks for."""

    makes = Piece
    longest_code = LONGEST_PIECE_CODE
    whole = ("required",)
    label_fr = CleanCharField(label=_("Document, in French"), max_length=LONGEST_LINE)
    label_en = CleanCharField(label=_("Document, in English"), max_length=LONGEST_LINE, required=False)
    required = forms.BooleanField(label=_("It is needed to file"), required=False)
    help_fr = CleanTextarea(label=_("Help in French"), max_length=LONGEST_TEXT, required=False)
    help_en = CleanTextarea(label=_("Help in English"), max_length=LONGEST_TEXT, required=False)


class CheckItemForm(ItemForm):
    """A question that anybody answers before an account is asked for."""

    makes = Check
    whole = ("right",)
    question_fr = CleanCharField(
        label=_("Question in French"), max_length=LONGEST_LINE, help_text=_("Answered by yes or no.")
    )
    question_en = CleanCharField(label=_("Question in English"), max_length=LONGEST_LINE, required=False)
    right = forms.ChoiceField(label=_("May apply whoever answers"), choices=BOTH, widget=forms.RadioSelect, initial=YES)
    otherwise_fr = CleanTextarea(label=_("Reason why the others may not, in French"), max_length=LONGEST_TEXT)
    otherwise_en = CleanTextarea(
        label=_("Reason why the others may not, in English"), max_length=LONGEST_TEXT, required=False
    )


class ConditionForm(SeenForm):
    """For which answers to an earlier question something is asked."""

    question = forms.CharField(widget=forms.HiddenInput, max_length=100)
    values = forms.MultipleChoiceField(
        label=_("Answers"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Without any answer, it is asked of everybody."),
    )

    def __init__(self, *args: Any, question: tuple[str, Field], **kwargs: Any) -> None:
        section, asked = question
        kwargs["initial"] = {**kwargs["initial"], "question": f"{section}.{asked.code}"}
        super().__init__(*args, **kwargs)
        self.section, self.asked = section, asked
        self.fields["values"].label = str(asked.label)
        self.fields["values"].choices = answers_to(asked)  # type: ignore[attr-defined]

    @property
    def condition(self) -> Condition | None:
        """What was chosen, none where no answer was; after `is_valid()`."""
        values = tuple(self.cleaned_data["values"])
        return Condition(self.section, self.asked.code, values) if values else None


class QuestionForm(EscalierForm):
    """The earlier question on which something hangs; chosen first, for its answers follow."""

    question = forms.ChoiceField(label=_("Question that comes before"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].choices = choices  # type: ignore[attr-defined]


class ReasonForm(EscalierForm):
    """Why the form of a published call changes."""

    reason = CleanTextarea(
        label=_("Reason of the change"),
        max_length=1000,
        help_text=_("Kept, and told to whoever has a draft for this call."),
    )


FORMS: Mapping[str, type[ItemForm]] = {
    SECTIONS: SectionItemForm,
    FIELDS: FieldItemForm,
    PIECES: PieceItemForm,
    ELIGIBILITY: CheckItemForm,
}


def answers_to(question: Field) -> list[tuple[str, str]]:
    """The answers among which one is chosen."""
    if question.kind == YES_NO:
        return [(code, str(words)) for code, words in BOTH]
    return [(option.code, str(option.label)) for option in question.choices]


def askable_before(form: Form, place: Place, code: str) -> dict[str, tuple[str, Field]]:
    """The questions on whose answers an item can hang, each by `section.field`, in order."""
    found: dict[str, tuple[str, Field]] = {}
    for section in form:
        for item in section.fields:
            if (place.section, place.name, code) == (section.code, FIELDS, item.code):
                return found
            if item.kind in (CHOICE, YES_NO):
                found[f"{section.code}.{item.code}"] = (section.code, item)
        if place.section == section.code:
            return found
    return found


def words_of(questions: Mapping[str, tuple[str, Field]], form: Form) -> list[tuple[str, str]]:
    """The choices of a list of questions, each with its section."""
    titles = {section.code: section.title for section in form}
    return [(key, f"{titles[section]} · {item.label}") for key, (section, item) in questions.items()]
