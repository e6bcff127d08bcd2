"""The mails of the monitoring: in each recipient's language, one row for each event and recipient, no bank details."""

from monitoring.mails.claims import (
    certificate_to_approve,
    certified,
    claim_contested,
    claim_received,
    claim_to_check,
)
from monitoring.mails.payments import (
    cancelled,
    closed,
    grant_paid,
    paid,
    payment_refused,
    payment_to_order,
    payment_under_way,
    recovery_issued,
    recovery_received,
)
from monitoring.mails.reminders import draft_left, scoring_open, usage_report_due
from monitoring.mails.usage import usage_report_accepted, usage_report_sent_back, usage_report_to_read

__all__ = [
    "cancelled",
    "certificate_to_approve",
    "certified",
    "claim_contested",
    "claim_received",
    "claim_to_check",
    "closed",
    "draft_left",
    "grant_paid",
    "paid",
    "payment_refused",
    "payment_to_order",
    "payment_under_way",
    "recovery_issued",
    "recovery_received",
    "scoring_open",
    "usage_report_accepted",
    "usage_report_due",
    "usage_report_sent_back",
    "usage_report_to_read",
]
