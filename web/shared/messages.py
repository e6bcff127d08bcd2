"""The thread of a dossier as both sides see it: messages and what happened in between, and the form at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from grants.actions import messages
from grants.lifecycle import State
from grants.models import Dossier, Message, MessageFile, Side
from grants.models.messages import LONGEST_TEXT
from grants.queries import messages as thread
from kit.text import format_datetime
from people.permissions.labels import ROLE_LABELS
from web.forms import CleanTextarea, EscalierForm, PaperField
from web.pages import act
from web.shared.acts import PersonRequest
from web.shared.dossiers import paper
from web.shared.lists import Page, by_key

PER_PAGE = 50
LARGEST_KEY = 2**63 - 1
Address = Callable[[MessageFile], str]
Link = Callable[[thread.Event], tuple[str, str] | None]

EVENTS = {
    thread.ASKED: _("Completion asked for"),
    thread.ANSWERED: _("Completed and filed again"),
    thread.DROPPED: _("Request for completion dropped"),
}


class SeveralFiles(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class PapersField(PaperField):
    """Documents to join, each judged by the document store; none is an answer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.widget = SeveralFiles(attrs=self.widget.attrs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        return [file for file in (super(PapersField, self).clean(item, initial) for item in given) if file]


class MessageForm(EscalierForm):
    """A message; `seen` is the last one that its author had before their eyes, so that nothing unseen is answered."""

    text = CleanTextarea(label=_("Your message"), max_length=LONGEST_TEXT)
    papers = PapersField(
        label=_("Documents to join"),
        help_text=_("Five at most: PDF, image or office file, 20 MB each. After an error, choose them again."),
    )
    seen = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_KEY, widget=forms.HiddenInput)


class SeenForm(EscalierForm):
    """The last message that was read."""

    through = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_KEY)


class NoteForm(EscalierForm):
    """A private note."""

    text = CleanTextarea(label=_("Your note"), max_length=LONGEST_TEXT)


def message_form(request: PersonRequest, last: int) -> MessageForm:
    """The form of the page, bound when it was sent; `last` is the key of the last message shown."""
    if request.method == "POST":
        return MessageForm(request.POST, request.FILES)
    return MessageForm(initial={"seen": last})


def sent(request: PersonRequest, form: MessageForm, dossier: Dossier) -> bool:
    """Whether the form was sent, is in order, and its message is written."""
    if not form.is_bound or not form.is_valid():
        return False
    given = form.cleaned_data
    answer = {"text": given["text"], "uploads": given["papers"], "seen": given["seen"]}
    return bool(act(request, form, messages.send, dossier=dossier, **answer))


def waiting(dossier: Dossier) -> str:
    """How many messages wait to be read, in words, for lists of work."""
    number: int = dossier.unread  # type: ignore[attr-defined]
    return ngettext("{number} message to read", "{number} messages to read", number).format(number=number)


def marked(request: PersonRequest, dossier: Dossier) -> bool:
    """Whether what the request says was read is noted as read."""
    form = SeenForm(request.POST)
    through = form.cleaned_data["through"] if form.is_valid() else None
    return bool(act(request, None, messages.mark_read, dossier=dossier, through=through))


def thread_of(request: PersonRequest, dossier: Dossier, address: Address, link: Link) -> dict[str, Any]:
    """What `components/thread.html` draws: one page of the thread, the oldest first, its last page before others.

    `address` gives the address of a document, `link` that of the page where an event is seen, and its words.
    """
    papers = Prefetch("files", MessageFile.objects.select_related("document").order_by("pk"))
    rows = by_key(request, dossier.messages.select_related("author").prefetch_related(papers), "-pk", per_page=PER_PAGE)
    shown = list(reversed(rows.rows))
    waiting = getattr(dossier, "unread", 0)
    unseen = set(thread.unread(request.user).filter(dossier=dossier).values_list("pk", flat=True)) if waiting else set()
    entries = [_entry(message, message.pk in unseen, dossier, address) for message in shown]
    entries += [_told(dossier, event, link) for event in _between(dossier, rows, shown)]
    return {
        "entries": sorted(entries, key=lambda entry: entry["at"]),
        "pages": rows,
        "last": shown[-1].pk if shown else 0,
        "to_mark": max((message.pk for message in shown if message.pk in unseen), default=0),
    }


def _entry(message: Message, unseen: bool, dossier: Dossier, address: Address) -> dict[str, Any]:
    side = Side(message.side)
    return {
        "at": message.sent_at,
        "key": message.pk,
        "side": side,
        "sender": dossier.applicant.name if side == Side.APPLICANT else dossier.programme.managing_body,
        "name": message.author.full_name,
        "role": ROLE_LABELS[message.role],
        "text": message.text,
        "papers": [paper(file.document, address(file)) for file in message.files.all()],
        "unseen": unseen,
    }


def _told(dossier: Dossier, event: thread.Event, link: Link) -> dict[str, Any]:
    """An event in words: what was asked stands there whatever became of it."""
    asked = event.kind == thread.ASKED
    url, words = link(event) or ("", "")
    titles = {section.code: section.title for section in dossier.questions} if asked else {}
    return {
        "at": event.at,
        "event": EVENTS[event.kind],
        "text": event.request.message if asked else "",
        "sections": [titles.get(code, code) for code in event.request.sections] if asked else [],
        "note": _said_of(event),
        "url": url,
        "link": words,
    }


def _said_of(event: thread.Event) -> str:
    request = event.request
    if event.kind != thread.ASKED:
        return _t("The request of {instant}.").format(instant=format_datetime(request.asked_at))
    if request.cancelled_at is not None:
        return _t("This request was dropped: there is nothing left to complete.")
    if request.answered_at is not None:
        return _t("This request was answered.")
    return _t("To be completed before {instant} (Paris time).").format(instant=format_datetime(request.due_at))


def _between(dossier: Dossier, rows: Page, shown: list[Message]) -> Iterator[thread.Event]:
    """The events since the last message of the page before, up to the last message of this one."""
    if dossier.state == State.DRAFT:
        return
    since: datetime | None = None
    if rows.next:
        older = dossier.messages.filter(pk__lt=shown[0].pk).order_by("-pk")
        since = older.values_list("sent_at", flat=True).first()
    until = shown[-1].sent_at if rows.previous and shown else None
    for event in thread.events(dossier):
        if (since is None or event.at > since) and (until is None or event.at <= until):
            yield event
