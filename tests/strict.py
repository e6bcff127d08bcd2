"""What makes the tests stricter than the product: undefined variables, unordered rows and the network."""

import random
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.template import Template

ROOT = Path(__file__).resolve().parent.parent


class UndefinedVariable(Exception):
    """A template of the project reads a variable that nobody gave it."""


class Undefined(str):
    """The value of an undefined template variable: fails in our templates, empty in those of packages."""

    __slots__ = ()

    def __mod__(self, variable: Any) -> str:
        template = self._template()
        if template is not None and ROOT in template.parents and ".venv" not in template.parts:
            raise UndefinedVariable(f"{variable} is undefined in {template.relative_to(ROOT)}")
        return ""

    @staticmethod
    def _template() -> Path | None:
        """The file of the innermost template being rendered."""
        frame = sys._getframe(2)
        while frame is not None:
            owner = frame.f_locals.get("self")
            if isinstance(owner, Template) and owner.origin is not None:
                return Path(owner.origin.name)
            origin = getattr(owner, "origin", None)
            if origin is not None and getattr(origin, "name", "").startswith("/"):
                return Path(origin.name)
            frame = frame.f_back  # type: ignore[assignment]
        return None


_fetch_all = QuerySet._fetch_all
_dice = random.Random(0)


def shuffling_fetch_all(queryset: QuerySet) -> None:
    """Fetch as Django does, then shuffle the rows that no `order_by` arranged: no code may count on their order."""
    fresh = queryset._result_cache is None
    _fetch_all(queryset)
    rows = queryset._result_cache
    if fresh and rows and len(rows) > 1 and not queryset.ordered and not queryset.query.is_sliced:
        _dice.shuffle(rows)


def shuffle_unordered_rows(seed: str) -> None:
    """Shuffle from here on, in an order that `seed` decides."""
    _dice.seed(seed)
    QuerySet._fetch_all = shuffling_fetch_all  # type: ignore[method-assign]


class NetworkClosed(Exception):
    """A test tried to leave the machine."""


@contextmanager
def loopback_only() -> Iterator[None]:
    """Refuse every connection that leaves the machine."""
    originals = socket.socket.connect, socket.socket.connect_ex

    def guard(original: Any) -> Any:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                host = str(address[0])
                if host != "localhost" and not ip_address(host).is_loopback:
                    raise NetworkClosed(f"A test may only reach this machine, not {host}.")
            return original(self, address)

        return connect

    socket.socket.connect, socket.socket.connect_ex = map(guard, originals)  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        socket.socket.connect, socket.socket.connect_ex = originals  # type: ignore[method-assign]
