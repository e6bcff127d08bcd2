"""Services put into operation, and the report on their first year of use (R28, R29)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _t

from grants.models import Dossier
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, Refused
from kit.lifecycle import require
from kit.locks import locked
from kit.text import format_date
from monitoring import mails
from monitoring.models import Service, ServiceKind, UsageReport
from monitoring.rules import calendar
from people.acting import action, as_person
from people.permissions import permit
from programmes.actions import inputs
from records.actions import journal

MOST_SERVICES = 50
MOST_VISITS = 2_000_000_000

_is_web_address = URLValidator(schemes=["http", "https"])


@action("service.record")
def record_service(*, dossier: Dossier, kind: str, name: str, went_live_on: date, by: Actor, url: str = "") -> Service:
    """Name a service that the project put into operation, and since when; its usage report falls due a year later.

    Raises `Refused` for a date to come or before the programme, or an address that is none.
    """
    with locked(dossier) as dossier:
        permit(by, "service.record", dossier)
        if dossier.services.count() >= MOST_SERVICES:
            raise Refused(_t("A project names {most} services at most.").format(most=MOST_SERVICES))
        if inputs.day(went_live_on, "went_live_on") > clock.today():
            raise Refused(_t("Record a service once it is in operation."), field="went_live_on")
        if went_live_on < dossier.programme.starts_on:
            raise Refused(
                _t("The programme began on {day}: what was in operation before is not of this project.").format(
                    day=format_date(dossier.programme.starts_on)
                ),
                field="went_live_on",
            )
        service = Service.objects.create(
            dossier=dossier,
            kind=inputs.choice(kind, ServiceKind.values, "kind"),
            name=inputs.line(name, "name", longest=200),
            url=_address(url),
            went_live_on=went_live_on,
            recorded_by=as_person(by),
            recorded_at=clock.now(),
        )
        report = UsageReport.objects.create(dossier=dossier, service=service, due_on=calendar.year_after(went_live_on))
        journal.write(
            by,
            "service.recorded",
            dossier,
            on_behalf=dossier.applicant.name,
            service=service.name,
            kind=service.kind,
            url=service.url,
            went_live_on=went_live_on,
            report_due_on=report.due_on,
        )
    return service


@action("service.record")
def remove_service(*, service: Service, by: Actor) -> None:
    """Take away a service that was named by mistake. Raises `Conflict` once an officer has confirmed it."""
    with locked(service.dossier, service) as (dossier, service):
        permit(by, "service.record", dossier)
        if service.confirmed_at is not None:
            raise Conflict(_t("An officer has confirmed this service, so it stays; write to the service in charge."))
        journal.write(by, "service.removed", dossier, on_behalf=dossier.applicant.name, service=service.name)
        service.usage_report.delete()
        service.delete()


@action("service.confirm")
def confirm_service(*, service: Service, by: Actor) -> Service:
    """An officer has seen the service in operation. Raises `Conflict` when it is confirmed already."""
    with locked(service.dossier, service) as (dossier, service):
        permit(by, "service.confirm", dossier)
        if service.confirmed_at is not None:
            raise Conflict(_t("This service is confirmed already."))
        service.confirmed_by, service.confirmed_at = as_person(by), clock.now()
        service.save(update_fields=["confirmed_by", "confirmed_at"])
        journal.write(by, "service.confirmed", dossier, service=service.name)
    return service


@action("usage_report.fill")
def fill_usage_report(
    *, report: UsageReport, visits: int | None, users: int | None, by: Actor, comment: str = ""
) -> UsageReport:
    """Report the first year of use in figures; again until it is accepted.

    Raises `Unmet` before the year is over (30 days before the due date at most) or without figures.
    """
    with locked(report.dossier, report) as (dossier, report):
        permit(by, "usage_report.fill", dossier)
        require(report, "fill", visits=visits, users=users)
        report.visits, report.users = _count(visits, "visits"), _count(users, "users")
        report.comment = inputs.paragraph(comment, "comment", needed=False)
        report.fill()
        report.sent_back_reason = ""
        report.filled_by, report.filled_at = as_person(by), clock.now()
        report.save()
        journal.write(
            by,
            "usage_report.filled",
            dossier,
            on_behalf=dossier.applicant.name,
            service=report.service.name,
            visits=report.visits,
            users=report.users,
        )
        mails.usage_report_to_read(report)
    return report


@action("usage_report.accept")
def send_back_usage_report(*, report: UsageReport, reason: str, by: Actor) -> UsageReport:
    """Ask the beneficiary for better figures, and say which. Raises `Unmet` without reason."""
    with locked(report.dossier, report) as (dossier, report):
        permit(by, "usage_report.accept", dossier)
        require(report, "send_back", reason=reason)
        report.sent_back_reason = inputs.paragraph(reason, "reason")
        report.send_back()
        report.save(update_fields=["state", "sent_back_reason"])
        journal.write(
            by, "usage_report.sent_back", dossier, reason=report.sent_back_reason, service=report.service.name
        )
        mails.usage_report_sent_back(report)
    return report


@action("usage_report.accept")
def accept_usage_report(*, report: UsageReport, by: Actor) -> UsageReport:
    """Accept the report. Raises `Unmet` when it is not filled, or accepted already."""
    with locked(report.dossier, report) as (dossier, report):
        permit(by, "usage_report.accept", dossier)
        require(report, "accept")
        report.accept()
        report.accepted_by, report.accepted_at = as_person(by), clock.now()
        report.save(update_fields=["state", "accepted_by", "accepted_at"])
        journal.write(
            by,
            "usage_report.accepted",
            dossier,
            service=report.service.name,
            visits=report.visits,
            users=report.users,
        )
        mails.usage_report_accepted(report)
    return report


def _address(text: str) -> str:
    """A web address, or none. Raises `Refused` for anything else."""
    address = inputs.line(text, "url", longest=200, needed=False)
    if address:
        try:
            _is_web_address(address)
        except ValidationError as error:
            raise Refused(_t("Give a web address that begins with https://."), field="url") from error
    return address


def _count(value: int | None, field: str) -> int:
    return inputs.whole(-1 if value is None else value, field, most=MOST_VISITS)
