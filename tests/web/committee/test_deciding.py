"""The secretary and one dossier: members, reveal, the decision's effect, appeals; and the ranking."""

import pytest

from grants.actions import appeals
from grants.lifecycle import State
from selection.actions import assessment
from selection.models import Assessment, Assignment
from tests.web.visits import text
from tests.world import acts, fresh, standing_money

ROOM = "/en/comites"


def at(dossier, end):
    return f"{ROOM}/dossiers/{dossier.reference}{end}"


def test_a_dossier_is_given_to_a_member_and_taken_back(world, board, visit):
    dossier, browser = board.dossier(), visit(world.secretary)
    page = text(browser.get(at(dossier, "/membres")))
    assert "Second Member" in page
    assert "Nobody yet." in page
    assert browser.post(at(dossier, "/membres"), {"person": world.member.pk}).status_code == 302
    assignment = Assignment.objects.get()
    assert (assignment.person, assignment.assigned_by) == (world.member, world.secretary)
    assert f'<option value="{world.member.pk}"' not in text(browser.get(at(dossier, "/membres")))
    assert browser.post(f"{ROOM}/attributions/{assignment.pk}/retirer").status_code == 302
    assert fresh(assignment).ended_at is not None


def test_the_secretary_reads_what_each_member_answered_about_conflicts(world, board, visit):
    dossier, browser = board.dossier(), visit(world.secretary)
    other, conflicted = board.members
    board.assign(dossier)
    assert text(browser.get(at(dossier, "/membres"))).count("Has not answered yet") == 2
    assessment.answer_conflict(dossier=dossier, has_conflict=False, by=other)
    why = "My sister runs it."
    assessment.answer_conflict(dossier=dossier, has_conflict=True, explanation=why, by=conflicted)
    page = text(browser.get(at(dossier, "/membres")))
    assert "Has not answered yet" not in page
    assert "No conflict" in page
    assert page.index("Conflict declared") < page.index(why)
    for person in (world.officer, world.manager, other):
        assert visit(person).get(at(dossier, "/membres")).status_code == 404


def test_a_member_with_a_conflict_is_offered_other_dossiers_alone(world, board, visit):
    dossier, free, browser = board.dossier(), board.dossier(), visit(world.secretary)
    board.assign(dossier, world.member)
    assessment.answer_conflict(dossier=dossier, has_conflict=True, explanation="My sister.", by=world.member)
    offer = f'<option value="{world.member.pk}"'
    assert offer not in text(browser.get(at(dossier, "/membres")))
    page = text(browser.get(at(free, "/membres")))
    assert offer in page
    assert "My sister." not in page


def test_the_marks_are_revealed_once_enough_are_filed(world, board, visit):
    dossier, browser = board.dossier(), visit(world.secretary)
    assert "0 of the 2 scorecards needed" in text(browser.get(at(dossier, "/reveler")))
    text(browser.post(at(dossier, "/reveler")))
    board.score(dossier)
    assert browser.post(at(dossier, "/reveler")).status_code == 302
    assert Assessment.objects.get().revealed_at is not None


def test_the_reveal_is_offered_only_while_marks_are_hidden(world, board, visit):
    dossier, browser = board.dossier(), visit(world.secretary)
    board.score(dossier)
    sheet, ranking = f"/en/instruction/dossiers/{dossier.reference}", f"{ROOM}/classement/{dossier.call.slug}"
    for page, link in ((sheet, at(dossier, "/reveler")), (ranking, f"{ranking}/reveler")):
        assert f'href="{link}"' in text(browser.get(page))
    assessment.reveal(dossier=dossier, by=world.secretary)
    for page, link in ((sheet, at(dossier, "/reveler")), (ranking, f"{ranking}/reveler")):
        assert f'href="{link}"' not in text(browser.get(page))


