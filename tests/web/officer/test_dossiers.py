"""The work list and the dossier's page: who sees what, and the same queries whatever the number of rows."""

import html
import re
from base64 import urlsafe_b64encode

from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.actions import handling
from grants.lifecycle import State
from records.models import AccessLog
from tests.web.visits import sent, text
from web.officer.columns import COLUMNS

LIST = "/en/instruction/dossiers"


def at(dossier, end=""):
    return f"{LIST}/{dossier.reference}{end}"


def test_the_list_shows_filed_dossiers_to_the_staff_alone(world, visit):
    filed, draft = world.dossier(), world.dossier(State.DRAFT)
    page = text(visit(world.officer).get(LIST))
    assert filed.reference in page
    assert draft.reference not in page
    assert visit(world.signatory(filed)).get(LIST).status_code == 404
    assert visit(None).get(LIST).status_code == 302


def test_the_list_is_narrowed_by_the_query_string(world, visit):
    catus, other = world.dossier(town=world.town("Catus")), world.dossier(State.RETURNED)
    browser = visit(world.officer)
    for query in ("?q=catus", "?state=submitted", f"?q={catus.reference}", f"?call={catus.call.slug}&q=Catus"):
        page = text(browser.get(LIST + query))
        assert (catus.reference in page, other.reference in page) == (True, False), query
    assert "No dossier matches these filters" in text(browser.get(LIST + "?q=nowhere"))
    assert "No dossier matches these filters" in text(browser.get(LIST + "?state=nonsense"))


def test_the_list_costs_the_same_whatever_its_length(world, visit):
    browser = visit(world.officer)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            text(browser.get(LIST))
        return len(seen)

    world.dossier()
    few = queries()
    for _ in range(4):
        world.dossier()
    assert queries() == few


def test_the_page_says_where_the_dossier_stands_and_what_is_missing(world, visit):
    dossier = world.dossier()
    page = text(visit(world.officer).get(at(dossier)))
    assert "Advice is not settled" in page
    assert at(dossier, "/completer") in page
    assert at(dossier, "/ineligible") in page
    page = text(visit(world.auditor).get(at(dossier)))
    assert at(dossier, "/completer") not in page
    assert visit(world.payer).get(at(dossier)).status_code == 404
    assert visit(world.member).get(at(dossier)).status_code == 404


def test_each_tab_is_shown_to_whoever_may_read_its_part(world, visit):
    dossier = world.dossier(State.CONTRACTED)
    expected = {
        "officer": {"application", "documents", "money"},
        "payer": {"application", "documents", "money"},
        "auditor": {"application", "documents", "money", "scores", "journal"},
        "manager": {"application", "documents", "money", "journal"},
    }
    for role, tabs in expected.items():
        browser = visit(getattr(world, role))
        for tab in ("application", "documents", "money", "scores", "journal"):
            status = browser.get(at(dossier, f"/volet/{tab}")).status_code
            assert status == (200 if tab in tabs else 404), (role, tab)
    assert visit(world.officer).get(at(dossier, "/volet/nothing")).status_code == 404


def test_the_payer_reads_the_plan_and_not_the_answers(world, visit):
    dossier = world.dossier(State.CONTRACTED)
    assert "A plain answer." in text(visit(world.officer).get(at(dossier, "/volet/application")))
    page = text(visit(world.payer).get(at(dossier, "/volet/application")))
    assert "A plain answer." not in page
    assert "Web SARL" in page


def test_a_document_is_sent_as_an_attachment_and_its_reading_logged(world, visit):
    dossier = world.dossier()
    document = dossier.attachments.get().document
    url = f"/en/documents/{document.pk}"
    assert url in text(visit(world.officer).get(at(dossier, "/volet/documents")))
    answer = visit(world.officer).post(url)
    assert sent(answer).startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("attachment")
    logged = AccessLog.objects.get()
    assert (logged.actor_id, logged.what, logged.chain) == (
        world.officer.actor_id,
        "document.downloaded",
        dossier.journal_chain,
    )


def test_a_document_is_not_there_for_whoever_may_not_read_its_part(world, visit):
    dossier, other = world.dossier(), world.dossier()
    url = f"/en/documents/{dossier.attachments.get().document.pk}"
    for person in (world.payer, world.member, world.signatory(other)):
        assert visit(person).post(url).status_code == 404
    assert visit(world.officer).get(url).status_code == 405
    assert sent(visit(world.signatory(dossier)).post(url))
    assert AccessLog.objects.count() == 1


def shown(page):
    """The references of the list, in its order."""
    return re.findall(r'<th scope="row"[^>]*><a href="[^"]*/dossiers/([^"]+)"', page)


