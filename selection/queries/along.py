"""What the selection's rules ask about one dossier, read at once: a page asks most of these questions twice."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from grants.lifecycle import State
from grants.models import Dossier
from people.models import Person
from selection.models import Assignment, Attendance, ConflictAnswer, DossierDecision, Mission, MissionState, Scorecard

DECIDING = (State.SUBMITTED, State.ADVISED, State.ON_RESERVE)
"""The states in which a decision, or its quorum, is still asked about."""


def read_along(dossier: Dossier) -> None:
    """Read the missions of a dossier, the days of an open one and, while the committee has its say, its own rows.

    At most eight queries, whatever the number of members.
    """
    missions = Mission.objects.select_related("adviser", "contract", "report_document").order_by("-pk")
    wanted: list[Prefetch] = [Prefetch("missions", missions)]
    if dossier.state in DECIDING:
        wanted += [
            Prefetch("decisions", DossierDecision.objects.select_related("meeting__committee", "decision")),
            Prefetch("decisions__meeting__attendances", Attendance.objects.select_related("member__person")),
        ]
    # What is on the reserve list had its quorum when it was placed there.
    if dossier.state in DECIDING and dossier.state != State.ON_RESERVE:
        wanted += [
            Prefetch("assignments", Assignment.objects.select_related("person")),
            Prefetch("scorecards", Scorecard.objects.select_related("person")),
            Prefetch("conflict_answers", ConflictAnswer.objects.order_by("pk")),
        ]
    prefetch_related_objects([dossier], *wanted)
    under_way = [mission for mission in dossier.missions.all() if mission.state == MissionState.OPEN]
    prefetch_related_objects(under_way, "days_log")
    if dossier.state in DECIDING:
        _read_members(dossier, quorum=dossier.state != State.ON_RESERVE)


def _read_members(dossier: Dossier, *, quorum: bool) -> None:
    """The standings of everyone concerned, in one query; a person who comes twice is one person."""
    meetings = {decision.meeting_id: decision.meeting for decision in dossier.decisions.all()}
    seats = [row.member for meeting in meetings.values() for row in meeting.attendances.all()]
    rows: Iterable[Any] = chain(seats, dossier.assignments.all(), dossier.scorecards.all()) if quorum else seats
    persons: dict[int, Person] = {}
    for row in rows:
        row.person = persons.setdefault(row.person_id, row.person)
    if quorum:
        Person.read_standings(persons.values())
