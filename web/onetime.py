"""One-time keys of forms: a form sent twice is done once, and the second answer is the first one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from kit.errors import Busy, Conflict
from kit.locks import is_busy
from records.actions import keys

FIELD = "one_time_key"
LONGEST = 64
LONGEST_ADDRESS = 500  # what a key's row keeps
_NOT_CONTENT = frozenset({FIELD, "csrfmiddlewaretoken"})


def new_key() -> str:
    """A key that nobody can guess, for one rendering of one form."""
    return secrets.token_urlsafe(24)


def body_digest(request: HttpRequest) -> str:
    """SHA-256 of what the form says: address, fields in their order, and the files' names and bytes."""
    digest = hashlib.sha256(request.get_full_path().encode())
    for name, values in sorted(request.POST.lists()):
        if name not in _NOT_CONTENT:
            digest.update(repr((name, values)).encode("utf-8", "backslashreplace"))
    for name, uploads in sorted(request.FILES.lists()):
        for upload in uploads:
            digest.update(repr((name, upload.name, upload.size)).encode("utf-8", "backslashreplace"))
            for chunk in upload.chunks():
                digest.update(chunk)
            upload.seek(0)
    return digest.hexdigest()


def answered_once(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a POST in one transaction with its key: the same key and body gets the first answer again.

    The same key with another body is refused (409). Only a redirect uses a key up: a form that came back with errors
    may be sent again. A form without a key, or without a person, is answered as it is.
    """
    key, person = request.POST.get(FIELD, "")[:LONGEST], request.user
    if not key or not person.is_authenticated:
        return answer()

    def once() -> HttpResponse:
        with transaction.atomic():
            kept = keys.once(person.actor_id, key, body_digest(request))
            if not kept.first:
                return HttpResponseRedirect(kept.response)
            response = answer()
            if isinstance(response, HttpResponseRedirect) and len(response.url) <= LONGEST_ADDRESS:
                keys.answered(kept, response.url)
            else:
                keys.forget(kept)
            return response

    return _plainly(request, once)


def begun_once(request: HttpRequest, address: str, work: Callable[[], None]) -> HttpResponse:
    """Answer a POST whose `work` takes several transactions: its key is used up before the first of them.

    Both sendings lead to `address`, which tells how far the work has come: a second one does not wait for it.
    """

    key, person = request.POST.get(FIELD, "")[:LONGEST], request.user

    def begun() -> HttpResponse:
        if key and person.is_authenticated:
            with transaction.atomic():
                kept = keys.once(person.actor_id, key, body_digest(request))
                if not kept.first:
                    return HttpResponseRedirect(kept.response)
                keys.answered(kept, address)
        work()
        return HttpResponseRedirect(address)

    return _plainly(request, begun)


def _plainly(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer, or a page that says that the form was sent with other answers, or that others hold the rows."""
    try:
        return answer()
    except Conflict:
        return render(request, "409.html", status=409)
    except (Busy, OperationalError) as error:
        if not isinstance(error, Busy) and not is_busy(error):
            raise
        return render(request, "503.html", {"retry": request.get_full_path()}, status=503)
