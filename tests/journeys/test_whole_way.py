"""From an empty database to the report on a year of use: every step by its own account, on its own page."""

from __future__ import annotations

import sys
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from grants.lifecycle import State
from grants.models import Dossier
from grants.queries import money
from kit import clock
from monitoring.models import ClaimKind, PaymentOrder, ServiceKind
from programmes.models import Envelope
from programmes.rules.reference import reference_form
from selection.models import Outcome
from tests.browser.conftest import Window
from tests.journeys.actor import PASSWORD, Name, OpenWindow, siret
from tests.journeys.applying import PHONE, Mayor, TownSecretary
from tests.journeys.conftest import Calendar, Papers
from tests.journeys.instructing import Officer
from tests.journeys.running import Administrator, Adviser, Manager, Member, Payer, Secretary

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PROGRAMME = "ESCALIER-1"
ACTION = "1.1 Projets innovants"
CALL = "Services numériques de proximité"
TOWN = "Commune de Montcalm"
PROJECT = "Portail des démarches"
SERVICE = "Portail de Montcalm"
GRANT = Decimal("14200.00")
ENVELOPE = Decimal("300000.00")


class People:
    """Everybody of the journey; half of them read French, half English, and the town is on the telephone."""

    def __init__(self, open_window: OpenWindow, papers: Papers) -> None:
        self.open_window, self.papers = open_window, papers
        self.first = self.of(Administrator, "first", "Odile Garrigues", "en")
        self.second = self.of(Administrator, "second", "Yves Castan", "fr")
        self.manager = self.of(Manager, "manager", "Claire Delmas", "en")
        self.secretary = self.of(Secretary, "secretary", "Nadia Ferran", "fr")
        self.officer = self.of(Officer, "officer", "Hugo Bastide", "fr")
        self.other_officer = self.of(Officer, "officer.2", "Lucie Vidal", "en")
        self.payer = self.of(Payer, "payer", "Marc Soulié", "fr")
        self.adviser = self.of(Adviser, "adviser", "Inès Carrère", "en")
        self.members = [
            self.of(Member, "member.1", "Paul Lacaze", "fr"),
            self.of(Member, "member.2", "Sophie Marty", "en"),
        ]
        self.town = self.of(TownSecretary, "town.hall", "Martine Fabre", "fr", PHONE)
        self.mayor = self.of(Mayor, "mayor", "Bernard Puech", "en", PHONE)
        self.manager.programme = PROGRAMME
        self.mayor.title = PROJECT

    def of(self, role: Any, address: str, name: str, language: str, width: int = 1280) -> Any:
        """One person at a window of their own."""
        return role(self.open_window, Name(f"{address}@example.org", name), language=language, width=width)


