"""A page that does one act: what it is about, what is still missing, one form, one button."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t

from people.models import Person
from web.forms import EscalierForm


class PersonRequest(HttpRequest):
    """A request of someone who is signed in: what every page that is not public gets."""

    user: Person


class ConfirmForm(EscalierForm):
    """Nothing to fill in: the button is the answer."""


def act_page(
    request: HttpRequest,
    form: Any,
    *,
    title: str,
    submit: str,
    back_url: str,
    over: str = "",
    lead: str = "",
    facts: Sequence[tuple[Any, Any]] = (),
    missing: Iterable[str] = (),
    trail: Sequence[tuple[Any, str]] = (),
    danger: bool = False,
    refused: str = "",
    first: tuple[Any, str] | None = None,
) -> HttpResponse:
    """The page of one act. `missing` is the checklist of what must be done first, shown above the form.

    `refused` says why the viewer cannot do the act now; the form is then left out. `first` is what to do
    before, as the words and the address of a link; otherwise the link leads back.
    """
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "back_url": back_url,
        "over": over,
        "lead": lead,
        "pairs": list(facts),
        "missing": list(missing),
        "trail": list(trail),
        "danger": danger,
        "refused": refused,
        "first": first or (_t("Back"), back_url),
    }
    return render(request, "components/act.html", context)


def done(request: HttpRequest, sentence: str, to: str, *args: Any) -> HttpResponseRedirect:
    """Go to the page `to` and say there what was done."""
    messages.success(request, sentence)
    return redirect(to, *args)


def confirmed(request: HttpRequest) -> ConfirmForm:
    """The form of an act that asks nothing; bound when the request posts."""
    return ConfirmForm(request.POST if request.method == "POST" else None)


def staff_only(request: PersonRequest, *roles: str) -> None:
    """Raise `Http404` unless the person holds a role of the staff (one of `roles` when some are given)."""
    standing = request.user.standing
    held = standing.scopes_of(*roles) if roles else standing.scopes()
    if not held:
        raise Http404(_t("Nothing here."))
