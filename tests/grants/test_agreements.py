"""The agreement: its own plan, two signatures, its conditions."""

from datetime import date
from decimal import Decimal

import pytest

from grants.actions import agreements, drafting
from grants.lifecycle import State
from grants.models import Agreement, Condition, Resource
from kit import clock
from kit.errors import Conflict, NotAllowed, Refused, Unmet
from kit.lifecycle import missing
from records.actions import documents
from tests.world import START, acts, fresh, last_entry, mails, pdf, recipients, standing_money

pytestmark = pytest.mark.usefixtures("staged_selected")


def rows(plan):
    return list(plan.resources.order_by("position").values_list("kind", "amount"))


def test_the_agreement_s_plan_is_the_dossier_s_with_the_grant_awarded(world):
    dossier = world.dossier(State.SELECTED, eligible="36209.96", requested="20000")
    agreement = world.agreement(dossier, conditions=[{"text": "Show the flag.", "due_on": date(2028, 1, 1)}])

    assert (agreement.grant, agreement.eligible) == (Decimal(18104), Decimal("36209.96"))
    assert rows(agreement.plan) == [("grant", Decimal(18104)), ("own", Decimal("18105.96"))]
    assert agreement.plan.gap == Decimal(0)
    assert rows(dossier.plan) == [("grant", Decimal(20000)), ("own", Decimal("16209.96"))]
    assert [(item.text, item.due_on) for item in agreement.conditions.all()] == [("Show the flag.", date(2028, 1, 1))]
    assert last_entry(dossier).act == "agreement.drafted"
    assert recipients(dossier, "agreement_to_sign") == [world.signatory(dossier).full_name]


def test_other_resources_stay_and_an_own_contribution_is_added(world):
    town = world.town()
    dossier = world.draft(town=town)
    drafting.set_plan(
        dossier=dossier,
        cost_lines=[{"post": "Site", "supplier": "", "cost": "1000", "eligible": "1000"}],
        resources=[
            {"kind": "grant", "label": "", "amount": "600"},
            {"kind": "public", "label": "Département", "amount": "400"},
        ],
        version=dossier.version,
        by=town.editor,
    )
    from grants.actions import submission

    submission.submit(dossier=dossier, by=town.signatory)
    world.select(dossier)
    agreement = world.agreement(fresh(dossier))

    assert rows(agreement.plan) == [("grant", Decimal(500)), ("public", Decimal(400)), ("own", Decimal(100))]
    assert agreement.plan.gap == Decimal(0)


def test_it_is_drafted_again_until_the_beneficiary_signs(world):
    dossier = world.dossier(State.SELECTED)
    first = world.agreement(dossier, conditions=[{"text": "Old."}])
    second = world.agreement(dossier, number="NEW", conditions=[{"text": "New."}])
    assert (second.pk, fresh(first).number) == (first.pk, "NEW")
    assert list(Condition.objects.values_list("text", flat=True)) == ["New."]
    assert (Agreement.objects.count(), Resource.objects.filter(plan=first.plan).count()) == (1, 2)

    world.bank_details(dossier)
    agreements.sign_as_beneficiary(agreement=second, by=world.signatory(dossier))
    with pytest.raises(Conflict):
        world.agreement(dossier, number="NEWER")
    assert fresh(first).number == "NEW"


@pytest.mark.parametrize(
    "field, change",
    [
        ("number", {"number": " "}),
        ("ends_on", {"ends_on": date(2027, 3, 1)}),
        ("text", {"conditions": [{"text": ""}]}),
        ("due_on", {"conditions": [{"text": "X", "due_on": "soon"}]}),
    ],
)
def test_what_an_agreement_cannot_be_is_refused_by_field(world, field, change):
    dossier = world.dossier(State.SELECTED)
    with pytest.raises(Refused) as refusal:
        world.agreement(dossier, **change)
    assert refusal.value.field == field
    assert not Agreement.objects.exists()


def test_a_number_names_one_agreement(world):
    world.agreement(world.dossier(State.SELECTED), number="C-1")
    with pytest.raises(Refused) as refusal:
        world.agreement(world.dossier(State.SELECTED), number="C-1")
    assert refusal.value.field == "number"


def test_the_beneficiary_signs_with_confirmed_bank_details(world):
    dossier = world.dossier(State.SELECTED)
    agreement, signatory = world.agreement(dossier), world.signatory(dossier)
    with pytest.raises(Unmet) as refusal:
        agreements.sign_as_beneficiary(agreement=agreement, by=signatory)
    assert refusal.value.missing == [
        "Give the bank details of the beneficiary, and confirm them with the code sent by mail."
    ]
    details = world.bank_details(dossier)
    agreements.sign_as_beneficiary(agreement=agreement, by=signatory)

    agreement = fresh(agreement)
    assert (agreement.beneficiary_signed_by, agreement.beneficiary_signed_at) == (signatory, START)
    assert agreement.bank_details == details
    assert recipients(dossier, "agreement_signed") == ["Manager"]
    with pytest.raises(Conflict):
        agreements.sign_as_beneficiary(agreement=agreement, by=signatory)


