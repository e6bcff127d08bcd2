"""Who opens which dossier, against the independent page of permissions; and that it costs one query."""

import csv
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.lifecycle import State
from grants.models import Capacity, Dossier, Participation
from grants.queries.parts import parts
from grants.queries.visibility import is_tied, tied_to
from people.models import Person
from people.permissions import may
from tests.beginnings import with_spare
from tests.staging import stage
from tests.world import START, World, fresh

pytestmark = pytest.mark.usefixtures("staged_readers")

ORACLE = Path(__file__).parent.parent / "people" / "permissions_oracle.csv"
EVERY_STATE = set(State.values)
CAPACITIES = {"assigned": Capacity.ASSESSOR, "own mission": Capacity.ADVISER, "sampled": Capacity.CONTROLLER}


def readers() -> World:
    """A draft, and one person for each role that may read it."""
    world = with_spare(State.DRAFT)
    world.everyone()
    return world


staged_readers = stage("readers", readers, start=START)


def oracle(role, relation):
    """The states in which the page lets `role` open a dossier."""
    with ORACLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["action"], row["role"], row["relation"]) == ("dossier.view", role, relation):
                return {"*": EVERY_STATE, "*-draft": EVERY_STATE - {"draft"}}.get(
                    row["states"], set(row["states"].split("|"))
                )
    return set()


def in_state(dossier, state):
    """The row as it would look in `state`, without the road there."""
    signatory = dossier.applicant.mandates.get().person
    Dossier.objects.filter(pk=dossier.pk).update(
        state=state,
        submitted_at=START,
        submitted_by=signatory,
        advised_at=START,
        decided_at=START,
        contracted_at=START,
        verified_at=START,
        paid_at=START,
        ended_at=START,
        granted=1,
        reserve_rank=1,
    )
    return fresh(dossier)


def states_seen(person, dossier):
    """The states in which `person` finds the dossier."""
    return {
        state for state in State.values if Dossier.objects.visible_to(person).filter(pk=in_state(dossier, state).pk)
    }


def part_of(dossier, person, capacity, opened=True):
    return Participation.objects.create(dossier=dossier, person=person, capacity=capacity, opened=opened, since=START)


@pytest.mark.parametrize(
    "role, relation",
    [
        ("programme_manager", "programme"),
        ("instructing_officer", "programme"),
        ("committee_secretary", "programme"),
        ("committee_member", "assigned"),
        ("adviser", "own mission"),
        ("paying_officer", "programme"),
        ("controller", "sampled"),
        ("auditor", "programme"),
        ("follow_up_agent", "programme"),
        ("administrator", "any"),
    ],
)
def test_staff_open_what_the_page_says(world, role, relation):
    person, dossier = world.everyone()[role], world.draft()
    if relation in CAPACITIES:
        assert states_seen(person, dossier) == set()
        part_of(dossier, person, CAPACITIES[relation])

    assert states_seen(person, dossier) == oracle(role, relation)
    for state in State.values:
        moved = in_state(dossier, state)
        assert may(person, "dossier.view", moved) == (state in oracle(role, relation))
        assert bool(parts(person, moved)) == (state in oracle(role, relation))


@pytest.mark.parametrize("role", ["programme_manager", "instructing_officer", "auditor", "paying_officer"])
def test_staff_of_another_programme_open_nothing(world, role):
    dossier, stranger = world.draft(), world.person()
    world.give(world.manager, "programme_manager", "ELSEWHERE")
    if role != "programme_manager":
        world.give(stranger, role, "ELSEWHERE")
    else:
        world.give(stranger, role, "ELSEWHERE")
    assert states_seen(stranger, dossier) == set()


@pytest.mark.parametrize("capacity", ["employee", "elected", "editor"])
def test_a_tie_beats_every_role(world, capacity):
    dossier = world.draft()
    everyone = {role: person for role, person in world.everyone().items() if role != "administrator"}
    for role, relation in (("committee_member", "assigned"), ("adviser", "own mission"), ("controller", "sampled")):
        part_of(dossier, everyone[role], CAPACITIES[relation])
    for person in everyone.values():
        world.tie(person, dossier.applicant, capacity)
        assert states_seen(person, dossier) == (EVERY_STATE if capacity == "editor" else set())


def test_a_tie_to_a_partner_counts_too_until_it_declines(world):
    dossier, partner = partnership(world)
    world.tie(world.officer, partner.organisation)
    assert states_seen(world.officer, dossier) == set()
    assert not may(world.officer, "dossier.view", in_state(dossier, "submitted"))
    partner.state, partner.answered_at, partner.answered_by = "declined", START, world.officer
    partner.save()
    assert states_seen(world.officer, dossier) == oracle("instructing_officer", "programme")