def test_the_decision_takes_effect_and_reserves_the_grant(world, board, visit):
    dossier, browser = board.dossier(), visit(world.secretary)
    assert browser.get(at(dossier, "/decision")).status_code == 404
    board.score(dossier)
    board.decided(dossier, votes_for=2)
    assert dossier.reference in text(browser.get(f"{ROOM}/decisions"))
    page = text(browser.get(at(dossier, "/decision")))
    assert "2 for, 0 against, 0 abstentions" in page
    assert browser.post(at(dossier, "/decision")).status_code == 302
    assert fresh(dossier).state == State.SELECTED
    assert standing_money(dossier)["reserved"] == 18104
    assert "dossier.selected" in acts(dossier)


def test_what_is_missing_is_said_and_nothing_is_done(world, board, visit):
    dossier, browser = board.dossier(), visit(world.secretary)
    board.decided(dossier)
    assert "0 of the 2 scorecards needed" in text(browser.get(at(dossier, "/decision")))
    text(browser.post(at(dossier, "/decision")))
    assert fresh(dossier).state == State.ADVISED


def test_a_reserved_dossier_is_selected_later_and_a_rejected_one_reconsidered(world, board, visit):
    reserved, rejected, browser = board.dossier(), board.dossier(), visit(world.secretary)
    for dossier, outcome, more in ((reserved, "reserve", {"rank": 1}), (rejected, "reject", {"reasons": "No."})):
        board.score(dossier)
        board.decided(dossier, outcome, **more)
        assert browser.post(at(dossier, "/decision")).status_code == 302
    assert (fresh(reserved).state, fresh(reserved).reserve_rank) == (State.ON_RESERVE, 1)
    assert browser.post(at(reserved, "/decision")).status_code == 302
    assert fresh(reserved).state == State.SELECTED
    assert fresh(rejected).state == State.REJECTED
    assert "no appeal that waits" in text(browser.get(at(rejected, "/recours")))
    appeals.appeal(dossier=fresh(rejected), text="It is new.", by=world.signatory(rejected))
    assert "It is new." in text(browser.get(at(rejected, "/recours")))
    assert rejected.reference in text(browser.get(f"{ROOM}/decisions"))
    assert browser.post(at(rejected, "/recours")).status_code == 302
    assert fresh(rejected).state == State.SUBMITTED


def test_the_ranking_is_the_secretary_s(world, board, visit):
    best, other = board.dossier(), board.dossier()
    board.score(other, "9")
    board.score(best, "15")
    slug, browser = best.call.slug, visit(world.secretary)
    assert slug in text(browser.get(f"{ROOM}/classement"))
    page = text(browser.get(f"{ROOM}/classement/{slug}"))
    assert page.index(best.reference) < page.index(other.reference)
    after = Assessment.objects.get(dossier=best)
    page = text(browser.get(f"{ROOM}/classement/{slug}?after={after.mean},{best.pk}"))
    assert best.reference not in page
    assert other.reference in page
    assert best.reference in text(browser.get(f"{ROOM}/classement/{slug}?after=nonsense"))
    text(browser.get(f"{ROOM}/classement/{slug}/reveler"))
    assert browser.post(f"{ROOM}/classement/{slug}/reveler").status_code == 302
    assert Assessment.objects.filter(revealed_at=None).count() == 0
    for person in (world.officer, world.member, world.manager, world.auditor):
        assert visit(person).get(f"{ROOM}/classement/{slug}").status_code == 404


@pytest.mark.parametrize("end", ["/membres", "/reveler", "/decision", "/recours"])
def test_nobody_else_finds_the_page(world, board, visit, end):
    dossier = board.dossier()
    board.score(dossier)
    board.decided(dossier)
    for person in (world.officer, world.member, world.manager, world.auditor, world.signatory(dossier)):
        assert visit(person).get(at(dossier, end)).status_code == 404
        assert visit(person).post(at(dossier, end)).status_code == 404
    assert fresh(dossier).state == State.ADVISED
