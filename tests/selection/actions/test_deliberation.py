"""What a meeting decided takes effect: money, lists, letters, appeals."""

from datetime import timedelta
from decimal import Decimal

import pytest

from grants.actions import appeals, submission
from grants.lifecycle import State
from grants.models import Award, Dossier
from kit import clock
from kit.errors import NotAllowed, Unmet
from records.models import JournalEntry, OutboxMail
from records.queries import journal, ledger
from selection.actions import advice, assessment, deliberation, meetings
from selection.models import Outcome
from selection.queries import deliberation as decisions
from tests.world_selection import START, acts, balances, mails, marks


def fresh(dossier):
    return Dossier.objects.get(pk=dossier.pk)


def on_reserve(world, rank, **fields):
    dossier = world.dossier(**fields)
    world.score(dossier)
    decision = world.decision(dossier, Outcome.RESERVE, rank=rank)
    deliberation.place_on_reserve(dossier=dossier, decision=decision, by=world.secretary)
    return dossier, decision


def rejected(world, **fields):
    dossier = world.dossier(**fields)
    world.score(dossier)
    decision = world.decision(dossier, Outcome.REJECT, reasons="Rien de nouveau.")
    deliberation.reject(dossier=dossier, decision=decision, by=world.secretary)
    return dossier, decision


def test_selecting_reserves_the_grant_in_the_envelope(world):
    dossier, decision = world.selectable()
    award = deliberation.select(dossier=dossier, decision=decision, by=world.secretary)

    assert balances(world.envelope, dossier) == {"available": Decimal("1896"), "reserved": Decimal("18104")}
    assert (award.amount, award.bound_by, award.decision) == (Decimal("18104"), "rate", decision.decision)
    selected = fresh(dossier)
    assert (selected.state, selected.granted, selected.decided_at) == (State.SELECTED, Decimal("18104"), clock.now())
    entry = JournalEntry.objects.filter(chain=dossier.journal_chain).latest("seq")
    assert (entry.act, entry.from_state, entry.to_state) == ("dossier.selected", State.SUBMITTED, State.SELECTED)
    assert mails(dossier)[-1] == "selected"
    decision.refresh_from_db()
    assert decision.applied_at == clock.now()
    assert journal.verify().sound
    assert ledger.verify().sound


def test_everything_that_is_missing_is_told_at_once(world):
    dossier = world.dossier()
    world.assign(dossier, world.members[0])
    assessment.assign(dossier=dossier, person=world.members[1], by=world.secretary)
    decision = world.decision(dossier, Outcome.RESERVE, rank=1)
    with pytest.raises(Unmet) as error:
        deliberation.select(dossier=dossier, decision=decision, by=world.secretary)
    assert error.value.missing == [
        "0 of the 2 scorecards needed are filed by members without conflict: assign the application to another "
        "member, or remind those who have not scored.",
        "The conflict question waits for the answer of: Member B.",
        "The committee decided “Place on the reserve list”: this act is another one.",
    ]
    assert (fresh(dossier).state, Award.objects.count()) == (State.SUBMITTED, 0)


def test_the_decision_is_about_this_dossier(world):
    dossier, _decision = world.selectable()
    _other, other_decision = world.selectable()
    with pytest.raises(Unmet, match="another application"):
        deliberation.select(dossier=dossier, decision=other_decision, by=world.secretary)


def test_an_attending_member_answers_before_the_decision_takes_effect(world):
    dossier = world.dossier()
    world.score(dossier)
    decision = world.decision(dossier, meeting=world.meeting(*world.members))
    with pytest.raises(Unmet, match="Member C"):
        deliberation.select(dossier=dossier, decision=decision, by=world.secretary)
    assessment.answer_conflict(dossier=dossier, has_conflict=True, explanation="Mon frère.", by=world.members[2])
    deliberation.select(dossier=dossier, decision=decision, by=world.secretary)
    assert fresh(dossier).state == State.SELECTED


def test_a_conflict_in_the_meeting_takes_the_quorum_away(world):
    dossier = world.dossier()
    world.score(dossier, *world.members)
    decision = world.decision(dossier, meeting=world.meeting(*world.members[:2]))
    assessment.answer_conflict(dossier=dossier, has_conflict=True, explanation="Mon frère.", by=world.members[0])
    with pytest.raises(Unmet, match="1 decided on"):
        deliberation.select(dossier=dossier, decision=decision, by=world.secretary)
    again = world.decision(dossier, meeting=world.meeting(*world.members[1:]))
    deliberation.select(dossier=dossier, decision=again, by=world.secretary)
    assert fresh(dossier).state == State.SELECTED


