"""The conflict question: what it shows, who answered, who must still answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import override

from grants.models import Capacity, Dossier
from grants.queries.visibility import takes_part
from kit.related import is_read
from people.models import Person
from selection.models import Assignment, Attendance, ConflictAnswer, Meeting
from selection.queries.ties import tied_persons


@dataclass(frozen=True)
class Question:
    """Public facts alone: all that a member sees of a dossier before the answer."""

    reference: str
    title: str
    beneficiary: str
    object: str
    call: str


def question(dossier: Dossier, language: str) -> Question:
    """What the question shows, in `language`."""
    published = dossier.answers.get("project", {}).get("object", "")
    with override(language):
        return Question(dossier.reference, dossier.title, dossier.applicant.name, published, dossier.call.title)


def is_asked(person: Person, dossier: Dossier) -> bool:
    """Whether the question was put to `person`, and their part in the dossier has not ended."""
    return takes_part(person, dossier, Capacity.ASSESSOR)


def answers(dossier: Dossier, persons: Iterable[int]) -> dict[int, bool]:
    """The last answer of each of `persons` (keys) who gave one: True for a conflict."""
    wanted = set(persons)
    if is_read(dossier, "conflict_answers"):
        read = sorted(dossier.conflict_answers.all(), key=lambda answer: answer.pk)
        return {answer.person_id: answer.has_conflict for answer in read if answer.person_id in wanted}
    given = ConflictAnswer.objects.filter(dossier=dossier, person__in=wanted).order_by("pk")
    return dict(given.values_list("person_id", "has_conflict"))


def answered(dossier: Dossier) -> dict[int, ConflictAnswer]:
    """The last answer of each member who gave one about the dossier, by person, with the words given."""
    rows = ConflictAnswer.objects.filter(dossier=dossier).select_related("person").order_by("pk")
    return {row.person_id: row for row in rows}


def last_answer(person: Person, dossier: Dossier) -> bool | None:
    """True for a conflict, False for none, None where the person has not answered."""
    return answers(dossier, [person.pk]).get(person.pk)


def attending(meeting: Meeting | None) -> list[Person]:
    """The persons who were present."""
    if meeting is None:
        return []
    rows: Iterable[Attendance] = meeting.attendances.all()
    if not is_read(meeting, "attendances"):
        rows = meeting.attendances.select_related("member__person")
    return [row.member.person for row in sorted(rows, key=lambda row: row.pk) if row.present]


def deciding(dossier: Dossier, meeting: Meeting) -> list[Person]:
    """The quorum of a dossier: those present who are tied to no dossier of its call and declared no conflict."""
    return voting(dossier, meeting).voters


@dataclass(frozen=True)
class Voting:
    """Those present at a meeting, by whether they vote on one dossier and, if not, why."""

    voters: list[Person]
    conflicted: list[Person]
    tied: list[Person]

    @property
    def present(self) -> int:
        """How many were there."""
        return len(self.voters) + len(self.conflicted) + len(self.tied)


def voting(dossier: Dossier, meeting: Meeting) -> Voting:
    """Who of those present votes on the dossier; a declared conflict is told before a tie."""
    present = attending(meeting)
    ties = tied_persons(present, dossier.call)
    given = answers(dossier, [person.pk for person in present])
    found = Voting([], [], [])
    for person in present:
        kept_out = found.tied if person.pk in ties else found.voters
        (found.conflicted if given.get(person.pk) else kept_out).append(person)
    return found


def assigned_now(dossier: Dossier) -> list[Assignment]:
    """The assignments of the dossier that stand."""
    rows: Iterable[Assignment] = dossier.assignments.all()
    if not is_read(dossier, "assignments"):
        rows = dossier.assignments.select_related("person")
    return [item for item in sorted(rows, key=lambda item: item.pk) if item.ended_at is None]


def still_to_answer(dossier: Dossier, meeting: Meeting | None = None) -> list[Person]:
    """Assigned and attending members without an answer, by name; those tied to the call are out already."""
    assigned = [item.person for item in assigned_now(dossier)]
    asked = {person.pk: person for person in [*assigned, *attending(meeting)]}
    tied = tied_persons(asked.values(), dossier.call)
    given = answers(dossier, asked)
    waiting = [person for pk, person in asked.items() if pk not in given and pk not in tied]
    return sorted(waiting, key=lambda person: (person.full_name, person.pk))