def heads(page):
    """The titles of the table's columns."""
    found = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", page)
    return [re.sub(r"<[^>]+>|[↑↓]", "", title).strip() for title in found]


def test_the_list_is_narrowed_to_an_officers_dossiers_and_to_nobodys(world, visit):
    mine, other, free = world.dossier(), world.dossier(), world.dossier()
    for dossier, officer in {mine: world.officer, other: world.other_officer}.items():
        handling.assign_officer(dossier=dossier, officer=officer, by=world.manager)
    browser = visit(world.officer)
    wanted = {"mine": mine, "nobody": free, str(world.other_officer.pk): other}
    for who, dossier in wanted.items():
        assert shown(text(browser.get(f"{LIST}?officer={who}"))) == [dossier.reference], who
    assert "No dossier matches these filters" in text(browser.get(f"{LIST}?officer={world.payer.pk}"))
    # Who instructs nothing has nothing of their own.
    assert 'value="mine"' not in text(visit(world.auditor).get(LIST))


def test_the_columns_are_those_of_the_query_string_in_the_order_of_the_table(world, visit):
    dossier = world.dossier()
    browser = visit(world.officer)
    usual = ["Tick", "Dossier", "Applicant and project", "Step", "State", "Officer in charge", "Eligible", "Requested"]
    assert heads(text(browser.get(LIST))) == [*usual, "Filed"]
    for query in ("columns=waiting,identifier", "columns=waiting&columns=identifier&columns=nothing"):
        page = text(browser.get(f"{LIST}?{query}"))
        assert heads(page) == ["Tick", "Dossier", "Identifier", "Days since filed"]
        assert dossier.applicant.siret[:3] in page
    assert heads(text(browser.get(f"{LIST}?columns=nothing"))) == [*usual, "Filed"]
    every = ",".join(column.code for column in COLUMNS)
    assert len(heads(text(browser.get(f"{LIST}?columns={every}")))) == len(COLUMNS) + 2


def test_the_list_is_ordered_by_what_an_index_orders_page_by_page(world, visit, monkeypatch):
    monkeypatch.setattr("web.shared.lists.by_key.__kwdefaults__", {"per_page": 2})
    amounts = ("3000", "1000", "2000", "1000", "5000")
    found = [world.dossier(eligible="10000", requested=amount) for amount in amounts]
    browser = visit(world.officer)
    by_amount = sorted(found, key=lambda dossier: (dossier.requested, dossier.pk))
    orders = {
        "": found[::-1],
        "submitted": found,
        "reference": sorted(found, key=lambda dossier: dossier.reference),
        "-reference": sorted(found, key=lambda dossier: dossier.reference, reverse=True),
        "requested": by_amount,
        "-requested": by_amount[::-1],
        "title": found[::-1],
    }
    for sort, expected in orders.items():
        url, seen = f"{LIST}?sort={sort}", []
        while url:
            page = text(browser.get(url))
            seen += shown(page)
            link = re.search(r'href="([^"]*)" rel="next"', page)
            url = html.unescape(link[1]) if link else ""
        assert seen == [dossier.reference for dossier in expected], sort


def test_the_heads_say_and_turn_the_order(world, visit):
    world.dossier()
    browser = visit(world.officer)
    page = text(browser.get(f"{LIST}?state=submitted"))
    assert f'aria-sort="descending"><a class="es-sort" href="{LIST}?state=submitted&amp;sort=submitted">Filed' in page
    assert f'<a class="es-sort" href="{LIST}?state=submitted&amp;sort=-requested">Requested</a>' in page
    page = text(browser.get(f"{LIST}?sort=reference"))
    assert f'aria-sort="ascending"><a class="es-sort" href="{LIST}?sort=-reference">Dossier' in page
    # The usual order needs no word in the address.
    assert f'<a class="es-sort" href="{LIST}">Filed</a>' in page


def test_a_cursor_of_another_order_starts_the_list_again(world, visit):
    dossier = world.dossier()
    cursor = urlsafe_b64encode(b'["nonsense",1]').decode()
    for sort in ("requested", "submitted", "reference"):
        page = text(visit(world.officer).get(f"{LIST}?sort={sort}&before={cursor}"))
        assert shown(page) in ([dossier.reference], []), sort


def test_the_number_is_that_of_the_filters(world, visit):
    for state in (State.SUBMITTED, State.SUBMITTED, State.RETURNED):
        world.dossier(state)
    browser = visit(world.officer)
    for query, count in {"": 3, "?state=submitted": 2, "?state=paid": 0, "?officer=nobody&state=returned": 1}.items():
        words = "1 dossier in this view" if count == 1 else f"{count} dossiers in this view"
        assert words in text(browser.get(LIST + query)), query
