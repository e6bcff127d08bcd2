"""Calls and funded projects, as everybody reads them."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import reverse

from grants.lifecycle import State
from kit import clock
from tests.staging import stage
from tests.web.visits import text
from tests.world import CLOSES, OPENS, PASSWORD, START, World


def test_the_list_tells_open_announced_and_closed_calls(world, visit):
    call = world.call()
    page = text(visit().get("/en/appels"))
    assert f"/en/appels/{call.slug}" in page
    assert "up to 50%" in page
    with clock.at(CLOSES + timedelta(days=1)):
        page = text(visit().get("/en/appels"))
        assert "No call is open" in page
        assert f"/en/appels/{call.slug}" in page


def test_the_call_tells_its_dates_its_rule_and_how_to_begin(world, visit):
    call = world.call()
    page = text(visit().get(f"/en/appels/{call.slug}"))
    assert "Sign in to apply" in page
    assert f"/login/?next=/en/appels/{call.slug}" in page
    assert "31 May 2027" in page
    town = world.town()
    assert "Prepare an application" in text(visit(town.editor).get(f"/en/appels/{call.slug}"))
    assert "Register an organisation" in text(visit(world.person()).get(f"/en/appels/{call.slug}"))
    assert f"/en/pilotage/appels/{call.slug}" in text(visit(world.manager).get(f"/en/appels/{call.slug}"))
    with clock.at(OPENS - timedelta(days=1)):
        assert "Opens soon" in text(visit().get(f"/en/appels/{call.slug}"))
    with clock.at(CLOSES):
        page = text(visit().get(f"/en/appels/{call.slug}"))
        assert "nothing more can be filed" in page
        assert "btn-primary" not in page


def test_a_call_in_preparation_is_for_the_staff_of_its_programme(world, visit):
    call = world.prepared_call(world.envelope())
    assert visit().get(f"/en/appels/{call.slug}").status_code == 404
    assert visit(world.person()).get(f"/en/appels/{call.slug}").status_code == 404
    assert "In preparation" in text(visit(world.manager).get(f"/en/appels/{call.slug}"))


def test_the_closing_is_a_calendar_file(world, visit):
    call = world.call()
    answer = visit().get(f"/en/appels/{call.slug}/echeance.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    lines = answer.content.decode().split("\r\n")
    assert "DTSTART:20270531T150000Z" in lines
    assert all(len(line.encode()) <= 75 for line in lines)


def test_a_project_is_public_from_its_agreement_on(world, visit):
    dossier = world.dossier()
    assert visit().get(f"/en/projets/{dossier.reference}").status_code == 404
    assert "No project is funded yet" in text(visit().get("/en/projets"))
    world.sign(dossier)
    page = text(visit().get("/en/projets"))
    assert dossier.title in page
    assert "1 project<" in page
    sheet = text(visit().get(f"/en/projets/{dossier.reference}"))
    assert dossier.applicant.name in sheet
    assert world.signatory(dossier).full_name not in sheet
    assert "FR76" not in sheet


def test_filters_narrow_the_list_its_totals_and_its_files(world, visit):
    dossier = world.dossier(State.CONTRACTED)
    page = text(visit().get("/en/projets", {"q": "nothing-like-it"}))
    assert "No project matches these filters" in page
    assert 'href="/en/projets"' in page
    assert "0 projects" in page
    assert dossier.title in text(visit().get("/en/projets", {"q": dossier.applicant.name, "kind": "commune"}))
    wrong = visit().get("/en/projets", {"kind": "no-kind"})
    assert dossier.title not in text(wrong)
    rows = json.loads(b"".join(visit().get("/en/donnees/projets.json", {"q": "nothing-like-it"}).streaming_content))
    assert rows == []


def test_open_data_hold_the_public_columns_and_no_other(world, visit):
    dossier = world.dossier(State.CONTRACTED)
    body = b"".join(visit().get("/en/donnees/projets.csv").streaming_content).decode()
    (row,) = csv.DictReader(io.StringIO(body))
    (same,) = json.loads(b"".join(visit().get("/en/donnees/projets.json").streaming_content))
    assert row == {name: value or "" for name, value in same.items()}
    assert row["reference"] == dossier.reference
    assert row["granted"] == "18104.00"
    assert row["state"] == "contracted"
    assert row["contracted_on"] == "2027-03-01"
    page = text(visit().get("/en/donnees"))
    assert all(f"<code>{name}</code>" in page for name in row)


def test_a_title_is_no_formula_in_a_spreadsheet(world, visit):
    dossier = world.dossier(State.CONTRACTED)
    type(dossier).objects.filter(pk=dossier.pk).update(title="=1+1")
    body = b"".join(visit().get("/en/donnees/projets.csv").streaming_content).decode()
    assert "'=1+1" in body


def test_help_tells_whom_to_ask(world, visit):
    programme = world.call().programme
    page = text(visit().get("/en/aide"))
    assert (programme.contact_email in page) == bool(programme.contact_email)


def four() -> World:
    """Four open calls, four projects under agreement."""
    world = World()
    envelope = world.envelope()
    for _number in range(4):
        world.call(envelope)
        world.dossier(State.CONTRACTED)
    return world


staged_four = stage("four", four, start=START)


@pytest.mark.usefixtures("world", "staged_four")
@pytest.mark.parametrize("path", ["/en/", "/en/appels", "/en/projets", "/en/donnees"])
def test_public_pages_cost_the_same_for_many_rows(visit, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        text(visit().get(path))


def test_whoever_signs_up_from_a_call_comes_back_to_it_and_is_led_to_an_organisation(world, client):
    page = reverse("public:call", args=[world.any_call.slug])
    fields = {"full_name": "Anne Martin", "email": "anne@example.org", "password1": PASSWORD, "password2": PASSWORD}
    with override_settings(ACCOUNT_EMAIL_VERIFICATION="none"):
        sent = client.post(f"{reverse('account_signup')}?next={page}", {**fields, "next": page})
    assert (sent.status_code, sent["Location"]) == (302, page)
    assert reverse("staff:register_organisation") in client.get(page).content.decode()
