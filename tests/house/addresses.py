"""Every address of the product, read off the resolver: a new page is under the gates from its first day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.urls import get_resolver, reverse
from django.utils import translation

from web.pages import DECLARED


@dataclass(frozen=True)
class Address:
    """One pattern: the name to reverse it by, the action that its view declares, its arguments."""

    name: str
    pattern: str
    action: str | None
    methods: frozenset[str] = frozenset()
    arguments: tuple[str, ...] = ()
    view: Any = field(default=None, compare=False, repr=False)

    @property
    def room(self) -> str:
        """The room that the page stands in; empty for the accounts and the pages of the site."""
        return self.name.split(":")[0] if ":" in self.name else ""

    @property
    def reads(self) -> bool:
        return "GET" in self.methods

    @property
    def writes(self) -> bool:
        return "POST" in self.methods

    def url(self, arguments: Mapping[str, Any] | None = None, language: str = "en") -> str:
        """The address with its arguments, in a language."""
        with translation.override(language):
            return reverse(self.name, kwargs=dict(arguments or {}))


@cache
def addresses() -> tuple[Address, ...]:
    """All of them, in the order of the resolver."""
    return tuple(_walk(get_resolver().url_patterns, "", ""))


def named() -> dict[str, Address]:
    """By name."""
    return {address.name: address for address in addresses()}


def _walk(patterns: Any, before: str, space: str) -> Iterator[Address]:
    for pattern in patterns:
        written = f"{before}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            inner = ":".join(part for part in (space, pattern.namespace) if part)
            yield from _walk(pattern.url_patterns, written, inner)
        else:
            name = ":".join(part for part in (space, pattern.name or "") if part)
            view = pattern.callback
            yield Address(
                name=name,
                pattern=written,
                action=getattr(view, "action_name", None) or DECLARED.get(name),
                methods=methods_of(view),
                arguments=tuple(pattern.pattern.regex.groupindex),
                view=view,
            )


def methods_of(view: Any) -> frozenset[str]:
    """The methods that a page answers; a view of a package answers both."""
    return getattr(view, "methods", frozenset({"GET", "POST"}))
