"""The pages that are measured, each as one person asks for it, and what is promised of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.house import House, Visit


@dataclass(frozen=True)
class Page:
    """A page: `visit` gives what is asked for in a round, or `None` when there is nothing (left) to ask for.

    `most_queries` is the promise on the number of queries and, where it is made, `growth` that on the median time with
    many dossiers, as a multiple of that with few.
    """

    name: str
    visit: Callable[[House, int], Visit | None]
    most_queries: int | None = None
    growth: float | None = None


GROWTH = 1.5

PAGES: tuple[Page, ...] = (
    Page("bare Django page", lambda house, number: house.bare()),
    Page("sign-in", lambda house, number: house.sign_in(number)),
    Page("list", lambda house, number: house.dossiers(), 12, GROWTH),
    Page("list, of one state", lambda house, number: house.dossiers_of_a_state(number), 12, GROWTH),
    Page("list, by amount", lambda house, number: house.dossiers_by_amount(), 12, GROWTH),
    Page("list, following page", lambda house, number: house.following("officer", house.dossiers_url), 12, GROWTH),
    Page("list, searched", lambda house, number: house.searched(number), 12),
    Page("dossier", lambda house, number: house.dossier(number), 15, GROWTH),
    Page("ranking", lambda house, number: house.ranking(), 12, GROWTH),
    Page("ranking, following page", lambda house, number: house.following("secretary", house.ranking_url), 12, GROWTH),
    Page("submit", lambda house, number: house.submit()),
)


def named() -> Iterator[tuple[str, Page]]:
    """Every page by its name."""
    return ((page.name, page) for page in PAGES)
