"""The secretary's meetings, from the plan to the close."""

import pytest

from kit import clock
from people.models import RoleAssignment
from selection.actions import assessment
from selection.models import DossierDecision, Meeting, MeetingState
from tests.web.visits import text
from tests.world import fresh

MEETINGS = "/en/comites/seances"


def test_a_meeting_is_planned_moved_and_held(world, board, visit):
    browser = visit(world.secretary)
    assert "No meeting is planned yet" in text(browser.get(MEETINGS))
    text(browser.get(f"{MEETINGS}/nouvelle"))
    asked = {"committee": board.committee.pk, "day": "2027-03-01", "hour": "14:30", "place": "Toulouse"}
    answer = browser.post(f"{MEETINGS}/nouvelle", asked)
    meeting = Meeting.objects.get()
    assert answer.url == f"{MEETINGS}/{meeting.pk}"
    assert meeting.starts_at.isoformat() == "2027-03-01T13:30:00+00:00"
    assert "Toulouse" in text(browser.get(MEETINGS))
    assert 'value="14:30"' in text(browser.get(f"{MEETINGS}/{meeting.pk}/deplacer"))
    browser.post(f"{MEETINGS}/{meeting.pk}/deplacer", {"day": "2027-03-01", "hour": "09:00"})
    assert fresh(meeting).starts_at.hour == 8
    text(browser.get(f"{MEETINGS}/{meeting.pk}"))
    text(browser.get(f"{MEETINGS}/{meeting.pk}/presences"))
    present = [member.pk for member in board.committee.members.all()]
    assert browser.post(f"{MEETINGS}/{meeting.pk}/presences", {"present": present}).status_code == 302
    meeting = fresh(meeting)
    assert (meeting.state, meeting.quorum_reached) == (MeetingState.HELD, True)
    assert "Quorum reached" in text(browser.get(f"{MEETINGS}/{meeting.pk}"))


def test_the_meeting_records_its_decisions_and_closes_once_they_take_effect(world, board, visit):
    dossier, meeting, browser = board.dossier(), board.meeting(), visit(world.secretary)
    url = f"{MEETINGS}/{meeting.pk}"
    assert dossier.reference in text(browser.get(url))
    text(browser.get(f"{url}/decisions/{dossier.reference}"))
    given = {"outcome": "reject", "votes_for": 0, "votes_against": 2, "abstentions": 0, "reasons": ""}
    assert "Error:" in text(browser.post(f"{url}/decisions/{dossier.reference}", given))
    assert not DossierDecision.objects.exists()
    browser.post(f"{url}/decisions/{dossier.reference}", {**given, "reasons": "Too little new."})
    decision = DossierDecision.objects.get()
    assert (decision.outcome, decision.votes_against, decision.reasons) == ("reject", 2, "Too little new.")
    assert "has not taken effect" in text(browser.get(f"{url}/clore"))
    text(browser.post(f"{url}/clore"))
    assert fresh(meeting).state == MeetingState.HELD
    browser.post(f"{url}/decisions/{dossier.reference}", {**given, "outcome": "defer"})
    assert fresh(decision).outcome == "defer"
    assert browser.post(f"{url}/clore").status_code == 302
    assert fresh(meeting).state == MeetingState.CLOSED
    text(browser.get(url))


def test_who_can_vote_is_said_before_the_votes_are_typed(world, board, visit):
    dossier, meeting, browser = board.dossier(), board.meeting(), visit(world.secretary)
    url = f"{MEETINGS}/{meeting.pk}/decisions/{dossier.reference}"
    page = text(browser.get(url))
    assert "2 of the 2 members present" in page
    assert "Second Member" not in page
    board.assign(dossier, board.members[1])
    assessment.answer_conflict(dossier=dossier, has_conflict=True, explanation="My sister.", by=board.members[1])
    page = text(browser.get(url))
    assert "1 of the 2 members present" in page
    assert page.index("conflict of interest") < page.index("Second Member") < page.index("Votes for")
    assert "My sister." not in page


@pytest.mark.parametrize("end", ["", "/deplacer", "/presences", "/clore"])
def test_nobody_else_finds_a_meeting(world, board, visit, end):
    meeting = board.meeting(held=False)
    for person in (world.officer, world.member, world.auditor, world.manager):
        assert visit(person).get(f"{MEETINGS}/{meeting.pk}{end}").status_code == 404
    assert visit(world.manager).get(f"{MEETINGS}/nouvelle").status_code == 404
    assert fresh(meeting).state == MeetingState.PLANNED


def test_a_secretary_of_another_programme_finds_no_meeting(world, board, visit):
    meeting = board.meeting(held=False)
    stranger = world.person("Stranger")
    RoleAssignment.objects.create(
        person=stranger,
        role="committee_secretary",
        scope="OTHER-27",
        proposed_by=world.manager,
        confirmed_by=world.administrator,
        confirmed_at=clock.now(),
    )
    assert visit(stranger).get(f"{MEETINGS}/{meeting.pk}").status_code == 404
    assert board.committee.name not in text(visit(stranger).get(MEETINGS))
