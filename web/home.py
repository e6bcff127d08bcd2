"""The home of whoever is signed in: for each of their roles, what waits for them now.

Each room says it in its own `home.py`, by `todo(person) -> list[HomeSection]`; a room without one has nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from people.models import Person
from web.shared.work import Section, Source, sections

Todo = Callable[[Person], "list[HomeSection]"]

FEW = 5
"""Items shown of each kind of work; the rest stands on the page that the section leads to."""

# In the order of a dossier's life.
ROOMS = ("applicant", "adviser", "committee", "officer", "finance", "manager", "audit", "staff")


@dataclass(frozen=True)
class HomeSection:
    """What waits for a person in one role: kinds of work with their first items (label, url, hint, due).

    `empty` is the sentence said when there is none. `action` and `url` name the one link that leads further, `links`
    (label, url) other places of the role.
    """

    title: Any
    groups: list[Section] = field(default_factory=list)
    empty: Any = ""
    action: Any = ""
    url: str = ""
    links: Sequence[tuple[Any, str]] = ()


def section(
    person: Person,
    title: Any,
    sources: Iterable[Source],
    *,
    empty: Any,
    action: Any = "",
    url: str = "",
    links: Sequence[tuple[Any, str]] = (),
) -> HomeSection:
    """A section made of kinds of work, each one query."""
    return HomeSection(title, list(sections(person, sources, FEW)), empty, action, url, links)


@cache
def rooms() -> tuple[Todo, ...]:
    """What the rooms registered, in their order; read once."""
    found = []
    for room in ROOMS:
        if find_spec(f"web.{room}") and find_spec(f"web.{room}.home"):
            found.append(import_module(f"web.{room}.home").todo)
    return tuple(found)


def home_of(person: Person) -> list[HomeSection]:
    """Everything that waits for `person`: first the roles in which something does."""
    found = [item for todo in rooms() for item in todo(person)]
    return sorted(found, key=lambda item: not item.groups)
