"""Answers that are saved while they are typed: one field a request, answered by a few words and never by a page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _t

from grants.actions import drafting
from grants.actions.hands import AnsweredMeanwhile
from grants.models import Dossier
from grants.rules.drafts import digest
from kit import clock
from kit.errors import Busy, Conflict, NotAllowed, Refused
from kit.text import format_datetime, format_time
from programmes.rules.answers import faults
from programmes.rules.form import Field, Section
from programmes.rules.reading import said
from web.applicant.answer_fields import typed_answer, typed_values
from web.pages import get_visible, page
from web.shared.acts import PersonRequest


@page("dossier.edit", methods=["POST"], keyed=False)
def autosave(request: PersonRequest, reference: str, code: str) -> HttpResponse:
    """Keep the answer to `field`, typed over the one whose digest is `base`. Sent twice, it is kept once.

    200 `saved`, with what is still wrong with it; 422 `refused`, what cannot be kept; 409 `changed`, another's answer
    stands there; 503 `busy`, try again. Whoever is signed out gets 401 where the request says that it is a script's
    (`HX-Request`), and 403 where its form has grown stale: any page of the product gives a new token.
    """
    dossier = _typed_in(request, reference)
    section, question = _question(dossier, code, request.POST.get("field", ""))
    try:
        answer = typed_answer(question, request.POST)
        dossier = drafting.save_answer(
            dossier=dossier,
            section=code,
            field=question.code,
            answer=answer,
            base=request.POST.get("base", ""),
            by=request.user,
        )
    except ValidationError as error:
        return _answer(422, "refused", told=" ".join(error.messages))
    except Refused as error:
        return _answer(422, "refused", told=str(error))
    except AnsweredMeanwhile as error:
        return _changed(request, question, error)
    except (NotAllowed, Conflict) as error:
        raise Http404(reference) from error
    except Busy as error:
        return _answer(503, "busy", told=str(error))
    kept = dossier.answers.get(code, {}).get(question.code)
    return _answer(
        200,
        "saved",
        said=_t("Saved at {time}").format(time=format_time(clock.now())),
        base=digest(kept),
        told=_still_wrong(dossier, section, question) if kept else "",
    )


def session_ends_at(request: PersonRequest) -> datetime | None:
    """When the viewer will be asked to sign in again; None where the session is not kept in the database."""
    rows = Session.objects.filter(session_key=request.session.session_key)
    return rows.values_list("expire_date", flat=True).first()


def _typed_in(request: PersonRequest, reference: str) -> Dossier:
    """The dossier of one's own organisation, read with what the act needs and no more; else `Http404`."""
    rows = Dossier.objects.select_related("applicant", "programme", "form")
    dossier: Dossier = get_visible(rows, request.user, reference=reference)
    if dossier.applicant_id not in request.user.standing.acts_for:
        raise Http404(reference)
    return dossier


def _question(dossier: Dossier, code: str, field: str) -> tuple[Section, Field]:
    section = dossier.questions.section(code)
    if section is None:
        raise Http404(code)
    try:
        return section, section.field(field)
    except KeyError as error:
        raise Http404(field) from error


def _still_wrong(dossier: Dossier, section: Section, question: Field) -> str:
    """What would hinder the filing in an answer that was kept: too many words, a day before another one."""
    return " ".join(str(fault) for fault in faults(section, dossier.answers) if fault.field == question.code)


def _changed(request: PersonRequest, question: Field, error: AnsweredMeanwhile) -> HttpResponse:
    """What stands there now, to be read beside what was typed, and to be put in its place."""
    return _answer(
        409,
        "changed",
        said=_who(request, error),
        theirs=said(question, error.kept),
        values=typed_values(question, error.kept),
        base=digest(error.kept),
    )


def _who(request: PersonRequest, error: AnsweredMeanwhile) -> str:
    if error.when is None:
        return _t("This answer was changed meanwhile.")
    words = {"person": error.who, "time": format_time(error.when), "day": format_datetime(error.when)}
    today = error.when.astimezone(clock.PARIS).date() == clock.today()
    if error.who in (None, request.user):
        sentence = (
            _t("Changed in another window or on another device at {time}.")
            if today
            else _t("Changed in another window or on another device on {day}.")
        )
    else:
        sentence = _t("Changed by {person} at {time}.") if today else _t("Changed by {person} on {day}.")
    return sentence.format(**words)


def _answer(status: int, state: str, **words: Any) -> JsonResponse:
    return JsonResponse({"state": state, **words}, status=status)
