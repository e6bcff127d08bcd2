"""Sending what falls due, each reminder once, however often the scheduler asks (I5)."""

from __future__ import annotations

import logging

from grants.models import Dossier
from kit import clock
from kit.actors import SCHEDULER, Actor
from kit.errors import EscalierError
from kit.locks import locked
from monitoring import mails
from monitoring.models import UsageReport
from monitoring.queries import reminders
from monitoring.queries.reminders import Reminder
from people.acting import action
from people.permissions import permit
from programmes.models import Call
from records.actions import journal
from records.models import OutboxMail

logger = logging.getLogger(__name__)


def send_due_reminders(*, by: Actor = SCHEDULER) -> int:
    """Queue every reminder that is due; how many were queued.

    Each in a transaction of its own: one whose rows are busy is left to the next tick.
    """
    sent = 0
    for reminder in reminders.due():
        try:
            sent += send_reminder(reminder=reminder, by=by)
        except EscalierError as error:
            logger.info("reminder %s waits (%s)", reminder.kind, type(error).__name__)
    return sent


@action("reminder.send")
def send_reminder(*, reminder: Reminder, by: Actor) -> bool:
    """Queue one reminder, if what it asks for is still to be done; whether it was queued now."""
    permit(by, "reminder.send")
    with locked(reminder.subject) as subject:
        fresh = Reminder(reminder.kind, reminder.person, subject, reminder.due_on)
        if not reminders.still_due(fresh) or OutboxMail.objects.filter(key=reminder.key).exists():
            return False
        journal.write(by, "reminder.sent", subject, kind=reminder.kind, due_on=reminder.due_on, to=reminder.person.pk)
        _queue(fresh)
    return True


def _queue(reminder: Reminder) -> None:
    subject: Dossier | Call | UsageReport = reminder.subject
    if isinstance(subject, UsageReport):
        mails.usage_report_due(subject, clock.today(), reminder.person, reminder.key)
    elif isinstance(subject, Dossier):
        mails.draft_left(subject, reminder.person, reminder.key)
    else:
        mails.scoring_open(subject, reminders.unscored(subject, reminder.person), reminder.person, reminder.key)
