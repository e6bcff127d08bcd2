"""Making synthetic dossiers: the exemplars first, then their copies, some hundreds in one transaction."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from django.db import transaction
from django.utils import translation

from demo.bulk.exemplars import Exemplar, read, road_of
from demo.bulk.pattern import Copy, in_order, write_rows
from demo.bulk.pool import Applicant, Pool
from demo.bulk.stage import CURRENT, DOMAIN, FINISHED, OPEN, Stage
from demo.bulk.stories import PartnerTown, Story, stories
from demo.stage import IDEAS
from grants.models import Dossier
from grants.rules.accounts import STAGES
from kit.actors import INSTALLER
from kit.locks import locked
from people.acting import exempt_bulk_write
from people.actions import accounts
from people.models import RoleAssignment
from programmes.models import Call
from records.actions import journal
from records.actions.bulk import post_many, write_many
from records.models import Account, OutboxMail

TOGETHER = 400
"""Dossiers written in one transaction: the other writers of the site wait meanwhile (SQLite)."""
DOSSIERS_AN_APPLICANT = 2
SPREAD = {CURRENT: 40, FINISHED: 40, OPEN: 20}
"""Over how many days the filings of a call are spread."""


@dataclass(frozen=True)
class Made:
    """What was made: the programme's code, how many dossiers and for how many applicants."""

    code: str
    dossiers: int
    applicants: int


def make(count: int, *, seed: int = 1, password: str = "") -> Made:
    """Make `count` coherent synthetic dossiers in a fresh programme BENCH-<n>.

    `password`, where it is given, is that of the programme's staff; without it nobody can sign in as them before
    they have set one. Raises `ValueError` for a count below one.
    """
    bench = Bench(most=count, seed=seed, password=password)
    bench.add(count)
    return Made(bench.stage.code, bench.made, len(bench.pool.known))


