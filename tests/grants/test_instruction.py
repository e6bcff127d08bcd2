"""Sent back to be completed, given more time, dropped; ineligible; appeals."""

from datetime import timedelta

import pytest

from grants.actions import appeals, instruction
from grants.lifecycle import State
from grants.models import CompletionRequest
from kit import clock
from kit.errors import Conflict, NotAllowed, Refused, Unmet
from kit.lifecycle import missing
from tests.world import START, acts, fresh, last_entry, mails, recipients

pytestmark = pytest.mark.usefixtures("staged_draft")

DUE = START + timedelta(days=15)


def test_whole_sections_go_back_with_a_due_date(world):
    dossier = world.dossier()
    request = instruction.return_for_completion(
        dossier=dossier, sections=["team", "project"], message="Who leads?", due_at=DUE, by=world.officer
    )

    assert (request.sections, request.message, request.due_at) == (["project", "team"], "Who leads?", DUE)
    assert fresh(dossier).state == State.RETURNED
    entry = last_entry(dossier)
    assert (entry.act, entry.reason, entry.data["sections"]) == ("dossier.returned", "Who leads?", ["project", "team"])
    assert len(recipients(dossier, "completion_asked")) == 2
    text = mails(dossier, "completion_asked")[0].text
    assert "- Describe the project\n- Name the elected member and the technician\n\nWho leads?" in text
    assert "16 March 2027 at 10:00" in text


@pytest.mark.parametrize(
    "sections, message, told",
    [
        ([], "", ["Choose the parts that the applicant has to complete.", "Say what is missing."]),
        (["project"], " ", ["Say what is missing."]),
        ([], "Why?", ["Choose the parts that the applicant has to complete."]),
    ],
)
def test_what_is_missing_must_be_named(world, sections, message, told):
    dossier = world.dossier()
    with pytest.raises(Unmet) as refusal:
        instruction.return_for_completion(
            dossier=dossier, sections=sections, message=message, due_at=DUE, by=world.officer
        )
    assert refusal.value.missing == told
    assert fresh(dossier).state == State.SUBMITTED


@pytest.mark.parametrize("change", [{"due_at": START}, {"sections": ["project", "unknown"]}])
def test_a_due_date_is_to_come_and_sections_exist(world, change):
    dossier = world.dossier()
    given = {"sections": ["project"], "message": "More.", "due_at": DUE, **change}
    with pytest.raises(Refused) as refusal:
        instruction.return_for_completion(dossier=dossier, by=world.officer, **given)
    assert [refusal.value.field] == list(change)
    assert not CompletionRequest.objects.exists()


def test_more_time_is_later_time(world):
    dossier = world.dossier(State.RETURNED)
    later = DUE + timedelta(days=5)
    with pytest.raises(Refused):
        instruction.extend_completion(dossier=dossier, due_at=DUE, by=world.officer)

    instruction.extend_completion(dossier=dossier, due_at=later, by=world.officer)

    assert dossier.completion_requests.get().due_at == later
    assert len(mails(dossier, "completion_extended")) == 2


def test_a_request_is_dropped_and_its_message_kept(world):
    dossier = world.dossier(State.RETURNED)
    instruction.cancel_completion(dossier=dossier, by=world.officer)

    request = dossier.completion_requests.get()
    assert (fresh(dossier).state, request.cancelled_at, request.message) == (State.SUBMITTED, START, "Say more.")
    assert len(mails(dossier, "completion_cancelled")) == 2


def test_only_the_instructing_service_examines(world):
    dossier = world.dossier()
    others = [person for role, person in world.everyone().items() if role != "instructing_officer"]
    for person in [*others, world.signatory(dossier), world.editor(dossier)]:
        with pytest.raises(NotAllowed):
            world_send_back(dossier, person)
        with pytest.raises(NotAllowed):
            instruction.declare_ineligible(dossier=dossier, reasons="X.", rule="1", by=person)
    assert acts(dossier)[-1] == "dossier.submitted"


