"""Mails about the reports on the first year of use of a service."""

from __future__ import annotations

from django.utils.translation import gettext as _t

from grants.mails import applicants, page
from monitoring.mails.sending import send, staff
from monitoring.models import UsageReport
from people.models import Role


def usage_report_to_read(report: UsageReport) -> None:
    """To the instructing service: the report is in."""
    dossier = report.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: a usage report to read").format(reference=dossier.reference), _t(
            "{organisation} reports on the first year of “{service}”.\n\nAccept the report, or say what is missing:\n"
            "{link}"
        ).format(organisation=dossier.applicant, service=report.service.name, link=page(dossier))

    send("usage_report_to_read", dossier, staff(dossier, Role.INSTRUCTING_OFFICER), _event(report), written)


def usage_report_sent_back(report: UsageReport) -> None:
    """To the beneficiary: what is missing in the report."""
    dossier = report.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: please complete your usage report").format(reference=dossier.reference), _t(
            "About the report on the first year of “{service}”:\n\n{reason}\n\nComplete it here:\n{link}"
        ).format(service=report.service.name, reason=report.sent_back_reason, link=page(dossier))

    send("usage_report_sent_back", dossier, applicants(dossier), _event(report), written)


def usage_report_accepted(report: UsageReport) -> None:
    """To the beneficiary: the report is accepted."""
    dossier = report.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: your usage report is accepted").format(reference=dossier.reference), _t(
            "The report on the first year of “{service}” is accepted. Thank you.\n{link}"
        ).format(service=report.service.name, link=page(dossier))

    send("usage_report_accepted", dossier, applicants(dossier), _event(report), written)


def _event(report: UsageReport) -> str:
    """One filling of the report."""
    return f"{report.pk}:{'' if report.filled_at is None else report.filled_at.isoformat()}"
