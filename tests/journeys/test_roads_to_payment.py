"""Where the road to payment bends: each scenario begins in a programme that runs, and goes on by pages alone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from grants.lifecycle import State
from kit import clock
from monitoring.models import Certificate, ClaimKind, ClaimState, PaymentOrder, Recovery, ServiceKind
from tests.browser.conftest import Window
from tests.journeys.outcome import all_is_well, moved, states
from tests.journeys.stage import Running

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_rejected_invoice_is_contested_checked_again_and_paid(running: Running, windows: list[Window]) -> None:
    road = running.contracted(0)
    town_name, title = road.organisation.name, road.project.title
    today = running.move(-300).date()
    town, mayor = running.town_secretary(road), running.mayor(road, "en")
    officer, other, payer = running.officer("en"), running.other_officer(), running.payer()
    town.record_service("Portail", ServiceKind.SITE.label, today - timedelta(days=10))
    officer.confirm_service(title)
    town.claim(ClaimKind.FINAL.label)
    for number, amount in (("F-1", Decimal("20000.00")), ("F-2", Decimal("8400.00"))):
        town.add_invoice(number, amount, today - timedelta(days=30), running.papers(number))
    mayor.file_claim(ClaimKind.FINAL.label)
    officer.check_claim(town_name, {"F-2": (Decimal("0.00"), "La preuve de paiement manque.")})
    officer.issue_certificate(town_name, "Portail consulté en ligne.")
    other.approve_certificate(town_name)

    running.move(-290)
    mayor.contest(ClaimKind.FINAL.label, "F-2 est payée : le relevé est au dossier.")
    officer.check_claim(town_name, {"F-2": (Decimal("8000.00"), "400 euros d’abonnement ne sont pas éligibles.")})
    officer.issue_certificate(town_name, "Portail consulté en ligne.")
    other.approve_certificate(town_name)
    officer.meet_condition(title, "Mention vue.")
    officer.verify_service_fact(title)
    payer.order_payment(town_name)
    payer.record_payment(clock.today())
    payer.settle(title)
    certificates = Certificate.objects.order_by("pk").values_list("version", "verified", "due")
    assert list(certificates) == [
        (1, Decimal("20000.00"), Decimal("10000.00")),
        (2, Decimal("28000.00"), Decimal("14000.00")),
    ]
    assert list(PaymentOrder.objects.values_list("amount", "state")) == [(Decimal("14000.00"), "executed")]
    assert (states(road), moved(road)) == ([State.PAID], {"paid": Decimal("14000.00")})
    all_is_well(windows)


def test_an_agreement_that_ends_after_an_advance_gives_the_advance_back(
    running: Running, windows: list[Window]
) -> None:
    road = running.contracted(0)
    with running.stage.at(-650):
        certificate = road.certify(road.claim(ClaimKind.ADVANCE, [], running.stage.day(-650).date()))
        road.execute(road.order(certificate), running.stage.day(-650).date())
    running.move(-600)
    manager, payer = running.manager("en"), running.payer()
    manager.record_decision("COPIL-02", "Steering committee", "Fin anticipée de la convention.")
    manager.end_agreement(road.project.title, "COPIL-02", "La commune ne peut plus mener le projet.")
    running.move(-590)
    payer.record_money_back(road.organisation.name, clock.today())
    received = list(Recovery.objects.values_list("amount", "received_on"))
    assert received == [(Decimal("4260.00"), clock.today())]
    assert (states(road), moved(road)) == ([State.CANCELLED], {})
    envelope = running.stage.envelope
    envelope.account.refresh_from_db()
    assert envelope.account.balance == envelope.amount
    all_is_well(windows)


def test_a_service_of_one_officer_is_told_who_approves_instead(running: Running, windows: list[Window]) -> None:
    road = running.contracted(0)
    day = running.stage.day(-600).date()
    with running.stage.at(-600):
        claim = road.claim(ClaimKind.INTERIM, [Decimal("10000.00")], day)
    running.move(-590)
    manager, officer = running.manager("en"), running.officer("en")
    manager.end_role(running.cast.other_officer.full_name, "Muté à la trésorerie.")
    officer.check_claim(road.organisation.name)
    officer.issue_certificate(road.organisation.name, "Facture lue.")
    officer.follow(f"{road.it.reference} n° 1 v1")
    alone = "You issued this certificate, so another person approves it."
    assert (officer.reads(alone), officer.facts()["Who may approve it"]) == (True, running.cast.manager.full_name)
    officer.press("Approve")
    officer.refused(alone)
    manager.approve_certificate(road.organisation.name)
    claim.refresh_from_db()
    assert claim.state == ClaimState.CERTIFIED
    [certificate] = Certificate.objects.all()
    people = (certificate.issued_by, certificate.approved_by)
    assert people == (running.cast.officer, running.cast.manager)
    all_is_well(windows)
