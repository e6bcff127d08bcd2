"""The grant that a decision gives: its operands, what bound it, and the money it reserves."""

from datetime import date
from decimal import Decimal

import pytest

from grants.actions import awards
from grants.lifecycle import State
from grants.models import Award
from kit.errors import Conflict, NotAllowed, Unmet
from kit.lifecycle import missing
from records.queries import ledger
from tests.world import fresh, last_entry, standing_money

LEFT = "100000.00"


@pytest.mark.parametrize(
    "eligible, requested, left, terms, amount, bound",
    [
        ("36209.96", "20000", LEFT, {}, "18104", "rate"),
        ("36209.96", "18000", LEFT, {}, "18000", "requested"),
        ("36209.96", "20000", LEFT, {"ceiling": Decimal(15000)}, "15000", "ceiling"),
        ("36209.96", "20000", "9000.50", {}, "9000", "envelope"),
        ("36209.96", "20000", LEFT, {"rounding_unit": Decimal("0.01")}, "18104.98", "rate"),
    ],
)
def test_the_smallest_operand_decides(world, eligible, requested, left, terms, amount, bound):
    call = world.call(world.envelope(left), allows_partial_awards=True)
    if terms:
        world.rule(world.measure, valid_from=date(2027, 2, 1), **terms)
    dossier = world.dossier(State.SUBMITTED, call=call, eligible=eligible, requested=requested)
    decision = world.decide(body="selection")

    award = awards.reserve(dossier=dossier, decision=world.decide(taken_on=date(2027, 3, 1)), by=world.secretary)

    assert (award.amount, award.bound_by, award.eligible) == (Decimal(amount), bound, Decimal(eligible))
    assert (dossier.granted, fresh(dossier).granted) == (Decimal(amount), Decimal(amount))
    assert set(award.operands) == {"rate", "requested", "ceiling", "envelope"}
    assert award.operands["envelope"] == f"{Decimal(left):.2f}"
    assert standing_money(dossier) == {"left": Decimal(left) - Decimal(amount), "reserved": Decimal(amount)}
    entry = last_entry(dossier)
    assert (entry.act, entry.data["amount"], entry.data["bound_by"]) == ("grant.reserved", str(award.amount), bound)
    assert decision != award.decision
    assert ledger.verify().first_bad is None


def test_the_rule_of_the_decision_s_day_is_kept(world):
    first = world.measure.aid_rules.get()
    second = world.rule(world.measure, ceiling=Decimal(15000), valid_from=date(2027, 2, 1))
    early, late = world.dossier(), world.dossier()

    before = awards.reserve(dossier=early, decision=world.decide(taken_on=date(2027, 1, 31)), by=world.secretary)
    after = awards.reserve(dossier=late, decision=world.decide(taken_on=date(2027, 2, 1)), by=world.secretary)

    assert (before.aid_rule, before.amount) == (first, Decimal(18104))
    assert (after.aid_rule, after.amount) == (second, Decimal(15000))


def test_a_live_award_stands_alone(world):
    dossier = world.dossier()
    given = {"dossier": dossier, "decision": world.decide(), "by": world.secretary}
    awards.reserve(**given)
    with pytest.raises(Conflict):
        awards.reserve(**given)
    assert Award.objects.count() == 1


def test_nobody_but_the_secretary_reserves(world):
    dossier = world.dossier()
    decision = world.decide()
    others = [person for role, person in world.everyone().items() if role != "committee_secretary"]
    for person in [*others, world.signatory(dossier)]:
        with pytest.raises(NotAllowed):
            awards.reserve(dossier=dossier, decision=decision, by=person)
    assert standing_money(dossier) == {"left": Decimal(100000)}


def test_a_tied_secretary_does_not_reserve(world):
    dossier = world.dossier()
    decision = world.decide()
    world.tie(world.secretary, dossier.applicant, "elected")
    with pytest.raises(NotAllowed):
        awards.reserve(dossier=dossier, decision=decision, by=world.secretary)


def short(world, dossier):
    """What the requirement of money says, among all that a selection needs."""
    from grants import requirements

    return list(requirements.money_left(dossier))


def test_money_is_missing_when_the_envelope_holds_less_than_the_grant(world):
    envelope = world.envelope("18103.99")
    dossier = world.dossier(envelope=envelope)
    told = [
        f"The envelope {envelope.code} lacks €0.01: place the application on the reserve list, or change the "
        "envelope by a steering committee's decision."
    ]
    assert short(world, dossier) == told
    assert told[0] in missing(dossier, "select")


def test_the_last_euro_may_be_given(world):
    dossier = world.dossier(envelope=world.envelope("18104"))
    assert short(world, dossier) == []
    world.select(dossier)
    assert standing_money(dossier) == {"left": Decimal(0), "reserved": Decimal(18104)}


def test_a_call_of_partial_awards_gives_what_is_left_and_never_nothing(world):
    full, empty = world.envelope("9000"), world.envelope("0")
    dossier = world.dossier(call=world.call(full, allows_partial_awards=True))
    assert short(world, dossier) == []
    assert world.select(dossier).amount == Decimal(9000)

    dossier = world.dossier(call=world.call(empty, allows_partial_awards=True))
    told = [
        f"Nothing is left in the envelope {empty.code}: place the application on the reserve list, or change the "
        "envelope by a steering committee's decision."
    ]
    assert short(world, dossier) == told
    with pytest.raises(Unmet) as refusal:
        world.select(dossier)
    assert refusal.value.missing == told


def test_there_is_no_grant_below_the_floor(world):
    world.rule(world.measure, floor=Decimal(20000), valid_from=date(2027, 2, 1))
    dossier = world.dossier()
    told = ["The grant would be below the least that this action pays out, €20,000.00."]
    assert short(world, dossier) == told
    with pytest.raises(Unmet) as refusal:
        world.select(dossier)
    assert refusal.value.missing == told


def test_there_is_no_grant_without_a_rule(world):
    dossier = world.dossier()
    world.measure.aid_rules.update(valid_until=date(2027, 2, 1))
    told = ["No aid rule is in force for action 7.4 on 1 March 2027: set one by a steering committee's decision."]
    assert short(world, dossier) == told
    with pytest.raises(Unmet) as refusal:
        world.select(dossier)
    assert refusal.value.missing == told


def test_a_remainder_below_the_rounding_unit_is_nothing(world):
    dossier = world.dossier(call=world.call(world.envelope("0.99"), allows_partial_awards=True))
    assert short(world, dossier)[0].startswith("Nothing is left in the envelope")
    with pytest.raises(Unmet):
        world.select(dossier)


def test_reserving_alone_never_gives_a_part_where_the_call_gives_none(world):
    dossier = world.dossier(envelope=world.envelope("9000"))
    with pytest.raises(Unmet):
        world.select(dossier)
    assert standing_money(dossier) == {"left": Decimal(9000)}
