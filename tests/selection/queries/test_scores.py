"""Who sees which marks, and what the applicant is told."""

from datetime import date
from decimal import Decimal

import pytest

from grants.lifecycle import State
from selection.actions import assessment, deliberation
from selection.models import Assessment, Outcome, Score, Scorecard
from selection.queries import scores
from tests.world_selection import CRITERIA, marks


@pytest.fixture
def scored(world):
    """A dossier scored by A (10 everywhere) and B (13 everywhere)."""
    dossier = world.dossier()
    world.assign(dossier)
    for person, mark in zip(world.members[:2], (10, 13), strict=True):
        assessment.file_scorecard(dossier=dossier, values=marks(mark), comment="", by=person)
    return dossier


def seen(person):
    return [card.person.full_name for card in scores.visible_scorecards(person)]


def decided(world, dossier, outcome=Outcome.SELECT):
    decision = world.decision(dossier, outcome)
    act = {Outcome.SELECT: deliberation.select, Outcome.REJECT: deliberation.reject}[outcome]
    act(dossier=dossier, decision=decision, by=world.secretary)


def test_a_member_sees_the_others_once_filed_and_revealed(world, scored):
    first, second, third = world.members
    assert (seen(first), seen(second), seen(third)) == (["Member A"], ["Member B"], [])
    assessment.reveal(dossier=scored, by=world.secretary)
    assert (seen(first), seen(second)) == (["Member A", "Member B"], ["Member A", "Member B"])
    assert seen(third) == []


def test_an_assigned_member_who_has_not_filed_sees_nothing(world, scored):
    world.assign(scored, world.members[2])
    assessment.reveal(dossier=scored, by=world.secretary)
    assert seen(world.members[2]) == []


def test_the_secretary_sees_all_and_the_auditor_after_the_decision(world, scored):
    assert (seen(world.secretary), seen(world.auditor)) == (["Member A", "Member B"], [])
    assert list(Assessment.objects.visible_to(world.auditor)) == []
    decided(world, scored)
    assert seen(world.auditor) == ["Member A", "Member B"]
    assert [item.dossier for item in Assessment.objects.visible_to(world.auditor)] == [scored]


def test_nobody_else_sees_marks(world, scored):
    assessment.reveal(dossier=scored, by=world.secretary)
    decided(world, scored)
    for person in (None, world.officer, world.manager, world.adviser, world.mayor(scored), world.person("Nobody")):
        assert seen(person) == []
        assert list(Assessment.objects.visible_to(person)) == []
    assert Score.objects.visible_to(world.officer).count() == 0
    assert Score.objects.visible_to(world.secretary).count() == 12


def test_a_tie_beats_the_secretary_s_role(world, scored):
    world.tie(world.secretary, scored.applicant)
    assert (seen(world.secretary), list(Assessment.objects.visible_to(world.secretary))) == ([], [])


def test_a_voided_scorecard_is_for_the_secretary_alone(world, scored):
    assessment.reveal(dossier=scored, by=world.secretary)
    assessment.answer_conflict(dossier=scored, has_conflict=True, explanation="X", by=world.members[0])
    assert seen(world.members[0]) == []
    assert seen(world.members[1]) == ["Member B"]
    assert seen(world.secretary) == ["Member A", "Member B"]


def test_the_mark_of_others_changes_nothing_of_what_one_sees_before(world, scored):
    """The same answer whether the others gave nothing or everything."""
    before = list(scores.visible_scorecards(world.members[0]).values())
    assessment.file_scorecard(dossier=scored, values=marks(20), comment="", by=world.members[1])
    assert list(scores.visible_scorecards(world.members[0]).values()) == before


def test_the_applicant_is_told_means_and_reasons_after_the_decision(world, scored):
    mayor = world.mayor(scored)
    assert scores.result_for_applicant(scored, mayor) is None
    world.decision(scored, Outcome.SELECT)
    assert scores.result_for_applicant(scored, mayor) is None
    decided(world, scored, Outcome.REJECT)
    scored.refresh_from_db()
    result = scores.result_for_applicant(scored, mayor)
    assert (result.outcome, result.reasons) == (Outcome.REJECT, "Too little new.")
    assert [(item.criterion.code, item.mean) for item in result.criteria] == [
        (code, Decimal("11.50")) for code in CRITERIA
    ]
    assert (result.mean, result.largest) == (Decimal("57.5000"), Decimal("100.0000"))
    for person in (None, world.officer, world.members[0], world.mayor(world.dossier())):
        assert scores.result_for_applicant(scored, person) is None


def test_the_result_of_a_selection_from_the_reserve_list_is_a_selection(world, scored):
    decision = world.decision(scored, Outcome.RESERVE, rank=1)
    deliberation.place_on_reserve(dossier=scored, decision=decision, by=world.secretary)
    scored.refresh_from_db()
    assert scores.result(scored).outcome == Outcome.RESERVE
    deliberation.select(dossier=scored, decision=decision, by=world.secretary)
    scored.refresh_from_db()
    assert (scored.state, scores.result(scored).outcome) == (State.SELECTED, Outcome.SELECT)


def test_members_read_on_until_the_agreement(world, scored):
    assessment.reveal(dossier=scored, by=world.secretary)
    decided(world, scored)
    assert seen(world.members[0]) == ["Member A", "Member B"]


def test_one_s_own_role_is_needed_still(world, scored):
    from people.models import RoleAssignment, standing

    office = RoleAssignment.objects.filter(person=world.members[0])
    office.update(ended_at=scored.submitted_at, ended_by=world.manager)
    standing.changed()
    assert seen(world.members[0]) == []


def test_the_day_of_the_decision_does_not_matter_to_the_count(world, scored):
    assert scores.counting(scored) == list(Scorecard.objects.order_by("pk"))
    own = world.dossier()
    world.tie(world.members[0], own.applicant)
    assert [card.person for card in scores.counting(scored)] == [world.members[1]]
    assert own.created_at.date() == date(2027, 3, 1)
