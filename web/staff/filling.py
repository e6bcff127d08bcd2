"""What a register knows of an organisation, as the form shows it: filled in, where from, and why the rest is empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _t

from kit import clock
from kit.text import format_date
from people.models import OrganisationKind
from people.register.bundled import EDITION
from people.register.found import Found, Source

SEVERAL = 6
"""Postal codes that are still read in a sentence; of more, only their number is told."""


@dataclass(frozen=True)
class Told:
    """A sentence above the form, and whether it says that nothing was found."""

    text: str
    tone: str = ""


def answers(siret: str, found: Found | None) -> dict[str, str]:
    """The answers of the form for this SIRET, written in groups of digits as people read it."""
    number = f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"
    if found is None:
        return {"siret": number}
    return {
        "siret": number,
        **{
            name: getattr(found, name)
            for name in ("kind", "name", "street", "postal_code", "city", "department", "insee")
        },
    }


def told(found: Found | None) -> Told:
    """Where the answers come from, or that no register knows the number."""
    if found is None:
        sentence = _t(
            "The registers that are read here do not hold this number (communes and their groupings, {year}). "
            "Fill in the form yourself: nothing else changes."
        )
        return Told(sentence.format(year=EDITION), "wait")
    if found.source == Source.ONLINE:
        sentence = _t("Filled in from the public search for companies, {day}. You may correct every answer.")
        return Told(sentence.format(day=format_date(clock.today())))
    sentence = _t("Filled in from the register of communes and their groupings, {year}. You may correct every answer.")
    return Told(sentence.format(year=EDITION))


def told_by_rna() -> Told:
    """That nothing is filled in for an association without SIRET."""
    return Told(_t("No register of associations is read here: write its name and its place yourself."))


def notes(found: Found | None) -> dict[str, str]:
    """Why a field is empty, by its name: where there is a reason that the person does not know."""
    return dict(_notes(found)) if found is not None else {}


def _notes(found: Found) -> Iterator[tuple[str, str]]:
    """Only of fields that are empty."""
    if not found.kind:
        yield "kind", _t("The register names no kind that is used here: choose it.")
    if found.kind == OrganisationKind.EPCI and found.source == Source.BUNDLED:
        for name in ("street", "postal_code", "city", "insee"):
            yield name, _t("Of the seat, which the register does not hold: write it.")
    elif not found.street:
        yield "street", _street_note(found)
    if not found.postal_code and found.postal_codes:
        yield "postal_code", _postal_codes_note(found)
    if not found.department and found.departments:
        sentence = _t("Its communes lie in several ({codes}): write the one of the seat.")
        yield "department", sentence.format(codes=", ".join(found.departments))


def _street_note(found: Found) -> str:
    if found.source == Source.ONLINE:
        return _t("The public search does not tell it: write it if there is one.")
    return _t("The register of communes holds no streets: write it if there is one.")


def _postal_codes_note(found: Found) -> str:
    if len(found.postal_codes) > SEVERAL:
        return _t("{commune} has {count} postal codes: write yours.").format(
            commune=capfirst(found.city), count=len(found.postal_codes)
        )
    sentence = _t("{commune} has several: {codes}. Write yours.")
    return sentence.format(commune=found.city, codes=", ".join(found.postal_codes))
