"""Programmes, their decisions and money: each act, who may not do it, and what it refuses."""

from datetime import date
from decimal import Decimal

import pytest

from kit.errors import NotAllowed, Refused
from programmes.actions import programmes
from programmes.models import AidRule, DeclaredResult, Envelope, Programme, Target
from records.queries import ledger
from tests.world import acts, fresh, last_entry


@pytest.mark.usefixtures("bare")
def test_an_administrator_opens_a_programme(world):
    programme = world.programme

    assert (programme.code, programme.title_fr, programme.fund) == ("TEST-27", "Programme d’essai", "FEDER")
    assert acts(programme) == ["programme.created"]


def test_nobody_else_opens_a_programme(world):
    with pytest.raises(NotAllowed):
        programmes.create_programme(
            code="OTHER",
            title_fr="Autre",
            managing_body="Région",
            starts_on=date(2027, 1, 1),
            ends_on=date(2028, 1, 1),
            by=world.manager,
        )
    assert not Programme.objects.filter(code="OTHER").exists()


@pytest.mark.parametrize(
    "field, value",
    [
        ("code", "small"),
        ("code", "TEST-27"),
        ("title_fr", " "),
        ("ends_on", date(2027, 1, 1)),
        ("contact_email", "nobody"),
    ],
)
def test_what_a_programme_cannot_be_is_refused_by_field(world, field, value):
    given = {
        "code": "OTHER",
        "title_fr": "Autre",
        "managing_body": "Région",
        "contact_email": "a@example.org",
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2028, 1, 1),
        field: value,
    }
    assert world.programme
    with pytest.raises(Refused) as refusal:
        programmes.create_programme(**given, by=world.administrator)
    assert refusal.value.field == field


def test_a_decision_to_come_is_not_recorded(world):
    with pytest.raises(Refused) as refusal:
        world.decide(taken_on=date(2027, 3, 2))
    assert refusal.value.field == "taken_on"


def test_a_reference_names_one_decision(world):
    world.decide("COPIL-9")
    with pytest.raises(Refused) as refusal:
        world.decide("COPIL-9")
    assert refusal.value.field == "reference"


@pytest.mark.usefixtures("bare")
def test_an_envelope_holds_what_the_steering_committee_set_aside(world):
    envelope = world.envelope("580324.50")

    assert envelope.left == Decimal("580324.50")
    assert ledger.balance(f"envelope:TEST-27:{envelope.code}") == Decimal("580324.50")
    assert ledger.balance("source:TEST-27") == Decimal("-580324.50")
    assert last_entry(world.programme).data["amount"] == "580324.50"


@pytest.mark.parametrize("body", ["selection", "monitoring", "management"])
def test_no_other_body_gives_money(world, body):
    decision = world.decide(body=body)
    with pytest.raises(Refused) as refusal:
        programmes.open_envelope(
            measure=world.measure, code="X", amount=Decimal(1), decision=decision, by=world.manager
        )
    assert refusal.value.field == "decision"
    assert not Envelope.objects.filter(code="X").exists()


def test_another_programme_s_decision_gives_no_money(world):
    other = programmes.create_programme(
        code="OTHER",
        title_fr="Autre",
        managing_body="Région",
        starts_on=date(2027, 1, 1),
        ends_on=date(2028, 1, 1),
        by=world.administrator,
    )
    world.give(world.manager, "programme_manager", "OTHER")
    decision = programmes.record_programme_decision(
        programme=other, reference="D", body="steering", taken_on=date(2027, 1, 1), text="Yes.", by=world.manager
    )
    with pytest.raises(Refused) as refusal:
        programmes.open_envelope(
            measure=world.measure, code="X", amount=Decimal(1), decision=decision, by=world.manager
        )
    assert refusal.value.field == "decision"


def test_a_manager_of_another_programme_changes_nothing(world):
    stranger = world.person()
    world.give(stranger, "programme_manager", "ELSEWHERE")
    with pytest.raises(NotAllowed):
        programmes.add_measure(programme=world.programme, code="7.9", step="project", title_fr="X", by=stranger)


