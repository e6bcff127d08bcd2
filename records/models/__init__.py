"""What must never be lost or changed. Knows no word of the trade: actors and subjects are ids and labels."""

from records.models.access import AccessLog, OneTimeKey
from records.models.documents import Document
from records.models.journal import JournalEntry, JournalHead, JournalPersonal, JournalSeal
from records.models.ledger import Account, Transfer
from records.models.outbox import OutboxMail

__all__ = [
    "AccessLog",
    "Account",
    "Document",
    "JournalEntry",
    "JournalHead",
    "JournalPersonal",
    "JournalSeal",
    "OneTimeKey",
    "OutboxMail",
    "Transfer",
]
