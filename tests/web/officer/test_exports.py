"""The list as a file: exactly what the filter shows, for exactly who may see it, and logged."""

import csv
import io
import zipfile

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.actions import handling
from grants.lifecycle import State
from records.models import AccessLog
from tests.web.officer.test_dossiers import LIST
from tests.web.visits import sent, text

pytestmark = pytest.mark.usefixtures("staged_draft")

EXPORT = "/en/instruction/dossiers/lot/export"


def exported(browser, query="", **body):
    answer = browser.post(EXPORT + query, {"format": "csv", **body})
    return list(csv.reader(io.StringIO(sent(answer).decode(), newline="")))


def references(rows):
    return [row[0] for row in rows[1:]]


def test_the_file_says_what_the_list_shows(world, visit):
    dossier = world.dossier(town=world.town("Catus"))
    handling.assign_officer(dossier=dossier, officer=world.officer, by=world.officer)
    rows = exported(visit(world.officer))
    assert rows == [
        [
            *("Dossier", "Applicant", "Title of the project", "Département", "Step", "State", "Officer in charge"),
            *("Eligible", "Requested", "Filed"),
        ],
        [
            *(dossier.reference, "Catus", "Digital welcome", "46", "1", "Submitted", "Officer"),
            *("36209.96", "18104.00", "2027-03-01"),
        ],
    ]


def test_filter_columns_and_order_are_those_of_the_list(world, visit):
    small, large = world.dossier(eligible="10000", requested="5000"), world.dossier()
    world.dossier(State.RETURNED)
    rows = exported(visit(world.officer), "?state=submitted&columns=requested,waiting&sort=requested")
    assert rows == [
        ["Dossier", "Requested", "Days since filed"],
        [small.reference, "5000.00", "0"],
        [large.reference, "18104.00", "0"],
    ]


def test_ticked_rows_alone_and_never_anothers(world, visit):
    one, two, draft = world.dossier(), world.dossier(), world.dossier(State.DRAFT)
    browser = visit(world.officer)
    picked = {"selection": "1", "pick": [two.reference, draft.reference, "T9-9999"]}
    assert references(exported(browser, **picked)) == [two.reference]
    assert references(exported(browser, **picked, all="1")) == [two.reference, one.reference]
    answer = browser.post(f"{EXPORT}?state=submitted", {"selection": "1"})
    assert (answer.status_code, answer.url) == (302, f"{LIST}?state=submitted")
    assert "Tick at least one dossier." in text(browser.get(answer.url))
    assert references(exported(visit(world.payer))) == []
    world.tie(world.officer, one.applicant)
    assert references(exported(visit(world.officer))) == [two.reference]


def test_every_format_is_sent_as_a_file_and_logged(world, visit):
    world.dossier()
    browser = visit(world.officer)
    for name in ("csv", "xlsx", "ods"):
        answer = browser.post(f"{EXPORT}?state=submitted", {"format": name})
        assert answer["Content-Disposition"] == f'attachment; filename="dossiers-2027-03-01.{name}"'
        content = sent(answer)
        assert (name == "csv") != zipfile.is_zipfile(io.BytesIO(content))
    logged = AccessLog.objects.order_by("pk")
    assert [(row.actor_id, row.what, row.subject) for row in logged] == [
        (world.officer.actor_id, "dossiers.exported", f"{name}, 1: state=submitted") for name in ("CSV", "XLSX", "ODS")
    ]
    assert browser.post(EXPORT, {"format": "exe"}).status_code == 302


def test_only_the_staff_exports_and_only_by_post(world, visit):
    dossier = world.dossier()
    assert visit(world.signatory(dossier)).post(EXPORT).status_code == 404
    assert visit(None).post(EXPORT).status_code == 302
    assert visit(world.officer).get(EXPORT).status_code == 405


def test_one_export_at_a_time_for_each_person(world, visit):
    dossier = world.dossier()
    cache.add(f"export:{world.officer.pk}", True, timeout=60)
    browser = visit(world.officer)
    answer = browser.post(EXPORT, {"format": "csv"})
    assert "An export of yours is still being written" in text(browser.get(answer.url))
    assert references(exported(visit(world.other_officer))) == [dossier.reference]
    cache.clear()
    assert references(exported(browser)) == references(exported(browser)) == [dossier.reference]


def test_the_queries_grow_with_the_chunks_and_not_with_the_rows(world, visit, monkeypatch):
    browser = visit(world.officer)
    monkeypatch.setattr("web.officer.exports.TOGETHER", 2)
    for _ in range(2):
        world.dossier()
    sent(browser.post(EXPORT))
    with CaptureQueriesContext(connection) as few:
        sent(browser.post(EXPORT))
    for _ in range(4):
        world.dossier()
    with CaptureQueriesContext(connection) as more:
        sent(browser.post(EXPORT))
    # Each further chunk of rows reads its calls and programmes: two queries for `TOGETHER` rows.
    assert len(more) - len(few) == 2 * 2
