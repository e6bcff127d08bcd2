"""The register of communes and their groupings that comes with the product: found by SIREN, without a network.

The tables stay as the bytes that they are on the disk, two megabytes, and are searched as such: one lookup reads a few
lines of them, and thirty-five thousand rows never become objects.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from people.models import OrganisationKind
from people.register.found import Found, Source
from people.register.names import commune_name, group_name, typeset

DATA = Path(__file__).resolve().parent / "data"
EDITION = 2026
"""The year of the code officiel géographique that the tables were taken from."""


@dataclass(frozen=True)
class Department:
    """A département, or an overseas collectivity that stands for one."""

    code: str
    name: str
    region: str
    """Empty for those that belong to no région."""


@dataclass(frozen=True)
class Commune:
    """A commune of the code officiel géographique."""

    insee: str
    siren: str
    """Empty for the few that the register of legal units does not know here."""
    name: str
    department: str
    region: str
    postal_codes: tuple[str, ...]
    group: str
    """The SIREN of its EPCI, if it belongs to one."""


@dataclass(frozen=True)
class Group:
    """A grouping of communes with own tax (EPCI)."""

    siren: str
    name: str


def communes() -> Iterator[Commune]:
    """Every commune, in the order of the INSEE codes."""
    for line in _lines(_table("communes.csv.gz")):
        yield _commune(line)


def groups() -> Iterator[Group]:
    """Every grouping, in the order of the SIREN."""
    for line in _lines(_table("epci.csv.gz")):
        yield _group(line)


def commune(insee: str) -> Commune | None:
    """The commune with this INSEE code; none for one that has merged into another."""
    if not re.fullmatch(r"[0-9AB]{5}", insee):
        return None
    return next((_commune(line) for line in _lines(_table("communes.csv.gz"), f"\n{insee},")), None)


def department(code: str) -> Department | None:
    """The département with this code, such as `46`, `2A` or `971`."""
    return _departments().get(code)


def members(siren: str) -> list[Commune]:
    """The communes of the grouping with this SIREN."""
    return [_commune(line) for line in _lines(_table("communes.csv.gz"), f",{siren}\n")]


def find(siret: str) -> Found | None:
    """The commune or grouping that the SIREN part of `siret`, a valid one, belongs to."""
    siren = siret[:9]
    if not re.fullmatch(r"[0-9]{9}", siren):
        return None
    for line in _lines(_table("communes.csv.gz"), f",{siren},"):
        return _found_commune(siret, _commune(line))
    for line in _lines(_table("epci.csv.gz"), f"\n{siren},"):
        return _found_group(siret, _group(line))
    return None


def _found_commune(siret: str, row: Commune) -> Found:
    several = len(row.postal_codes) > 1
    return Found(
        siret=siret,
        source=Source.BUNDLED,
        name=commune_name(row.name),
        kind=OrganisationKind.COMMUNE.value,
        postal_code="" if several else "".join(row.postal_codes),
        city=typeset(row.name),
        insee=row.insee,
        department=row.department,
        region=row.region,
        postal_codes=row.postal_codes if several else (),
    )


def _found_group(siret: str, row: Group) -> Found:
    """A grouping: the register does not hold its seat, and its département only where it lies in a single one."""
    counted = Counter(member.department for member in members(row.siren))
    sole = department(next(iter(counted))) if len(counted) == 1 else None
    return Found(
        siret=siret,
        source=Source.BUNDLED,
        name=group_name(row.name),
        kind=OrganisationKind.EPCI.value,
        department=sole.code if sole else "",
        region=sole.region if sole else "",
        departments=tuple(code for code, _count in counted.most_common()) if len(counted) > 1 else (),
    )


@lru_cache
def _departments() -> dict[str, Department]:
    with (DATA / "departments.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return {row["code"]: Department(row["code"], typeset(row["name"]), _region(row["region"])) for row in rows}


@lru_cache
def _table(name: str) -> bytes:
    """A table of the register, read once by each process, with plain line ends; the first line names the columns."""
    return gzip.decompress((DATA / name).read_bytes()).replace(b"\r\n", b"\n")


def _lines(table: bytes, needle: str = "") -> Iterator[str]:
    """The lines of `table` but the first one; of these, those around each place where `needle` stands."""
    if not needle:
        yield from table.decode().splitlines()[1:]
        return
    sought, at = needle.encode(), table.index(b"\n")
    while (at := table.find(sought, at)) >= 0:
        begin = at + 1 if needle.startswith("\n") else table.rindex(b"\n", 0, at) + 1
        end = table.index(b"\n", begin)
        yield table[begin:end].decode()
        at = end


def _commune(line: str) -> Commune:
    insee, siren, name, code, region, postal_codes, _population, group = next(csv.reader([line]))
    return Commune(insee, siren, name, code, _region(region), tuple(postal_codes.split()), group)


def _group(line: str) -> Group:
    siren, name, _kind, _population, _members = next(csv.reader([line]))
    return Group(siren, name)


def _region(code: str) -> str:
    """The overseas collectivities have a code of three characters, and belong to no région."""
    return code if len(code) == 2 else ""
