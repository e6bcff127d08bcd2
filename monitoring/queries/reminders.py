"""What falls due and has not been reminded of yet: drafts before the deadline, scorecards, usage reports (R28)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from grants.lifecycle import UNDECIDED, State
from grants.models import Dossier
from kit import clock
from kit.clock import PARIS
from monitoring.models import UsageReport, UsageState
from monitoring.rules import calendar
from people.models import Mandate, Membership, Person
from programmes.models import Call, CallState
from programmes.rules.deadlines import EARLIEST_REMINDER
from records.models import OutboxMail
from selection.models import Assessment, Assignment, Meeting, MeetingState, Scorecard

DRAFT_LEFT = "draft_left"
SCORING_OPEN = "scoring_open"
USAGE_REPORT_DUE = "usage_report_due"

SCORING_NOTICE = timedelta(days=7)
"""Assessors are reminded a week before the meeting; where none is planned, a week after the dossier was given."""
OVERDUE_NOTICE = timedelta(days=45)
"""How long after its due date a report may still be reminded of: a scheduler that slept does not dig up the past."""
WITH_REPORTS = (State.CONTRACTED, State.SERVICE_FACT_VERIFIED, State.PAID)


@dataclass(frozen=True)
class Reminder:
    """One mail that is due: its kind, recipient, object and due date, which make its key (I5)."""

    kind: str
    person: Person
    subject: Dossier | Call | UsageReport
    due_on: date

    @property
    def key(self) -> str:
        """The key of the mail in the outbox: sent once, however often it is asked for."""
        return f"{self.kind}:{self._object}:{self.due_on.isoformat()}:{self.person.pk}"

    @property
    def _object(self) -> str:
        if isinstance(self.subject, UsageReport):
            return f"{self.subject.dossier.reference}:{self.subject.pk}"
        return self.subject.reference if isinstance(self.subject, Dossier) else self.subject.slug


def due() -> list[Reminder]:
    """Every reminder that is due now and is not in the outbox yet."""
    found = [*_drafts(clock.now()), *_scorings(clock.now()), *_usage_reports(clock.today())]
    keys = [reminder.key for reminder in found]
    sent: set[str] = set()
    for start in range(0, len(keys), 500):
        mails = OutboxMail.objects.filter(key__in=keys[start : start + 500]).order_by()
        sent.update(mails.values_list("key", flat=True))
    return [reminder for reminder in found if reminder.key not in sent]


def still_due(reminder: Reminder) -> bool:
    """Whether what the reminder asks for is still to be done, as its object stands now."""
    if isinstance(reminder.subject, UsageReport):
        return reminder.subject.state == UsageState.DUE
    if isinstance(reminder.subject, Dossier):
        return reminder.subject.state == State.DRAFT
    return unscored(reminder.subject, reminder.person) > 0


def unscored(call: Call, person: Person) -> int:
    """How many dossiers of the call still wait for the person's scorecard."""
    return len(_open_assignments(person=person, dossier__call=call))


def _drafts(now: datetime) -> Iterator[Reminder]:
    """Drafts left on the days before the closing that their call names; to whoever can finish them."""
    soon = now + timedelta(days=EARLIEST_REMINDER)
    closing = Call.objects.filter(state=CallState.PUBLISHED, closes_at__gt=now, closes_at__lte=soon).order_by("pk")
    named = {call.pk: [call.closes_at - timedelta(days=days) for days in call.reminder_days] for call in closing}
    begun = [pk for pk, steps in named.items() if any(step <= now for step in steps)]
    drafts = Dossier.objects.filter(state=State.DRAFT, call__in=begun)
    owners = _owners(drafts)
    for dossier in drafts.select_related("call", "applicant", "programme").order_by("pk"):
        # Nobody is reminded of a draft that was begun after the reminder's day.
        come = [step for step in named[dossier.call_id] if dossier.created_at <= step <= now]
        for person in owners[dossier.applicant_id] if come else ():
            yield Reminder(DRAFT_LEFT, person, dossier, max(come).astimezone(PARIS).date())


def _scorings(now: datetime) -> Iterator[Reminder]:
    """Members who have dossiers to score: one mail for each of them and call."""
    meetings = _next_meetings(now)
    first: dict[tuple[int, int], tuple[Assignment, date]] = {}
    for assignment in _open_assignments():
        call = assignment.dossier.call
        meeting = meetings.get(call.programme_id)
        due = meeting - SCORING_NOTICE if meeting is not None else assignment.assigned_at + SCORING_NOTICE
        place = (assignment.person_id, call.pk)
        if due <= now and place not in first:
            first[place] = assignment, due.astimezone(PARIS).date()
    for assignment, due_on in first.values():
        yield Reminder(SCORING_OPEN, assignment.person, assignment.dossier.call, due_on)


def _usage_reports(today: date) -> Iterator[Reminder]:
    """Reports on a year of use, a month and a week before they fall due, on the day, and a fortnight after."""
    latest = today - timedelta(days=min(calendar.REMINDERS))
    waiting = UsageReport.objects.filter(
        state=UsageState.DUE,
        dossier__state__in=WITH_REPORTS,
        due_on__lte=latest,
        due_on__gte=today - OVERDUE_NOTICE,
    )
    owners = _owners(Dossier.objects.filter(usage_reports__in=waiting.order_by()))
    for report in waiting.select_related("service", "dossier__applicant", "dossier__programme").order_by(
        "due_on", "pk"
    ):
        offset = calendar.reminder_due(report.due_on, today)
        if offset is not None:
            for person in owners[report.dossier.applicant_id]:
                yield Reminder(USAGE_REPORT_DUE, person, report, report.due_on + timedelta(days=offset))


def _open_assignments(**only: Any) -> list[Assignment]:
    """The assignments (those that `only` names) that wait for a scorecard, the oldest first."""
    given = Scorecard.objects.live().filter(dossier=OuterRef("dossier"), person=OuterRef("person")).order_by()
    revealed = Assessment.objects.filter(dossier=OuterRef("dossier"), revealed_at__isnull=False).order_by()
    waiting = Assignment.objects.filter(
        ~Exists(given), ~Exists(revealed), ended_at=None, person__is_active=True, dossier__state__in=UNDECIDED, **only
    )
    return list(waiting.select_related("person", "dossier__call__programme").order_by("assigned_at", "pk"))


def _next_meetings(now: datetime) -> dict[int, datetime]:
    """The next planned meeting of each programme's selection committees."""
    planned = Meeting.objects.filter(
        state=MeetingState.PLANNED, committee__body="selection", starts_at__gt=now
    ).select_related("committee")
    found: dict[int, datetime] = {}
    for meeting in planned.order_by("starts_at", "pk"):
        found.setdefault(meeting.committee.programme_id, meeting.starts_at)
    return found


def _owners(dossiers: QuerySet[Dossier]) -> dict[int, list[Person]]:
    """By applicant, who signs and who prepares for it, each once; in two queries, however many dossiers there are."""
    applicants = dossiers.order_by().values("applicant")
    mandates = Mandate.objects.confirmed().filter(organisation__in=applicants, person__is_active=True)
    editors = Membership.objects.live().filter(capacity="editor", organisation__in=applicants, person__is_active=True)
    found: dict[int, dict[int, Person]] = defaultdict(dict)
    for rows in (mandates, editors):
        for row in rows.select_related("person").order_by("person__full_name", "person_id"):
            found[row.organisation_id].setdefault(row.person_id, row.person)
    return defaultdict(list, {applicant: list(persons.values()) for applicant, persons in found.items()})
