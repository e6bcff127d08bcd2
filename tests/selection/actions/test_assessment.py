"""Assignment, the conflict question before the content, scorecards, and their reveal."""

from datetime import date
from decimal import Decimal

import pytest

from grants.lifecycle import State
from grants.models import Dossier, Participation, Partner
from kit.errors import Conflict, NotAllowed, Refused, Unmet
from people.permissions import may
from records.models import OutboxMail
from selection.actions import assessment, committees
from selection.models import Assessment, Assignment, ConflictAnswer, Score, Scorecard
from selection.queries import conflicts
from selection.queries.verification import first_wrong_row
from tests.world_selection import acts, mails, marks


def filed(dossier, person, values=None, comment="Clair."):
    return assessment.file_scorecard(dossier=dossier, values=values or marks(), comment=comment, by=person)


def kept(dossier):
    found = Assessment.objects.get(dossier=dossier)
    return found.scorecards, found.mean


def test_a_member_sees_public_facts_alone_until_the_answer(world):
    dossier = world.dossier(answers={"project": {"object": "Un guichet.", "need": "Secret need"}})
    member = world.members[0]
    assert list(Dossier.objects.visible_to(member)) == []
    assessment.assign(dossier=dossier, person=member, by=world.secretary)
    assert list(Dossier.objects.visible_to(member)) == []
    question = conflicts.question(dossier, "fr")
    assert vars(question) == {
        "reference": dossier.reference,
        "title": "Accueil numérique",
        "beneficiary": dossier.applicant.name,
        "object": "Un guichet.",
        "call": "Appel",
    }
    assert "Secret need" not in OutboxMail.objects.get(kind="scoring_assigned").text
    assessment.answer_conflict(dossier=dossier, has_conflict=False, by=member)
    assert list(Dossier.objects.visible_to(member)) == [dossier]
    assert acts(dossier) == ["assessor.assigned", "conflict.answered"]
    assert mails(dossier) == ["scoring_assigned"]


def test_no_mark_before_the_answer(world):
    dossier, member = world.dossier(), world.members[0]
    assessment.assign(dossier=dossier, person=member, by=world.secretary)
    with pytest.raises(NotAllowed, match="conflict question"):
        filed(dossier, member)
    assert Scorecard.objects.count() == 0


def test_a_conflict_closes_the_dossier_and_needs_a_word(world):
    dossier, member = world.dossier(), world.members[0]
    assessment.assign(dossier=dossier, person=member, by=world.secretary)
    with pytest.raises(Refused) as error:
        assessment.answer_conflict(dossier=dossier, has_conflict=True, explanation=" ", by=member)
    assert error.value.field == "explanation"
    assessment.answer_conflict(dossier=dossier, has_conflict=True, explanation="Ma sœur y travaille.", by=member)
    assert Assignment.objects.get().ended_at is not None
    part = Participation.objects.get(dossier=dossier, person=member)
    assert (part.until is not None, part.opened) == (True, False)
    assert list(Dossier.objects.visible_to(member)) == []
    with pytest.raises(NotAllowed):
        filed(dossier, member)
    with pytest.raises(Refused, match="declared a conflict"):
        assessment.assign(dossier=dossier, person=member, by=world.secretary)


def test_a_conflict_declared_late_voids_the_scorecard_and_counts_again(world):
    dossier = world.dossier()
    world.score(dossier, *world.members, mark=10)
    first = world.members[0]
    filed(dossier, first, marks(20))
    assert kept(dossier) == (3, Decimal("66.6667"))
    assessment.answer_conflict(dossier=dossier, has_conflict=True, explanation="Associé depuis hier.", by=first)
    assert kept(dossier) == (2, Decimal("50.0000"))
    voided = Scorecard.objects.filter(person=first).order_by("pk")
    assert [card.total for card in voided] == [Decimal("50.0000"), Decimal("100.0000")]
    assert all(card.voided_at for card in voided)
    assert Score.objects.filter(scorecard__person=first).count() == 12
    assert ConflictAnswer.objects.filter(person=first).count() == 2
    assert first_wrong_row() == (5, None)


