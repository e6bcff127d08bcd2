"""What an exemplar is made of, and how a copy of it differs: its rows, its journal and its movements of money.

A pattern is read once from the database and compiled: of each column and each value of the journal, either it is the
same in every copy, or a function gives it from the copy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from graphlib import TopologicalSorter
from typing import Any

from django.db import models

from grants.models import Award, BankDetails, Dossier, FinancingPlan
from grants.queries.contents import digest_of
from kit.inserts import Inserter, Preparer
from kit.money import MoneyField, amount_of
from monitoring.models import Certificate, ItemCheck, PaymentOrder, Recovery
from records.actions.bulk import Act, Move
from records.models import Document, JournalEntry, Transfer
from records.rules.chain import canonical, instant

Row = tuple[type[models.Model], int]
OWNED = (FinancingPlan, Document)
"""What a dossier points at and nothing else does: copied with it."""
EARLIER: dict[type[models.Model], set[type[models.Model]]] = {Certificate: {ItemCheck}}
"""What must stand before a row, though the row does not point at it: the database's triggers ask for it."""
KEYS: dict[str, type[models.Model]] = {
    **dict.fromkeys(("select", "contract", "release"), Award),
    **dict.fromkeys(("verify", "unverify", "commit_again"), Certificate),
    **dict.fromkeys(("order", "pay", "refuse"), PaymentOrder),
    **dict.fromkeys(("claim_back", "recover", "give_up"), Recovery),
    **dict.fromkeys(("unspent", "cancel"), Dossier),
}
"""Of which table the number at the end of a transfer's key is, by the word at its beginning."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONEY = re.compile(r"\d+\.\d\d")


@dataclass
class Copy:
    """One copy in the making: what it is called, how much larger it is, and when it happened."""

    words: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    hundredths: int = 100
    pivot: datetime | None = None
    turn: datetime | None = None
    earlier: timedelta = timedelta(0)
    later: timedelta = timedelta(0)
    keys: dict[Row, int] = field(default_factory=dict)
    """Of each row of the exemplar, the key of the copy's own."""

    def money(self, amount: Decimal) -> Decimal:
        """The copy's amount, in euros."""
        return amount_of(amount * self.hundredths / 100)

    def moment(self, at: datetime) -> datetime:
        """When it happened: what came before the call closed happened earlier, what came after the meeting later."""
        if self.pivot is not None and at < self.pivot:
            return at - self.earlier
        return at + self.later if self.turn is not None and at > self.turn else at

    def day(self, day: date) -> date:
        """The copy's date; the hours that `later` adds change none."""
        if self.pivot is not None and day < self.pivot.date():
            return day - timedelta(days=self.earlier.days)
        return day


Given = Callable[[Copy], Any]
"""Gives a value of a copy."""
Special = Callable[[Copy, int], Any]
"""Gives a value of a copy that is not the exemplar's in other words, told the key of the exemplar's row."""


@dataclass(frozen=True)
class RowMaker:
    """Makes a copy's row: the values of its columns as the database takes them, once those it points at are written."""

    row: Row
    fixed: tuple[Any, ...]
    given: tuple[tuple[int, Given, Preparer], ...]

    def values(self, copy: Copy) -> list[Any]:
        made = list(self.fixed)
        for place, give, prepared in self.given:
            made[place] = prepared(give(copy))
        return made


def write_rows(makers: Iterable[tuple[RowMaker, Copy]], model: type[models.Model]) -> None:
    """Write rows of one table, and note their keys on their copies."""
    found = list(makers)
    keys = Inserter(model).insert([maker.values(copy) for maker, copy in found])
    for (maker, copy), key in zip(found, keys, strict=True):
        copy.keys[maker.row] = key


