"""The work list and the dossier's page: who sees what, and the same queries whatever the number of rows."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.lifecycle import State
from records.models import AccessLog
from tests.web.visits import sent, text

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
