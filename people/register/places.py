"""Whether a département and a commune agree, by the register on board."""

from __future__ import annotations

from django.utils.translation import gettext as _t

from kit.errors import Refused
from people.register import bundled
from people.register.names import typeset


def agreed(address: dict[str, str]) -> dict[str, str]:
    """`address` with the département that its commune lies in and the région of that département, where they are known.

    Raises `Refused` for a code that no département has, and for another one than that of the commune, by the code
    officiel géographique. An INSEE code that the register does not hold is let through: communes merge, papers stay.
    """
    code = address["department"].upper()
    code = code.zfill(2) if code else ""
    commune = bundled.commune(address["insee"].upper())
    if code and bundled.department(code) is None:
        raise Refused(_t("No département has this code: write it as 46, 2A or 971."), field="department")
    if commune and code not in ("", commune.department):
        sentence = _t("The commune with this INSEE code, {name}, lies in the département {code}.")
        raise Refused(sentence.format(name=typeset(commune.name), code=commune.department), field="department")
    if commune:
        code = commune.department
    found = bundled.department(code)
    return {
        **address,
        "insee": address["insee"].upper(),
        "department": code,
        "region": address["region"] or (found.region if found else ""),
    }
