"""Advice before selection, and selection itself: committees, marks, meetings."""

from selection.models.advice import FrameworkContract, Mission, MissionDay, MissionState, Opinion
from selection.models.assessment import Assessment, Assignment, ConflictAnswer, Score, Scorecard
from selection.models.committee import Attendance, Committee, CommitteeMember, Meeting, MeetingState
from selection.models.deliberation import DossierDecision, Outcome
from selection.models.grid import Criterion, Grid, Group

__all__ = [
    "Assessment",
    "Assignment",
    "Attendance",
    "Committee",
    "CommitteeMember",
    "ConflictAnswer",
    "Criterion",
    "DossierDecision",
    "FrameworkContract",
    "Grid",
    "Group",
    "Meeting",
    "MeetingState",
    "Mission",
    "MissionDay",
    "MissionState",
    "Opinion",
    "Outcome",
    "Score",
    "Scorecard",
]