def test_an_officer_of_the_town_does_not_examine_it(world):
    dossier = world.dossier()
    world.tie(world.officer, dossier.applicant)
    with pytest.raises(NotAllowed, match="You are tied to the applicant"):
        world_send_back(dossier, world.officer)
    world_send_back(dossier, world.other_officer)


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED, State.WITHDRAWN, State.CONTRACTED])
def test_it_is_sent_back_only_while_it_is_examined(world, state):
    dossier = world.dossier(state)
    with pytest.raises(NotAllowed):
        world_send_back(dossier, world.officer)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED])
def test_an_ineligible_dossier_is_told_which_rule_and_why(world, state):
    dossier = world.dossier(state)
    instruction.declare_ineligible(
        dossier=dossier, reasons="The town is not in the region.", rule="Rule 2: place", by=world.officer
    )

    dossier = fresh(dossier)
    assert (dossier.state, dossier.decided_at) == (State.INELIGIBLE, START)
    assert dossier.decision_reasons == "Rule 2: place\n\nThe town is not in the region."
    assert not dossier.completion_requests.filter(cancelled_at=None).exists()
    text = mails(dossier, "ineligible")[0].text
    assert "Rule 2: place" in text
    assert "until 30 April 2027, included" in text


@pytest.mark.parametrize(
    "reasons, rule, told",
    [
        ("", "", ["Name the rule of the call that is not met.", "Give the reasons; the applicant receives them."]),
        ("Because.", " ", ["Name the rule of the call that is not met."]),
        (" ", "Rule 2", ["Give the reasons; the applicant receives them."]),
    ],
)
def test_reasons_and_rule_are_needed(world, reasons, rule, told):
    dossier = world.dossier()
    with pytest.raises(Unmet) as refusal:
        instruction.declare_ineligible(dossier=dossier, reasons=reasons, rule=rule, by=world.officer)
    assert refusal.value.missing == told


def test_an_appeal_is_filed_until_the_end_of_its_last_day_in_paris(world):
    dossier = world.dossier(State.INELIGIBLE)
    signatory, secretary = world.signatory(dossier), world.secretary
    # Decided on 1 March; sixty days later is 30 April, which ends at 22:00 UTC in summer time.
    over = START.replace(month=4, day=30, hour=22)
    with clock.at(over), pytest.raises(Unmet) as refusal:
        appeals.appeal(dossier=dossier, text="We are.", by=signatory)
    assert refusal.value.missing == [
        "The period to appeal ended on 30 April 2027; only an administrative court can be asked now."
    ]
    with clock.at(over - timedelta(microseconds=1)):
        appeal = appeals.appeal(dossier=dossier, text="We are in the region.", by=signatory)

    assert (appeal.text, last_entry(dossier).act) == ("We are in the region.", "dossier.appealed")
    assert recipients(dossier, "appeal_filed") == [secretary.full_name]
    assert missing(fresh(dossier), "reconsider") == []


def test_one_appeal_at_a_time_by_the_signatory(world):
    dossier = world.reject(world.dossier())
    for person in (world.editor(dossier), world.officer, world.town().signatory):
        with pytest.raises(NotAllowed):
            appeals.appeal(dossier=dossier, text="No.", by=person)
    appeals.appeal(dossier=dossier, text="No.", by=world.signatory(dossier))
    with pytest.raises(Conflict):
        appeals.appeal(dossier=dossier, text="No again.", by=world.signatory(dossier))


def test_an_appeal_is_settled_by_the_secretary(world):
    dossier = world.reject(world.dossier())
    assert missing(dossier, "reconsider") == ["The applicant has filed no appeal that waits for an answer."]
    appeal = appeals.appeal(dossier=dossier, text="No.", by=world.signatory(dossier))
    with pytest.raises(NotAllowed):
        appeals.settle(dossier=dossier, by=world.officer)

    assert appeals.settle(dossier=dossier, by=world.secretary) == [appeal]
    assert fresh(appeal).settled_at == START
    assert missing(dossier, "reconsider") == ["The applicant has filed no appeal that waits for an answer."]


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.SELECTED])
def test_there_is_nothing_to_appeal_against_elsewhere(world, state):
    dossier = world.dossier(state)
    with pytest.raises(NotAllowed):
        appeals.appeal(dossier=dossier, text="No.", by=world.signatory(dossier))


def world_send_back(dossier, by):
    return instruction.return_for_completion(dossier=dossier, sections=["project"], message="More.", due_at=DUE, by=by)