def test_a_late_conflict_after_the_reveal_hides_the_marks_again(world):
    dossier = world.dossier()
    world.score(dossier)
    assessment.reveal(dossier=dossier, by=world.secretary)
    assessment.answer_conflict(dossier=dossier, has_conflict=True, explanation="Un proche.", by=world.members[0])
    assert Assessment.objects.get().revealed_at is None
    world.score(dossier, world.members[2])
    assert kept(dossier) == (2, Decimal("75.0000"))


def test_a_scorecard_is_weighted_and_may_be_filed_anew_before_the_reveal(world):
    dossier, member = world.dossier(), world.members[0]
    world.assign(dossier)
    card = filed(dossier, member, marks(12, technical="14", human=11, financial=Decimal(9)))
    assert card.total == Decimal("57.5000")
    again = filed(dossier, member, marks(20))
    assert (again.total, Scorecard.objects.live().count()) == (Decimal("100.0000"), 1)
    assert kept(dossier) == (1, Decimal("100.0000"))
    assert acts(dossier)[-2:] == ["scorecard.filed", "scorecard.replaced"]
    filed(dossier, world.members[1], marks(0))
    assert kept(dossier) == (2, Decimal("50.0000"))


@pytest.mark.parametrize(
    "bad",
    [
        {"technical": 21},
        {"technical": -1},
        {"technical": Decimal("12.5")},
        {"technical": None},
        {"technical": ""},
        {"technical": 12.0},
        {"technical": "NaN"},
        {"technical": "1e1"},
    ],
)
def test_a_mark_off_its_scale_is_refused_by_name(world, bad):
    dossier = world.dossier()
    world.assign(dossier)
    with pytest.raises(Refused) as error:
        filed(dossier, world.members[0], marks(10, **bad))
    assert (error.value.field, Scorecard.objects.count(), Score.objects.count()) == ("technical", 0, 0)
    assert not Assessment.objects.exists()


def test_every_criterion_is_marked_and_no_other(world):
    dossier = world.dossier()
    world.assign(dossier)
    with pytest.raises(Refused) as error:
        filed(dossier, world.members[0], {"technical": 10})
    assert error.value.field == "approach"
    with pytest.raises(Refused) as error:
        filed(dossier, world.members[0], marks(10, charm=10))
    assert error.value.field == "charm"


def test_only_a_member_of_the_committee_is_assigned(world):
    dossier = world.dossier()
    seatless = world.person("Seatless", "committee_member")
    for person, reason in ((seatless, "sits on no selection committee"), (world.officer, "not a committee member")):
        with pytest.raises(Refused, match=reason):
            assessment.assign(dossier=dossier, person=person, by=world.secretary)
    assessment.assign(dossier=dossier, person=world.members[0], by=world.secretary)
    with pytest.raises(Refused, match="already"):
        assessment.assign(dossier=dossier, person=world.members[0], by=world.secretary)


def test_a_mayor_on_the_committee_scores_nothing_of_the_call(world):
    """Tied to one dossier of a call, a member scores none of it, and reads nothing of that one."""
    mayor = world.members[0]
    own, other = world.dossier(), world.dossier()
    world.mandate(mayor, own.applicant)
    for dossier in (own, other):
        with pytest.raises(Refused, match="tied"):
            assessment.assign(dossier=dossier, person=mayor, by=world.secretary)
    elsewhere = world.open_call()
    committees.approve_grid(
        grid=committees.edit_grid(call=elsewhere, criteria=committees.REFERENCE_CRITERIA, by=world.manager),
        decision=world.steering,
        by=world.manager,
    )
    free = world.dossier(call=elsewhere)
    world.score(free, mayor)
    assert kept(free) == (1, Decimal("75.0000"))


def test_a_tie_that_comes_later_stops_the_marks(world):
    own, other = world.dossier(), world.dossier()
    world.assign(own)
    world.assign(other)
    member = world.members[0]
    world.tie(member, own.applicant)
    with pytest.raises(NotAllowed, match="tied"):
        filed(own, member)
    with pytest.raises(NotAllowed, match="tied"):
        filed(other, member)
    assert may(member, "dossier.view", own) is False
    assert list(Dossier.objects.visible_to(member)) == [other]


