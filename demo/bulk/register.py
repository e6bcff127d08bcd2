"""Real communes and intercommunal bodies, with establishments that no register holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from random import Random

from stdnum import luhn

from people.models import OrganisationKind
from people.register import bundled
from people.register.names import commune_name, group_name, typeset

SYNTHETIC = "999"
"""How the NIC of a synthetic establishment begins: real ones are counted from 00001 and never come so far."""


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
    communes = [row for row in bundled.communes() if row.siren]
    found = {row.siren: _commune(row) for row in communes}
    members: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in communes:
        members[row.group][row.department, row.region] += 1
    for group in bundled.groups():
        if group.siren in members and group.siren not in found:
            department, region = members[group.siren].most_common(1)[0][0]
            found[group.siren] = Community(
                group.siren, OrganisationKind.EPCI.value, group_name(group.name), department, region, "", "", ""
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


def _commune(row: bundled.Commune) -> Community:
    return Community(
        siren=row.siren,
        kind=OrganisationKind.COMMUNE.value,
        name=commune_name(row.name),
        department=row.department,
        region=row.region,
        insee=row.insee,
        postal_code="".join(row.postal_codes[:1]),
        city=typeset(row.name),
    )
