"""Numbers that identify organisations in France: SIRET and RNA."""

from __future__ import annotations

import re

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.fr import siret as siret_number

LA_POSTE = "356000000"
_SEPARATORS = re.compile(r"[\s.\u00a0\u202f]")
_RNA = re.compile(r"W[0-9]{9}")


def compact(number: str) -> str:
    """`number` as it is kept: without spaces and dots, in capitals.

    >>> compact("233 500 016 00040")
    '23350001600040'
    """
    return _SEPARATORS.sub("", number).upper()


def is_siret(number: str) -> bool:
    """Whether a compact number is a SIRET: 14 digits under the Luhn key, its SIREN too.

    The post offices (La Poste, SIREN 356000000) have either the Luhn key or digits whose sum is a multiple of 5.

    >>> is_siret("23350001600040"), is_siret("35600000049837"), is_siret("23350001600041")
    (True, True, False)
    """
    if not re.fullmatch(r"[0-9]{14}", number):
        return False
    if number.startswith(LA_POSTE) and luhn.is_valid(number):
        return True
    try:
        siret_number.validate(number)
    except ValidationError:
        return False
    return True


def is_rna(number: str) -> bool:
    """Whether a compact number is one of the national register of associations: W and nine digits.

    >>> is_rna("W313001234"), is_rna("W31300123")
    (True, False)
    """
    return _RNA.fullmatch(number) is not None
