"""A member's own pages: what waits, the conflict gate, the grid beside the dossier, one's scorecards."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from grants.models import Dossier
from grants.queries import parts as reading
from grants.queries.visibility import is_tied
from kit import clock
from people.permissions import can_explain
from selection.actions import assessment
from selection.models import Criterion, Meeting, MeetingState, Scorecard
from selection.queries import conflicts, scores, todo
from web.committee.forms import ConflictForm, ScoreForm
from web.officer import dossier as sheet
from web.officer.views import read
from web.pages import act, page
from web.shared.acts import PersonRequest, done
from web.shared.lists import by_key


@page("conflict.answer", methods=["GET"])
def session(request: PersonRequest) -> HttpResponse:
    """My session: questions to answer, dossiers to score, how far one is, the next meetings."""
    filed, given = todo.scoring_progress(request.user)
    mine = request.user.committee_memberships.in_office(clock.today()).order_by().values("committee")
    meetings = Meeting.objects.filter(committee__in=mine, state=MeetingState.PLANNED).select_related("committee")
    context = {
        "questions": todo.conflict_questions(request.user)[:50],
        "to_score": todo.dossiers_to_score(request.user)[:50],
        "filed": filed,
        "given": given,
        "meetings": meetings.order_by("starts_at", "pk")[:10],
    }
    return render(request, "committee/session.html", context)


@page("conflict.answer", methods=["GET"])
def dossier(request: PersonRequest, reference: str) -> HttpResponse:
    """From a dossier's reference to what the member does with it: the question, the grid, or just reading."""
    found = asked_about(request, reference)
    if conflicts.last_answer(request.user, found) is None:
        return redirect("committee:conflict", reference)
    given = found.assignments.filter(person=request.user, ended_at=None).exists()
    return redirect("committee:score" if given else "officer:dossier", reference)


@page("conflict.answer")
def conflict(request: PersonRequest, reference: str) -> HttpResponse:
    """The conflict question, on public facts alone; answering “none” opens the dossier."""
    dossier = asked_about(request, reference)
    form = ConflictForm(request.POST or None)
    if form.is_valid():
        has_conflict = form.cleaned_data["answer"] == "conflict"
        given = {"has_conflict": has_conflict, "explanation": form.cleaned_data["explanation"]}
        if act(request, form, assessment.answer_conflict, dossier=dossier, **given):
            if has_conflict:
                return done(request, _t("Your conflict is noted; the dossier is closed to you."), "committee:session")
            return _open(request, dossier)
    context = {
        "form": form,
        "question": conflicts.question(dossier, get_language() or "fr"),
        "answered": conflicts.last_answer(request.user, dossier),
        "refused": can_explain(request.user, "conflict.answer", dossier),
    }
    return render(request, "committee/conflict.html", context)


def asked_about(request: PersonRequest, reference: str) -> Dossier:
    """A dossier about which the question was put to the person, or 404; its content stays closed."""
    found = Dossier.objects.filter(reference=reference).select_related("applicant", "call", "programme").first()
    if found is None or not conflicts.is_asked(request.user, found):
        raise Http404(reference)
    return found


def _open(request: PersonRequest, dossier: Dossier) -> HttpResponse:
    """After “no conflict”: the grid for whoever scores the dossier, else the session."""
    if dossier.assignments.filter(person=request.user, ended_at=None).exists():
        return redirect("committee:score", dossier.reference)
    return done(request, _t("Your answer is noted."), "committee:session")


@page("score.give")
def score(request: PersonRequest, reference: str) -> HttpResponse:
    """The grid beside the dossier; saving leads to the next one."""
    if _unanswered(request, reference):
        return redirect("committee:conflict", reference)
    dossier = read(request, reference)
    if is_tied(request.user, dossier):
        # A member who is of the applicant's side has the applicant's pages; there is nothing to score here.
        raise Http404(reference)
    criteria = Criterion.objects.filter(grid__call=dossier.call_id).order_by("position", "pk")
    before = scores.own_scorecard(request.user, dossier)
    form = ScoreForm(request.POST or None, criteria=criteria, initial=_initial(before))
    if form.is_valid():
        comment = form.cleaned_data["comment"]
        card = act(request, form, assessment.file_scorecard, dossier=dossier, values=form.marks, comment=comment)
        if card:
            return _next(request, card)
    filed, given = todo.scoring_progress(request.user)
    readable = reading.parts(request.user, dossier)
    context = {
        "dossier": dossier,
        "form": form,
        "before": before,
        "filed": filed,
        "given": given,
        "papers": sheet.papers(dossier, readable),
        "refused": can_explain(request.user, "score.give", dossier),
        **sheet.application(dossier, readable),
    }
    return render(request, "committee/score.html", context)


def _unanswered(request: PersonRequest, reference: str) -> bool:
    """The question was put to the person and not answered yet: the dossier itself is not shown."""
    dossier = Dossier.objects.filter(reference=reference).first()
    if dossier is None or not conflicts.is_asked(request.user, dossier):
        return False
    return conflicts.last_answer(request.user, dossier) is None


def _initial(card: Scorecard | None) -> dict[str, str]:
    if card is None:
        return {}
    marks = card.scores.select_related("criterion")
    written = {row.criterion.code: f"{row.value.normalize():f}" for row in marks.order_by("pk")}
    return {**written, "comment": card.comment}


def _next(request: PersonRequest, card: Scorecard) -> HttpResponse:
    total = f"{card.total.normalize():f}"
    sentence = _t("Your marks are saved; their total is {total}.").format(total=total)
    following = todo.dossiers_to_score(request.user).first()
    if following is None:
        return done(request, sentence, "committee:session")
    return done(request, sentence, "committee:score", following.reference)


@page("score.view_own", methods=["GET"])
def mine(request: PersonRequest) -> HttpResponse:
    """The scorecards that the member filed, the last one first."""
    rows = Scorecard.objects.visible_to(request.user).filter(person=request.user)
    rows = rows.select_related("dossier__applicant").prefetch_related("scores__criterion")
    context = {"rows": by_key(request, rows, "-filed_at"), "session_url": reverse("committee:session")}
    return render(request, "committee/scores.html", context)