def test_a_partner_ties_as_the_applicant_does(world):
    dossier, town = world.dossier(), world.town("Partner")
    Partner.objects.create(dossier=dossier, organisation=town, part="Héberge", invited_at=dossier.created_at)
    world.tie(world.members[0], town)
    with pytest.raises(Refused, match="tied"):
        assessment.assign(dossier=dossier, person=world.members[0], by=world.secretary)


def test_who_is_not_assigned_does_not_score(world):
    dossier = world.dossier()
    with pytest.raises(NotAllowed):
        filed(dossier, world.members[0])
    world.assign(dossier)
    assignment = Assignment.objects.get(person=world.members[0])
    assessment.unassign(assignment=assignment, by=world.secretary)
    with pytest.raises(NotAllowed):
        filed(dossier, world.members[0])
    with pytest.raises(Conflict):
        assessment.unassign(assignment=assignment, by=world.secretary)
    filed(dossier, world.members[1])
    with pytest.raises(Refused, match="filed a scorecard"):
        assessment.unassign(assignment=Assignment.objects.get(person=world.members[1]), by=world.secretary)


def test_a_member_whose_seat_ended_does_not_score(world):
    dossier = world.dossier()
    world.assign(dossier)
    seat = world.committee.members.get(person=world.members[0])
    committees.end_membership(member=seat, until=date(2027, 3, 1), by=world.manager)
    with pytest.raises(NotAllowed, match="sits on no"):
        filed(dossier, world.members[0])


def test_the_reveal_waits_for_the_quorum_and_ends_scoring(world):
    dossier = world.dossier()
    world.assign(dossier)
    filed(dossier, world.members[0])
    with pytest.raises(Unmet, match="1 of the 2"):
        assessment.reveal(dossier=dossier, by=world.secretary)
    filed(dossier, world.members[1])
    assert [item.dossier for item in assessment.reveal(dossier=dossier, by=world.secretary)] == [dossier]
    with pytest.raises(Conflict, match="scoring is over"):
        filed(dossier, world.members[0])
    with pytest.raises(Conflict, match="scoring is over"):
        assessment.assign(dossier=dossier, person=world.members[2], by=world.secretary)
    with pytest.raises(Conflict, match="already"):
        assessment.reveal(dossier=dossier, by=world.secretary)


def test_a_call_is_revealed_where_it_is_scored(world):
    ready, waiting = world.dossier(), world.dossier()
    world.score(ready)
    world.score(waiting, world.members[0])
    assert [item.dossier for item in assessment.reveal(call=world.call, by=world.secretary)] == [ready]
    with pytest.raises(Unmet):
        assessment.reveal(call=world.call, by=world.secretary)
    with pytest.raises(TypeError):
        assessment.reveal(call=world.call, dossier=ready, by=world.secretary)


def test_each_act_is_refused_to_the_wrong_role(world):
    dossier = world.dossier()
    world.assign(dossier)
    before = acts(dossier)
    mayor = world.mayor(dossier)
    for person in (world.officer, world.manager, mayor, world.auditor, world.members[2]):
        for act in (
            lambda by: assessment.assign(dossier=dossier, person=world.members[2], by=by),
            lambda by: assessment.answer_conflict(dossier=dossier, has_conflict=False, by=by),
            lambda by: filed(dossier, by),
            lambda by: assessment.reveal(dossier=dossier, by=by),
        ):
            with pytest.raises(NotAllowed):
                act(person)
    with pytest.raises(NotAllowed):
        filed(dossier, world.secretary)
    assert acts(dossier) == before


@pytest.mark.parametrize("state", [State.DRAFT])
def test_a_draft_is_not_assigned(world, state):
    with pytest.raises(NotAllowed):
        assessment.assign(dossier=world.dossier(state), person=world.members[0], by=world.secretary)


def test_the_journal_holds_no_mark(world):
    from records.models import JournalEntry

    dossier = world.dossier()
    world.assign(dossier)
    filed(dossier, world.members[0], marks(13))
    entry = JournalEntry.objects.get(act="scorecard.filed")
    assert (entry.data, entry.reason) == ({}, "")