class Pattern:
    """The compiled exemplar.

    `words` names each text that every copy says in its own way, `shared` each row that is not copied and that every
    copy has another of, `special` the columns (`app.Model.field`) and the keys of the journal that follow no rule.
    """

    def __init__(
        self,
        words: Mapping[str, str],
        tables: Sequence[tuple[type[models.Model], Sequence[models.Model]]],
        entries: Iterable[JournalEntry],
        transfers: Iterable[Transfer] = (),
        *,
        special: Mapping[str, Special],
        shared: Mapping[Row, str],
    ) -> None:
        self.words = dict(words)
        self.special = special
        self.shared = shared
        # The longest first; a number does not end inside another one.
        told = sorted(self.words, key=len, reverse=True)
        self._told = re.compile("|".join(re.escape(word) + (r"(?!\d)" if word[-1].isdigit() else "") for word in told))
        self.own = {(model, row.pk) for model, rows in tables for row in rows}
        self.rows = {model: [self._maker(row, Inserter(model)) for row in rows] for model, rows in tables}
        self._acts = [self._act(entry) for entry in entries]
        self._moves = [self._move(transfer) for transfer in transfers]

    def acts(self, copy: Copy) -> list[Act]:
        """The copy's journal; its rows are written already."""
        return [make(copy) for make in self._acts]

    def moves(self, copy: Copy) -> list[Move]:
        """The copy's movements of money; its rows are written already."""
        return [make(copy) for make in self._moves]

    def text(self, value: str) -> Any:
        """`value` as it is, or what gives it for a copy."""
        if not self._told.search(value):
            return value
        parts: list[tuple[bool, str]] = []
        place = 0
        for match in self._told.finditer(value):
            parts += [(False, value[place : match.start()]), (True, self.words[match.group()])]
            place = match.end()
        parts.append((False, value[place:]))
        return lambda copy: "".join([copy.words[part] if told else part for told, part in parts])

    def plain(self, value: Any, key: str = "", within: str = "") -> Any:
        """A value of JSON as it is, or what gives it for a copy: amounts, instants, dates, names and numbers."""
        if isinstance(value, dict):
            return _made_dict({name: self.plain(item, name, key) for name, item in value.items()})
        if isinstance(value, list):
            return _made_list([self.plain(item, key, within) for item in value])
        if isinstance(value, bool) or value is None:
            return value
        if (special := self._special_value(value, key, within)) is not None:
            return special
        return self._plain_text(value) if isinstance(value, str) else value

    def _special_value(self, value: Any, key: str, within: str) -> Given | None:
        if key == "bank_details":
            return lambda copy: copy.keys[BankDetails, value]
        if key in self.special:
            special = self.special[key]
            return lambda copy: special(copy, 0)
        if key == "envelope" and isinstance(value, str) and _MONEY.fullmatch(value):
            return lambda copy: f"{copy.values['left']:.2f}"
        if (within, key) == ("applicant", "kind"):
            return lambda copy: copy.values["kind"]
        return None

    def _plain_text(self, value: str) -> Any:
        if _MONEY.fullmatch(value):
            amount = Decimal(value)
            return lambda copy: format(copy.money(amount), "f")
        if _INSTANT.fullmatch(value):
            at = datetime.fromisoformat(value)
            return lambda copy: instant(copy.moment(at))
        if _DAY.fullmatch(value):
            day = date.fromisoformat(value)
            return lambda copy: copy.day(day).isoformat()
        return self.text(value)

    def _maker(self, row: models.Model, table: Inserter) -> RowMaker:
        columns = {column.attname: column for column in row._meta.concrete_fields}
        fixed: list[Any] = []
        given: list[tuple[int, Given, Preparer]] = []
        for place, name in enumerate(table.names):
            value, prepared = self._column(row, columns[name]), table.prepared(name)
            if callable(value):
                given.append((place, value, prepared))
            fixed.append(None if callable(value) else prepared(value))
        return RowMaker((type(row), row.pk), tuple(fixed), tuple(given))

    def _column(self, row: models.Model, column: Any) -> Any:
        value = getattr(row, column.attname)
        special = self.special.get(f"{row._meta.label}.{column.name}")
        if value is None:
            return None
        if special is not None:
            pk = row.pk
            return lambda copy: special(copy, pk)
        if column.is_relation:
            target = (column.related_model, value)
            name = self.shared.get(target)
            if name is not None:
                return lambda copy: copy.values[name]
            return (lambda copy: copy.keys[target]) if target in self.own else value
        if isinstance(column, MoneyField):
            return lambda copy: copy.money(value)
        if isinstance(column, models.DateTimeField):
            return lambda copy: copy.moment(value)
        if isinstance(column, models.DateField):
            return lambda copy: copy.day(value)
        if isinstance(column, models.JSONField):
            return self.plain(value)
        if row._meta.label == "grants.Snapshot" and column.name == "content":
            return self._sealed(value)
        return self.text(value) if isinstance(value, str) else value

    def _sealed(self, content: str) -> Given:
        """What a copy filed, under its own digest, which its row and its journal then tell."""
        compiled, digest = self.plain(json.loads(content)), self.words[digest_of(content)]

        def given(copy: Copy) -> str:
            text = canonical(compiled(copy))
            copy.words[digest] = digest_of(text)
            return text

        return given

    def _act(self, entry: JournalEntry) -> Callable[[Copy], Act]:
        texts = {
            name: self.text(getattr(entry, name))
            for name in ("act", "chain", "subject", "actor_id", "reason", "on_behalf", "from_state", "to_state")
        }
        parts = {"data": self.plain(entry.data), "personal": self.plain(entry.personal.data)}
        given = {name: value for name, value in {**texts, **parts}.items() if callable(value)}
        fixed = {name: value for name, value in {**texts, **parts}.items() if not callable(value)}
        at = entry.occurred_at

        return lambda copy: Act(
            occurred_at=copy.moment(at), **fixed, **{name: give(copy) for name, give in given.items()}
        )

    def _move(self, transfer: Transfer) -> Callable[[Copy], Move]:
        debit, credit = (_always(self.text(account.code)) for account in (transfer.debit, transfer.credit))
        key = _key(transfer)
        settles = _key(transfer.settles) if transfer.settles is not None else None
        kind, amount, at = transfer.kind, transfer.amount, transfer.occurred_at

        return lambda copy: Move(
            kind,
            debit(copy),
            credit(copy),
            copy.money(amount),
            key(copy),
            copy.moment(at),
            settles(copy) if settles is not None else "",
        )


