"""Where the road bends: each scenario begins in a programme that runs, and goes on by pages alone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from demo.delivery import Road
from grants.lifecycle import State
from grants.models import Dossier
from grants.queries import money
from grants.rules import form as questions
from kit import clock
from monitoring.models import Certificate, ClaimKind, ClaimState, PaymentOrder, Recovery, ServiceKind
from selection.models import Outcome, Scorecard
from tests.browser.conftest import Window
from tests.journeys.actor import OpenWindow
from tests.journeys.applying import Mayor
from tests.journeys.conftest import Calendar, Papers
from tests.journeys.running import Administrator, Member
from tests.journeys.stage import Running

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def running(open_window: OpenWindow, calendar: Calendar, papers: Papers) -> Running:
    return Running(open_window, calendar, papers)


def dossiers(*roads: Road) -> list[Dossier]:
    """The dossiers of some roads, as they stand now."""
    return [Dossier.objects.get(pk=road.it.pk) for road in roads]


def states(*roads: Road) -> list[str]:
    """Their states."""
    return [dossier.state for dossier in dossiers(*roads)]


def moved(road: Road) -> dict[str, Decimal]:
    """Where the grant of a road stands: the stages that hold money, in euros."""
    return {stage: amount for stage, amount in money.stages(road.it).items() if amount}


def all_is_well(windows: list[Window]) -> None:
    """Every record verifies, and no window saw an error."""
    for command in ("verify_journal", "verify_ledger", "verify_scores"):
        call_command(command, stdout=StringIO())  # exits at the first bad row
    assert [window.faults for window in windows] == [[] for _window in windows]


def test_a_completion_that_comes_too_late_is_refused_until_the_officer_gives_more_time(
    running: Running, windows: list[Window]
) -> None:
    road = running.filed(running.stage.current, 0, -100)
    part, title = questions.SUSTAINABILITY, road.project.title
    day = running.move(-95).date()
    officer, town, mayor = running.officer("en"), running.town_secretary(road), running.mayor(road, "en")
    officer.ask_completion(title, parts=[part.title], message="Qui met à jour ?", last_day=day + timedelta(days=10))
    town.answer_part(part, {"maintenance": "Chaque semaine, par la mairie."})

    running.move(-84)
    mayor.file()
    ended = "The time to complete the application ended on {instant}; ask the service for more time: {contact}."
    late = mayor.instant(running.stage.day(-84, hour=0))
    mayor.refused(mayor.words(ended, instant=late, contact="escalier@demo.example"))
    assert states(road) == [State.RETURNED]

    officer.give_more_time(title, clock.today() + timedelta(days=5))
    mayor.file()
    assert mayor.facts()["Version"] == "2"
    assert states(road) == [State.SUBMITTED]
    all_is_well(windows)


def test_a_partner_who_does_not_answer_blocks_the_filing_until_it_is_left_out(
    running: Running, windows: list[Window]
) -> None:
    road = running.drafted(running.stage.open, 0, -15)
    partner, neighbour = running.stage.towns[1].organisation, running.stage.towns[2]
    running.move(-10)
    town, mayor = running.town_secretary(road, "en"), running.mayor(road)
    town.invite_partner(partner.name, "Accueille deux bornes.")
    town.invite_partner(neighbour.organisation.name, "Forme les agents.")
    running.at_window(Mayor, neighbour.signatory, "en").join_project(road.project.title)
    mayor.file()
    waited = "{partner} has not confirmed its part yet; wait for its answer, or leave it out."
    mayor.refused(mayor.words(waited, partner=partner.name))
    assert states(road) == [State.DRAFT]

    town.leave_out(partner.name)
    mayor.file()
    assert mayor.facts()[mayor.words("Filed by")] == mayor.name
    assert states(road) == [State.SUBMITTED]
    kept = road.it.partners.values_list("organisation__name", "state")
    assert list(kept) == [(neighbour.organisation.name, "confirmed")]
    all_is_well(windows)


def test_a_project_on_the_reserve_list_takes_the_place_of_one_that_withdraws(
    running: Running, windows: list[Window]
) -> None:
    first, second = (running.scored(running.stage.current, town, -100, 16 - town) for town in (0, 1))
    meeting_day = running.move(-20)
    secretary, mayor = running.secretary("en"), running.mayor(first)
    secretary.plan_meeting(meeting_day.date(), "14:00", "Hôtel de Région")
    running.calendar.set(meeting_day + timedelta(hours=5))
    secretary.record_attendance(*(person.full_name for person in running.cast.members[:2]))
    secretary.record_decision(first.project.title, Outcome.SELECT.label, votes=2)
    reasons = "L’enveloppe de l’année va d’abord au premier."
    secretary.record_decision(second.project.title, Outcome.RESERVE.label, votes=2, reasons=reasons, rank=1)
    secretary.apply_decision(first.project.title)
    secretary.apply_decision(second.project.title)
    secretary.close_meeting()
    assert states(first, second) == [State.SELECTED, State.ON_RESERVE]

    running.move(-10)
    mayor.withdraw("Le conseil municipal y renonce.")
    secretary.apply_decision(second.project.title)
    assert states(first, second) == [State.WITHDRAWN, State.SELECTED]
    assert [dossier.granted for dossier in dossiers(first, second)] == [None, Decimal("9925.00")]
    all_is_well(windows)


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


def test_a_mayor_on_the_committee_reads_and_scores_nothing_of_their_own_project(
    running: Running, windows: list[Window]
) -> None:
    own, other = running.scored(running.stage.current, 0, -100), running.filed(running.stage.current, 1, -100)
    with running.stage.at(-90):
        other.waive_advice()
        other.advise()
    meeting_day = running.move(-40)
    mayor, manager, secretary = running.mayor(own), running.manager("en"), running.secretary("en")
    second = running.at_window(Administrator, running.administrators[1])
    manager.propose_role(mayor, "Committee member")
    assert second.confirm_every_role() == 1
    manager.open_committee("Comité de sélection")
    manager.appoint(mayor)
    member = Member.at(mayor)

    secretary.give_in_vain(other.project.title, member)
    secretary.refused("Committee member: This person is tied to an application of the call, and scores none of it.")
    member.home()
    member.menu("My session")
    assert member.reads("Nothing waits for you")
    closed = ("comites/dossiers/{}/noter", "comites/dossiers/{}/conflit", "instruction/dossiers/{}")
    assert [member.window.open("/fr/" + path.format(own.it.reference)) for path in closed] == [404, 404, 404]

    secretary.plan_meeting(meeting_day.date(), "14:00", "Hôtel de Région")
    running.calendar.set(meeting_day + timedelta(hours=5))
    secretary.record_attendance(mayor.name, *(person.full_name for person in running.cast.members[:2]))
    secretary.fill_decision(own.project.title, Outcome.SELECT.label, votes=3)
    secretary.refused("Votes for: More votes than members who may vote on this application (2).")
    secretary.record_decision(own.project.title, Outcome.SELECT.label, votes=2)
    secretary.apply_decision(own.project.title)
    assert states(own, other) == [State.SELECTED, State.ADVISED]
    cards = Scorecard.objects.order_by("pk").values_list("person", flat=True)
    assert list(cards) == [person.pk for person in running.cast.members[:2]]
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


@pytest.mark.parametrize("open_window", [{"scripts": False}], indirect=True)
def test_a_dossier_is_prepared_and_filed_without_scripts(running: Running, windows: list[Window]) -> None:
    stage = running.stage
    road = stage.road(stage.open, 0)
    today = running.move(-10).date()
    town, mayor = running.town_secretary(road), running.mayor(road, "en")
    town.start_dossier(stage.open.title_fr, road.project.title)
    town.answer_all(today + timedelta(days=120), today + timedelta(days=400))
    town.fill_budget(
        [("Portail", "Atelier", Decimal("20000.00")), ("Bornes", "", Decimal("8400.00"))], Decimal("14200")
    )
    town.attach("Deliberation", running.papers("Délibération"))
    mayor.file()
    assert mayor.facts()["Filed by"] == mayor.name
    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.requested, dossier.title) == (
        State.SUBMITTED,
        Decimal("14200.00"),
        road.project.title,
    )
    assert [window.page.evaluate("typeof window.htmx") for window in windows] == ["undefined", "undefined"]
    all_is_well(windows)
