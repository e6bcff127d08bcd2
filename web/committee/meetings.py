"""Meetings, from the secretary's desk: planned, held, what they decided, closed."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from grants.lifecycle import State
from grants.models import Dossier
from kit.clock import PARIS
from kit.text import format_date
from people.models import Role
from programmes.models import DecisionBody
from selection.actions import meetings
from selection.models import Committee, DossierDecision, Meeting, MeetingState
from selection.queries import conflicts
from selection.queries.committees import in_office
from web.committee.forms import AttendanceForm, DecisionForm, PlanForm, WhenForm
from web.pages import act, get_visible, page, permitted
from web.shared.acts import PersonRequest, act_page, confirmed, done
from web.shared.lists import by_key

PLACE = "committee:meeting"


@page("meeting.edit", methods=["GET"])
def listing(request: PersonRequest) -> HttpResponse:
    """The meetings of the secretary's committees, the next ones first."""
    mine = request.user.standing.scopes_of(Role.COMMITTEE_SECRETARY)
    rows = Meeting.objects.filter(committee__programme__code__in=mine).select_related("committee")
    return render(request, "committee/meetings.html", {"rows": by_key(request, rows, "-starts_at")})


@page("meeting.edit")
def plan(request: PersonRequest) -> HttpResponse:
    """Plan a meeting."""
    mine = request.user.standing.scopes_of(Role.COMMITTEE_SECRETARY)
    committees = Committee.objects.filter(programme__code__in=mine).order_by("name", "pk")
    form = PlanForm(request.POST or None, committees=committees)
    if form.is_valid():
        planned = act(request, form, meetings.plan_meeting, committee=form.committee_chosen, **form.answer)
        if planned:
            return done(request, _t("The meeting is planned."), PLACE, planned.pk)
    return act_page(
        request,
        form,
        title=_t("Plan a meeting"),
        submit=_t("Plan the meeting"),
        back_url=reverse("committee:meetings"),
        trail=[(_t("Meetings"), reverse("committee:meetings"))],
    )


def read(request: PersonRequest, pk: int) -> Meeting:
    """A meeting of which the person is the secretary, or 404."""
    rows = Meeting.objects.select_related("committee__programme")
    found: Meeting = get_visible(rows, request.user, pk=pk)
    if not permitted(request, "meeting.edit", found):
        raise Http404(pk)
    return found


def ask(request: PersonRequest, meeting: Meeting, form: Any, title: str, submit: str, **more: Any) -> HttpResponse:
    """The page of one act on a meeting."""
    url = reverse(PLACE, args=[meeting.pk])
    trail = [(_t("Meetings"), reverse("committee:meetings")), (name_of(meeting), url)]
    return act_page(request, form, title=title, submit=submit, back_url=url, trail=trail, **more)


def name_of(meeting: Meeting) -> str:
    """The committee and the day, as a reader names a meeting."""
    return f"{meeting.committee.name}, {format_date(meeting.day)}"


@page("meeting.edit", methods=["GET"])
def meeting(request: PersonRequest, pk: int) -> HttpResponse:
    """One meeting: who attended, what it decided, what still waits for it."""
    found = read(request, pk)
    decisions = found.decisions.select_related("dossier__applicant").order_by("pk")
    held = found.state == MeetingState.HELD
    context = {
        "meeting": found,
        "name": name_of(found),
        "attendances": found.attendances.select_related("member__person").order_by("member__person__full_name", "pk"),
        "decisions": list(decisions),
        "missing": list(meetings.closing(found)) if held else [],
        "waiting": by_key(request, _to_decide(request, found), "pk") if held and found.quorum_reached else None,
    }
    return render(request, "committee/meeting.html", context)


