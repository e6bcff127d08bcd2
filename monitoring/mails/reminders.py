"""Reminders of what falls due, each sent once under its key."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _t

from grants.mails import page
from grants.models import Dossier
from kit.text import format_date, format_datetime
from monitoring.mails.sending import queue
from monitoring.models import UsageReport
from people.models import Person
from programmes.models import Call


def draft_left(dossier: Dossier, person: Person, key: str) -> None:
    """A draft is not filed, and the call closes soon."""

    def written() -> tuple[str, str]:
        subject = _t("{reference}: your application is not filed yet")
        text = _t(
            "The application “{title}” is still a draft. The call “{call}” closes on {instant} (Paris time); after "
            "that it can no longer be filed.\n\nFinish it here; a signatory files it:\n{link}"
        )
        return subject.format(reference=dossier.reference), text.format(
            title=dossier.title,
            call=dossier.call.title,
            instant=format_datetime(dossier.call.closes_at),
            link=page(dossier),
        )

    queue("draft_left", person, key, written, dossier.journal_chain)


def scoring_open(call: Call, count: int, person: Person, key: str) -> None:
    """Dossiers wait for a member's marks."""

    def written() -> tuple[str, str]:
        return _t("{call}: applications wait for your marks").format(call=call.title), _t(
            "Applications of the call “{call}” that wait for your scorecard: {count}.\n\nScore them on your home "
            "page:\n{link}"
        ).format(call=call.title, count=count, link=f"{settings.SITE_URL}/")

    queue("scoring_open", person, key, written, call.journal_chain)


def usage_report_due(report: UsageReport, today: date, person: Person, key: str) -> None:
    """The report on the first year of a service falls due, or is late."""
    dossier = report.dossier

    def written() -> tuple[str, str]:
        late = report.due_on < today
        subject = _t("{reference}: your usage report is late") if late else _t("{reference}: a usage report to fill in")
        text = (
            _t(
                "The report on the first year of “{service}” was due on {day}. Please fill it in now; it takes a few "
                "minutes:\n{link}"
            )
            if late
            else _t(
                "The report on the first year of “{service}” is due on {day}: the visits and the users of the year, "
                "and what the service has changed.\n\nFill it in here:\n{link}"
            )
        )
        return subject.format(reference=dossier.reference), text.format(
            service=report.service.name, day=format_date(report.due_on), link=page(dossier)
        )

    queue("usage_report_due", person, key, written, dossier.journal_chain)