class Bench:
    """A programme of synthetic dossiers that grows; at most `most` of them, which its envelope is made for."""

    def __init__(self, *, most: int, seed: int = 1, password: str = "", only: Collection[str] = ()) -> None:
        """Set the stage and tell the exemplars: all of them, or those that `only` names."""
        if most < 1:
            raise ValueError("There is nothing to make.")
        self.most, self.made, self.ranks = most, 0, 1
        self.dice = Random(seed)  # noqa: S311 - invented dossiers, the same at each run
        with translation.override("fr"):
            with transaction.atomic():
                self.stage = Stage(most)
                self.pool = Pool(self.stage, self.dice)
                first, partner = self.pool.take(2)
                self._leave_no_trace_outside()
            with transaction.atomic():
                self.exemplars = self._told(first, partner, only)
                self.stage.close_meetings()
                self._leave_no_trace_outside()
            for person in self.stage.staff if password else ():
                accounts.set_password(person=person, password=password, by=person)
        self.partner = partner
        self._deck = _spread([item.story.weight for item in self.exemplars], self.dice)

    def add(self, count: int) -> None:
        """Make dossiers until there are `count` more. Raises `ValueError` beyond `most`."""
        if self.made + count > self.most:
            raise ValueError(f"This bench was made for {self.most} dossiers.")
        wanted = self.made + count
        if not self.made:
            self.made = len(self.exemplars)
        while self.made < wanted:
            number = min(TOGETHER, wanted - self.made)
            # Outside the transaction: the applicants are written in their own.
            applicants = self.pool.take(3 + (self.made + number) // DOSSIERS_AN_APPLICANT)
            # The partner does not apply itself: one dossier in fifty names it.
            applicants.remove(self.partner)
            with exempt_bulk_write():
                self._write(self._copies(number, applicants))
            self.made += number

    def _told(self, applicant: Applicant, partner: Applicant, only: Collection[str]) -> list[Exemplar]:
        """Tell the stories, each from where the one before it has come."""
        told: dict[str, Exemplar] = {}
        titles = itertools.cycle(title for title, _cost in IDEAS)
        for story, title in zip(self._chosen(partner, only), titles, strict=False):
            begun = self._begun(told[story.after], applicant, title) if story.after else None
            road = road_of(self.stage, story, applicant, title, begun)
            story.tell(self.stage, road)
            told[story.name] = read(self.stage, story, road.it.pk, applicant, self.dice)
        return list(told.values())

    def _chosen(self, partner: Applicant, only: Collection[str]) -> list[Story]:
        """The stories of this bench, with those that they come after; not more than it will have dossiers."""
        known = stories(PartnerTown(partner.organisation, partner.person))
        wanted = set(only) or {story.name for story in known}
        for story in reversed(known):
            if story.name in wanted and story.after:
                wanted.add(story.after)
        return [story for story in known if story.name in wanted][: self.most]

    def _begun(self, base: Exemplar, applicant: Applicant, title: str) -> Dossier:
        """A copy of an exemplar, of the same size and days, which goes on by acts of its own."""
        with exempt_bulk_write():
            with locked(Call(pk=base.call_id)) as call:
                copy = base.copy(_numbered(call), applicant, title, call.last_number)
                call.save(update_fields=["last_number"])
            self._write([(base, copy)])
        return Dossier.objects.get(pk=copy.keys[Dossier, base.key])

    def _leave_no_trace_outside(self) -> None:
        """Nobody invented administers the site, and no mail leaves for them."""
        with exempt_bulk_write():
            for person in self.stage.administrators:
                for role in RoleAssignment.objects.live().filter(person=person, scope=""):
                    role.ended_at, role.ended_by = self.stage.now, person
                    role.save(update_fields=["ended_at", "ended_by"])
                    journal.write(INSTALLER, "role.ended", role, person=person.actor_id, role=role.role, scope="")
            OutboxMail.objects.filter(recipient__endswith=f"@{DOMAIN}", state=OutboxMail.State.QUEUED).delete()

    def _copies(self, count: int, applicants: Sequence[Applicant]) -> list[tuple[Exemplar, Copy]]:
        """Copies of exemplars drawn by their weights, each numbered in its call."""
        with locked(*self.stage.calls.values()) as calls:
            numbered = {call.pk: call for call in calls}
            copies = [self._copy(numbered, self.dice.choice(applicants)) for _ in range(count)]
            Call.objects.bulk_update(calls, ["last_number"])
        return copies

    def _copy(self, numbered: dict[int, Call], applicant: Applicant) -> tuple[Exemplar, Copy]:
        item = self.exemplars[next(self._deck)]
        call = numbered[item.call_id]
        copy = item.copy(_numbered(call), applicant, self.dice.choice(IDEAS)[0], call.last_number)
        copy.hundredths = min(400, max(10, round(self.dice.lognormvariate(4.6, 0.6))))
        seconds = self.dice.randrange(8 * 3600)
        copy.earlier = timedelta(days=self.dice.randrange(SPREAD[item.story.call]), seconds=seconds)
        copy.later = timedelta(seconds=self.dice.randrange(90 * 60))
        if item.on_reserve:
            self.ranks += 1
            copy.values["rank"] = self.ranks
        return item, copy

    def _write(self, copies: Sequence[tuple[Exemplar, Copy]]) -> None:
        """Write the rows of the copies, then their movements of money, then their journal."""
        self._tell_what_was_left(copies)
        for model in in_order({model for item, _copy in copies for model in item.pattern.rows}):
            write_rows(((row, copy) for item, copy in copies for row in item.pattern.rows.get(model, ())), model)
        moves = [move for item, copy in copies for move in item.pattern.moves(copy)]
        # The envelope's own chain tells its movements in the order in which they happened.
        moves.sort(key=lambda move: move.occurred_at)
        post_many(moves, {f"{stage}:{copy.words['reference']}": stage for _item, copy in copies for stage in STAGES})
        write_many([act for item, copy in copies for act in item.pattern.acts(copy)])

    def _tell_what_was_left(self, copies: Sequence[tuple[Exemplar, Copy]]) -> None:
        """Tell each copy what the envelope held when its grant was reserved, in the order of the movements."""
        left = Account.objects.get(pk=self.stage.envelope.account_id).balance
        flows = [(copy.moment(at), amount, copy) for item, copy in copies for at, amount in item.flows]
        for _at, amount, copy in sorted(flows, key=lambda flow: flow[0]):
            if amount < 0:
                copy.values["left"] = left
            left += copy.money(amount)


def _numbered(call: Call) -> str:
    """The next reference of the call, whose row is locked."""
    call.last_number += 1
    return f"{call.reference_prefix}-{call.last_number:04}"


def _spread(weights: Sequence[int], dice: Random) -> Iterator[int]:
    """Places drawn without end, each as often as its weight says, in an order that `dice` decides."""
    while True:
        deck = [place for place, weight in enumerate(weights) for _ in range(weight)]
        dice.shuffle(deck)
        yield from deck
