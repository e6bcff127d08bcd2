"""Where the road to a decision bends: each scenario begins in a programme that runs, and goes on by pages alone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from grants.lifecycle import State
from grants.models import Dossier
from kit import clock
from programmes.rules.reference import reference_form
from selection.models import Outcome, Scorecard
from tests.browser.conftest import Window
from tests.journeys.applying import Mayor
from tests.journeys.outcome import all_is_well, dossiers, states
from tests.journeys.running import Administrator, Member
from tests.journeys.stage import Running

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_completion_that_comes_too_late_is_refused_until_the_officer_gives_more_time(
    running: Running, windows: list[Window]
) -> None:
    road = running.filed(running.stage.current, 0, -100)
    part, title = reference_form().sections[5], road.project.title
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
    town.attach("deliberation", running.papers("Délibération"))
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
