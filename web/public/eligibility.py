"""May I apply? The eligibility questions of a call, answered by anybody without an account; nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from programmes.queries import current_form
from programmes.rules.form import NO, YES, Check
from web.forms import EscalierForm
from web.pages import page
from web.public.calls import read, start_of

ANSWERS = [(YES, _("Yes")), (NO, _("No"))]


class EligibilityForm(EscalierForm):
    """The questions of a call, each answered by yes or no."""

    use_required_attribute = False

    def __init__(self, *args: Any, checks: Sequence[Check], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checks = checks
        for check in checks:
            self.fields[check.code] = forms.ChoiceField(
                label=str(check.question),
                choices=ANSWERS,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose an answer."), "invalid_choice": _("Choose an answer.")},
            )

    @property
    def reasons(self) -> list[str]:
        """Why whoever answers so may not apply, each a sentence; nothing when they may. After `is_valid()`."""
        return [str(check.otherwise) for check in self.checks if self.cleaned_data[check.code] != check.right]


@page("call.view", methods=["GET"])
def eligibility(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions, and once they are answered what the answers mean."""
    found = read(request, slug)
    checks = current_form(found).form.eligibility
    answered = any(check.code in request.GET for check in checks)
    form = EligibilityForm(request.GET if answered else None, checks=checks)
    told = answered and form.is_valid()
    context = {
        "call": found,
        "form": form,
        "checks": checks,
        "told": told,
        "reasons": form.reasons if told else [],
        **start_of(request, found),
    }
    return render(request, "public/eligibility.html", context)
