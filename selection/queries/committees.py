"""Who sits where, at which date."""

from __future__ import annotations

from datetime import date

from people.models import Person
from programmes.models import DecisionBody, Programme
from selection.models import CommitteeMember, Meeting
from selection.models.committee import CommitteeMemberQuerySet


def in_office(meeting: Meeting) -> CommitteeMemberQuerySet:
    """The members of the committee on the day of the meeting."""
    members = CommitteeMember.objects.filter(committee=meeting.committee_id).in_office(meeting.day)
    return members.select_related("person").order_by("pk")


def sits_in_selection(person: Person, programme: Programme, day: date) -> bool:
    """Whether the person is a member, on `day`, of a committee that selects dossiers of the programme."""
    seats = CommitteeMember.objects.filter(
        person=person, committee__programme=programme, committee__body=DecisionBody.SELECTION
    )
    return seats.in_office(day).exists()
