"""The units of targets and declared results, in words."""

from __future__ import annotations

from typing import Any

from kit.words import gettext_lazy as _
from kit.words import pgettext_lazy

MONEY = "EUR"
PERCENT = "percent"

UNITS: dict[str, Any] = {
    "people": _("people"),
    "communities": _("communities"),
    "organisations": _("organisations"),
    "dossiers": pgettext_lazy("unit", "dossiers"),
    "projects": _("projects"),
    "services": pgettext_lazy("unit", "services"),
    "sessions": _("sessions"),
    "meetings": pgettext_lazy("unit", "meetings"),
    "days": pgettext_lazy("unit", "days"),
    "documents": pgettext_lazy("unit", "documents"),
    "posts": _("posts"),
    "out of 4": _("out of 4"),
    MONEY: "€",
    PERCENT: "%",
}


def unit_words(unit: str) -> str:
    """A unit in words; one that nobody translated stands as it was typed."""
    return str(UNITS.get(unit, unit))