def test_everyone_tied_to_a_dossier_is_found_by_one_condition(world):
    dossier, partner = partnership(world)
    world.tie(world.officer, partner.organisation)
    world.tie(world.payer, dossier.applicant)
    one_by_one = {person for person in Person.objects.order_by("pk") if is_tied(person, dossier)}
    assert {world.officer, world.payer, world.signatory(dossier)} < one_by_one
    assert set(tied_to(dossier)) == one_by_one
    partner.state, partner.answered_at, partner.answered_by = "declined", START, world.officer
    partner.save()
    assert world.officer not in set(tied_to(dossier))


def test_applicants_open_their_own_and_partners_those_they_share(world):
    dossier, partner = partnership(world)
    for person in (world.editor(dossier), world.signatory(dossier)):
        assert states_seen(person, dossier) == oracle("applicant_editor", "own organisation") == EVERY_STATE
    for person in (
        partner.organisation.mandates.get().person,
        partner.organisation.memberships.get(capacity="editor").person,
    ):
        assert states_seen(person, dossier) == oracle("applicant_editor", "partner organisation") == EVERY_STATE
    for person in (world.town().editor, world.town().signatory, world.person(), None):
        assert states_seen(person, dossier) == set()
    employee = world.tie(world.person(), dossier.applicant)
    assert states_seen(employee, dossier) == set()


def test_an_assessor_opens_nothing_before_the_conflict_question_is_answered(world):
    dossier = world.draft()
    part = part_of(dossier, world.member, Capacity.ASSESSOR, opened=False)
    assert states_seen(world.member, dossier) == set()
    assert parts(world.member, in_state(dossier, "submitted")) == frozenset()
    part.opened = True
    part.save()
    assert states_seen(world.member, dossier) == oracle("committee_member", "assigned")
    part.until = START
    part.save()
    assert states_seen(world.member, dossier) == set()


def test_a_deactivated_person_opens_nothing(world):
    dossier = world.dossier()
    world.officer.is_active = False
    assert list(Dossier.objects.visible_to(world.officer)) == []
    assert dossier


def test_a_row_comes_once_however_many_ways_lead_to_it(world):
    dossier, partner = partnership(world)
    person = world.officer
    for role in ("programme_manager", "auditor", "adviser"):
        world.give(person, role)
    part_of(dossier, person, Capacity.ADVISER)
    in_state(dossier, "submitted")
    assert list(Dossier.objects.visible_to(person)) == [dossier]
    mayor = world.signatory(dossier)
    world.mandate(mayor, partner.organisation)
    assert list(Dossier.objects.visible_to(mayor)) == [dossier]


def test_it_takes_the_same_queries_whatever_there_is(world):
    counts = []
    person = world.officer
    world.give(person, "adviser")
    for _ in range(3):
        world.draft()
        again = fresh(person)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            list(Dossier.objects.visible_to(again))
        counts.append(len(captured))
    # The person's standing, the keys of their programmes, the dossiers.
    assert counts == [3, 3, 3]


PRIVATE = {
    "applicant_editor own": ("bank", "messages"),
    "applicant_editor partner": (),
    "instructing_officer": ("bank", "messages", "notes"),
    "programme_manager": ("bank", "journal", "messages", "notes"),
    "committee_secretary": ("messages", "scores"),
    "committee_member": ("messages", "scores"),
    "adviser": ("messages",),
    "auditor": ("bank", "journal", "messages", "notes"),
}


def test_each_reader_sees_the_parts_that_the_page_allows(world):
    dossier, partner = partnership(world)
    part_of(dossier, world.member, Capacity.ASSESSOR)
    part_of(dossier, world.adviser, Capacity.ADVISER)
    dossier = in_state(dossier, "submitted")
    readers = {
        "applicant_editor own": world.editor(dossier),
        "applicant_editor partner": partner.organisation.memberships.get(capacity="editor").person,
        **world.everyone(),
    }
    private = {"bank", "messages", "notes", "scores", "journal"}
    seen = {name: tuple(sorted(parts(readers[name], dossier) & private)) for name in PRIVATE}
    assert seen == PRIVATE
    assert {"answers", "plan", "documents"} <= parts(world.officer, dossier)
    assert parts(world.payer, dossier) == frozenset()


def test_the_paying_officer_sees_the_financial_parts_alone(world):
    dossier = in_state(world.draft(), "contracted")
    assert parts(world.payer, dossier) == {"plan", "documents", "agreement", "payments", "notes", "bank"}
    assert parts(world.follow_up_agent, dossier) & {"bank", "scores"} == set()
    assert "scores" in parts(world.auditor, dossier)


def partnership(world):
    """A draft with a partner that was asked."""
    from grants.actions import drafting

    town, other = world.town(), world.town()
    dossier = world.draft(town=town)
    partner = drafting.invite_partner(dossier=dossier, organisation=other.organisation, part="Half.", by=town.editor)
    return dossier, partner
