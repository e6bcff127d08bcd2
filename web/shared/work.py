"""What waits for someone: kinds of work, each with its first rows, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from people.models import Person

MOST = 20


@dataclass(frozen=True)
class Task:
    """One thing to do: its title and address, what helps to choose (`hint`), and when it is due."""

    title: str
    url: str
    hint: str = ""
    due: Any = None


@dataclass(frozen=True)
class Section:
    """One kind of work and its first rows; `more` says that others follow."""

    title: Any
    tasks: list[Task]
    more: bool


Source = tuple[Any, Callable[[Person], QuerySet[Any] | Sequence[Any]], Callable[[Any], Task]]
"""A kind of work: its title, its rows for a person, and what a row asks."""


def sections(person: Person, sources: Iterable[Source], most: int = MOST) -> Iterator[Section]:
    """The kinds of work that have something, each with its first rows, `most` at most."""
    for title, rows, task in sources:
        found = list(rows(person)[: most + 1])
        if found:
            yield Section(title, [task(row) for row in found[:most]], len(found) > most)


def of_dossier(page_name: str) -> Callable[[Any], Task]:
    """Rows that are dossiers, each led to a page by its reference."""
    return lambda row: Task(str(row), reverse(page_name, args=[row.reference]), row.applicant.name)


def on_dossier(page_name: str, due: str = "") -> Callable[[Any], Task]:
    """Rows that hang on a dossier, each led to a page by the dossier's reference; `due` names their date."""

    def task(row: Any) -> Task:
        dossier = row.dossier
        url = reverse(page_name, args=[dossier.reference])
        return Task(str(dossier), url, dossier.applicant.name, getattr(row, due) if due else None)

    return task


def by_number(page_name: str, title: Callable[[Any], str] = str) -> Callable[[Any], Task]:
    """Rows that hang on a dossier, each led to a page of its own."""
    return lambda row: Task(title(row), reverse(page_name, args=[row.pk]), told(row.dossier))


def told(dossier: Any) -> str:
    """What tells a dossier from another one, where its reference alone is shown."""
    return f"{dossier.title} · {dossier.applicant.name}"
