"""A call from the manager's desk: prepared, its grid written and approved, published, its deadline moved."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kit import clock
from programmes.models import Call
from records.models import OutboxMail
from tests.web.visits import text
from tests.world import CLOSES, OPENS, fresh, last_entry

GIVEN = {
    "title_fr": "Appel 2027",
    "presentation_fr": "Ce que l’appel finance.",
    "slug": "appel-2027",
    "reference_prefix": "APP-2027",
    "opens_day": "2027-04-01",
    "opens_hour": "09:00",
    "closes_day": "2027-06-30",
    "closes_hour": "17:00",
    "needs_advice": "on",
    "scorecards_needed": "3",
    "appeal_days": "60",
    "contest_days": "30",
}


def at(call, end=""):
    return f"/en/pilotage/appels/{call.slug}{end}"


def criteria(*rows, initial=0):
    found = {"criteria-TOTAL_FORMS": len(rows), "criteria-INITIAL_FORMS": initial}
    for place, row in enumerate(rows):
        base = {"group": "innovation", "weight": "5", "minimum": "0", "maximum": "20", "step": "0,5", **row}
        found |= {f"criteria-{place}-{name}": value for name, value in base.items()}
    return found


def test_a_call_is_prepared_with_its_hours_in_paris(world, visit):
    envelope, browser = world.envelope(), visit(world.manager)
    url = f"/en/pilotage/actions/{world.measure.pk}/appels/nouveau"
    text(browser.get(url))
    assert browser.post(url, {**GIVEN, "envelope": envelope.pk}).status_code == 302
    made = Call.objects.get(slug="appel-2027")
    assert (made.state, made.envelope, made.scorecards_needed) == ("prepared", envelope, 3)
    assert made.opens_at == datetime(2027, 4, 1, 7, tzinfo=UTC)
    assert made.closes_at == datetime(2027, 6, 30, 15, tzinfo=UTC)
    assert (made.needs_advice, made.allows_partial_awards) == (True, False)
    page = text(browser.get(at(made)))
    assert "Still missing" in page
    assert "btn-primary" not in page


@pytest.mark.usefixtures("bare")
def test_an_hour_that_the_clocks_skip_or_repeat_is_refused(world, visit):
    envelope, browser = world.envelope(), visit(world.manager)
    url = f"/en/pilotage/actions/{world.measure.pk}/appels/nouveau"
    for day in ("2027-03-28", "2027-10-31"):
        given = {**GIVEN, "envelope": envelope.pk, "closes_day": day, "closes_hour": "02:30"}
        assert 'href="#id_closes_hour"' in text(browser.post(url, given))
    assert not Call.objects.exists()


@pytest.mark.usefixtures("bare")
def test_a_call_needs_an_envelope(world, visit):
    page = text(visit(world.manager).get(f"/en/pilotage/actions/{world.measure.pk}/appels/nouveau"))
    assert "has no envelope" in page


def test_everything_of_a_call_in_preparation_may_change(world, visit):
    call, browser = world.prepared_call(), visit(world.manager)
    assert f'value="{call.slug}"' in text(browser.get(at(call, "/modifier")))
    answer = browser.post(at(call, "/modifier"), GIVEN)
    assert answer["Location"] == "/en/pilotage/appels/appel-2027"
    call = fresh(call)
    assert (call.slug, call.reference_prefix, call.title_fr) == ("appel-2027", "APP-2027", "Appel 2027")


def test_the_days_of_its_reminders_are_named(world, visit):
    call, browser = world.prepared_call(), visit(world.manager)
    assert 'value="7, 1"' in text(browser.get(at(call, "/modifier")))
    for typed in ("soon", "90", "6 5 4 3 2 1"):
        assert 'href="#id_reminder_days"' in text(
            browser.post(at(call, "/modifier"), {**GIVEN, "reminder_days": typed})
        )
    assert fresh(call).reminder_days == [7, 1]
    assert browser.post(at(call, "/modifier"), {**GIVEN, "reminder_days": "2, 30 2"}).status_code == 302
    assert fresh(call).reminder_days == [30, 2]
    assert "30, 2" in text(browser.get(at(fresh(call))))


def test_the_texts_alone_change_once_published_and_with_a_reason_once_open(world, visit):
    call, browser = world.call(), visit(world.manager)
    page = text(browser.get(at(call, "/modifier")))
    assert 'name="slug"' not in page
    given = {"title_fr": "Autre titre", "presentation_fr": "Autre texte.", "slug": "other"}
    assert 'href="#id_reason"' in text(browser.post(at(call, "/modifier"), given))
    assert fresh(call).title_fr == call.title_fr
    assert browser.post(at(call, "/modifier"), {**given, "reason": "An error."}).status_code == 302
    assert (fresh(call).title_fr, fresh(call).slug) == ("Autre titre", call.slug)
    assert last_entry(call).reason == "An error."


def test_a_grid_is_written_then_approved_then_the_call_is_published(world, visit):
    envelope, browser = world.envelope(), visit(world.manager)
    browser.post(f"/en/pilotage/actions/{world.measure.pk}/appels/nouveau", {**GIVEN, "envelope": envelope.pk})
    call = Call.objects.get(slug="appel-2027")
    assert 'value="technical"' in text(browser.get(at(call, "/grille")))
    rows = (
        {"code": "approach", "label_fr": "Démarche"},
        {"code": "human", "label_fr": "Moyens", "group": "feasibility"},
    )
    assert browser.post(at(call, "/grille"), criteria(*rows)).status_code == 302
    kept = call.grid.criteria.order_by("position").values_list("code", "group", "weight", "step")
    assert list(kept) == [
        ("approach", "innovation", Decimal(5), Decimal("0.5")),
        ("human", "feasibility", Decimal(5), Decimal("0.5")),
    ]
    text(browser.post(at(call, "/publier")))
    assert fresh(call).state == "prepared"
    assert browser.post(at(call, "/grille/approuver"), {"decision": world.steering.pk}).status_code == 302
    assert fresh(call.grid).decision == world.steering
    page = text(browser.get(at(call)))
    assert "Nothing is missing" in page
    text(browser.get(at(call, "/publier")))
    assert browser.post(at(call, "/publier")).status_code == 302
    assert fresh(call).state == "published"
    assert "Appel 2027" in text(visit().get("/en/appels/appel-2027"))


def test_a_criterion_is_added_without_script_and_nothing_is_written(world, visit):
    call, browser = world.prepared_call(), visit(world.manager)
    before = list(call.grid.criteria.values_list("code", flat=True))
    rows = ({"code": "approach", "label_fr": "Démarche"},)
    page = text(browser.post(at(call, "/grille"), {**criteria(*rows), "add_line": "criteria"}))
    assert 'name="criteria-1-code"' in page
    assert list(call.grid.criteria.values_list("code", flat=True)) == before


def test_a_grid_that_cannot_be_says_why_and_is_not_written(world, visit):
    call, browser = world.prepared_call(), visit(world.manager)
    before = list(call.grid.criteria.values_list("code", flat=True))
    twice = ({"code": "a", "label_fr": "A"}, {"code": "a", "label_fr": "B"})
    assert "Two criteria have the same code" in text(browser.post(at(call, "/grille"), criteria(*twice)))
    low = {"code": "a", "label_fr": "A", "maximum": "0"}
    assert "Error:" in text(browser.post(at(call, "/grille"), criteria(low)))
    assert list(call.grid.criteria.values_list("code", flat=True)) == before


def test_the_last_hour_moves_and_drafts_are_told(world, visit):
    dossier = world.draft()
    call, browser = dossier.call, visit(world.manager)
    later = {"closes_day": "2027-06-15", "closes_hour": "12:00"}
    assert 'href="#id_reason"' in text(browser.post(at(call, "/echeance"), later))
    assert browser.post(at(call, "/echeance"), {**later, "reason": "Strike."}).status_code == 302
    assert fresh(call).closes_at == datetime(2027, 6, 15, 10, tzinfo=UTC)
    told = OutboxMail.objects.filter(kind="deadline_changed")
    assert told.filter(recipient=world.editor(dossier).email).exists()
    past = {"closes_day": "2027-02-02", "closes_hour": "12:00", "reason": "No."}
    assert 'href="#id_closes' in text(browser.post(at(call, "/echeance"), past)) or "still to come" in text(
        browser.post(at(call, "/echeance"), past)
    )
    assert fresh(call).closes_at == datetime(2027, 6, 15, 10, tzinfo=UTC)


def test_the_page_of_the_call_tells_where_it_is(world, visit):
    call, browser = world.call(), visit(world.manager)
    assert "Move the last hour" in text(browser.get(at(call)))
    with clock.at(CLOSES + timedelta(days=1)):
        page = text(browser.get(at(call)))
        assert "Closed" in page
        assert "Move the last hour" not in page
    with clock.at(OPENS - timedelta(days=1)):
        assert "Opens soon" in text(browser.get(at(call)))


@pytest.mark.parametrize("end", ["", "/modifier", "/publier", "/echeance", "/grille", "/grille/approuver"])
def test_nobody_else_finds_the_call(world, visit, end):
    call = world.prepared_call()
    for person in (world.officer, world.secretary, world.auditor, world.administrator, world.town().signatory):
        assert visit(person).get(at(call, end)).status_code == 404
        assert visit(person).post(at(call, end), GIVEN).status_code in (404, 405)
    assert fresh(call).state == "prepared"
    assert "/account/login/" in visit().get(at(call, end))["Location"]
