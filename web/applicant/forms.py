"""Forms of the applicant: what is typed to start a dossier and to answer its parts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Organisation
from programmes.rules.form import Section
from web.applicant.answer_fields import field_of, kept_answer, shown_answer
from web.forms import CleanCharField, EscalierForm, choices_of


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


class SectionForm(VersionedForm):
    """The questions of one part of the form, with the answers kept so far.

    A question that hangs on another one's answer stands there with the words of its condition: a script hides it, and
    what stands in it while its condition does not hold is kept and not filed.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, section: Section, answers: dict[str, Any], **kwargs: Any) -> None:
        kept = {item.code: shown_answer(item, answers.get(item.code)) for item in section.fields}
        kwargs["initial"] = {**kept, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.section = section
        for item in section.fields:
            self.fields[item.code] = field_of(item)

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, as answers are kept."""
        return {item.code: kept_answer(self.cleaned_data.get(item.code)) for item in self.section.fields}
