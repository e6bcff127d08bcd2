"""Forms of the applicant: what is typed to start a dossier and to answer its parts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.models import Dossier
from grants.rules.drafts import digest, may_replace
from people.models import Organisation
from programmes.rules.answers import Answers, holds
from programmes.rules.form import NO, YES, YES_NO, Condition, Form, Section
from web.applicant.answer_fields import field_of, kept_answer, shown_answer
from web.forms import CleanCharField, EscalierForm, choices_of

BEGAN = "began-from"
"""The field that says from which answers a part was begun; no question's code has a hyphen."""


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
    what stands in it while its condition does not hold is kept and not filed. The form says, by digests, from which
    answers it was begun, so that two editors of one part are in each other's way only where they typed in one field.
    """

    use_required_attribute = False
    overtaken: list[str]

    def __init__(
        self, *args: Any, section: Section, answers: dict[str, Any], asked: Form, others: Answers, **kwargs: Any
    ) -> None:
        kept = {item.code: shown_answer(item, answers.get(item.code)) for item in section.fields}
        began = json.dumps({item.code: digest(answers.get(item.code)) for item in section.fields})
        kwargs["initial"] = {**kept, BEGAN: began, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.section, self.others = section, others
        self.fields[BEGAN] = forms.CharField(widget=forms.HiddenInput, required=False)
        for item in section.fields:
            self.fields[item.code] = field_of(item, when=condition_words(item.shown_when, section, asked))

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, as answers are kept."""
        return {item.code: kept_answer(self.cleaned_data.get(item.code)) for item in self.section.fields}

    @property
    def bases(self) -> dict[str, str] | None:
        """The digests of the answers that the form was begun from; None where it does not say."""
        try:
            began = json.loads(self.cleaned_data.get(BEGAN) or "null")
        except ValueError:
            return None
        if not isinstance(began, dict):
            return None
        return {item.code: str(began.get(item.code, "")) for item in self.section.fields}

    def compare(self, dossier: Dossier) -> None:
        """After a refused save: the answers that others changed under those typed here may be replaced knowingly."""
        bases, typed, kept = self.bases, self.answers, dossier.answers.get(self.section.code, {})
        if bases is None:
            self.overtaken = [item.code for item in self.section.fields]
            if self.cleaned_data.get("version") != dossier.version:
                self.renew(dossier.version)
            return
        self.overtaken = [
            code
            for code, base in bases.items()
            if digest(typed[code]) != base and not may_replace(kept.get(code), base=base, answer=typed[code])
        ]
        if self.overtaken:
            self.renew(dossier.version)
            data: Any = self.data
            data[BEGAN] = json.dumps({**bases, **{code: digest(kept.get(code)) for code in self.overtaken}})

    def questions(self) -> Iterator[dict[str, Any]]:
        """Each question with its field, what it was begun from, and on what it hangs, for the page's scripts."""
        began = self.initial[BEGAN] if not self.is_bound else self.data.get(BEGAN) or self.initial[BEGAN]
        try:
            bases = json.loads(began)
        except ValueError:
            bases = {}
        for item in self.section.fields:
            when = item.shown_when
            here = when is not None and when.section == self.section.code
            yield {
                "code": item.code,
                "field": self[item.code],
                "base": bases.get(item.code, "") if isinstance(bases, dict) else "",
                "when": when.field if when is not None and here else "",
                "values": json.dumps(list(when.values)) if when is not None and here else "",
                "apart": "" if when is None or here else "yes" if holds(when, self.others) else "no",
            }


def condition_words(when: Condition | None, section: Section, asked: Form) -> str:
    """When a question is to be answered, for whoever sees it whatever the other answers are."""
    home = asked.section(when.section) if when is not None else None
    if when is None or home is None:
        return ""
    question = home.field(when.field)
    labels = {YES: _t("Yes"), NO: _t("No")} if question.kind == YES_NO else {}
    labels |= {option.code: str(option.label) for option in question.choices}
    chosen = _t("” or “").join(labels.get(value, value) for value in when.values)
    if home.code == section.code:
        return _t("To be answered if the answer to “{question}” is “{answers}”.").format(
            question=question.label, answers=chosen
        )
    return _t("To be answered if, in the part “{part}”, the answer to “{question}” is “{answers}”.").format(
        part=home.title, question=question.label, answers=chosen
    )
