"""Doing a thing once, however often its form is sent."""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from kit import clock
from kit.errors import Conflict
from records.models import OneTimeKey


def once(actor_id: str, key: str, body_digest: str) -> OneTimeKey:
    """Take `key` for this actor, in the transaction of the act; `.first` says whether to act.

    When it is not the first time, `.response` is where the first answer led. A second request that comes while
    the first still runs waits for it (PostgreSQL: on the unique index; SQLite: on its one writer).
    Raises `Conflict` when the same key comes with another body.
    """
    try:
        with transaction.atomic():
            row = OneTimeKey.objects.create(
                actor_id=actor_id, key=key, body_digest=body_digest, used_at=clock.real_now()
            )
            row.first = True
            return row
    except IntegrityError:
        row = OneTimeKey.objects.get(actor_id=actor_id, key=key)
    if row.body_digest != body_digest:
        raise Conflict(_t("This form was already sent with other answers; reload the page and fill it in again."))
    return row


def answered(row: OneTimeKey, response: str) -> None:
    """Keep where the act led, for whoever sends the same form again."""
    row.response = response
    row.save(update_fields=["response"])


def forget(row: OneTimeKey) -> None:
    """Give the key back: the form was not accepted, and may be sent again with the same key and other answers."""
    row.delete()


def digest_of(body: bytes) -> str:
    """The SHA-256 of a request's body, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()
