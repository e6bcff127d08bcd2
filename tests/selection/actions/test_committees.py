"""Committees, who sits on them, and the grid of a call."""

from datetime import date
from decimal import Decimal

import pytest

from kit.errors import Conflict, NotAllowed, Refused
from programmes.models import Decision, Programme
from programmes.requirements import missing_for_publication
from selection.actions import assessment, committees
from selection.models import Committee, CommitteeMember, Grid
from tests.world_selection import CRITERIA, acts, marks


def test_a_committee_is_created_once(world):
    committee = committees.create_committee(
        programme=world.programme, body="selection", name="Comité", quorum=3, by=world.manager
    )
    assert (committee.body, committee.name, committee.quorum) == ("selection", "Comité", 3)
    assert acts(committee)[-1] == "committee.created"
    with pytest.raises(Refused) as error:
        committees.create_committee(
            programme=world.programme, body="selection", name="Comité", quorum=3, by=world.manager
        )
    assert error.value.field == "name"


@pytest.mark.parametrize("quorum", [0, -1, True, 2.5, "3"])
def test_a_quorum_is_a_whole_number_of_members(world, quorum):
    with pytest.raises(Refused) as error:
        committees.create_committee(
            programme=world.programme, body="selection", name="Comité", quorum=quorum, by=world.manager
        )
    assert error.value.field == "quorum"


def test_only_the_manager_of_the_programme_edits_committees(world):
    before = Committee.objects.count()
    for person in (world.secretary, world.officer, world.members[0], world.person("Nobody")):
        with pytest.raises(NotAllowed):
            committees.create_committee(programme=world.programme, body="selection", name="X", quorum=1, by=person)
    assert Committee.objects.count() == before


def test_a_member_needs_the_role(world):
    stranger = world.person("Stranger")
    with pytest.raises(Refused) as error:
        committees.appoint_member(committee=world.committee, person=stranger, since=date(2027, 3, 1), by=world.manager)
    assert error.value.field == "person"
    world.give(stranger, "committee_member")
    member = committees.appoint_member(
        committee=world.committee, person=stranger, since=date(2027, 3, 1), by=world.manager
    )
    assert member.person == stranger
    with pytest.raises(Refused):
        committees.appoint_member(committee=world.committee, person=stranger, since=date(2027, 3, 1), by=world.manager)


def test_a_membership_ends_on_its_day_and_keeps_the_meetings_attended(world):
    member = CommitteeMember.objects.get(person=world.members[0])
    world.meeting()
    for until in (date(2026, 12, 31), date(2027, 3, 1)):
        with pytest.raises(Refused) as error:
            committees.end_membership(member=member, until=until, by=world.manager)
        assert error.value.field == "until"
    ended = committees.end_membership(member=member, until=date(2027, 3, 2), by=world.manager)
    assert ended.until == date(2027, 3, 2)
    in_office = CommitteeMember.objects.filter(committee=world.committee)
    assert in_office.in_office(date(2027, 3, 1)).count() == 3
    assert in_office.in_office(date(2027, 3, 2)).count() == 2
    with pytest.raises(Conflict):
        committees.end_membership(member=member, until=date(2027, 4, 1), by=world.manager)


def test_the_reference_grid_has_innovation_and_feasibility(world):
    assert [item.code for item in world.grid.criteria.order_by("position")] == list(CRITERIA)
    groups = {item.code: item.group for item in world.grid.criteria.order_by("position")}
    assert groups == dict(zip(CRITERIA, ["innovation"] * 4 + ["feasibility"] * 2, strict=True))
    scales = {(item.minimum, item.maximum, item.step) for item in world.grid.criteria.order_by("position")}
    assert scales == {(Decimal(0), Decimal(20), Decimal(1))}


