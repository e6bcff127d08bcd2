"""Forms of the applicant: what is typed to start a dossier and to answer its parts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from grants.rules import form as questions
from people.models import Organisation
from web.forms import CleanCharField, CleanTextarea, DayField, EscalierForm, choices_of


class StartForm(EscalierForm):
    """A new dossier: for which organisation, and what the project is called."""

    organisation = forms.ChoiceField(label=_("Organisation that applies"))
    title = CleanCharField(
        label=_("Name of the project"), help_text=_("You can change it until the application is filed."), max_length=200
    )

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = organisations
        self.fields["organisation"].choices = choices_of(organisations)  # type: ignore[attr-defined]

    @property
    def applicant(self) -> Organisation:
        """The organisation that was chosen."""
        chosen = self.cleaned_data["organisation"]
        return next(item for item in self.organisations if str(item.pk) == chosen)


class VersionedForm(EscalierForm):
    """A form that says which version of the dossier it was filled from, so that nobody's work is overwritten."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    renewed = False

    def renew(self, version: int) -> None:
        """Keep what was typed, over the version that stands now: sent again, it replaces it knowingly."""
        typed: Any = self.data.copy()  # type: ignore[attr-defined]
        typed[self.add_prefix("version")] = str(version)
        self.data = typed
        self.renewed = True


class TitleForm(VersionedForm):
    """The name of the project."""

    title = CleanCharField(label=_("Name of the project"), max_length=200)


class _Kept:
    """A question may wait for its answer: submission says what is missing, saving does not."""

    def validate(self, value: Any) -> None:
        """Take an empty answer."""


class _Line(_Kept, CleanCharField):
    pass


class _Long(_Kept, CleanTextarea):
    pass


class _Day(_Kept, DayField):
    pass


class SectionForm(VersionedForm):
    """The questions of one part of the form, with the answers kept so far."""

    use_required_attribute = False

    def __init__(self, *args: Any, section: questions.FormSection, answers: dict[str, str], **kwargs: Any) -> None:
        kept = {item.code: _shown(item, answers.get(item.code, "")) for item in section.fields}
        kwargs["initial"] = {**kept, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.section = section
        for item in section.fields:
            self.fields[item.code] = _field(item)

    @property
    def answers(self) -> dict[str, str]:
        """What was typed, as answers are kept."""
        typed = {item.code: self.cleaned_data.get(item.code) for item in self.section.fields}
        return {code: value.isoformat() if isinstance(value, date) else value or "" for code, value in typed.items()}


def _shown(question: questions.Field, answer: str) -> Any:
    if question.kind != questions.DATE:
        return answer
    try:
        return date.fromisoformat(answer)
    except ValueError:
        return None


def _field(question: questions.Field) -> forms.Field:
    told = [str(question.help)] if question.help else []
    if question.max_words:
        told.append(
            ngettext("%(count)s word at most.", "%(count)s words at most.", question.max_words)
            % {"count": question.max_words}
        )
    common: dict[str, Any] = {"label": str(question.label), "required": question.required, "help_text": " ".join(told)}
    longest = questions.LONGEST_ANSWER[question.kind]
    if question.kind == questions.LONG:
        return _Long(max_length=longest, widget=forms.Textarea(attrs={"rows": 6}), **common)
    if question.kind == questions.DATE:
        return _Day(**common)
    if question.kind == questions.EMAIL:
        return _Line(max_length=longest, widget=forms.EmailInput(attrs={"autocomplete": "email"}), **common)
    return _Line(max_length=longest, **common)
