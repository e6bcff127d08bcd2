"""What a person is at one moment: confirmed roles, memberships and mandates, in one query."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connections, router
from django.db.models import BigIntegerField, CharField, F, Value
from django.db.models.functions import Cast

from kit import clock

_changes = itertools.count(1)
_latest_change = 0


@dataclass(frozen=True)
class Standing:
    """Roles as (role, programme code) pairs, organisations as primary keys."""

    roles: frozenset[tuple[str, str]] = frozenset()
    editor_of: frozenset[int] = frozenset()
    signatory_of: frozenset[int] = frozenset()
    member_of: frozenset[int] = frozenset()

    @property
    def acts_for(self) -> frozenset[int]:
        """The organisations for which this person may act as an applicant, as editor or signatory."""
        return self.editor_of | self.signatory_of

    @property
    def organisations(self) -> frozenset[int]:
        """Every organisation the person is tied to: member in any capacity, or mandated."""
        return self.member_of | self.acts_for

    def has_role(self, role: str, scope: str | None = None) -> bool:
        """Whether the person holds `role` in the programme `scope`, or in any when `scope` is None."""
        return any(held == role and scope in (None, place) for held, place in self.roles)

    def scopes(self) -> frozenset[str]:
        """The codes of the programmes in which the person holds some role."""
        return frozenset(scope for _role, scope in self.roles if scope)

    def scopes_of(self, *roles: str) -> frozenset[str]:
        """The codes of the programmes in which the person holds one of `roles`."""
        return frozenset(scope for role, scope in self.roles if scope and role in roles)

    def holds(self) -> frozenset[str]:
        """The names of all that the person is, in the words of the permission page."""
        names = {"public", "signed_in", *(role for role, _scope in self.roles)}
        if self.editor_of:
            names.add("applicant_editor")
        if self.signatory_of:
            names.add("applicant_signatory")
        return frozenset(names)


def read(person_id: int) -> Standing:
    """The standing of one person now; one query whatever the number of roles and organisations."""
    return read_many([person_id])[person_id]


def read_many(person_ids: Iterable[int]) -> dict[int, Standing]:
    """The standings of some persons now, in one query."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return {}
    alias = router.db_for_read(apps.get_model("people", "Person"))
    text, values = _compiled(alias, len(wanted), clock.today())
    with connections[alias].cursor() as cursor:
        cursor.execute(text, [wanted[-value - 1] if _is_place(value) else value for value in values])
        rows = cursor.fetchall()
    found: dict[int, list[tuple[str, str, str, int]]] = {person_id: [] for person_id in wanted}
    for person_id, *row in rows:
        found[person_id].append((row[0], row[1], row[2], row[3]))
    return {person_id: _of(own) for person_id, own in found.items()}


@functools.lru_cache(maxsize=64)
def _compiled(alias: str, number: int, today: date) -> tuple[str, tuple[Any, ...]]:
    """The query of `number` persons' standings, in the words of the database, and its values.

    Composing it takes ten times as long as running it, and every page and every act runs it: it is composed once for
    each day, which is all that `live()` asks about time. In place of the persons stand -1, -2, …: nobody's keys.
    """
    places = [-place - 1 for place in range(number)]
    role_model = apps.get_model("people", "RoleAssignment")
    membership = apps.get_model("people", "Membership")
    mandate = apps.get_model("people", "Mandate")
    nowhere = Cast(Value(None), BigIntegerField())
    text = CharField()
    whose = F("person_id")
    roles = role_model.objects.using(alias).live().filter(person__in=places).order_by()
    members = membership.objects.using(alias).live().filter(person__in=places).order_by()
    mandates = mandate.objects.using(alias).confirmed().filter(person__in=places).order_by()
    union = roles.values_list(whose, Value("role", text), F("role"), F("scope"), nowhere).union(
        members.values_list(whose, Value("member", text), F("capacity"), Value("", text), F("organisation_id")),
        mandates.values_list(whose, Value("mandate", text), Value("", text), Value("", text), F("organisation_id")),
    )
    sentence, values = union.query.get_compiler(alias).as_sql()
    return sentence, tuple(values)


def _is_place(value: Any) -> bool:
    return isinstance(value, int) and value < 0


def _of(found: Iterable[tuple[str, str, str, int]]) -> Standing:
    found = list(found)
    return Standing(
        roles=frozenset((word, scope) for kind, word, scope, _pk in found if kind == "role"),
        editor_of=frozenset(pk for kind, word, _scope, pk in found if kind == "member" and word == "editor"),
        signatory_of=frozenset(pk for kind, _word, _scope, pk in found if kind == "mandate"),
        member_of=frozenset(pk for kind, _word, _scope, pk in found if kind == "member"),
    )


def changed() -> None:
    """Tell that some standing changed: persons held in memory by this process read theirs again.

    Requests read persons afresh and do not need it; a replay holds the same persons through many acts.
    """
    global _latest_change
    _latest_change = next(_changes)


def stamp() -> Hashable:
    """What must be equal for a standing in memory to be still true: no change since, and the same day."""
    return _latest_change, clock.today()
