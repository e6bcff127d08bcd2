"""A committee of two members, its dossiers, and its meetings, made by the real acts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kit import clock
from people.models import Person
from selection.actions import advice, assessment, committees, meetings
from tests.staging import stage
from tests.world import START, World

CRITERIA = ("technical", "approach", "territorial", "services", "human", "financial")


class Board:
    """The selection committee of the world, in which two persons sit."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.members = [world.member, world.staff("committee_member", "Second Member")]
        self.committee = committees.create_committee(
            programme=world.programme, body="selection", name="Selection", quorum=2, by=world.manager
        )
        for person in self.members:
            committees.appoint_member(committee=self.committee, person=person, since=date(2027, 1, 1), by=world.manager)

    def dossier(self, **fields: Any) -> Any:
        """A submitted dossier on which advice is waived and the opinion given."""
        dossier = self.world.dossier(**fields)
        advice.waive_mission(dossier=dossier, reason="Small.", by=self.world.officer)
        advice.advise(dossier=dossier, favourable=True, opinion="Sound.", by=self.world.officer)
        dossier.refresh_from_db()
        return dossier

    def assign(self, dossier: Any, *persons: Person) -> None:
        for person in persons or self.members:
            assessment.assign(dossier=dossier, person=person, by=self.world.secretary)

    def score(self, dossier: Any, mark: str = "12") -> None:
        """Both members have no conflict and give the same mark everywhere."""
        self.assign(dossier)
        for person in self.members:
            assessment.answer_conflict(dossier=dossier, has_conflict=False, by=person)
            values = dict.fromkeys(CRITERIA, Decimal(mark))
            assessment.file_scorecard(dossier=dossier, values=values, comment="", by=person)

    def meeting(self, *, held: bool = True) -> Any:
        """A meeting of this day, which both attended."""
        meeting = meetings.plan_meeting(committee=self.committee, starts_at=clock.now(), by=self.world.secretary)
        if held:
            meetings.hold_meeting(meeting=meeting, present=list(self.committee.members.all()), by=self.world.secretary)
            meeting.refresh_from_db()
        return meeting

    def decided(self, dossier: Any, outcome: str = "select", **fields: Any) -> Any:
        """What a meeting held now decided about the dossier."""
        return meetings.record_decision(
            meeting=self.meeting(), dossier=dossier, outcome=outcome, by=self.world.secretary, **fields
        )


staged_board = stage("board", lambda: Board(World()), start=START, language="fr")


@pytest.fixture
def board(world: World, staged_board: Board, starting_point: Board) -> Board:
    return starting_point
