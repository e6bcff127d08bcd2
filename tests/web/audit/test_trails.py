"""The auditor's pages: read only, the journal in order, a sample that can be drawn again."""

import csv
import io

import pytest

from grants.lifecycle import State
from records.models import AccessLog
from tests.web.visits import text

AUDIT = "/en/audit"


def test_the_trail_holds_every_act_in_order_and_proves_the_filing(world, visit):
    dossier = world.dossier(State.CONTRACTED)
    browser = visit(world.auditor)
    assert dossier.reference in text(browser.get(f"{AUDIT}/pistes"))
    assert "No dossier matches" in text(browser.get(f"{AUDIT}/pistes?q=nowhere"))
    page = text(browser.get(f"{AUDIT}/pistes/{dossier.reference}"))
    assert page.index("dossier.created") < page.index("dossier.submitted") < page.index("dossier.contracted")
    assert "Whole" in page
    assert "Altered" not in page
    assert "call.published" in text(browser.get(f"{AUDIT}/programmes/{world.programme.code}"))


def test_the_trail_is_downloaded_and_that_is_logged(world, visit):
    dossier = world.dossier()
    answer = visit(world.auditor).post(f"{AUDIT}/pistes/{dossier.reference}/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["seq"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert rows[-1]["act"] == "dossier.submitted"
    assert answer["Content-Disposition"] == f'attachment; filename="{dossier.reference}.csv"'
    assert AccessLog.objects.get().what == "journal.downloaded"


def test_a_sample_is_drawn_by_its_seed_among_the_contracted(world, visit):
    contracted = [world.dossier(State.CONTRACTED) for _ in range(3)]
    submitted = world.dossier()
    browser = visit(world.auditor)
    assert "Error:" not in text(browser.get(f"{AUDIT}/echantillon"))
    first = text(browser.get(f"{AUDIT}/echantillon?seed=spring&size=2"))
    shown = [dossier.reference for dossier in contracted if dossier.reference in first]
    assert len(shown) == 2
    assert submitted.reference not in first
    again = text(browser.get(f"{AUDIT}/echantillon?seed=spring&size=2"))
    assert [dossier.reference for dossier in contracted if dossier.reference in again] == shown
    assert "Error:" in text(browser.get(f"{AUDIT}/echantillon?seed=&size=0"))


@pytest.mark.parametrize("end", ["/pistes", "/echantillon", "/pistes/{reference}", "/programmes/TEST-27"])
def test_nobody_else_reads_the_trail(world, visit, end):
    dossier = world.dossier()
    url = AUDIT + end.format(reference=dossier.reference)
    for person in (world.officer, world.secretary, world.payer, world.signatory(dossier)):
        assert visit(person).get(url).status_code == 404
    assert visit(world.officer).post(f"{AUDIT}/pistes/{dossier.reference}/csv").status_code == 404
    assert visit(world.manager).get(url).status_code == 200


def test_drafts_have_no_trail_here(world, visit):
    draft = world.dossier(State.DRAFT)
    assert visit(world.auditor).get(f"{AUDIT}/pistes/{draft.reference}").status_code == 404
    assert visit(world.auditor).post(f"{AUDIT}/pistes/{draft.reference}").status_code == 405
