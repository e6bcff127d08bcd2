"""Who acts next, what, by when, and the viewer's button, up to the agreement; the requirements' own words."""

from datetime import timedelta
from decimal import Decimal

import pytest

from grants.actions import agreements, appeals, deadlines, drafting
from grants.lifecycle import State
from grants.models import Agreement
from grants.queries import next_steps
from grants.queries.next_steps import next_step
from kit import clock
from kit.lifecycle import bound_names, missing
from programmes.actions import calls
from tests.world import CLOSES, START, fresh, mails, recipients

HERE = {
    "answers_complete",
    "plan_balanced",
    "partners_confirmed",
    "within_deadline",
    "missing_parts_listed",
    "reasons_given",
    "appeal_filed",
    "beneficiary_signed",
    "agreement_balanced",
    "money_left",
    "decision_named",
}


def test_this_floor_binds_its_requirements():
    assert bound_names("grants.Dossier") >= HERE


def test_a_draft_waits_for_its_applicant(world):
    dossier = world.draft()
    step = next_step(dossier, world.signatory(dossier))
    assert (step.who, step.by_when, step.action) == (dossier.applicant.name, CLOSES, "dossier.submit")
    assert next_step(dossier, world.editor(dossier)).action == "dossier.edit"
    stranger = next_step(dossier, world.officer)
    assert (stranger.action, stranger.why_not) == (
        None,
        "This is done by: Signatory of the organisation.",
    )
    with clock.at(CLOSES):
        late = next_step(dossier, world.signatory(dossier))
    assert (late.action, late.why_not, late.what) == (
        None,
        "The call is closed.",
        "The call is closed: this draft can no longer be filed.",
    )


def test_a_completion_says_until_when(world):
    dossier = world.dossier(State.RETURNED)
    step = next_step(dossier, world.signatory(dossier))
    assert (step.action, step.by_when) == ("dossier.submit", START + timedelta(days=15))
    assert next_step(dossier, world.officer).action == "dossier.extend_completion"


def test_a_refusal_may_be_appealed_against_for_a_time(world):
    dossier = world.dossier(State.INELIGIBLE)
    signatory = world.signatory(dossier)
    over = START.replace(month=4, day=30, hour=22)
    step = next_step(dossier, signatory)
    assert (step.action, step.by_when) == ("dossier.appeal", over)
    with clock.at(over):
        assert next_step(dossier, signatory).what == "The period to appeal is over."
    appeals.appeal(dossier=dossier, text="No.", by=signatory)
    assert next_step(dossier, world.secretary).action == "dossier.reconsider"
    assert next_step(dossier, signatory).action is None


def test_the_agreement_goes_from_hand_to_hand(world):
    dossier = world.dossier(State.SELECTED)
    signatory = world.signatory(dossier)
    assert next_step(dossier, world.officer).action == "agreement.draft"
    agreement = world.agreement(dossier)
    assert next_step(fresh(dossier), signatory).action == "bank.edit"
    world.bank_details(dossier)
    assert next_step(fresh(dossier), signatory).action == "agreement.sign_as_beneficiary"
    agreements.sign_as_beneficiary(agreement=agreement, by=signatory)
    assert next_step(fresh(dossier), world.manager).action == "dossier.contract"
    assert next_step(fresh(dossier), signatory).why_not


def test_nothing_is_expected_of_what_has_ended(world):
    dossier = world.dossier(State.WITHDRAWN)
    step = next_step(dossier, world.signatory(dossier))
    assert (step.who, step.what, step.action) == ("Nobody", "Nothing more is expected.", None)


def test_every_state_has_its_step():
    assert next_steps.check_steps() == []


def test_a_step_is_bound_once():
    first = lambda dossier, person: None  # noqa: E731
    next_steps.bind_next_step("no such state", first)
    next_steps.bind_next_step("no such state", first)
    with pytest.raises(ValueError, match="twice"):
        next_steps.bind_next_step("no such state", lambda dossier, person: None)
    del next_steps._bound["no such state"]


def test_a_state_without_step_is_found_at_start(monkeypatch):
    monkeypatch.setattr(next_steps, "_bound", {})
    found = next_steps.check_steps()
    assert {item.id for item in found} == {"grants.E001"}
    assert [str(state) in item.msg for state, item in zip(missing_steps(), found, strict=True)] == [True] * len(found)


def missing_steps():
    return [state for state in State if state not in next_steps.OWN_STEPS]


@pytest.mark.parametrize(
    "cost, grant, own, told",
    [
        ("0", "0", "0", ["List the expenses of the project in the budget."]),
        ("100", "0", "100", ["Say in the budget how much you ask from the programme."]),
        ("100", "50", "49.99", ["The financing plan lacks €0.01 to cover the expenses."]),
        ("100", "50", "50.01", ["The financing plan has €0.01 more than the expenses."]),
        ("100", "50", "50", []),
    ],
)
def test_a_plan_balances_to_the_cent(world, cost, grant, own, told):
    town = world.town()
    dossier = world.draft(town=town)
    drafting.set_plan(
        dossier=dossier,
        cost_lines=[{"post": "Site", "supplier": "", "cost": cost, "eligible": cost}],
        resources=[
            {"kind": "grant", "label": "", "amount": grant},
            {"kind": "own", "label": "", "amount": own},
        ],
        version=dossier.version,
        by=town.editor,
    )
    assert missing(fresh(dossier), "submit") == told


def test_a_plan_without_eligible_expense_is_told(world):
    dossier = world.draft()
    dossier.plan.cost_lines.update(eligible=Decimal(0))
    assert missing(dossier, "submit") == ["No expense of the budget is eligible."]


def test_a_partner_that_declined_is_told(world):
    town, other = world.town(), world.town("Partner")
    dossier = world.draft(town=town)
    partner = drafting.invite_partner(dossier=dossier, organisation=other.organisation, part="Half.", by=town.editor)
    drafting.confirm_partner(partner=partner, accepted=False, by=other.signatory)
    assert missing(dossier, "submit") == ["Partner declined; leave it out of the project, or ask it again."]


def test_an_agreement_is_ended_by_a_decision_of_its_own_programme(world):
    from grants.requirements import decision_named, reasons_given

    dossier = world.dossier(State.CONTRACTED)
    assert list(decision_named(dossier)) == ["Name the decision to end the agreement."]
    assert list(decision_named(dossier, decision=world.steering)) == []
    assert list(reasons_given(dossier)) == ["Give the reasons; the applicant receives them."]
    assert list(reasons_given(dossier, reason="Bankrupt.")) == []
    assert Agreement.objects.filter(dossier=dossier).exists()


def test_owners_of_drafts_hear_of_a_new_deadline(world):
    town = world.town("Catus")
    call = world.call()
    dossier, filed = world.draft(town=town, call=call), world.draft(call=call)
    from grants.actions import submission

    submission.submit(dossier=filed, by=world.signatory(filed))
    later = CLOSES + timedelta(days=7)

    deadlines.change_deadline(call=call, closes_at=later, reason="Elections.", by=world.manager)

    assert fresh(call).closes_at == later
    assert recipients(dossier, "deadline_changed") == ["Editor of Catus", "Mayor of Catus"]
    text = mails(dossier, "deadline_changed")[0].text
    assert "7 June 2027 at 17:00 (Paris time), and no longer on 31 May 2027 at 17:00" in text
    assert "Reason: Elections." in text
    assert mails(filed, "deadline_changed") == []
    assert calls.change_deadline.action_name == deadlines.change_deadline.action_name