def test_a_mayor_who_sits_on_the_committee_leaves_the_quorum(world):
    mayor = world.members[0]
    own, other = world.dossier(), world.dossier(eligible="10000", requested="1000")
    world.mandate(mayor, own.applicant)
    world.score(other, *world.members[1:])
    short = world.decision(other, meeting=world.meeting(*world.members[:2]))
    with pytest.raises(Unmet, match="1 decided on"):
        deliberation.select(dossier=other, decision=short, by=world.secretary)
    # Tied, the mayor has nothing to answer, and the other two make the quorum.
    whole = world.decision(other, meeting=world.meeting(*world.members))
    deliberation.select(dossier=other, decision=whole, by=world.secretary)
    assert fresh(other).state == State.SELECTED


def test_a_scorecard_of_a_member_tied_later_leaves_the_quorum(world):
    dossier, own = world.dossier(), world.dossier()
    world.score(dossier)
    decision = world.decision(dossier, meeting=world.meeting(*world.members[1:]))
    assessment.answer_conflict(dossier=dossier, has_conflict=False, by=world.members[2])
    world.tie(world.members[0], own.applicant)
    with pytest.raises(Unmet, match="1 of the 2 scorecards"):
        deliberation.select(dossier=dossier, decision=decision, by=world.secretary)


def test_where_the_call_wants_advice_the_officer_comes_first(advised_world):
    world = advised_world
    dossier, decision = world.selectable()
    with pytest.raises(Unmet, match="The instructing officer advises first"):
        deliberation.select(dossier=dossier, decision=decision, by=world.secretary)
    advice.waive_mission(dossier=dossier, reason="Déjà accompagné.", by=world.officer)
    advice.advise(dossier=dossier, favourable=True, opinion="Oui.", by=world.officer)
    deliberation.select(dossier=dossier, decision=decision, by=world.secretary)
    assert fresh(dossier).state == State.SELECTED


def test_nothing_is_selected_beyond_the_envelope(world):
    first, decision = world.selectable()
    second, late = world.selectable()
    deliberation.select(dossier=first, decision=decision, by=world.secretary)
    with pytest.raises(Unmet, match=r"lacks €16,208\.00"):
        deliberation.select(dossier=second, decision=late, by=world.secretary)
    assert balances(world.envelope, first, second) == {"available": Decimal("1896"), "reserved": Decimal("18104")}


def test_a_selected_dossier_is_selected_once(world):
    dossier, decision = world.selectable()
    deliberation.select(dossier=dossier, decision=decision, by=world.secretary)
    with pytest.raises(NotAllowed):
        deliberation.select(dossier=dossier, decision=decision, by=world.secretary)
    assert Award.objects.count() == 1


def test_the_reserve_list_is_served_in_rank_order(world):
    second, second_decision = on_reserve(world, 2)
    first, first_decision = on_reserve(world, 1, eligible="10000", requested="1000")
    assert list(decisions.reserve_list(world.call.pk)) == [first, second]
    with pytest.raises(Unmet, match=f"{first.reference} waits before"):
        deliberation.select(dossier=second, decision=second_decision, by=world.secretary)
    deliberation.select(dossier=first, decision=first_decision, by=world.secretary)
    deliberation.select(dossier=second, decision=second_decision, by=world.secretary)
    assert [fresh(dossier).state for dossier in (first, second)] == [State.SELECTED, State.SELECTED]
    assert balances(world.envelope, first, second)["reserved"] == Decimal("19104")
    assert mails(second)[-2:] == ["on_reserve", "selected"]


def test_a_withdrawal_proposes_the_next_on_reserve_to_the_secretary(world):
    selected, decision = world.selectable()
    deliberation.select(dossier=selected, decision=decision, by=world.secretary)
    waiting, reserve = on_reserve(world, 1)
    on_reserve(world, 2)
    submission.withdraw(dossier=selected, reason="Abandon.", by=world.mayor(selected))
    proposals = OutboxMail.objects.filter(kind="reserve_proposed")
    assert [(mail.recipient, mail.chain) for mail in proposals] == [(world.secretary.email, waiting.journal_chain)]
    deliberation.select(dossier=waiting, decision=reserve, by=world.secretary)
    assert balances(world.envelope, selected, waiting) == {
        "available": Decimal("1896"),
        "reserved": Decimal("18104"),
    }


def test_what_waits_on_reserve_is_rejected_by_a_new_decision_alone(world):
    dossier, reserve = on_reserve(world, 1)
    with pytest.raises(Unmet, match="Place on the reserve list"):
        deliberation.reject(dossier=dossier, decision=reserve, by=world.secretary)
    with clock.at(START + timedelta(days=30)):
        decision = world.decision(dossier, Outcome.REJECT, reasons="Enveloppe close.")
        deliberation.reject(dossier=dossier, decision=decision, by=world.secretary)
    gone = fresh(dossier)
    assert (gone.state, gone.reserve_rank, gone.decision_reasons) == (State.REJECTED, None, "Enveloppe close.")


