"""What a register says of the organisation that has a SIRET."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Which register said it."""

    BUNDLED = "bundled"
    ONLINE = "online"


@dataclass(frozen=True)
class Found:
    """An organisation as a register knows it; what the register does not hold is empty, never guessed."""

    siret: str
    source: Source
    name: str
    kind: str = ""
    """A value of `OrganisationKind`; empty where the register's own kind has no match."""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    insee: str = ""
    department: str = ""
    region: str = ""
    """The code of two characters; the overseas collectivities belong to no région."""
    postal_codes: tuple[str, ...] = ()
    """All those of the commune, where it has several and which one is meant is not known."""
    departments: tuple[str, ...] = ()
    """All those that a grouping of communes lies in, where there are several."""
    closed: bool = False
    """The establishment no longer exists."""
