"""Forms: clean text, amounts, dates and IBANs as people write them; "(optional)" rather than asterisks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from stdnum import iban

from kit.money import MoneyFormField
from kit.text import CleanCharField, CleanTextarea, clean

__all__ = [
    "CleanCharField",
    "CleanTextarea",
    "DayField",
    "EscalierForm",
    "EscalierFormSet",
    "EscalierModelForm",
    "IbanField",
    "MoneyInput",
    "PaperField",
    "YesNoField",
    "one_more_line",
    "optional",
]


def optional(field: Any) -> bool:
    """Whether a bound field may stay empty and says so; boxes, which are answers either way, say nothing."""
    return not field.field.required and not isinstance(field.field, forms.BooleanField) and not field.is_hidden


class MoneyInput(forms.TextInput):
    """An amount: short, aligned with the others, with the digits' keyboard on a phone."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "class": "es-w-amount", **(attrs or {})})


class DayField(forms.DateField):
    """A day, by the browser's own picker; also read as `24/11/2026`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "es-w-date"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y"])
        super().__init__(**kwargs)
        self.error_messages["invalid"] = _("Write a day such as 24/11/2026.")

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not 1900 <= day.year <= 2200:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class IbanField(CleanCharField):
    """An IBAN with its check digits; spaces are the reader's, the value holds none."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "iban": _("This is not an IBAN: check the 27 characters of the bank details, which begin with FR76.")
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 50)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return text
        try:
            return iban.validate(text.replace("\u202f", "").replace("\u00a0", ""))
        except Exception as error:
            raise ValidationError(self.error_messages["iban"], code="iban") from error


class YesNoField(forms.TypedChoiceField):
    """A question answered yes or no, by two radio buttons; no answer is not a no."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(choices=[("yes", _("Yes")), ("no", _("No"))], coerce=lambda value: value == "yes", **kwargs)
        self.empty_value = None

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class PaperField(forms.FileField):
    """A document to join; its type and size are judged by the document store, from its bytes."""

    def __init__(self, **kwargs: Any) -> None:
        accepted = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.odt,.ods,.csv,.txt"
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": accepted}))
        kwargs.setdefault("help_text", _("PDF, image or office file, 20 MB at most."))
        super().__init__(**kwargs)


class _Look:
    """What our forms share: no colon after labels, amounts as amounts, long texts of a readable height."""

    row_title = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            _dress(field)


def _dress(field: forms.Field) -> None:
    """Give one field the widget of its kind and messages that say how to mend it."""
    if isinstance(field, MoneyFormField) and not isinstance(field.widget, forms.HiddenInput):
        attrs = field.widget.attrs
        if "es-w-amount" not in attrs.get("class", ""):
            attrs["class"] = f"es-w-amount {attrs.get('class', '')}".strip()
        attrs.setdefault("inputmode", "decimal")
    elif isinstance(field, forms.CharField) and not isinstance(field, CleanCharField):
        field.validators.append(_clean_text)
    if isinstance(field.widget, forms.Textarea):
        rows = int(field.widget.attrs.get("rows", 10))
        field.widget.attrs["rows"] = 5 if rows == 10 else rows  # 10 is Django's default, too high for most answers
    if isinstance(field.widget, forms.CheckboxInput):
        required = _("Tick this box to go on.")
    elif isinstance(field.widget, forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple):
        required = _("Choose an answer.")
    elif isinstance(field, forms.FileField):
        required = _("Choose a file.")
    else:
        required = _("Fill in this field.")
    if "required" in field.error_messages and not getattr(field, "own_required_message", False):
        field.error_messages["required"] = required


def _clean_text(value: Any) -> None:
    """Refuse what no database takes in fields that do not clean their text themselves (passwords, e-mails)."""
    try:
        clean(str(value))
    except ValueError as error:
        raise ValidationError(CleanCharField.default_error_messages["unreadable"]) from error
    if "\x00" in str(value):
        raise ValidationError(_t("This text holds a character that cannot be kept; type it again."), code="nul")


class EscalierForm(_Look, forms.Form):
    """The base of every form of the product. Text fields are `CleanCharField` or `CleanTextarea`."""


class EscalierModelForm(_Look, forms.ModelForm):
    """For forms that only read a model's fields: the write is an action, never `save()`."""

    def save(self, commit: bool = True) -> Any:
        raise TypeError("A form does not write: give its cleaned_data to an action.")


class EscalierFormSet(forms.BaseFormSet):
    """Rows of a table of fields. `titles` name the rows (cost lines, invoices) for those who listen."""

    def __init__(self, *args: Any, titles: Iterable[str] = (), **kwargs: Any) -> None:
        self.titles = list(titles)
        super().__init__(*args, **kwargs)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        if i < len(self.titles):
            form.row_title = self.titles[i]
        return form

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The cleaned rows that say something, without those marked for removal; after `is_valid()`."""
        return [
            form.cleaned_data
            for form in self.forms
            if form.has_changed() and form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


def one_more_line(data: QueryDict, prefix: str = "form", most: int = 200) -> QueryDict | None:
    """What was typed, with an empty line more, when the "add a line" button was the one pressed; else `None`.

    The page works without scripts: the view builds its formset from the answer and shows it again.
    """
    if data.get("add_line") != prefix:
        return None
    grown = data.copy()
    try:
        total = int(str(grown[f"{prefix}-TOTAL_FORMS"]))
    except (KeyError, ValueError):
        return None
    grown[f"{prefix}-TOTAL_FORMS"] = str(min(max(total, 0) + 1, most))
    return grown


def choices_of(items: Iterable[Any], label: Callable[[Any], str] = str, empty: Any = None) -> list[tuple[str, str]]:
    """Choices made of rows, by primary key; with `empty` words, a first choice that chooses nothing."""
    first = [("", str(empty))] if empty is not None else []
    return first + [(str(item.pk), label(item)) for item in items]
