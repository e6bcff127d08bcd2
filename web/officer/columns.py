"""The columns of the work list: which there are, which are shown, and by which of them the list can be ordered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from grants.lifecycle import State
from grants.models import Dossier
from kit import clock
from web.shared.dossiers import day_of, step_dates
from web.shared.exports import DAY, MONEY, NUMBER, TEXT, Field
from web.shared.stairs import reached

Value = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """One column: `exported` says what it is in a file; `field` is the indexed field that orders the list by it."""

    code: str
    label: Any
    exported: tuple[tuple[Field, Value], ...]
    field: str = ""
    css: str = ""


def _one(code: str, label: Any, kind: str, value: Value, field: str = "", css: str = "") -> Column:
    return Column(code, label, ((Field(label, kind), value),), field, css)


def waiting(dossier: Dossier) -> int:
    """Days since the dossier was filed, in days of Paris."""
    return 0 if dossier.submitted_at is None else (clock.today() - day_of(dossier.submitted_at)).days


REFERENCE = _one("reference", _("Dossier"), TEXT, lambda row: row.reference, field="reference")
"""Always there, and first."""

COLUMNS: tuple[Column, ...] = (
    Column(
        "project",
        _("Applicant and project"),
        (
            (Field(_("Applicant"), TEXT), lambda row: row.applicant.name),
            (Field(_("Title of the project"), TEXT), lambda row: row.title),
            (Field(_("Département"), TEXT), lambda row: row.department),
        ),
    ),
    _one("identifier", _("Identifier"), TEXT, lambda row: row.applicant.siret or row.applicant.rna or ""),
    _one("programme", _("Programme"), TEXT, lambda row: row.programme.code),
    _one("call", _("Call"), TEXT, lambda row: row.call.title),
    _one("step", _("Step"), NUMBER, lambda row: reached(row.state, step_dates(row))),
    _one("state", _("State"), TEXT, lambda row: State(row.state).label),
    _one("officer", _("Officer in charge"), TEXT, lambda row: row.officer_name),
    _one("eligible", _("Eligible"), MONEY, lambda row: row.eligible, css="es-num es-col-xl"),
    _one("requested", _("Requested"), MONEY, lambda row: row.requested, field="requested", css="es-num"),
    _one("granted", _("Grant"), MONEY, lambda row: row.granted, css="es-num"),
    _one("submitted", _("Filed"), DAY, lambda row: day_of(row.submitted_at), field="submitted_at"),
    _one("waiting", _("Days since filed"), NUMBER, waiting, css="es-num"),
)
BY_CODE = {column.code: column for column in COLUMNS}
DEFAULT = ("project", "step", "state", "officer", "eligible", "requested", "submitted")

SORTED_BY = tuple(column for column in (REFERENCE, *COLUMNS) if column.field)
SORTABLE = {column.code: column.field for column in SORTED_BY}
FIRST_ORDER = "-submitted"


def chosen(codes: Iterable[str]) -> tuple[str, ...]:
    """The known columns among `codes`, each once, in the order of the table; the usual ones when none is known."""
    wanted = {code for given in codes for code in given.split(",")}
    return tuple(column.code for column in COLUMNS if column.code in wanted) or DEFAULT


def ordered(sort: str) -> str:
    """`sort` where the list can be ordered so (`-` in front: the greatest first), else the usual order."""
    return sort if sort.removeprefix("-") in SORTABLE else FIRST_ORDER


def order_by(sort: str) -> tuple[str, str]:
    """The fields of an order that `ordered` has let pass, and the key in the same direction."""
    minus = "-" if sort.startswith("-") else ""
    return f"{minus}{SORTABLE[sort.removeprefix('-')]}", f"{minus}pk"