def test_a_call_is_not_published_without_an_approved_grid(world):
    call = world.open_call()
    assert any("no scoring grid" in sentence for sentence in missing_for_publication(call))
    grid = committees.edit_grid(call=call, criteria=committees.REFERENCE_CRITERIA, by=world.manager)
    assert any("not approved" in sentence for sentence in missing_for_publication(call))
    committees.approve_grid(grid=grid, decision=world.steering, by=world.manager)
    assert not any("grid" in sentence for sentence in missing_for_publication(call))


def test_editing_an_approved_grid_asks_for_a_new_approval(world):
    grid = committees.edit_grid(call=world.call, criteria=committees.REFERENCE_CRITERIA[:2], by=world.manager)
    assert (grid.decision, grid.approved_at, grid.criteria.count()) == (None, None, 2)
    dossier = world.dossier()
    world.assign(dossier)
    from kit.errors import Unmet

    with pytest.raises(Unmet, match="not approved"):
        assessment.file_scorecard(
            dossier=dossier, values={"technical": 3, "approach": 3}, comment="", by=world.members[0]
        )


def test_the_first_mark_locks_the_grid(world):
    dossier = world.dossier()
    world.assign(dossier)
    assessment.file_scorecard(dossier=dossier, values=marks(), comment="", by=world.members[0])
    grid = Grid.objects.get(pk=world.grid.pk)
    assert grid.locked_at is not None
    with pytest.raises(Conflict, match="locked"):
        committees.edit_grid(call=world.call, criteria=committees.REFERENCE_CRITERIA[:1], by=world.manager)
    with pytest.raises(Conflict, match="locked"):
        committees.approve_grid(grid=grid, decision=world.steering, by=world.manager)
    assert grid.criteria.count() == 6


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "a b"}, "code"),
        ({"group": "charm"}, "group"),
        ({"label_fr": " "}, "label_fr"),
        ({"maximum": Decimal(0)}, "maximum"),
        ({"maximum": Decimal(101)}, "maximum"),
        ({"maximum": Decimal("NaN")}, "maximum"),
        ({"step": 0}, "maximum"),
        ({"step": Decimal("0.001")}, "maximum"),
        ({"weight": Decimal(-1)}, "maximum"),
        ({"weight": 1.5}, "maximum"),
        ({"weight": Decimal("1e400")}, "maximum"),
        ({"weight": 0}, "weight"),
    ],
)
def test_a_criterion_that_cannot_be_is_refused(world, change, field):
    call = world.open_call()
    with pytest.raises(Refused) as error:
        committees.edit_grid(call=call, criteria=[{**committees.REFERENCE_CRITERIA[0], **change}], by=world.manager)
    assert error.value.field == field
    assert not Grid.objects.filter(call=call).exists()


def test_two_criteria_have_two_codes(world):
    twice = [committees.REFERENCE_CRITERIA[0], committees.REFERENCE_CRITERIA[0]]
    with pytest.raises(Refused):
        committees.edit_grid(call=world.open_call(), criteria=twice, by=world.manager)
    with pytest.raises(Refused):
        committees.edit_grid(call=world.open_call(), criteria=[], by=world.manager)


def test_a_decision_of_another_programme_approves_nothing(world):
    other = Programme.objects.create(
        code="OTHER",
        title_fr="Autre",
        managing_body="Région",
        starts_on=date(2027, 1, 1),
        ends_on=date(2028, 1, 1),
        created_at=world.programme.created_at,
    )
    foreign = Decision.objects.create(
        programme=other, reference="X", body="steering", taken_on=date(2027, 1, 10), text="Adopté."
    )
    with pytest.raises(Refused) as error:
        committees.approve_grid(grid=world.grid, decision=foreign, by=world.manager)
    assert error.value.field == "decision"


def test_the_grid_is_the_manager_s(world):
    for person in (world.secretary, world.members[0], world.officer):
        with pytest.raises(NotAllowed):
            committees.edit_grid(call=world.call, criteria=committees.REFERENCE_CRITERIA, by=person)