def test_an_envelope_is_raised_and_lowered_once_for_each_decision(world):
    envelope = world.envelope("1000")
    more, less = world.decide(), world.decide()

    programmes.change_envelope(envelope=envelope, amount=Decimal(1500), decision=more, by=world.manager)
    assert fresh(envelope).left == Decimal(1500)
    with pytest.raises(Refused) as refusal:
        programmes.change_envelope(envelope=envelope, amount=Decimal(2000), decision=more, by=world.manager)
    assert refusal.value.field == "decision"
    programmes.change_envelope(envelope=envelope, amount=Decimal(200), decision=less, by=world.manager)

    envelope = fresh(envelope)
    assert (envelope.amount, envelope.left, envelope.decision) == (Decimal(200), Decimal(200), less)
    assert ledger.verify().first_bad is None


def test_an_envelope_is_not_lowered_below_what_is_reserved(world):
    envelope = world.envelope("20000")
    world.dossier("selected", envelope=envelope)
    decision = world.decide()

    with pytest.raises(Refused) as refusal:
        programmes.change_envelope(envelope=envelope, amount=Decimal("18103.99"), decision=decision, by=world.manager)
    assert refusal.value.field == "amount"
    programmes.change_envelope(envelope=envelope, amount=Decimal(18104), decision=decision, by=world.manager)

    assert fresh(envelope).left == Decimal(0)


def test_a_new_aid_rule_ends_the_one_before_it(world):
    first = world.measure.aid_rules.get()
    second = world.rule(world.measure, ceiling=Decimal(60000), valid_from=date(2027, 6, 1))

    assert fresh(first).valid_until == date(2027, 6, 1)
    assert world.measure.aid_rules.in_force(date(2027, 5, 31)).get() == first
    assert world.measure.aid_rules.in_force(date(2027, 6, 1)).get() == second
    assert last_entry(world.programme).data["ceiling"] == "60000.00"


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2026, 12, 1)])
def test_an_aid_rule_never_changes_the_past(world, day):
    with pytest.raises(Refused) as refusal:
        world.rule(world.measure, valid_from=day)
    assert refusal.value.field == "valid_from"
    assert AidRule.objects.count() == 1


@pytest.mark.parametrize(
    "field, value",
    [
        ("rate", "1.01"),
        ("rate", "NaN"),
        ("rate", "0.00001"),
        ("ceiling", "-1"),
        ("floor", "1.001"),
        ("rounding_unit", 10),
        ("underspend", "other"),
        ("advance_share", "2"),
        ("interim_share", "-0.1"),
    ],
)
def test_an_aid_rule_has_shares_and_amounts(world, field, value):
    with pytest.raises(Refused) as refusal:
        world.rule(world.measure, **{"valid_from": date(2028, 1, 1), field: value})
    assert refusal.value.field == field


def test_the_first_and_the_revised_target_both_stay(world):
    given = {
        "measure": world.measure,
        "indicator": "projects",
        "label_fr": "Projets",
        "unit": "projects",
        "operator": ">=",
        "decision": world.steering,
        "by": world.manager,
    }
    first = programmes.set_target(value=Decimal(50), valid_from=date(2027, 1, 1), **given)
    second = programmes.set_target(value=Decimal(35), valid_from=date(2027, 12, 1), **given)

    kept = Target.objects.order_by("valid_from").values_list("pk", "value", "valid_until")
    assert list(kept) == [(first.pk, Decimal(50), date(2027, 12, 1)), (second.pk, Decimal(35), None)]


def test_a_declared_result_is_kept_once_a_day(world):
    given = {
        "measure": world.measure,
        "indicator": "projects",
        "label_fr": "Projets",
        "value": Decimal(20),
        "unit": "projects",
        "source": "Final report",
        "declared_on": date(2027, 2, 1),
        "by": world.manager,
    }
    programmes.declare_result(**given)
    with pytest.raises(Refused) as refusal:
        programmes.declare_result(**{**given, "value": Decimal(19)})
    assert refusal.value.field == "declared_on"
    assert DeclaredResult.objects.get().value == Decimal(20)
