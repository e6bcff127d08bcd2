"""The outbox: queued in the act's transaction, claimed and sent outside any."""

from __future__ import annotations

import logging
import smtplib
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _t

from kit import clock
from kit.errors import Refused
from kit.text import clean
from records import broker
from records.models import OutboxMail
from records.rules.mailing import LEASE, MOST_ATTEMPTS, MOST_REFUSALS, message_id, one_line, pause

logger = logging.getLogger(__name__)
State = OutboxMail.State
REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused)


def queue(
    kind: str,
    *,
    recipient: str,
    language: str,
    subject: str,
    text: str,
    html: str = "",
    key: str,
    chain: str = "",
    person_id: str = "",
    due: datetime | None = None,
) -> OutboxMail:
    """Put a rendered mail in the outbox, once for `key`; the mail that stands is returned as it is.

    `person_id` is the recipient's actor id, `due` the instant before which it is not sent. Raises `Refused` for
    a recipient that is no address.
    """
    address = one_line(recipient)
    if "@" not in address or " " in address:
        raise Refused(_t("This is not an e-mail address; correct it and try again."))
    now = clock.now()
    mail, created = OutboxMail.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "recipient": address,
            "language": language,
            "subject": one_line(clean(subject))[:250],
            "text": clean(text),
            "html": clean(html),
            "chain": chain,
            "person_id": person_id,
            "message_id": message_id(key, urlsplit(getattr(settings, "SITE_URL", "")).hostname or "localhost"),
            "queued_at": now,
            "due": due or now,
        },
    )
    if created:
        broker.wake_after_commit()
    return mail


def deliver(batch: int = 50) -> int:
    """Send up to `batch` mails that are due; how many were sent.

    Any number of senders may run: each mail is claimed by a compare-and-set on its lease, in a transaction of its
    own, and sent outside. A sender that dies leaves a lease, after which another one sends the mail.
    Raises `RuntimeError` inside a transaction.
    """
    sent, mailer = 0, get_connection()
    try:
        for pk in _waiting(batch):
            mail = _claim(pk)
            if mail is None:
                continue
            error = _send(mail, mailer)
            _settle(mail, error)
            if error is None:
                sent += 1
            elif not isinstance(error, REFUSALS):
                break  # the server, not the mail: the others would wait for the same time-out
    finally:
        mailer.close()
    return sent


def retry(mail: OutboxMail) -> None:
    """Put a mail that failed back in the queue."""
    OutboxMail.objects.filter(pk=mail.pk, state=State.FAILED).update(
        state=State.QUEUED, attempts=0, due=clock.now(), lease_until=None, lease_token=""
    )


def _free(now: datetime) -> Q:
    waiting = Q(state__in=[State.QUEUED, State.SENDING], due__lte=now)
    return waiting & (Q(lease_until=None) | Q(lease_until__lte=now))


def _waiting(batch: int) -> list[int]:
    return list(
        OutboxMail.objects.filter(_free(clock.now())).order_by("due", "pk").values_list("pk", flat=True)[:batch]
    )


def _claim(pk: int) -> OutboxMail | None:
    """Take the lease, or nothing when another sender has it."""
    now, token = clock.now(), uuid.uuid4().hex
    with transaction.atomic(durable=True):
        won = OutboxMail.objects.filter(_free(now), pk=pk).update(
            state=State.SENDING, lease_until=now + LEASE, lease_token=token, attempts=F("attempts") + 1
        )
    return OutboxMail.objects.get(pk=pk) if won else None


def _send(mail: OutboxMail, mailer: Any) -> Exception | None:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.recipient],
        headers={
            "Message-ID": mail.message_id,
            "Content-Language": one_line(mail.language),
            "Auto-Submitted": "auto-generated",
        },
        connection=mailer,
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    try:
        message.send()
    except Exception as error:  # noqa: BLE001 - a relay meets every error of every mail server, and goes on
        logger.warning("mail %s was not sent (%s)", mail.pk, type(error).__name__)
        return error
    return None


def _settle(mail: OutboxMail, error: Exception | None) -> None:
    """Note the outcome, if the lease is still ours: otherwise whoever took it over notes theirs."""
    now = clock.now()
    if error is None:
        change: dict[str, Any] = {"state": State.SENT, "sent_at": now, "last_error": ""}
    else:
        most = MOST_REFUSALS if isinstance(error, REFUSALS) else MOST_ATTEMPTS
        ended = mail.attempts >= most
        change = {
            "state": State.FAILED if ended else State.QUEUED,
            "due": now + pause(mail.attempts),
            # The kind of error alone: a server's answer repeats the address.
            "last_error": type(error).__name__,
        }
    with transaction.atomic(durable=True):
        OutboxMail.objects.filter(pk=mail.pk, state=State.SENDING, lease_token=mail.lease_token).update(
            lease_until=None, lease_token="", **change
        )
