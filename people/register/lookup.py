"""Who has this SIRET: the public service where it is switched on and answers, else the register on board."""

from __future__ import annotations

from dataclasses import replace

from people.register import bundled, online
from people.register.found import Found
from people.rules import identifiers


def lookup(number: str) -> Found | None:
    """What is known of the organisation with this SIRET, spaces allowed; `None` when nobody knows it.

    May ask another machine and take two seconds: called by a page that is read, never under a lock or in an action.
    """
    siret = identifiers.compact(number)
    if not identifiers.is_siret(siret):
        return None
    here, there = bundled.find(siret), online.search(siret)
    if here is None or there is None:
        return there or here
    # The service knows the establishment; the register on board writes the body's name as people do, in small letters.
    return replace(there, name=here.name, kind=here.kind)
