"""What only a signatory does: file, withdraw, appeal, give the account, sign; and what others see of it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from grants.actions import drafting
from grants.actions.bank import MOST_TRIES
from grants.lifecycle import State
from grants.models import BankDetailsState
from kit import clock
from tests.world import CLOSES, IBAN, acts, code_in_mail, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("staged_draft")]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def at(name, dossier):
    return reverse(f"applicant:{name}", args=[dossier.reference])


def text(response):
    return response.content.decode()


def test_a_signatory_checks_and_files_and_has_a_receipt(world, browse):
    draft = world.dossier(State.DRAFT)
    client = browse(world.signatory(draft))
    assert "Sign and file" in text(client.get(at("check", draft)))
    undeclared = client.post(at("file", draft), {})
    assert "declared" in undeclared.context["form"].errors
    assert fresh(draft).state == State.DRAFT
    sent = client.post(at("file", draft), {"declared": "on"})
    assert sent["Location"] == at("receipt", draft)
    assert fresh(draft).state == State.SUBMITTED
    page = text(client.get(at("receipt", draft)))
    assert draft.snapshots.get().digest in page
    assert client.post(at("file", draft), {"declared": "on"})["Location"] == at("receipt", draft)
    assert acts(draft).count("dossier.submitted") == 1


def test_an_editor_is_told_who_files(world, browse):
    draft = world.dossier(State.DRAFT)
    client = browse(world.editor(draft))
    page = text(client.get(at("check", draft)))
    assert "Sign and file" not in page
    assert world.signatory(draft).full_name in page
    assert client.post(at("file", draft), {"declared": "on"}).status_code == 404
    assert fresh(draft).state == State.DRAFT


def test_what_is_missing_is_a_checklist_and_nothing_is_filed(world, browse):
    town = world.town()
    draft = drafting.create_dossier(call=world.any_call, applicant=town.organisation, title="P", by=town.editor)
    client = browse(town.signatory)
    assert "Attach the document “Deliberation”." in text(client.get(at("check", draft)))
    sent = client.post(at("file", draft), {"declared": "on"})
    assert sent.status_code == 200
    assert "List the expenses of the project in the budget." in sent.context["form"].non_field_errors()
    assert fresh(draft).state == State.DRAFT


def test_the_deadline_is_the_call_s(world, browse):
    draft = world.dossier(State.DRAFT)
    with clock.at(CLOSES):
        sent = browse(world.signatory(draft)).post(at("file", draft), {"declared": "on"})
    assert "The call closed on" in text(sent)
    assert fresh(draft).state == State.DRAFT


def test_a_completion_is_answered_by_filing_again(world, browse):
    dossier = world.dossier(State.RETURNED)
    browse(world.signatory(dossier)).post(at("file", dossier), {"declared": "on"})
    assert fresh(dossier).state == State.SUBMITTED
    assert dossier.completion_requests.get().answered_at is not None
    assert "Version" in text(browse(world.editor(dossier)).get(at("receipt", dossier)))


def test_there_is_no_receipt_of_what_was_not_filed(world, browse):
    draft = world.dossier(State.DRAFT)
    assert browse(world.editor(draft)).get(at("receipt", draft)).status_code == 404


@pytest.mark.parametrize("name", ["withdraw", "appeal", "bank", "confirm_bank", "sign", "countersign", "file"])
def test_the_acts_of_a_signatory_are_nobody_else_s(world, browse, name):
    dossier = world.dossier(State.SUBMITTED)
    for other in (world.editor(dossier), world.town().signatory, world.officer, world.manager):
        assert browse(other).get(at(name, dossier)).status_code == 404
        assert browse(other).post(at(name, dossier), {}).status_code == 404
    assert fresh(dossier).state == State.SUBMITTED


def test_a_signatory_withdraws_with_a_reason(world, browse):
    dossier = world.dossier(State.SUBMITTED)
    client = browse(world.signatory(dossier))
    assert "Withdraw the dossier" in text(client.get(at("dossier", dossier)))
    assert client.post(at("withdraw", dossier), {"reason": "Given up."}).status_code == 200
    client.post(at("withdraw", dossier), {"reason": "Given up.", "sure": "on"})
    assert fresh(dossier).state == State.WITHDRAWN
    assert "not possible at the present step" in text(client.get(at("withdraw", dossier)))


def test_a_signatory_appeals_in_time(world, browse):
    dossier = world.dossier(State.INELIGIBLE)
    client = browse(world.signatory(dossier))
    assert "Not in the region." in text(client.get(at("appeal", dossier)))
    client.post(at("appeal", dossier), {"text": "We are in it."})
    assert dossier.appeals.get().text == "We are in it."


def test_an_appeal_that_comes_too_late_is_refused(world, browse):
    dossier = world.dossier(State.INELIGIBLE)
    with clock.at(clock.now() + timedelta(days=200)):
        sent = browse(world.signatory(dossier)).post(at("appeal", dossier), {"text": "Late."})
    assert "The period to appeal ended" in text(sent)
    assert not dossier.appeals.exists()


def test_bank_details_are_entered_confirmed_and_shown_hidden(world, browse):
    dossier = world.dossier(State.SELECTED)
    client = browse(world.signatory(dossier))
    assert "iban" in client.post(at("bank", dossier), {"iban": "FR76", "holder": "Town"}).context["form"].errors
    sent = client.post(at("bank", dossier), {"iban": IBAN, "holder": "Town"})
    assert sent["Location"] == at("confirm_bank", dossier)
    details = dossier.bank_details.get()
    code = code_in_mail(details)
    wrong = client.post(at("confirm_bank", dossier), {"code": "000000" if code != "000000" else "000001"})
    assert "code" in wrong.context["form"].errors
    details.refresh_from_db()
    assert (details.state, details.tries) == (BankDetailsState.PENDING, 1)
    client.post(at("confirm_bank", dossier), {"code": code})
    details.refresh_from_db()
    assert details.state == BankDetailsState.CONFIRMED
    for person in (world.signatory(dossier), world.editor(dossier)):
        page = text(browse(person).get(at("expenses", dossier)))
        assert IBAN[-4:] in page
        assert IBAN not in re.sub(r"\s", "", page)


def test_the_whole_account_number_is_read_by_an_act_of_its_own(world, browse):
    dossier = world.dossier(State.CONTRACTED)
    assert browse(world.editor(dossier)).post(at("reveal_bank", dossier)).status_code == 404
    client = browse(world.signatory(dossier))
    assert client.get(at("reveal_bank", dossier)).status_code == 405
    sent = client.post(at("reveal_bank", dossier))
    assert IBAN in re.sub(r"\s", "", text(sent))
    assert "no-store" in sent["Cache-Control"]
    assert acts(dossier)[-1] == "bank.revealed"


def test_a_partner_sees_no_account(world, browse):
    dossier = world.dossier(State.DRAFT)
    partner = world.town()
    asked = drafting.invite_partner(
        dossier=dossier, organisation=partner.organisation, part="Hosts.", by=world.editor(dossier)
    )
    drafting.confirm_partner(partner=asked, accepted=True, by=partner.signatory)
    browse(world.signatory(dossier)).post(at("file", dossier), {"declared": "on"})
    world.sign(fresh(dossier))
    page = text(browse(partner.signatory).get(at("expenses", dossier)))
    assert "Grant agreement" in page
    assert "Bank details" not in page
    assert browse(partner.signatory).get(at("bank", dossier)).status_code == 404


def test_the_agreement_is_signed_once_the_account_is_confirmed(world, browse):
    dossier = world.dossier(State.SELECTED)
    client = browse(world.signatory(dossier))
    assert client.get(at("sign", dossier)).status_code == 404
    agreement = world.agreement(dossier)
    early = client.post(at("sign", dossier), {"agreed": "on"})
    assert "Give the bank details of the beneficiary" in text(early)
    assert fresh(agreement).beneficiary_signed_at is None
    world.bank_details(dossier)
    assert agreement.number in text(client.get(at("sign", dossier)))
    client.post(at("sign", dossier), {"agreed": "on"})
    assert fresh(agreement).beneficiary_signed_by == world.signatory(dossier)
    assert "has signed already" in text(client.get(at("sign", dossier)))


def test_the_page_of_the_signature_leads_to_the_account_that_lacks(world, browse):
    dossier = world.dossier(State.SELECTED)
    world.agreement(dossier)
    client = browse(world.signatory(dossier))
    page = text(client.get(at("sign", dossier)))
    assert f'<a href="{at("bank", dossier)}">Give the bank details</a>' in page
    assert 'name="agreed"' not in page
    client.post(at("bank", dossier), {"iban": IBAN, "holder": "Town"})
    page = text(client.get(at("sign", dossier)))
    assert f'<a href="{at("confirm_bank", dossier)}">Enter the code</a>' in page
    world.bank_details(dossier)
    page = text(client.get(at("sign", dossier)))
    assert 'name="agreed"' in page
    assert at("confirm_bank", dossier) not in page


def test_the_dossier_leads_to_where_the_code_is_typed(world, browse):
    dossier = world.dossier(State.SELECTED)
    world.agreement(dossier)
    client = browse(world.signatory(dossier))
    assert client.get(at("dossier", dossier)).context["url"] == at("bank", dossier)
    client.post(at("bank", dossier), {"iban": IBAN, "holder": "Town"})
    seen = client.get(at("dossier", dossier)).context
    assert (seen["url"], seen["button"]) == (at("confirm_bank", dossier), "Enter the code")
    assert (at("bank", dossier), "Give the bank details") in seen["others"]
    dossier.bank_details.update(tries=MOST_TRIES)
    seen = client.get(at("dossier", dossier)).context
    assert (seen["url"], seen["button"]) == (at("bank", dossier), "Give the bank details")


def test_a_change_of_account_waits_for_its_code_on_the_dossier_too(world, browse):
    dossier = world.dossier(State.CONTRACTED)
    client = browse(world.signatory(dossier))
    typed = (at("confirm_bank", dossier), "Enter the code")
    assert typed not in client.get(at("dossier", dossier)).context["others"]
    client.post(at("bank", dossier), {"iban": IBAN, "holder": "Town"})
    assert typed in client.get(at("dossier", dossier)).context["others"]
    assert typed not in browse(world.editor(dossier)).get(at("dossier", dossier)).context["others"]


def test_the_pages_of_a_signatory_speak_french(world, browse):
    dossier = world.dossier(State.CONTRACTED)
    client = browse(world.signatory(dossier))
    with translation.override("fr"):
        for name in ("dossier", "expenses", "receipt", "withdraw", "appeal", "bank", "sign"):
            assert client.get(at(name, dossier)).status_code == 200
