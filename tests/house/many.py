"""More of the same: every dossier of the house with all that hangs on it, several times over, as plain rows.

For what looks at many rows and asks no more than that they are like the others; acts and their journal stay out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from grants.models import Dossier
from monitoring.models import PaymentOrder
from people.acting import exempt_bulk_write
from people.models import Mandate, Membership, Organisation, Person, RoleAssignment
from programmes.models import Call, Envelope, Measure
from records.models import Account, JournalEntry, JournalPersonal, OutboxMail
from selection.models import CommitteeMember, Meeting

# So far apart that no key of one copy is a key of another.
APART = 1_000_000

Rows = dict[type[models.Model], dict[Any, models.Model]]


def hanging_on(roots: Iterable[models.Model]) -> Rows:
    """The rows, and every row that points to one of them, by model and key."""
    found: Rows = defaultdict(dict)
    waiting = list(roots)
    while waiting:
        new: Rows = defaultdict(dict)
        for row in waiting:
            if row.pk not in found[type(row)]:
                found[type(row)][row.pk] = new[type(row)][row.pk] = row
        waiting = [near for model, rows in new.items() for near in _near(model, rows)]
    return found


def _near(model: type[models.Model], rows: dict[Any, models.Model]) -> Iterator[models.Model]:
    """What is one row's own (its plan, its document), and what points to one of the rows."""
    for field in model._meta.concrete_fields:
        if field.one_to_one:
            own: Any = field.related_model
            keys = [getattr(row, field.attname) for row in rows.values()]
            yield from own._base_manager.filter(pk__in=[key for key in keys if key is not None]).order_by("pk")
    keys = list(rows)
    for relation in model._meta.related_objects:
        if not relation.many_to_many:
            child: Any = relation.related_model
            yield from child._base_manager.filter(**{f"{relation.field.name}__in": keys}).order_by("pk")


def multiply(found: Rows, copies: Iterable[int]) -> None:
    """Write each row again for each number of `copies`; what pointed into the rows points into the same copy."""
    with exempt_bulk_write():
        for copy in copies:
            for model, rows in sorted(found.items(), key=lambda item: item[0] in LATE):
                made = [_copied(model, row, found, copy) for row in rows.values()]
                model._base_manager.bulk_create(made)  # type: ignore[attr-defined]


def _copied(model: type[models.Model], row: models.Model, found: Rows, copy: int) -> models.Model:
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.primary_key or (field.is_relation and value in found.get(field.related_model, {})):  # type: ignore[arg-type, call-overload]
            value = _moved(value, copy)
        elif (field.unique or (model, field.name) in NAMED) and isinstance(field, models.CharField) and value:
            value = f"{copy}-{value}"[: field.max_length]
        elif field.name in NUMBERED and value is not None:
            value += APART * copy
        values[field.attname] = value
    return model(**values)


# A trigger looks whether the account that is paid stands there already.
LATE = (PaymentOrder,)

# Numbers and codes that are unique within what is not copied: a rank in a call, a place in a chain.
NUMBERED = frozenset({"reserve_rank", "seq"})
NAMED = frozenset({(Measure, "code"), (Envelope, "code")})

# What stands around the dossiers, each list with what is copied together.
AROUND: tuple[tuple[type[models.Model], ...], ...] = (
    (Organisation, Person, RoleAssignment, Membership, Mandate, CommitteeMember, Meeting, OutboxMail),
    (Call,),
    (Measure, Envelope, Account),
    (JournalEntry, JournalPersonal),
)


def _moved(key: Any, copy: int) -> Any:
    return key + APART * copy if isinstance(key, int) else f"{copy}-{key}"


def more_dossiers(copies: Iterable[int]) -> None:
    """Every dossier again, once for each number of `copies`."""
    originals = Dossier._base_manager.filter(pk__lt=APART).order_by("pk")
    multiply(hanging_on(originals), copies)


def more_around(copies: Iterable[int]) -> None:
    """Organisations and their people, meetings, calls, mails and acts again, as rows of the same programme."""
    numbers = list(copies)
    for together in AROUND:
        found: Rows = {model: {row.pk: row for row in model._base_manager.order_by("pk")} for model in together}
        multiply(found, numbers)
