"""Real communes and intercommunal bodies, with establishments that no register holds."""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from random import Random

from stdnum import luhn

from people.models import OrganisationKind

DATA = Path(__file__).resolve().parent.parent / "data" / "territories"
SYNTHETIC = "999"
"""How the NIC of a synthetic establishment begins: real ones are counted from 00001 and never come so far."""
_VOWELS = re.compile(r"[AEIOUYÀÂÉÈÊËÎÏÔÖÙÛÜŒÆH]", re.IGNORECASE)
_ARTICLES = {"Le ": "du ", "Les ": "des ", "L’": "de L’"}


@dataclass(frozen=True)
class Community:
    """A commune or an EPCI, as the register knows it."""

    siren: str
    kind: str
    name: str
    department: str
    region: str
    insee: str
    postal_code: str
    city: str

    @cached_property
    def siret(self) -> str:
        """The SIREN with a NIC of the synthetic range, under the Luhn key."""
        number = f"{self.siren}{SYNTHETIC}0"
        return number + luhn.calc_check_digit(number)


@lru_cache(maxsize=1)
def communities() -> tuple[Community, ...]:
    """Every community with a SIREN and a place, in the order of the SIREN."""
    communes = [row for row in _rows("communes.csv.gz") if row["siren"]]
    found = {row["siren"]: _commune(row) for row in communes}
    members: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in communes:
        members[row["epci_siren"]][row["department"], row["region"]] += 1
    for row in _rows("epci.csv.gz"):
        if row["siren"] in members and row["siren"] not in found:
            department, region = members[row["siren"]].most_common(1)[0][0]
            found[row["siren"]] = Community(
                row["siren"], OrganisationKind.EPCI.value, _typeset(row["name"]), department, region, "", "", ""
            )
    return tuple(found[siren] for siren in sorted(found))


def drawn(dice: Random) -> Iterator[Community]:
    """Every community once, in an order that `dice` decides; about one in six of the first ones is an EPCI."""
    kinds: dict[str, list[Community]] = defaultdict(list)
    for community in communities():
        kinds[community.kind].append(community)
    communes, groups = kinds[OrganisationKind.COMMUNE], kinds[OrganisationKind.EPCI]
    dice.shuffle(communes)
    dice.shuffle(groups)
    for number, commune in enumerate(communes):
        if number % 5 == 0 and groups:
            yield groups.pop()
        yield commune


def commune_name(name: str) -> str:
    """The name of a commune as a body, in French.

    >>> [commune_name(name) for name in ("Toulouse", "Le Mans", "Les Angles", "Auch", "L'Isle-Jourdain", "La Salvetat")]
    ['Commune de Toulouse', 'Commune du Mans', 'Commune des Angles', 'Commune d’Auch', 'Commune de L’Isle-Jourdain', \
'Commune de La Salvetat']
    """
    place = _typeset(name)
    for article, merged in _ARTICLES.items():
        if place.startswith(article):
            return f"Commune {merged}{place.removeprefix(article)}"
    return f"Commune d’{place}" if _VOWELS.match(place) else f"Commune de {place}"


def _commune(row: dict[str, str]) -> Community:
    return Community(
        siren=row["siren"],
        kind=OrganisationKind.COMMUNE.value,
        name=commune_name(row["name"]),
        department=row["department"],
        # The overseas collectivities have a code of three characters, and belong to no région.
        region=row["region"] if len(row["region"]) == 2 else "",
        insee=row["insee"],
        postal_code=re.split(r"\D", row["postal_codes"])[0],
        city=_typeset(row["name"]),
    )


def _typeset(name: str) -> str:
    return name.replace("'", "’")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table)
