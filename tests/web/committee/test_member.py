"""A member's pages: nothing but public facts before the answer, then the grid, then one's scorecards."""

from decimal import Decimal

from selection.actions import assessment
from selection.models import ConflictAnswer, Scorecard
from tests.web.committee.conftest import CRITERIA
from tests.web.committee.test_deciding import at
from tests.web.visits import text

SESSION = "/en/comites/ma-seance"


def test_before_the_answer_only_public_facts_are_shown(world, board, visit):
    dossier, browser = board.dossier(), visit(world.member)
    board.assign(dossier, world.member)
    assert at(dossier, "/conflit") in text(browser.get(SESSION))
    page = text(browser.get(at(dossier, "/conflit")))
    assert dossier.title in page
    assert "A plain answer." not in page
    for end in ("", "/noter"):
        assert browser.get(at(dossier, end)).url == at(dossier, "/conflit")
    assert browser.get(f"/en/instruction/dossiers/{dossier.reference}").status_code == 404
    document = dossier.attachments.get().document
    assert browser.post(f"/en/documents/{document.pk}").status_code == 404


def test_no_conflict_opens_the_dossier_and_saving_leads_to_the_next(world, board, visit):
    first, second = board.dossier(), board.dossier()
    browser = visit(world.member)
    for dossier in (first, second):
        board.assign(dossier, world.member)
        assert browser.post(at(dossier, "/conflit"), {"answer": "none"}).url == at(dossier, "/noter")
    page = text(browser.get(at(first, "/noter")))
    assert "A plain answer." in page
    assert "From 0 to 20, by 1" in page
    assert browser.get(at(first, "")).url == at(first, "/noter")
    marks = dict.fromkeys(CRITERIA, "12")
    refused = text(browser.post(at(first, "/noter"), {**marks, "technical": "21"}))
    assert "Error:" in refused
    assert not Scorecard.objects.exists()
    answer = browser.post(at(first, "/noter"), {**marks, "technical": "15", "comment": "New here."})
    assert answer.url == at(second, "/noter")
    card = Scorecard.objects.get()
    assert (card.person, card.comment) == (world.member, "New here.")
    assert card.scores.get(criterion__code="technical").value == Decimal(15)
    assert 'value="15"' in text(browser.get(at(first, "/noter")))
    assert browser.post(at(second, "/noter"), marks).url == SESSION
    assert "2 / 2" in text(browser.get(SESSION))
    page = text(browser.get("/en/comites/mes-notes"))
    assert first.reference in page
    assert second.reference in page


def test_a_conflict_closes_the_dossier_even_late(world, board, visit):
    dossier, browser = board.dossier(), visit(world.member)
    board.assign(dossier)
    assert "Error:" in text(browser.post(at(dossier, "/conflit"), {"answer": "conflict", "explanation": ""}))
    browser.post(at(dossier, "/conflit"), {"answer": "none"})
    browser.post(at(dossier, "/noter"), dict.fromkeys(CRITERIA, "12"))
    assert "your marks then no longer count" in text(browser.get(at(dossier, "/conflit")))
    answer = browser.post(at(dossier, "/conflit"), {"answer": "conflict", "explanation": "My sister works there."})
    assert answer.url == SESSION
    assert ConflictAnswer.objects.order_by("-pk").first().has_conflict
    assert Scorecard.objects.get().voided_at is not None
    assert browser.get(at(dossier, "/noter")).status_code == 404


def test_a_member_sees_nothing_of_others_dossiers_and_marks(world, board, visit):
    dossier = board.dossier()
    first, second = board.members
    board.assign(dossier)
    for person in (first, second):
        assessment.answer_conflict(dossier=dossier, has_conflict=False, by=person)
    values = dict.fromkeys(CRITERIA, Decimal(7))
    assessment.file_scorecard(dossier=dossier, values=values, comment="A secret word", by=second)
    browser = visit(first)
    scores = f"/en/instruction/dossiers/{dossier.reference}/volet/scores"
    assert "A secret word" not in text(browser.get(scores))
    assert "A secret word" not in text(browser.get("/en/comites/mes-notes"))
    assert visit(world.secretary).get(scores).status_code == 200
    other = board.dossier()
    for end in ("/conflit", "/noter"):
        assert browser.get(at(other, end)).status_code == 404
    assert "You have filed no scorecard yet" in text(browser.get("/en/comites/mes-notes"))
    for person in (world.officer, world.secretary):
        assert visit(person).get(SESSION).status_code == 404