def test_a_rejection_sends_its_letter_in_the_applicant_s_language(world):
    dossier = world.dossier()
    mayor = world.mayor(dossier)
    mayor.language = "fr"
    mayor.save()
    world.assign(dossier)
    for person, mark in zip(world.members[:2], (10, 13), strict=True):
        assessment.file_scorecard(dossier=dossier, values=marks(mark, human=5), comment="Secret remark", by=person)
    decision = world.decision(dossier, Outcome.REJECT, reasons="Pas de service nouveau.")
    deliberation.reject(dossier=dossier, decision=decision, by=world.secretary)

    letter = OutboxMail.objects.get(kind="rejected")
    assert (letter.recipient, letter.language) == (mayor.email, "fr")
    assert "– Innovation technique\u00a0: 11,50 sur 20" in letter.text
    assert "– Moyens humains\u00a0: 5,00 sur 20" in letter.text
    assert "Pas de service nouveau." in letter.text
    assert "Dans les 60 jours, jusqu’au 30 avril 2027 inclus" in letter.text
    assert "tribunal administratif" in letter.text
    assert not any(name in letter.text for name in ("Secret", "Member"))
    assert (fresh(dossier).state, fresh(dossier).decision_reasons) == (State.REJECTED, "Pas de service nouveau.")


def test_an_appeal_opens_the_dossier_again_for_a_later_meeting(world):
    dossier, first = rejected(world)
    mayor = world.mayor(dossier)
    with pytest.raises(Unmet, match="no appeal"):
        deliberation.reconsider(dossier=dossier, by=world.secretary)
    stale = world.meeting()
    with clock.at(START + timedelta(days=10)):
        appeals.appeal(dossier=dossier, text="Le service est nouveau.", by=mayor)
        deliberation.reconsider(dossier=dossier, by=world.secretary)
        open_again = fresh(dossier)
        assert (open_again.state, open_again.decided_at, open_again.appeals.get().settled_at) == (
            State.SUBMITTED,
            None,
            clock.now(),
        )
        first.refresh_from_db()
        assert first.applied_at == START
        with pytest.raises(Unmet, match="took effect already"):
            deliberation.reject(dossier=dossier, decision=first, by=world.secretary)
        before_the_appeal = meetings.plan_meeting(
            committee=world.committee, starts_at=START + timedelta(days=5), by=world.secretary
        )
        meetings.hold_meeting(
            meeting=before_the_appeal,
            present=list(world.committee.members.filter(person__in=world.members[:2])),
            by=world.secretary,
        )
        early = world.decision(dossier, meeting=before_the_appeal)
        with pytest.raises(Unmet, match="before the appeal"):
            deliberation.select(dossier=dossier, decision=early, by=world.secretary)
        assert stale.decisions.count() == 0
    with clock.at(START + timedelta(days=20)):
        again = world.decision(dossier)
        deliberation.select(dossier=dossier, decision=again, by=world.secretary)
    assert fresh(dossier).state == State.SELECTED
    assert list(dossier.decisions.order_by("pk").values_list("outcome", flat=True)) == ["reject", "select", "select"]
    assert [act for act in acts(dossier) if act.startswith("dossier.")] == [
        "dossier.rejected",
        "dossier.appealed",
        "dossier.reconsidered",
        "dossier.selected",
    ]
    assert "appeal_settled" in mails(dossier)


def test_each_act_is_refused_to_the_wrong_role(world):
    dossier, decision = world.selectable()
    turned_down, _decision = rejected(world)
    before = acts(dossier), acts(turned_down)
    for person in (world.members[0], world.officer, world.manager, world.auditor, world.mayor(dossier)):
        for act in (deliberation.select, deliberation.place_on_reserve, deliberation.reject):
            with pytest.raises(NotAllowed):
                act(dossier=dossier, decision=decision, by=person)
        with pytest.raises(NotAllowed):
            deliberation.reconsider(dossier=turned_down, by=person)
    assert (acts(dossier), acts(turned_down)) == before


def test_a_secretary_tied_to_the_applicant_selects_nothing(world):
    dossier, decision = world.selectable()
    world.tie(world.secretary, dossier.applicant)
    with pytest.raises(NotAllowed, match="tied"):
        deliberation.select(dossier=dossier, decision=decision, by=world.secretary)


def test_the_checklist_of_a_page_says_what_the_act_would(world):
    dossier = world.dossier()
    assert len(decisions.checklist(dossier, "select")) == 2
    world.score(dossier)
    decision = world.decision(dossier)
    assert (decisions.to_apply(dossier), decisions.checklist(dossier, "select")) == (decision, [])
    assert len(decisions.checklist(dossier, "reject")) == 2
