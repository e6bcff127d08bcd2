"""What applicant and service write to each other about a dossier, and what the service notes for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grants.models.dossier import Dossier, OfDossier, OfDossierQuerySet
from grants.models.participation import Partner, PartnerState
from people.models import Role
from records.models import Document

if TYPE_CHECKING:
    from people.models import Person

LONGEST_TEXT = 20_000
"""Characters of a message or of a note."""

NOTE_READERS = (Role.INSTRUCTING_OFFICER, Role.PROGRAMME_MANAGER, Role.PAYING_OFFICER, Role.AUDITOR)
MESSAGE_READERS = (
    *(Role.INSTRUCTING_OFFICER, Role.PROGRAMME_MANAGER, Role.COMMITTEE_SECRETARY, Role.COMMITTEE_MEMBER),
    *(Role.ADVISER, Role.CONTROLLER, Role.AUDITOR, Role.FOLLOW_UP_AGENT),
)


class Side(models.TextChoices):
    """Who writes to whom."""

    APPLICANT = "applicant", _("Applicant")
    STAFF = "staff", _("Instructing service")

    @property
    def other(self) -> Side:
        """The side that a message of this one is for."""
        return Side.STAFF if self == Side.APPLICANT else Side.APPLICANT


class MessageQuerySet(OfDossierQuerySet):
    def visible_to(self, person: Person | None) -> Self:
        """Messages of one's own dossiers, and of those that one reads as staff; a partner reads none."""
        if person is None or not person.is_authenticated:
            return self.none()
        own = Q(dossier__applicant__in=person.standing.acts_for)
        return super().visible_to(person).filter(own | _as_staff(person, MESSAGE_READERS))


class Message(OfDossier, models.Model):
    """One message of a dossier's thread. Its words never change (trigger)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    side = models.CharField(max_length=9, choices=Side.choices)
    role = models.CharField(max_length=30, help_text="in which the author wrote, a role of the permission page")
    text = models.TextField(_("message"))
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True, help_text="when the other side wrote next")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "pk"]
        verbose_name = _("message")
        indexes = [
            # What waits for an answer is little, however much was ever written.
            models.Index(fields=["side", "dossier"], condition=Q(answered_at=None), name="message_unanswered"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="message_side_known"),
            models.CheckConstraint(condition=~Q(text=""), name="message_not_empty"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_at__gte=F("sent_at")), name="message_answered_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.sent_at:%Y-%m-%d}"


class MessageFile(models.Model):
    """A document sent with a message. Never changed, never taken away (trigger)."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="files")
    document = models.OneToOneField(Document, models.PROTECT, related_name="message_file")

    class Meta:
        ordering = ["message", "pk"]
        verbose_name = _("document of a message")

    def __str__(self) -> str:
        return str(self.document)


class MessageRead(OfDossier, models.Model):
    """How far a person has read the thread of a dossier."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="message_reads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="message_reads")
    last = models.ForeignKey(Message, models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "person"]
        verbose_name = _("messages read")
        constraints = [models.UniqueConstraint(fields=["person", "dossier"], name="message_read_once")]

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.person}"


class NoteQuerySet(OfDossierQuerySet):
    def visible_to(self, person: Person | None) -> Self:
        """Notes of the dossiers that one reads as a member of the service: never as applicant, partner or adviser."""
        if person is None or not person.is_authenticated:
            return self.none()
        return super().visible_to(person).filter(_as_staff(person, NOTE_READERS))


class Note(OfDossier, models.Model):
    """What the service writes down for itself. Struck out when it is wrong, never edited (trigger)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("note"))
    written_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "pk"]
        verbose_name = _("private note")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="note_not_empty"),
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by=None) | Q(struck_at__isnull=False, struck_by__isnull=False),
                name="note_struck_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.written_at:%Y-%m-%d}"


def _as_staff(person: Person, roles: tuple[Role, ...]) -> Q:
    """Rows of the programmes in which the person holds one of the roles, save those that a tie takes away."""
    held, own = Q(dossier__programme__code__in=person.standing.scopes_of(*roles)), person.standing.organisations
    if not own:
        return held
    tying = (PartnerState.INVITED, PartnerState.CONFIRMED)
    shared = Partner.objects.filter(organisation__in=own, state__in=tying).order_by().values("dossier")
    return held & ~Q(dossier__applicant__in=own) & ~Q(dossier__in=shared)


# Triggers: what both databases read alike. Emptying a whole database takes them away first.
MESSAGES, FILES, NOTES = "grants_message", "grants_messagefile", "grants_note"
_KEPT = {
    MESSAGES: ("dossier_id", "author_id", "side", "role", "text", "sent_at"),
    NOTES: ("dossier_id", "author_id", "text", "written_at"),
}
KEPT_TABLES = tuple(_KEPT)
_FUNCTION = """
CREATE OR REPLACE FUNCTION grants_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the words of % stay', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def made(vendor: str, table: str) -> list[str]:
    """The SQL that refuses to change the words of a message or a note, or to delete it."""
    moments = {"words": f"UPDATE OF {', '.join(_KEPT[table])}", "row": "DELETE"}
    if vendor == "postgresql":
        return [
            _FUNCTION,
            *(
                f"CREATE OR REPLACE TRIGGER {table}_{name} BEFORE {moment} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION grants_words_stay()"
                for name, moment in moments.items()
            ),
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_{name} BEFORE {moment} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'the words of {table} stay'); END"
        for name, moment in moments.items()
    ]


def taken(vendor: str, table: str) -> list[str]:
    """The SQL that takes the triggers away."""
    on = f" ON {table}" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {table}_{name}{on}" for name in ("words", "row")]