def test_the_programme_signs_last(world):
    dossier = world.dossier(State.SELECTED)
    assert missing(dossier, "contract") == ["The agreement is not drafted yet."]
    agreement = world.agreement(dossier)
    with pytest.raises(Unmet) as refusal:
        agreements.contract(dossier=dossier, by=world.manager)
    assert refusal.value.missing == ["The beneficiary has not signed the agreement yet."]
    world.bank_details(dossier)
    agreements.sign_as_beneficiary(agreement=agreement, by=world.signatory(dossier))

    agreements.contract(dossier=dossier, by=world.manager)

    dossier, agreement = fresh(dossier), fresh(agreement)
    assert (dossier.state, dossier.contracted_at) == (State.CONTRACTED, START)
    assert (agreement.programme_signed_by, agreement.programme_signed_at) == (world.manager, START)
    assert standing_money(dossier) == {"left": Decimal(81896), "committed": Decimal(18104)}
    assert last_entry(dossier).act == "dossier.contracted"
    assert len(recipients(dossier, "contracted")) == 2


def test_an_agreement_that_does_not_balance_is_not_signed(world):
    dossier = world.dossier(State.SELECTED)
    agreement = world.agreement(dossier)
    agreement.plan.resources.filter(kind="own").delete()
    agreement.plan.resources.filter(kind="grant").update(amount=Decimal(18000))
    told = missing(dossier, "contract")
    assert told[1:] == [
        "The plan of the agreement does not balance: €18,209.96 between expenses and resources.",
        "The plan of the agreement must show the grant that was awarded, €18,104.00.",
    ]


def test_each_hand_is_its_own_role(world):
    dossier = world.dossier(State.SELECTED)
    everyone = world.everyone()
    for role, person in everyone.items():
        if role != "instructing_officer":
            with pytest.raises(NotAllowed):
                agreements.draft_agreement(
                    dossier=dossier, number="X", starts_on=START.date(), ends_on=date(2028, 1, 1), by=person
                )
    agreement = world.agreement(dossier)
    world.bank_details(dossier)
    for person in [*everyone.values(), world.editor(dossier), world.town().signatory]:
        with pytest.raises(NotAllowed):
            agreements.sign_as_beneficiary(agreement=agreement, by=person)
    agreements.sign_as_beneficiary(agreement=agreement, by=world.signatory(dossier))
    for role, person in everyone.items():
        if role != "programme_manager":
            with pytest.raises(NotAllowed):
                agreements.contract(dossier=dossier, by=person)
    assert fresh(dossier).state == State.SELECTED


def test_a_manager_tied_to_the_beneficiary_does_not_sign(world):
    dossier = world.dossier(State.SELECTED)
    agreement = world.agreement(dossier)
    world.bank_details(dossier)
    agreements.sign_as_beneficiary(agreement=agreement, by=world.signatory(dossier))
    world.tie(world.manager, dossier.applicant)
    with pytest.raises(NotAllowed):
        agreements.contract(dossier=dossier, by=world.manager)
    agreements.contract(dossier=dossier, by=world.other_manager)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.CONTRACTED])
def test_an_agreement_is_drafted_for_a_selected_dossier_alone(world, state):
    dossier = world.dossier(state)
    with pytest.raises(NotAllowed):
        world.agreement(dossier, number="OTHER")


def test_a_condition_is_met_once_with_its_proof(world):
    dossier = world.dossier(State.SELECTED)
    agreement = world.agreement(dossier, conditions=[{"text": "Show the flag."}])
    world.bank_details(dossier)
    agreements.sign_as_beneficiary(agreement=agreement, by=world.signatory(dossier))
    agreements.contract(dossier=dossier, by=world.manager)
    condition = agreement.conditions.get()
    with clock.at(START):
        photo = documents.store(pdf("Photo"), by=world.officer, chain=dossier.journal_chain, kind="evidence")
        foreign = documents.store(pdf("Photo"), by=world.officer, chain="dossier:OTHER", kind="evidence")
    with pytest.raises(NotAllowed):
        agreements.satisfy_condition(condition=condition, note="Seen.", by=world.manager)
    with pytest.raises(Refused):
        agreements.satisfy_condition(condition=condition, note="Seen.", document=foreign, by=world.officer)

    agreements.satisfy_condition(condition=condition, note="Seen.", document=photo, by=world.officer)

    condition = fresh(condition)
    assert (condition.satisfied_by, condition.evidence, condition.evidence_note) == (world.officer, photo, "Seen.")
    assert acts(dossier)[-1] == "condition.satisfied"
    with pytest.raises(Conflict):
        agreements.satisfy_condition(condition=condition, note="Again.", by=world.officer)


def test_the_receipt_of_a_contract_is_in_french_for_a_french_reader(world):
    dossier = world.dossier(State.CONTRACTED, town=world.town(language="fr"))
    assert "est signée des deux parties" in mails(dossier, "contracted")[0].text