def tables_of(dossier: Dossier) -> list[tuple[type[models.Model], list[models.Model]]]:
    """Every row that hangs on a dossier, by table, those first that others point at."""
    found: dict[type[models.Model], dict[int, models.Model]] = {Dossier: {dossier.pk: dossier}}
    waiting: list[type[models.Model]] = [Dossier]
    while waiting:
        model = waiting.pop(0)
        for other, rows in _neighbours(model, list(found[model].values())):
            known = found.setdefault(other, {})
            fresh = {row.pk: row for row in rows if row.pk not in known}
            if fresh:
                known.update(fresh)
                waiting.append(other)
    return [(model, [found[model][pk] for pk in sorted(found[model])]) for model in in_order(found)]


def in_order(found: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    """Tables in an order in which their rows can be written: those first that others point at."""
    known = set(found)
    return list(TopologicalSorter({model: _pointed_at(model) & known for model in known}).static_order())


def _neighbours(
    model: type[models.Model], rows: list[models.Model]
) -> Iterable[tuple[type[models.Model], list[models.Model]]]:
    """The rows that point at `rows`, and those owned rows that `rows` point at."""
    for column in model._meta.concrete_fields:
        if column.related_model in OWNED:
            keys = {getattr(row, column.attname) for row in rows} - {None}
            target = column.related_model
            yield target, list(target._base_manager.filter(pk__in=keys).order_by("pk"))
    for relation in model._meta.related_objects:
        other = relation.related_model
        pointed = [row.pk for row in rows]
        yield other, list(other._base_manager.filter(**{f"{relation.field.name}__in": pointed}).order_by("pk"))


def _pointed_at(model: type[models.Model]) -> set[type[models.Model]]:
    named = {column.related_model for column in model._meta.concrete_fields if column.related_model}
    return (named | EARLIER.get(model, set())) - {model}


def _key(transfer: Transfer) -> Given:
    """What gives the key of a copy's transfer: the number at its end is that of a row of the copy."""
    words, _colon, number = transfer.key.rpartition(":")
    row = (KEYS[words.split(":")[0]], int(number))
    return lambda copy: f"{words}:{copy.keys[row]}"


def _always(value: Any) -> Given:
    return value if callable(value) else lambda _copy: value


def _made_dict(items: dict[str, Any]) -> Any:
    given = {name: value for name, value in items.items() if callable(value)}
    if not given:
        return items
    # In the order of the exemplar: rows that are compared by eye read alike.
    return lambda copy: {name: value(copy) if name in given else value for name, value in items.items()}


def _made_list(items: list[Any]) -> Any:
    if not any(map(callable, items)):
        return items
    return lambda copy: [item(copy) if callable(item) else item for item in items]
