"""Who acts. Every act is by someone: where no person acts, by a named system actor, never by `None`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@runtime_checkable
class Actor(Protocol):
    """What the records need to know of whoever acts: an id and a label, no word of the trade."""

    @property
    def actor_id(self) -> str:
        """A stable id such as `person:12` or `system:scheduler`."""

    @property
    def actor_label(self) -> str:
        """A name for a reader: personal data where the actor is a person."""


@dataclass(frozen=True)
class SystemActor:
    """A part of the product that acts by itself, on rules that people decided."""

    name: str

    @property
    def actor_id(self) -> str:
        return f"system:{self.name}"

    @property
    def actor_label(self) -> str:
        return self.name

    def __str__(self) -> str:
        return self.name


SCHEDULER = SystemActor("scheduler")
DEMO = SystemActor("demo")
INSTALLER = SystemActor("installer")
