"""What every page has in common: its declared action, who may open it, how it runs one action, how it answers.

@page("dossier.select")
def select(request, meeting, reference):
    dossier = get_visible(Dossier, request.user, reference=reference)
    form = SelectForm(request.POST or None)
    if form.is_valid() and act(request, form, deliberation.select, dossier=dossier):
        return redirect("committee:board", meeting)
    return render(request, "committee/select.html", {"form": form})
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from kit.clock import now
from kit.errors import EscalierError, Refused, Unmet
from people.permissions import may
from web.onetime import answered_once

View = Callable[..., HttpResponse]

# Views of packages, which cannot carry `@page`: view name → action. The house test reads both.
DECLARED = {
    "account_login": "account.use",
    "account_logout": "account.use",
    "account_inactive": "account.use",
    "account_signup": "account.use",
    "account_reauthenticate": "account.use",
    "account_email": "account.use",
    "account_email_verification_sent": "account.use",
    "account_confirm_email": "account.use",
    "account_change_password": "account.use",
    "account_set_password": "account.use",
    "account_reset_password": "account.use",
    "account_reset_password_done": "account.use",
    "account_reset_password_from_key": "account.use",
    "account_reset_password_from_key_done": "account.use",
}

# What `act` answers when an action succeeded and returned nothing: always true.
DONE = object()


class ReadGuard:
    """What surrounds every GET page. Tests put a guard here that refuses SQL writes; the product needs none."""

    around: Callable[[], AbstractContextManager[Any]] = nullcontext


def page(
    action: str, *, methods: Iterable[str] = ("GET", "POST"), template: str = "", keyed: bool = True
) -> Callable[[View], View]:
    """Declare the action of the permission page that this view serves.

    An anonymous visitor of an action that is not public goes to the sign-in page and comes back; a person whose
    roles can never do the action gets 404, for what may not be known is not refused but absent. A POST that carries
    a one-time key is done once (`web.onetime`), in one transaction; a view that acts in several (`keyed=False`) takes
    the key itself. With `template` the view may return its context alone.
    """
    allowed = frozenset(methods) | ({"HEAD"} if "GET" in methods else set())

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(sorted(allowed))
            unwrap(request)
            if not may(request.user, action):
                if not request.user.is_authenticated:
                    return sign_in_first(request)
                raise Http404(action)

            def answer() -> HttpResponse:
                given = view(request, *args, **kwargs)
                return TemplateResponse(request, template, given) if template and isinstance(given, dict) else given

            if request.method == "POST":
                return answered_once(request, answer) if keyed else answer()
            with ReadGuard.around():
                response: Any = answer()
                # Rendered inside the guard: a lazy template could still write.
                return response.render() if hasattr(response, "render") and not response.is_rendered else response

        guarded.action_name = action  # type: ignore[attr-defined]
        guarded.methods = allowed  # type: ignore[attr-defined]
        return guarded

    return decorate


def unwrap(request: HttpRequest) -> None:
    """Put the person themselves in `request.user`: Django's lazy stand-in has another type, which locks cannot sort."""
    if isinstance(request.user, SimpleLazyObject):
        request.user.is_authenticated  # noqa: B018 - reads the person
        request.user = request.user._wrapped


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page and back; 401 inside a fragment, which must never receive a whole page."""
    if getattr(request, "htmx", False):
        return HttpResponse(status=401)
    # A POST is not repeated by a redirect: the person comes back to the page that holds the form.
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def get_visible(source: Any, person: Any, **lookup: Any) -> Any:
    """The one row of `source` (a model, a manager or a queryset) that `person` may see; raises `Http404`.

    A malformed reference, such as text for a number, is 404 too.
    """
    rows: Any = (
        source._default_manager.all() if isinstance(source, type) and issubclass(source, models.Model) else source
    )
    try:
        return rows.visible_to(person).get(**lookup)
    except (rows.model.DoesNotExist, ValueError, ValidationError, OverflowError) as error:
        raise Http404(rows.model._meta.label) from error


def act(request: HttpRequest, form: Any, action: Callable[..., Any], /, **kwargs: Any) -> Any:
    """Run one `action` of the floors below as the person of the request.

    Answers its result, or `DONE` where that is empty, so that success is always true; `None` when it was not done.
    Requirements that are missing become a checklist of the form, a refused field its error, the rest a message.
    """
    try:
        result = action(by=request.user, **kwargs)
    except EscalierError as error:
        tell(request, form, error)
        return None
    return result if result is not None and _is_true(result) else DONE


def _is_true(result: Any) -> bool:
    """Whether the result can stand in an `if`; a queryset is not asked, since that would run it."""
    return not isinstance(result, models.QuerySet) and bool(result)


def tell(request: HttpRequest, form: Any, error: EscalierError) -> None:
    """Show why an action was not done: in `form` where it is about what was typed or is missing, else as a message."""
    if isinstance(error, Unmet) and form is not None:
        for sentence in error.missing:
            _add_error(form, None, ValidationError(sentence, code="unmet"))
    elif isinstance(error, Refused) and form is not None:
        known = error.field if error.field in getattr(form, "fields", {}) else None
        _add_error(form, known, ValidationError(str(error), code="refused"))
    else:
        for sentence in error.missing if isinstance(error, Unmet) else [str(error)]:
            messages.error(request, sentence)


def _add_error(form: Any, field: str | None, error: ValidationError) -> None:
    """Add an error to a form, bound or not, or to the whole of a formset."""
    if hasattr(form, "add_error"):
        form.errors  # noqa: B018 - fills the dictionary that add_error writes to
        if not hasattr(form, "cleaned_data"):
            form.cleaned_data = {}
        form.add_error(field, error)
    else:
        form.non_form_errors().data.append(error)


def permitted(request: HttpRequest, action: str, obj: Any = None) -> bool:
    """Whether the person of the request may do `action` on `obj`: the test of a button, never the guard of an act."""
    return bool(may(request.user, action, obj))


def signed_in_again(seconds: int = 300) -> Callable[[View], View]:
    """The POSTs of this view need a password given again less than `seconds` ago; the form is sent on afterwards.

    Stands under `@page`. Payment orders: "signed in again within 5 minutes".
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not recently_signed_in(request, seconds):
                raise ReauthenticationRequired
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def recently_signed_in(request: HttpRequest, seconds: int) -> bool:
    """Whether the person has proved again who they are less than `seconds` ago, after having signed in."""
    proofs = [proof for proof in get_authentication_records(request, request.user) if proof.get("reauthenticated")]
    return bool(proofs) and 0 <= now().timestamp() - proofs[-1]["at"] < seconds
