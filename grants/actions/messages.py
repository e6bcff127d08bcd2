"""Writing in the thread of a dossier, saying that one has read it, and the service's private notes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _t

from grants import mails
from grants.lifecycle import State
from grants.models import Dossier, Message, MessageFile, MessageRead, Note, Side
from grants.models.messages import LONGEST_TEXT
from grants.queries import messages as thread
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, NotAllowed, Refused
from kit.locks import locked
from people.acting import action, as_person
from people.models import Role
from people.permissions import permit
from programmes.actions import inputs
from records.actions import documents, journal
from records.models import Document

MOST_FILES = 5
"""Documents with one message."""
MOST_DOCUMENTS = 100
"""Documents in one thread."""


@action("message.send")
def send(*, dossier: Dossier, text: str, by: Actor, uploads: Sequence[Any] = (), seen: int | None = None) -> Message:
    """Write to the other side, with documents; the other side is told by mail.

    Answers the messages that the author saw: those up to the key `seen`, or all. Raises `NotAllowed` for a member of
    staff in a draft that asks nothing, and `Refused` for an empty or too long text, or a document that is not taken.
    """
    permit(by, "message.send", dossier)
    written = inputs.paragraph(text, "text", longest=LONGEST_TEXT)
    if len(uploads) > MOST_FILES:
        raise Refused(_t("A message has {most} documents at most.").format(most=MOST_FILES), field="papers")
    # Before the lock: bytes travel, and nobody waits for them.
    kept = [_stored(upload, dossier, by) for upload in uploads]
    with locked(dossier) as dossier:
        permit(by, "message.send", dossier)
        author, (role, side) = as_person(by), _writer(by, dossier)
        _room_for(kept, dossier)
        message = Message.objects.create(
            dossier=dossier, author=author, side=side, role=role, text=written, sent_at=clock.now()
        )
        MessageFile.objects.bulk_create(MessageFile(message=message, document=document) for document in kept)
        _answer(message, seen)
        journal.write(
            by,
            "message.sent",
            dossier,
            on_behalf=dossier.applicant.name if side == Side.APPLICANT else "",
            personal={"sha256": hashlib.sha256(written.encode()).hexdigest()},
            message=message.pk,
            side=str(side),
            length=len(written),
            documents=[document.digest for document in kept],
        )
        mails.message_sent(message)
    return message


@action("message.read")
def mark_read(*, dossier: Dossier, by: Actor, through: int | None = None) -> MessageRead:
    """Note that `by` has read the other side's messages, up to the key `through`, or all of them.

    Raises `Conflict` when there is none. Nothing changes when they were read already.
    """
    with locked(dossier) as dossier:
        permit(by, "message.read", dossier)
        person, (_role, side) = as_person(by), _writer(by, dossier)
        rows = dossier.messages.filter(side=side.other)
        last = (rows if through is None else rows.filter(pk__lte=through)).order_by("-pk").first()
        if last is None:
            raise Conflict
        mark = MessageRead.objects.filter(dossier=dossier, person=person).first()
        if mark is not None and mark.last_id >= last.pk:
            return mark
        mark = mark or MessageRead(dossier=dossier, person=person)
        mark.last, mark.read_at = last, clock.now()
        mark.save()
        journal.write(by, "message.read", dossier, through=last.pk)
    return mark


@action("note.write")
def write_note(*, dossier: Dossier, text: str, by: Actor) -> Note:
    """Write a private note. Raises `Refused` for an empty or too long one."""
    with locked(dossier) as dossier:
        permit(by, "note.write", dossier)
        written = inputs.paragraph(text, "text", longest=LONGEST_TEXT)
        note = Note.objects.create(dossier=dossier, author=as_person(by), text=written, written_at=clock.now())
        digest = hashlib.sha256(written.encode()).hexdigest()
        journal.write(by, "note.written", dossier, personal={"sha256": digest}, note=note.pk, length=len(written))
    return note


@action("note.strike")
def strike_note(*, note: Note, by: Actor) -> Note:
    """Strike a note out: it stays readable, as one that no longer holds. Its author may, and the programme's manager.

    Raises `Conflict` when it is struck out already.
    """
    with locked(note.dossier, note) as (dossier, note):
        permit(by, "note.strike", dossier)
        person = as_person(by)
        if note.author_id != person.pk and not person.standing.has_role(Role.PROGRAMME_MANAGER, dossier.programme_code):
            raise NotAllowed(_t("A note is struck out by whoever wrote it, or by the programme manager."))
        if note.struck_at is not None:
            raise Conflict
        note.struck_at, note.struck_by = clock.now(), person
        note.save(update_fields=["struck_at", "struck_by"])
        journal.write(by, "note.struck", dossier, note=note.pk)
    return note


def _writer(by: Actor, dossier: Dossier) -> tuple[str, Side]:
    """The role and the side that `by` writes for. Raises `NotAllowed` for staff in a draft that asks nothing."""
    found = thread.writer(as_person(by), dossier)
    if found is None or (found[1] == Side.STAFF and dossier.state == State.DRAFT and not thread.is_asked(dossier)):
        raise NotAllowed
    return found


def _stored(upload: Any, dossier: Dossier, by: Actor) -> Document:
    """One document, or `Refused` with the name of the file that is not taken: there may be several."""
    try:
        return documents.store(upload, by=by, chain=dossier.journal_chain, kind="message")
    except Refused as error:
        sentence = _t("{name}: {reason}").format(name=getattr(upload, "name", ""), reason=error)
        raise Refused(sentence, field="papers") from error


def _room_for(kept: Sequence[Document], dossier: Dossier) -> None:
    if kept and MessageFile.objects.filter(message__dossier=dossier).count() + len(kept) > MOST_DOCUMENTS:
        sentence = _t("The messages of a dossier hold {most} documents at most.")
        raise Refused(sentence.format(most=MOST_DOCUMENTS), field="papers")


def _answer(message: Message, seen: int | None) -> None:
    """Note that what the author saw of the other side is answered."""
    asked = message.dossier.messages.filter(side=Side(message.side).other, answered_at=None)
    (asked if seen is None else asked.filter(pk__lte=seen)).update(answered_at=message.sent_at)
