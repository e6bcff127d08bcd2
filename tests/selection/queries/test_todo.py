"""What each role finds to do, and what no longer waits."""

from datetime import date, timedelta
from decimal import Decimal

from grants.actions import appeals
from grants.lifecycle import State
from selection.actions import advice, assessment, deliberation, meetings
from selection.models import Outcome
from selection.queries import todo
from selection.queries.next_steps import FINDERS
from tests.world_selection import START, SelectionWorld, marks


def step(dossier, person):
    dossier.refresh_from_db()
    found = FINDERS[State(dossier.state)](dossier, person)
    return found.who, found.action


def test_the_secretary_assigns_reveals_holds_applies_and_closes(world):
    secretary, dossier = world.secretary, world.dossier()
    assert list(todo.dossiers_to_assign(secretary)) == [dossier]
    assert step(dossier, secretary) == ("The committee's secretary", "assessor.assign")
    world.assign(dossier)
    assert list(todo.dossiers_to_assign(secretary)) == []
    assert step(dossier, secretary) == ("The selection committee", None)
    for person in world.members[:2]:
        assessment.file_scorecard(dossier=dossier, values=marks(), comment="", by=person)
    assert list(todo.dossiers_to_reveal(secretary)) == [dossier]
    assessment.reveal(dossier=dossier, by=secretary)
    assert list(todo.dossiers_to_reveal(secretary)) == []
    assert step(dossier, secretary) == ("The selection committee", "decision.record")

    planned = meetings.plan_meeting(committee=world.committee, starts_at=START + timedelta(hours=2), by=secretary)
    assert list(todo.meetings_to_hold(secretary)) == [planned]
    assert FINDERS[State.SUBMITTED](dossier, secretary).by_when == planned.starts_at
    meetings.hold_meeting(
        meeting=planned, present=list(world.committee.members.filter(person__in=world.members[:2])), by=secretary
    )
    assert (list(todo.meetings_to_hold(secretary)), list(todo.meetings_to_close(secretary))) == ([], [planned])
    decision = world.decision(dossier, Outcome.REJECT, meeting=planned)
    assert list(todo.decisions_to_apply(secretary)) == [decision]
    assert step(dossier, secretary) == ("The committee's secretary", "dossier.reject")
    deliberation.reject(dossier=dossier, decision=decision, by=secretary)
    assert list(todo.decisions_to_apply(secretary)) == []
    meetings.close_meeting(meeting=planned, by=secretary)
    assert list(todo.meetings_to_close(secretary)) == []
    filed = appeals.appeal(dossier=dossier, text="Non.", by=world.mayor(dossier))
    assert list(todo.appeals_to_answer(secretary)) == [filed]
    deliberation.reconsider(dossier=dossier, by=secretary)
    assert list(todo.appeals_to_answer(secretary)) == []


def test_a_member_answers_then_scores(world):
    member = world.members[0]
    first, second = world.dossier(), world.dossier()
    for dossier in (first, second):
        assessment.assign(dossier=dossier, person=member, by=world.secretary)
    assert list(todo.conflict_questions(member)) == [first, second]
    assert step(first, member) == ("The committee's secretary", "conflict.answer")
    assert list(todo.dossiers_to_score(member)) == []
    assessment.answer_conflict(dossier=first, has_conflict=False, by=member)
    assert (list(todo.conflict_questions(member)), list(todo.dossiers_to_score(member))) == ([second], [first])
    assert step(first, member) == ("The committee's secretary", "score.give")
    assert todo.scoring_progress(member) == (0, 2)
    assessment.file_scorecard(dossier=first, values=marks(), comment="", by=member)
    assert (list(todo.dossiers_to_score(member)), todo.scoring_progress(member)) == ([], (1, 2))
    assert step(first, member) == ("The committee's secretary", None)


