"""The relations of the permission page that the selection answers for."""

from decimal import Decimal

from people.permissions import may
from selection.actions import advice, assessment
from selection.models import Assignment


def test_assigned_holds_from_the_question_to_the_end_of_the_part(world):
    dossier, member = world.dossier(), world.members[0]
    assert may(member, "conflict.answer", dossier) is False
    assessment.assign(dossier=dossier, person=member, by=world.secretary)
    assert may(member, "conflict.answer", dossier) is True
    assert may(world.members[1], "conflict.answer", dossier) is False
    assessment.unassign(assignment=Assignment.objects.get(), by=world.secretary)
    assert may(member, "conflict.answer", dossier) is False


def test_own_mission_is_the_adviser_s(advised_world):
    world = advised_world
    dossier = world.dossier()
    assert may(world.adviser, "mission.log_day", dossier) is False
    mission = advice.open_mission(
        dossier=dossier,
        contract=world.framework(),
        adviser=world.adviser,
        days=Decimal(1),
        purpose="X",
        by=world.officer,
    )
    assert may(world.adviser, "mission.log_day", mission) is True
    assert may(world.adviser, "dossier.view", dossier) is True


def test_own_committee_is_where_one_sits(world):
    meeting = world.meeting()
    elsewhere = world.sit([world.members[0]])
    assert may(world.members[1], "meeting.view", meeting) is True
    assert may(world.members[1], "meeting.view", world.committee) is True
    assert may(world.members[1], "meeting.view", elsewhere) is False
    assert may(world.members[1], "meeting.view", world.dossier()) is False
