"""One act on many dossiers: looked at first, done to each apart, reported with what was left out and why."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.actions import handling
from grants.lifecycle import State
from kit.errors import Busy
from records.models import JournalEntry
from tests.web.officer.test_dossiers import LIST
from tests.web.visits import text
from tests.world import acts, fresh, mails
from web.officer import bulk, listing

pytestmark = pytest.mark.usefixtures("staged_draft")

ASSIGN, RETURN = "/en/instruction/dossiers/lot/charge", "/en/instruction/dossiers/lot/completer"
REPORT = "/en/instruction/dossiers/lot/bilan"
ASKED = {"sections": ["budget"], "message": "Join the quotes.", "last_day": "2027-03-31"}


def said(*dossiers):
    return "\n".join(dossier.reference for dossier in dossiers)


def key(page):
    return re.search(r'name="one_time_key" value="([^"]+)"', page)[1]


def lines(page, title):
    """The references under one of the headings of a preview or a report."""
    part = re.search(rf'id="{title}-title".*?</table>', page, re.DOTALL)
    return re.findall(r'<th scope="row"[^>]*>(?:<a [^>]*>)?([^<]+)', part[0]) if part else []


def test_ticked_dossiers_are_looked_at_and_then_put_in_charge(world, visit):
    one, two, mine = world.dossier(), world.dossier(), world.dossier()
    handling.assign_officer(dossier=mine, officer=world.officer, by=world.officer)
    browser = visit(world.officer)
    page = text(browser.get(LIST))
    assert f'formaction="{ASSIGN}"' in page
    page = text(browser.post(ASSIGN, {"selection": "1", "pick": [one.reference, mine.reference]}))
    assert f"{one.reference}\n{mine.reference}</textarea>" in page
    filled = {"officer": world.officer.pk, "references": said(one, two, mine) + ", T9-9999"}
    page = text(browser.post(ASSIGN, {**filled, "step": "preview"}))
    assert (lines(page, "will"), lines(page, "out")) == (
        [one.reference, two.reference],
        [mine.reference, "T9-9999"],
    )
    assert "from nobody to Officer" in page
    assert "Officer is in charge of this dossier already." in page
    assert "There is no such dossier among those that you may open." in page
    assert fresh(one).officer is None
    answer = browser.post(ASSIGN, {**filled, "step": "confirm", "one_time_key": key(page)})
    assert answer.url.startswith(f"{REPORT}?act=")
    assert [fresh(item).officer for item in (one, two)] == [world.officer, world.officer]
    page = text(browser.get(answer.url))
    assert "2 dossiers done" in page
    assert (lines(page, "will"), lines(page, "out")) == ([one.reference, two.reference], [mine.reference, "T9-9999"])


def test_all_of_the_view_up_to_a_limit(world, visit, monkeypatch):
    one, two = world.dossier(), world.dossier()
    returned = world.dossier(State.RETURNED)
    browser = visit(world.officer)
    page = text(browser.post(f"{ASSIGN}?state=submitted", {"selection": "1", "all": "1"}))
    assert f"{said(one, two)}</textarea>" in page
    assert returned.reference not in page
    monkeypatch.setattr(listing, "MOST_PICKED", 1)
    answer = browser.post(f"{ASSIGN}?state=submitted", {"selection": "1", "all": "1"})
    assert (answer.status_code, answer.url) == (302, f"{LIST}?state=submitted")
    assert "2 dossiers are more than the 1 that one act takes" in text(browser.get(answer.url))
    assert browser.post(ASSIGN, {"selection": "1"}).url == LIST
    page = text(browser.post(ASSIGN, {"officer": world.officer.pk, "references": said(one, two), "step": "preview"}))
    assert "2 dossiers are more than the 1 that one act takes" in page


def test_completion_is_asked_of_each_and_the_others_are_told_why(world, visit):
    one, two, returned = world.dossier(), world.dossier(), world.dossier(State.RETURNED)
    tied = world.dossier()
    world.tie(world.officer, tied.applicant)
    browser = visit(world.officer)
    filled = {**ASKED, "references": said(one, two, returned, tied)}
    page = text(browser.post(RETURN, {**filled, "step": "preview"}))
    assert (lines(page, "will"), lines(page, "out")) == (
        [one.reference, two.reference],
        [returned.reference, tied.reference],
    )
    assert "due before 1 April 2027 at 0:00" in page
    assert 'type="hidden" name="sections" value="budget"' in page
    browser.post(RETURN, {**filled, "step": "confirm", "one_time_key": key(page)})
    assert [fresh(item).state for item in (one, two, tied)] == [State.RETURNED, State.RETURNED, State.SUBMITTED]
    assert [len(mails(item, "completion_asked")) for item in (one, two)] == [2, 2]
    assert one.completion_requests.get().message == "Join the quotes."


def test_the_answers_can_be_changed_and_must_be_whole(world, visit):
    dossier, browser = world.dossier(), visit(world.officer)
    page = text(browser.post(RETURN, {"references": said(dossier), "step": "preview"}))
    assert "Error:" in page
    late = {**ASKED, "last_day": "2027-02-28", "references": said(dossier), "step": "preview"}
    assert "Choose a date that is still to come." in text(browser.post(RETURN, late))
    page = text(browser.post(RETURN, {**ASKED, "references": said(dossier), "step": "change"}))
    assert "Join the quotes." in page
    assert "See what will happen" in page
    page = text(browser.post(RETURN, {**ASKED, "references": "T9-9999", "step": "preview"}))
    assert 'value="confirm"' not in page
    assert acts(dossier)[-1] == "dossier.submitted"


def test_one_that_is_busy_holds_no_other_up(world, visit, monkeypatch):
    one, two = world.dossier(), world.dossier()
    real = bulk.handling_acts.assign_officer

    def busy(*, dossier, **kwargs):
        if dossier.pk == one.pk:
            raise Busy
        return real(dossier=dossier, **kwargs)

    monkeypatch.setattr(bulk.handling_acts, "assign_officer", busy)
    browser = visit(world.manager)
    filled = {"officer": world.officer.pk, "references": said(one, two), "step": "confirm"}
    page = text(browser.get(browser.post(ASSIGN, filled).url))
    assert (lines(page, "will"), lines(page, "out")) == ([two.reference], [one.reference])
    assert "Someone else is changing the same thing" in page


def test_a_form_sent_twice_acts_once_and_leads_to_the_same_report(world, visit):
    dossier, browser = world.dossier(), visit(world.officer)
    filled = {"officer": world.officer.pk, "references": said(dossier), "step": "confirm", "one_time_key": "k" * 30}
    first, second = browser.post(ASSIGN, filled), browser.post(ASSIGN, filled)
    assert second.url == first.url
    assert JournalEntry.objects.filter(act="dossier.officer_assigned").count() == 1
    assert "1 dossier done" in text(browser.get(first.url))
    other = browser.post(ASSIGN, {**filled, "officer": world.other_officer.pk})
    assert other.status_code == 409
    assert fresh(dossier).officer == world.officer


def test_a_report_is_its_authors_and_the_last_five_are_kept(world, visit):
    dossier, browser = world.dossier(), visit(world.officer)
    filled = {"references": said(dossier), "step": "confirm"}
    people = [world.officer, world.other_officer] * 3
    urls = [
        browser.post(ASSIGN, {**filled, "officer": person.pk, "one_time_key": f"key-{number}" * 5}).url
        for number, person in enumerate(people)
    ]
    assert "There is no report of this act here" in text(browser.get(urls[0]))
    assert "1 dossier done" in text(browser.get(urls[-1]))
    assert "There is no report of this act here" in text(visit(world.other_officer).get(urls[-1]))


def test_a_bulk_act_is_offered_to_whoever_may_do_it(world, visit):
    dossier = world.dossier()
    for person, offered in {world.officer: (200, 200), world.manager: (200, 404), world.auditor: (404, 404)}.items():
        browser = visit(person)
        assert (browser.get(ASSIGN).status_code, browser.get(RETURN).status_code) == offered
        page = text(browser.get(LIST))
        assert tuple(200 if f'formaction="{url}"' in page else 404 for url in (ASSIGN, RETURN)) == offered
    assert visit(world.signatory(dossier)).get(REPORT).status_code == 404


def test_a_preview_takes_the_same_queries_for_few_and_for_many(world, visit):
    some = [world.dossier() for _ in range(6)]
    browser = visit(world.officer)

    def queries(*dossiers):
        with CaptureQueriesContext(connection) as seen:
            filled = {"officer": world.officer.pk, "references": said(*dossiers), "step": "preview"}
            assert lines(text(browser.post(ASSIGN, filled)), "will") == [item.reference for item in dossiers]
        return len(seen)

    queries(some[0])
    assert queries(*some) == queries(*some[:2])