def _to_decide(request: PersonRequest, meeting: Meeting) -> QuerySet[Dossier]:
    """The dossiers that wait for a decision and about which this meeting has recorded none."""
    if meeting.committee.body != DecisionBody.SELECTION:
        return Dossier.objects.none()
    known = meeting.decisions.order_by().values("dossier")
    before = Q(state__in=[State.ADVISED, State.ON_RESERVE]) | Q(state=State.SUBMITTED, call__needs_advice=False)
    rows = Dossier.objects.visible_to(request.user).filter(before, programme=meeting.committee.programme_id)
    return rows.exclude(pk__in=known).select_related("applicant")


@page("meeting.edit")
def move(request: PersonRequest, pk: int) -> HttpResponse:
    """Move a meeting."""
    found = read(request, pk)
    local = found.starts_at.astimezone(PARIS)
    form = WhenForm(request.POST or None, initial={"day": local.date(), "hour": local.time(), "place": found.place})
    if form.is_valid() and act(request, form, meetings.move_meeting, meeting=found, **form.answer):
        return done(request, _t("The meeting is moved."), PLACE, pk)
    return ask(request, found, form, _t("Move the meeting"), _t("Move the meeting"))


@page("meeting.edit")
def hold(request: PersonRequest, pk: int) -> HttpResponse:
    """Record who attended."""
    found = read(request, pk)
    present = [row.member_id for row in found.attendances.filter(present=True)]
    data = request.POST if request.method == "POST" else None
    form = AttendanceForm(data, members=in_office(found), initial={"present": present})
    if form.is_valid() and act(request, form, meetings.hold_meeting, meeting=found, present=form.chosen):
        return done(request, _t("The attendance is recorded."), PLACE, pk)
    facts = [(_t("Members needed"), found.committee.quorum)]
    return ask(request, found, form, _t("Record the attendance"), _t("Record the attendance"), facts=facts)


@page("decision.record")
def decide(request: PersonRequest, pk: int, reference: str) -> HttpResponse:
    """Record what the meeting decided about one dossier, or correct it."""
    found = read(request, pk)
    dossier: Dossier = get_visible(
        Dossier.objects.select_related("applicant", "call"), request.user, reference=reference
    )
    before = DossierDecision.objects.filter(meeting=found, dossier=dossier).first()
    names = ("outcome", "rank", "reasons", "votes_for", "votes_against", "abstentions")
    initial = {name: getattr(before, name) for name in names} if before else {}
    form = DecisionForm(request.POST or None, initial=initial)
    if form.is_valid() and act(
        request, form, meetings.record_decision, meeting=found, dossier=dossier, **form.cleaned_data
    ):
        return done(request, _t("The decision is recorded; apply it for it to take effect."), PLACE, pk)
    facts = [
        (_t("Applicant"), dossier.applicant.name),
        (_t("State"), State(dossier.state).label),
        (_t("Call"), dossier.call.title),
        *_voting(dossier, found),
    ]
    over = f"{dossier.reference} · {dossier.title}"
    return ask(request, found, form, _t("Record the decision"), _t("Record the decision"), over=over, facts=facts)


def _voting(dossier: Dossier, meeting: Meeting) -> list[tuple[str, str]]:
    """How many of those present vote on the dossier, and who does not."""
    found = conflicts.voting(dossier, meeting)
    counted = _t("{voters} of the {present} members present").format(voters=len(found.voters), present=found.present)
    kept_out = (
        (_t("Cannot vote, conflict of interest declared"), found.conflicted),
        (_t("Cannot vote, tied to an application of the call"), found.tied),
    )
    return [
        (_t("Can vote on this dossier"), counted),
        *((why, ", ".join(person.full_name for person in persons)) for why, persons in kept_out if persons),
    ]


@page("meeting.close")
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """Close a meeting once each of its decisions took effect or was deferred."""
    found = read(request, pk)
    form = confirmed(request)
    if form.is_valid() and act(request, form, meetings.close_meeting, meeting=found):
        return done(request, _t("The meeting is closed."), PLACE, pk)
    lacking = [] if request.method == "POST" else list(meetings.closing(found))
    return ask(request, found, form, _t("Close the meeting"), _t("Close the meeting"), missing=lacking)
