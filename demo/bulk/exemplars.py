"""The exemplars: dossiers that walked their road by the real acts, read so that they can be copied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

from demo.bulk.marks import Marks
from demo.bulk.pattern import Copy, Pattern, Special, tables_of
from demo.bulk.pool import Applicant
from demo.bulk.stage import MEETINGS, OPENINGS, Stage
from demo.bulk.stories import ELIGIBLE, REQUESTED, Story
from demo.delivery import Road
from demo.story import Project
from grants.models import Dossier
from grants.rules import accounts
from people.models import Organisation, Person
from programmes.models import Call
from records.models import Transfer
from records.queries import journal

BANK, COUNTER = "30006", "00001"
MASK = "•••• "


@dataclass(frozen=True)
class Exemplar:
    """A dossier that walked its road, compiled; `flows` are its movements out of (below zero) and into the envelope."""

    story: Story
    key: int
    call_id: int
    pattern: Pattern
    flows: tuple[tuple[datetime, Decimal], ...]
    pivot: datetime
    turn: datetime | None

    @property
    def on_reserve(self) -> bool:
        """Whether its copies need a rank of their own."""
        return "grants.Dossier.reserve_rank" in self.pattern.special

    def copy(self, reference: str, applicant: Applicant, title: str, number: int) -> Copy:
        """A copy, named; how large it is and when it happened is told afterwards."""
        organisation, person = applicant.organisation, applicant.person
        iban = iban_of(number)
        words = {
            "reference": reference,
            "title": title,
            "name": organisation.name,
            "siret": organisation.siret or "",
            "full_name": person.full_name,
            "actor": person.actor_id,
            "iban": iban,
            "masked": f"{MASK}{iban[-4:]}",
            "invoices": f"F-{reference}-",
        }
        values: dict[str, Any] = {
            "organisation": organisation.pk,
            "person": person.pk,
            "department": organisation.department,
            "kind": organisation.kind,
        }
        return Copy(words, values, pivot=self.pivot, turn=self.turn)


def road_of(stage: Stage, story: Story, applicant: Applicant, title: str, dossier: Dossier | None) -> Road:
    """The road of one exemplar, which begins at `dossier` where another one has brought it."""
    return Road(
        cast=stage.cast,
        call=Call.objects.get(pk=stage.calls[story.call].pk),
        organisation=applicant.organisation,
        editor=applicant.person,
        signatory=applicant.person,
        project=Project(title=title, eligible=ELIGIBLE, requested=REQUESTED),
        dossier=dossier,
    )


def read(stage: Stage, story: Story, key: int, applicant: Applicant, dice: Random) -> Exemplar:
    """Read what the acts of a story left, so that it can be copied."""
    dossier = Dossier.objects.select_related("call__envelope__account", "plan").get(pk=key)
    envelope = dossier.call.envelope.account
    transfers = _transfers(dossier)
    closes, meeting = OPENINGS[story.call][1], MEETINGS.get(story.call)
    return Exemplar(
        story=story,
        key=key,
        call_id=dossier.call_id,
        pattern=Pattern(
            _words(dossier, applicant),
            tables_of(dossier),
            journal.entries(dossier.journal_chain),
            transfers,
            special=_special(dossier, dice),
            shared={
                (Organisation, applicant.organisation.pk): "organisation",
                (Person, applicant.person.pk): "person",
            },
        ),
        flows=tuple(
            (item.occurred_at, -item.amount if item.debit_id == envelope.pk else item.amount)
            for item in transfers
            if envelope.pk in (item.debit_id, item.credit_id)
        ),
        pivot=min(stage.day(closes), stage.day(0)),
        turn=stage.day(meeting, 15) if meeting is not None else None,
    )


def iban_of(number: int) -> str:
    """A French account number under both of its keys, of an account that nobody was given.

    >>> iban_of(12345678901)
    'FR7630006000011234567890189'
    """
    account = f"{number:011}"
    key = 97 - (89 * int(BANK) + 15 * int(COUNTER) + 3 * int(account)) % 97
    domestic = f"{BANK}{COUNTER}{account}{key:02}"
    # F and R are 15 and 27, by ISO 7064.
    return f"FR{98 - int(f'{domestic}152700') % 97:02}{domestic}"


def _transfers(dossier: Dossier) -> list[Transfer]:
    own = Transfer.objects.select_related("debit", "credit", "settles")
    codes = [accounts.code(stage, dossier) for stage in accounts.STAGES]
    rows = own.filter(debit__code__in=codes).union(own.filter(credit__code__in=codes)).order_by("pk")
    keys = [row.pk for row in rows]
    return list(own.filter(pk__in=keys).order_by("pk"))


def _words(dossier: Dossier, applicant: Applicant) -> dict[str, str]:
    """What every copy says in its own way."""
    words = {
        dossier.reference: "reference",
        dossier.title: "title",
        applicant.organisation.name: "name",
        applicant.organisation.siret or "": "siret",
        applicant.person.full_name: "full_name",
        applicant.person.actor_id: "actor",
        f"F-{dossier.pk}-": "invoices",
    }
    for details in dossier.bank_details.order_by("pk"):
        words |= {details.iban: "iban", f"{MASK}{details.iban[-4:]}": "masked"}
    for snapshot in dossier.snapshots.order_by("number"):
        words[snapshot.digest] = f"digest {snapshot.number}"
    return words


def _special(dossier: Dossier, dice: Random) -> dict[str, Special]:
    special: dict[str, Special] = {
        **Marks(dossier, dice).special,
        "grants.Dossier.department": lambda copy, _key: copy.values["department"],
    }
    if dossier.reserve_rank is not None:
        for name in ("grants.Dossier.reserve_rank", "selection.DossierDecision.rank", "rank"):
            special[name] = lambda copy, _key: copy.values["rank"]
    return special