def test_who_attended_finds_the_question(world):
    dossier = world.dossier()
    world.score(dossier)
    world.decision(dossier, meeting=world.meeting(*world.members))
    third = world.members[2]
    assert list(todo.conflict_questions(third)) == [dossier]
    assert step(dossier, third) == ("The committee's secretary", "conflict.answer")


def test_advice_goes_from_hand_to_hand(advised_world):
    world = advised_world
    dossier, officer, adviser = world.dossier(), world.officer, world.adviser
    mayor = world.mayor(dossier)
    assert list(todo.dossiers_without_mission(officer)) == [dossier]
    assert step(dossier, officer) == ("The instructing service", "mission.open")
    mission = advice.open_mission(
        dossier=dossier, contract=world.framework(), adviser=adviser, days=Decimal(2), purpose="X", by=officer
    )
    assert list(todo.dossiers_without_mission(officer)) == []
    assert [(item, item.used) for item in todo.missions_of_adviser(adviser)] == [(mission, Decimal(0))]
    assert step(dossier, adviser) == ("The adviser", "mission.log_day")
    advice.log_day(
        mission=mission, worked_on=date(2027, 3, 1), days=Decimal("0.5"), on_site=True, deliverable="X", by=adviser
    )
    assert [(item, item.waiting) for item in todo.missions_to_countersign(mayor)] == [(mission, Decimal("0.5"))]
    assert step(dossier, mayor) == (dossier.applicant.name, "mission.countersign")
    advice.countersign(mission=mission, by=mayor)
    assert list(todo.missions_to_countersign(mayor)) == []
    assert list(todo.missions_to_close(officer)) == []
    advice.file_report(mission=mission, report="X", by=adviser)
    assert [(item, item.used) for item in todo.missions_to_close(officer)] == [(mission, Decimal("0.5"))]
    assert step(dossier, officer) == ("The instructing service", "mission.close")
    advice.close_mission(mission=mission, by=officer)
    assert list(todo.missions_to_close(officer)) == []
    assert list(todo.dossiers_to_advise(officer)) == [dossier]
    assert step(dossier, officer) == ("The instructing service", "dossier.advise")
    advice.advise(dossier=dossier, favourable=True, opinion="X", by=officer)
    assert list(todo.dossiers_to_advise(officer)) == []
    assert list(todo.dossiers_to_assign(world.secretary)) == [dossier]


def test_the_first_on_reserve_waits_for_the_secretary(world):
    first, second = (world.dossier(requested="1000") for _ in range(2))
    for rank, dossier in enumerate((first, second), 1):
        world.score(dossier)
        decision = world.decision(dossier, Outcome.RESERVE, rank=rank)
        deliberation.place_on_reserve(dossier=dossier, decision=decision, by=world.secretary)
    assert list(todo.reserves_to_select(world.secretary)) == [first]
    assert step(first, world.secretary) == ("The committee's secretary", "dossier.select")
    second.refresh_from_db()
    found = FINDERS[State.ON_RESERVE](second, world.secretary)
    assert (found.action, found.why_not) == (None, f"{first.reference} waits before this one.")


def test_nobody_finds_the_work_of_others(world: SelectionWorld):
    dossier = world.dossier()
    world.score(dossier)
    world.decision(dossier)
    lists = (
        todo.dossiers_to_assign,
        todo.dossiers_to_reveal,
        todo.meetings_to_hold,
        todo.meetings_to_close,
        todo.decisions_to_apply,
        todo.appeals_to_answer,
        todo.reserves_to_select,
        todo.conflict_questions,
        todo.dossiers_to_score,
        todo.missions_of_adviser,
        todo.missions_to_countersign,
        todo.missions_to_close,
        todo.dossiers_without_mission,
        todo.dossiers_to_advise,
    )
    for person in (world.auditor, world.person("Nobody"), world.manager):
        assert [list(found(person)) for found in lists] == [[]] * len(lists)
    world.tie(world.secretary, dossier.applicant)
    assert list(todo.decisions_to_apply(world.secretary)) == []
    assert list(todo.dossiers_to_reveal(world.secretary)) == []