def install(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one step from a terminal: two administrators, since a role is proposed by one and confirmed by another."""
    for who in (people.first, people.second):
        monkeypatch.setattr(sys, "stdin", StringIO(PASSWORD + "\n"))
        given = {"name": who.name, "language": who.language, "password_stdin": True}
        call_command("create_administrator", who.email, stdout=StringIO(), **given)
        who.sign_in()


def appoint(people: People) -> None:
    """Programme, manager, and those whom the manager proposes."""
    today = clock.today()
    people.first.open_programme(PROGRAMME, "Escalier", today, today + timedelta(days=1500))
    people.first.propose_manager(people.manager, PROGRAMME)
    assert people.second.confirm_every_role() == 1
    people.manager.start()
    roles = [
        (people.secretary, "Committee secretary"),
        (people.officer, "Instructing officer"),
        (people.other_officer, "Instructing officer"),
        (people.payer, "Paying officer"),
        (people.adviser, "Adviser"),
        *((member, "Committee member") for member in people.members),
    ]
    for who, role in roles:
        people.manager.propose_role(who, role)
    assert people.second.confirm_every_role() == len(roles)
    for who, _role in roles:
        who.start()


def set_up(people: People) -> None:
    """Action, decision, envelope, rule, committee, contract of advice, call with its grid."""
    manager, today = people.manager, clock.today()
    manager.add_action("1.1", "Projets innovants")
    manager.record_decision(
        "COPIL-01", "Steering committee", "Adoption du programme, de son enveloppe et de sa grille."
    )
    manager.open_envelope(ACTION, ENVELOPE)
    manager.set_rule(ACTION, rate=Decimal(50), ceiling=Decimal("40000.00"), floor=Decimal("1000.00"))
    manager.create_committee("Comité de sélection", quorum=2)
    for member in people.members:
        manager.appoint(member)
    manager.enter_contract("Cabinet Escabeau", days=60, price=Decimal("690.00"), ends_on=today + timedelta(days=1000))
    opens_on, closes_on = today + timedelta(days=1), today + timedelta(days=40)
    manager.prepare_call(ACTION, slug="proximite", prefix="ESC-A", title=CALL, opens_on=opens_on, closes_on=closes_on)
    manager.publish_call()


def apply(people: People, calendar: Calendar) -> None:
    """The town signs up, its mayor receives the mandate; the dossier is prepared by one and filed by the other."""
    today = calendar.move(2)
    people.town.sign_up()
    people.town.register_organisation(TOWN, siret(1), "Montcalm")
    people.mayor.sign_up()
    people.mayor.request_mandate(siret(1), "Mayor", people.papers("Procès-verbal d’élection"))
    people.manager.confirm_mandate(people.mayor)
    people.town.start_dossier(CALL, PROJECT)
    people.town.answer_all(today + timedelta(days=120), today + timedelta(days=400))
    costs = [("Portail", "Atelier", Decimal("20000.00")), ("Bornes", "Atelier", Decimal("8400.00"))]
    people.town.fill_budget(costs, GRANT)
    people.town.attach("deliberation", people.papers("Délibération"))
    people.mayor.file()
    assert people.mayor.facts()["Filed by"] == "Bernard Puech"


def examine(people: People, calendar: Calendar) -> None:
    """A part is sent back and completed; two days of advice; the opinion."""
    today = calendar.move(10)
    part, missing = reference_form().sections[5], "Précisez qui met à jour les contenus."
    people.officer.ask_completion(PROJECT, parts=[part.title], message=missing, last_day=today + timedelta(days=20))
    calendar.move(15)
    people.town.answer_part(part, {"maintenance": "Chaque semaine, par la mairie."})
    people.mayor.file()
    assert people.mayor.facts()["Version"] == "2"
    people.officer.open_mission(PROJECT, people.adviser, "2", "Cadrer le besoin et le calendrier.")
    today = calendar.move(20)
    people.adviser.log_days(TOWN, today - timedelta(days=2), days=2)
    people.adviser.file_report(TOWN, "Le besoin est clair, le calendrier tenable.")
    people.mayor.countersign()
    people.officer.close_mission(PROJECT)
    calendar.move(45)
    people.officer.advise(PROJECT, "Projet utile et réaliste.")


def select(people: People, calendar: Calendar) -> None:
    """Members answer the conflict question and score; the meeting decides, and the decision takes effect."""
    people.secretary.give_to(PROJECT, *people.members)
    for member, mark, total in zip(people.members, ("15", "12"), ("75", "60"), strict=True):
        member.answer_no_conflict(PROJECT)
        member.score(mark, total)
    people.secretary.plan_meeting(clock.today() + timedelta(days=10), "14:00", "Hôtel de Région")
    calendar.move(56)
    people.secretary.record_attendance(*(member.name for member in people.members))
    people.secretary.record_decision(PROJECT, Outcome.SELECT.label, votes=2)
    people.secretary.apply_decision(PROJECT)
    people.secretary.close_meeting()


def agree(people: People, calendar: Calendar) -> None:
    """The agreement is written, the account given, both parties sign."""
    today = calendar.move(60)
    ends_on, mention = today + timedelta(days=300), "Mentionner l’Union européenne"
    people.officer.write_agreement(PROJECT, number="CONV-1", starts_on=today, ends_on=ends_on, condition=mention)
    calendar.move(61)
    people.mayor.give_account("FR7630006000011234567890189", TOWN)
    people.mayor.sign_agreement()
    people.manager.sign_agreement(PROJECT)


def advance(people: People, calendar: Calendar) -> None:
    """An advance, certified by two officers, ordered and paid."""
    calendar.move(70)
    people.town.claim(ClaimKind.ADVANCE.label)
    people.mayor.file_claim(ClaimKind.ADVANCE.label)
    people.officer.issue_certificate(TOWN)
    people.other_officer.approve_certificate(TOWN)
    people.payer.order_payment(TOWN)
    people.payer.record_payment(calendar.move(72))


def balance(people: People, calendar: Calendar) -> None:
    """Invoices, their check, the service in operation, the balance."""
    today = calendar.move(300)
    people.town.record_service(SERVICE, ServiceKind.SITE.label, today - timedelta(days=10))
    people.town.claim(ClaimKind.FINAL.label)
    for number, amount in (("F-1", Decimal("20000.00")), ("F-2", Decimal("8400.00"))):
        people.town.add_invoice(number, amount, today - timedelta(days=30), people.papers(f"Facture {number}"))
    people.mayor.file_claim(ClaimKind.FINAL.label)
    people.officer.check_claim(TOWN)
    people.officer.issue_certificate(TOWN, "Portail consulté en ligne, bornes vues sur place.")
    people.other_officer.approve_certificate(TOWN)
    people.officer.confirm_service(PROJECT)
    people.officer.meet_condition(PROJECT, "Mention vue en bas de page.")
    people.officer.verify_service_fact(PROJECT)
    people.payer.order_payment(TOWN)
    people.payer.record_payment(today)
    people.payer.settle(PROJECT)


def a_year_later(people: People, calendar: Calendar) -> None:
    """The report on a year of use, and the end."""
    calendar.move(300 - 10 + 366)
    people.town.report_on(SERVICE, visits=12_000, users=340, comment="Moins de déplacements.")
    people.officer.accept_report(TOWN)
    people.manager.close_dossier(PROJECT)


def test_a_programme_is_run_from_an_empty_database_to_a_year_of_use_on_pages_alone(
    open_window: OpenWindow,
    windows: list[Window],
    calendar: Calendar,
    papers: Papers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = People(open_window, papers)
    install(people, monkeypatch)
    appoint(people)
    set_up(people)
    for chapter in (apply, examine, select, agree, advance, balance, a_year_later):
        chapter(people, calendar)

    dossier = Dossier.objects.get()
    assert (dossier.reference, dossier.title, dossier.state) == ("ESC-A-0001", PROJECT, State.CLOSED)
    assert (dossier.granted, dossier.eligible) == (GRANT, Decimal("28400.00"))
    orders = PaymentOrder.objects.order_by("pk").values_list("amount", "state")
    assert list(orders) == [(Decimal("4260.00"), "executed"), (Decimal("9940.00"), "executed")]
    assert {stage: amount for stage, amount in money.stages(dossier).items() if amount} == {"paid": GRANT}
    assert Envelope.objects.get().account.balance == ENVELOPE - GRANT
    for command in ("verify_journal", "verify_ledger", "verify_scores"):
        call_command(command, stdout=StringIO())  # exits at the first bad row
    assert [window.faults for window in windows] == [[] for _window in windows]
