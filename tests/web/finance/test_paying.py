"""From the sum due to the settled grant, by the paying officer's pages."""

from decimal import Decimal

import pytest

from grants.lifecycle import State
from monitoring.actions import services, verification
from monitoring.models import OrderState, PaymentOrder
from records.models import AccessLog
from tests.web.visits import proved, text
from tests.world import IBAN, acts, fresh, standing_money

PAY = "/en/paiements"


def test_a_payment_is_ordered_only_by_someone_who_signed_in_again(world, project, visit):
    certificate, browser = project.certified("1000"), visit(world.payer)
    url = f"{PAY}/certificats/{certificate.pk}"
    assert url in text(browser.get(PAY))
    page = text(browser.get(url))
    assert "€500.00" in page
    assert IBAN[-4:] in page
    assert IBAN not in page.replace(" ", "")
    answer = browser.post(url)
    assert "reauthenticate" in answer.url
    assert not PaymentOrder.objects.exists()
    assert proved(browser).post(url).status_code == 302
    order = PaymentOrder.objects.get()
    assert (order.amount, order.payer, order.state) == (Decimal("500.00"), world.payer, OrderState.ORDERED)
    assert standing_money(project.dossier)["ordered"] == 500
    assert url not in text(browser.get(PAY))


def test_the_bank_s_answer_is_recorded(world, project, visit):
    certificate, browser = project.certified("1000"), proved(visit(world.payer))
    browser.post(f"{PAY}/certificats/{certificate.pk}")
    order = PaymentOrder.objects.get()
    url = f"{PAY}/ordres/{order.pk}"
    assert f"{url}/payer" in text(browser.get(PAY))
    text(browser.get(f"{url}/refuser"))
    assert "Fill in this field." in text(browser.post(f"{url}/refuser", {"reason": ""}))
    assert browser.post(f"{url}/refuser", {"reason": "Account closed."}).status_code == 302
    assert (fresh(order).state, fresh(order).refusal_reason) == (OrderState.REFUSED, "Account closed.")
    browser.post(f"{PAY}/certificats/{certificate.pk}")
    second = PaymentOrder.objects.exclude(pk=order.pk).get()
    text(browser.get(f"{PAY}/ordres/{second.pk}/payer"))
    assert browser.post(f"{PAY}/ordres/{second.pk}/payer", {"executed_on": "2027-03-01"}).status_code == 302
    assert fresh(second).state == OrderState.EXECUTED
    assert standing_money(project.dossier)["paid"] == 500
    page = text(browser.get(f"{PAY}/ordres"))
    assert second.number in page
    assert "Account closed." in page


def test_who_checked_does_not_pay(world, project, visit):
    certificate = project.certified("1000")
    world.give(world.officer, "paying_officer")
    browser = proved(visit(world.officer))
    assert "another paying officer" in text(browser.post(f"{PAY}/certificats/{certificate.pk}"))
    assert not PaymentOrder.objects.exists()


def test_the_grant_is_settled_and_what_was_not_spent_returns(world, project, visit):
    certificate, browser = project.certified("1000"), visit(world.payer)
    service = project.service()

    services.confirm_service(service=service, by=world.officer)
    verification.verify_service_fact(dossier=project.dossier, by=world.officer)
    url = f"{PAY}/dossiers/{project.dossier.reference}/solder"
    assert url not in text(browser.get(PAY))
    assert "not paid yet" in text(browser.get(url))
    text(browser.post(url))
    assert fresh(project.dossier).state == State.SERVICE_FACT_VERIFIED
    project.paid(certificate)
    assert url in text(browser.get(PAY))
    assert browser.post(url).status_code == 302
    assert fresh(project.dossier).state == State.PAID
    assert standing_money(project.dossier) == {"left": Decimal("99500.00"), "paid": Decimal("500.00")}


def test_the_whole_account_is_shown_after_signing_in_again_and_journalled(world, project, visit):
    browser = visit(world.payer)
    url = f"{PAY}/dossiers/{project.dossier.reference}/compte"
    assert url in text(browser.get(f"/en/instruction/dossiers/{project.dossier.reference}/volet/money"))
    assert "reauthenticate" in browser.post(url).url
    page = text(proved(browser).post(url))
    assert IBAN in page.replace(" ", "")
    assert acts(project.dossier)[-1] == "bank.revealed"
    assert AccessLog.objects.get().what == "bank.revealed"
    assert visit(world.officer).post(url).status_code == 404


def test_money_that_came_back_is_recorded(world, project, visit):
    manager, browser = visit(world.manager), visit(world.payer)
    project.paid(project.certified("36209.96"))
    decision = world.decide()
    url = f"/en/instruction/dossiers/{project.dossier.reference}/resilier"
    text(manager.get(url))
    assert manager.post(url, {"decision": decision.pk, "reason": "Given up."}).status_code == 302
    assert fresh(project.dossier).state == State.CANCELLED
    recovery = project.dossier.recoveries.get()
    assert recovery.number in text(browser.get(PAY))
    place = f"{PAY}/reversements/{recovery.pk}"
    text(browser.get(place))
    assert browser.post(place, {"received_on": "2027-03-01"}).status_code == 302
    assert fresh(recovery).recorded_by == world.payer


@pytest.mark.parametrize("end", ["", "/ordres", "/certificats/{pk}", "/dossiers/{reference}/solder"])
def test_nobody_else_finds_the_page(world, project, visit, end):
    certificate = project.certified("1000")
    url = PAY + end.format(pk=certificate.pk, reference=project.dossier.reference)
    for person in (world.officer, world.auditor, world.manager, project.beneficiary):
        assert proved(visit(person)).get(url).status_code == 404
        assert proved(visit(person)).post(url).status_code in (404, 405)
    assert not PaymentOrder.objects.exists()
