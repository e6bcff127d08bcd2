"""Meetings: planned, held with their attendance, their decisions recorded, closed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from grants.actions import submission
from grants.lifecycle import State
from kit import clock
from kit.errors import Conflict, NotAllowed, Refused, Unmet
from programmes.models import Decision
from selection.actions import assessment, committees, deliberation, meetings
from selection.models import Attendance, DossierDecision, Meeting, MeetingState, Outcome
from tests.world_selection import START, acts


def seats(world, *persons):
    return list(world.committee.members.filter(person__in=persons))


def planned(world, at=START):
    return meetings.plan_meeting(committee=world.committee, starts_at=at, place="Cahors", by=world.secretary)


def test_a_meeting_is_held_with_its_attendance(world):
    meeting = planned(world)
    held = meetings.hold_meeting(meeting=meeting, present=seats(world, *world.members[:2]), by=world.secretary)
    assert (held.state, held.quorum_reached) == (MeetingState.HELD, True)
    present = Attendance.objects.filter(meeting=held).order_by("member")
    assert [(item.member.person, item.present) for item in present] == [
        (world.members[0], True),
        (world.members[1], True),
        (world.members[2], False),
    ]
    assert acts(world.programme)[-2:] == ["meeting.planned", "meeting.held"]


def test_a_meeting_is_not_held_before_its_day(world):
    meeting = planned(world, START + timedelta(days=1))
    with pytest.raises(Refused) as error:
        meetings.hold_meeting(meeting=meeting, present=seats(world, *world.members), by=world.secretary)
    assert error.value.field == "present"
    # The day is Paris's: it begins at 23:00 UTC.
    with clock.at(START + timedelta(hours=13)), pytest.raises(Refused):
        meetings.hold_meeting(meeting=meeting, present=[], by=world.secretary)
    with clock.at(START + timedelta(hours=14)):
        assert meetings.hold_meeting(meeting=meeting, present=[], by=world.secretary).state == MeetingState.HELD


def test_only_members_in_office_that_day_attend(world):
    gone = seats(world, world.members[2])[0]
    committees.end_membership(member=gone, until=date(2027, 2, 1), by=world.manager)
    meeting = planned(world)
    with pytest.raises(Refused):
        meetings.hold_meeting(meeting=meeting, present=[gone], by=world.secretary)
    held = meetings.hold_meeting(meeting=meeting, present=seats(world, *world.members[:2]), by=world.secretary)
    assert held.attendances.count() == 2


def test_a_meeting_without_quorum_decides_nothing_and_is_moved(world):
    dossier = world.dossier()
    meeting = world.meeting(world.members[0])
    assert meeting.quorum_reached is False
    with pytest.raises(Unmet, match="no quorum"):
        world.decision(dossier, meeting=meeting)
    with pytest.raises(Unmet, match="no quorum"):
        meetings.close_meeting(meeting=meeting, by=world.secretary)
    moved = meetings.move_meeting(meeting=meeting, starts_at=START + timedelta(days=7), by=world.secretary)
    assert (moved.state, moved.held_at, moved.attendances.count()) == (MeetingState.PLANNED, None, 0)


def test_the_attendance_is_corrected_until_something_is_decided(world):
    meeting = world.meeting(world.members[0])
    corrected = meetings.hold_meeting(meeting=meeting, present=seats(world, *world.members[:2]), by=world.secretary)
    assert corrected.quorum_reached is True
    world.decision(world.dossier(), meeting=meeting)
    with pytest.raises(Conflict, match="has decided"):
        meetings.hold_meeting(meeting=meeting, present=[], by=world.secretary)
    with pytest.raises(Conflict, match="is held"):
        meetings.move_meeting(meeting=meeting, starts_at=START, by=world.secretary)


def test_a_planned_meeting_decides_nothing(world):
    with pytest.raises(Unmet, match="not held yet"):
        world.decision(world.dossier(), meeting=planned(world))


def test_the_decisions_of_a_meeting_stand_under_one_reference(world):
    meeting = world.meeting()
    first, second = (world.decision(world.dossier(), meeting=meeting) for _ in range(2))
    assert first.decision == second.decision
    deliberated = first.decision
    assert (deliberated.reference, deliberated.body, deliberated.taken_on) == (
        f"{world.committee.name}-2027-03-01",
        "selection",
        date(2027, 3, 1),
    )
    same_day = world.decision(world.dossier())
    assert same_day.decision.reference == f"{world.committee.name}-2027-03-01-2"


def test_long_names_of_committees_make_references_that_fit(world):
    committee = world.sit(world.members, name="C" * 200)
    decided = world.decision(world.dossier(), meeting=world.meeting(committee=committee))
    assert decided.decision.reference == "C" * 49 + "-2027-03-01"


def test_one_decision_a_dossier_and_meeting_corrected_until_it_takes_effect(world):
    dossier = world.dossier()
    world.score(dossier)
    meeting = world.meeting()
    first = world.decision(dossier, Outcome.RESERVE, meeting=meeting, rank=1)
    second = world.decision(dossier, Outcome.SELECT, meeting=meeting)
    assert (second.pk, second.outcome, second.rank) == (first.pk, Outcome.SELECT, None)
    assert DossierDecision.objects.count() == 1
    assert acts(dossier)[-2:] == ["decision.recorded", "decision.corrected"]
    deliberation.select(dossier=dossier, decision=second, by=world.secretary)
    with pytest.raises(Unmet, match="no longer waits"):
        world.decision(dossier, Outcome.REJECT, meeting=meeting)


def test_a_rejection_has_reasons_and_a_reserve_its_own_rank(world):
    meeting, dossier, other = world.meeting(), world.dossier(), world.dossier()
    for outcome, fields, field in (
        (Outcome.REJECT, {"reasons": " "}, "reasons"),
        (Outcome.RESERVE, {}, "rank"),
        (Outcome.RESERVE, {"rank": 0}, "rank"),
        (Outcome.RESERVE, {"rank": True}, "rank"),
        ("hurrah", {}, "outcome"),
        (Outcome.SELECT, {"votes_for": 3}, "votes_for"),
        (Outcome.SELECT, {"votes_against": -1}, "votes_against"),
    ):
        with pytest.raises(Refused) as error:
            world.decision(dossier, outcome, meeting=meeting, **fields)
        assert error.value.field == field
    assert (DossierDecision.objects.count(), Decision.objects.filter(body="selection").count()) == (0, 0)
    world.decision(dossier, Outcome.RESERVE, meeting=meeting, rank=1)
    with pytest.raises(Refused) as error:
        world.decision(other, Outcome.RESERVE, meeting=meeting, rank=1)
    assert error.value.field == "rank"


def test_votes_leave_out_who_is_tied(world):
    dossier = world.dossier()
    world.tie(world.members[0], dossier.applicant)
    meeting = world.meeting(*world.members)
    with pytest.raises(Refused):
        world.decision(dossier, meeting=meeting, votes_for=3)
    assert world.decision(dossier, meeting=meeting, votes_for=2).votes_for == 2


def test_a_committee_that_does_not_select_decides_no_dossier(world):
    steering = committees.create_committee(
        programme=world.programme, body="steering", name="Pilotage", quorum=1, by=world.manager
    )
    committees.appoint_member(committee=steering, person=world.members[0], since=date(2027, 1, 1), by=world.manager)
    meeting = world.meeting(world.members[0], committee=steering)
    with pytest.raises(Refused, match="does not decide"):
        world.decision(world.dossier(), meeting=meeting)


def test_attending_members_are_asked_when_the_decision_is_recorded(world):
    dossier = world.dossier()
    world.score(dossier)
    world.decision(dossier, meeting=world.meeting(*world.members))
    third = world.members[2]
    assert assessment.answer_conflict(dossier=dossier, has_conflict=False, by=third).has_conflict is False


def test_a_meeting_closes_once_its_decisions_took_effect_or_were_deferred(world):
    meeting = world.meeting()
    selected, deferred, withdrawn = (world.dossier() for _ in range(3))
    world.score(selected)
    decision = world.decision(selected, meeting=meeting)
    world.decision(deferred, Outcome.DEFER, meeting=meeting, reasons="Plan to be made clear.")
    world.decision(withdrawn, Outcome.RESERVE, meeting=meeting, rank=1)
    submission.withdraw(dossier=withdrawn, reason="Abandon.", by=world.mayor(withdrawn))
    with pytest.raises(Unmet) as error:
        meetings.close_meeting(meeting=meeting, by=world.secretary)
    assert error.value.missing == [f"The decision on {selected.reference} has not taken effect: apply it, or defer it."]
    deliberation.select(dossier=selected, decision=decision, by=world.secretary)
    closed = meetings.close_meeting(meeting=meeting, by=world.secretary)
    assert (closed.state, closed.closed_at) == (MeetingState.CLOSED, clock.now())
    deferred.refresh_from_db()
    assert deferred.state == State.SUBMITTED
    with pytest.raises(Unmet, match="is closed"):
        world.decision(deferred, meeting=meeting)
    with pytest.raises(Conflict):
        meetings.hold_meeting(meeting=meeting, present=[], by=world.secretary)
    with pytest.raises(Unmet, match="can be closed"):
        meetings.close_meeting(meeting=meeting, by=world.secretary)


def test_a_deferral_in_the_same_meeting_may_be_taken_back(world):
    dossier, meeting = world.dossier(), world.meeting()
    world.decision(dossier, Outcome.DEFER, meeting=meeting)
    assert world.decision(dossier, Outcome.SELECT, meeting=meeting).applied_at is None


def test_an_earlier_meeting_does_not_overrule_a_later_one(world):
    dossier = world.dossier()
    world.score(dossier)
    early = world.meeting(at=START - timedelta(days=3))
    on_list = world.decision(dossier, Outcome.RESERVE, rank=1)
    deliberation.place_on_reserve(dossier=dossier, decision=on_list, by=world.secretary)
    with pytest.raises(Refused, match="later meeting"):
        world.decision(dossier, Outcome.REJECT, meeting=early)


def test_each_act_is_refused_to_the_wrong_role(world):
    meeting, dossier = world.meeting(), world.dossier()
    before = Meeting.objects.count()
    for person in (world.members[0], world.officer, world.manager, world.auditor, world.mayor(dossier)):
        for act in (
            lambda by: meetings.plan_meeting(committee=world.committee, starts_at=START, by=by),
            lambda by: meetings.hold_meeting(meeting=meeting, present=[], by=by),
            lambda by: meetings.move_meeting(meeting=meeting, starts_at=START, by=by),
            lambda by: meetings.record_decision(meeting=meeting, dossier=dossier, outcome="select", by=by),
            lambda by: meetings.close_meeting(meeting=meeting, by=by),
        ):
            with pytest.raises(NotAllowed):
                act(person)
    assert (Meeting.objects.count(), DossierDecision.objects.count()) == (before, 0)


def test_a_secretary_tied_to_the_applicant_records_nothing(world):
    dossier = world.dossier()
    world.tie(world.secretary, dossier.applicant)
    with pytest.raises(NotAllowed, match="tied"):
        world.decision(dossier)


def test_a_rank_is_free_again_after_its_dossier_left(world):
    dossier, other = world.dossier(requested="1000"), world.dossier()
    for item in (dossier, other):
        world.score(item)
    decision = world.decision(dossier, Outcome.RESERVE, rank=1)
    deliberation.place_on_reserve(dossier=dossier, decision=decision, by=world.secretary)
    with pytest.raises(Refused):
        world.decision(other, Outcome.RESERVE, rank=1)
    award = deliberation.select(dossier=dossier, decision=decision, by=world.secretary)
    assert award.amount == Decimal(1000)
    assert world.decision(other, Outcome.RESERVE, rank=1).rank == 1
