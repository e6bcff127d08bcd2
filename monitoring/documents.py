"""Documents of the monitoring, each one function: what goes in it, rendered for a reader."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _t

from grants.lifecycle import State
from kit import clock
from kit.money import format_amount, format_number
from kit.text import format_date
from monitoring.queries.programme_report import EURO
from people.models import OrganisationKind
from programmes.rules.units import unit_words

MONEY = ("granted", "eligible", "erdf")


def programme_report(report: dict[str, Any], language: str) -> str:
    """The report that `queries.programme_report.build` gave, as one HTML page that needs nothing else."""
    with translation.override(language):
        single = "actions" not in report
        context = {
            "language": language,
            "title": report["title"],
            "programme": report["programme"],
            "as_of": _as_of(report["at"]),
            "actions": [_action(item) for item in ([report] if single else report["actions"])],
            "totals": None if single else _totals(report["totals"]),
        }
        return render_to_string("documents/programme_report.html", context)


def _as_of(day: str | None) -> str:
    return format_date(clock.today() if day is None else date.fromisoformat(day))


def _action(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": item["action"],
        "title": item["action_title"],
        "operator": item["operator"],
        "envelope": _envelope(item["envelope"]),
        "projects": [_row(row) for row in item["projects"]],
        "totals": _totals(item["totals"]),
        "under_way": [_row(row) for row in item["under_way"]],
        "totals_under_way": _totals(item["totals_under_way"]),
        "managed": item["managed"],
        "declared": [
            {**result, "value": _declared(result), "unit": unit_words(result["unit"])} for result in item["declared"]
        ],
        "findings": [finding["text"] for finding in item["findings"]],
    }


def _declared(result: dict[str, Any]) -> str:
    """A declared value for a reader; empty where none was declared."""
    value = result["value"]
    if value is None:
        return ""
    if result["unit"] == EURO or "." in value:
        return format_number(Decimal(value))
    return format_number(Decimal(value)).partition(_cents_sign())[0]


def _cents_sign() -> str:
    """What stands before the cents in the active language."""
    return format_number(Decimal(0))[1]


def _row(row: dict[str, Any]) -> dict[str, Any]:
    kinds: dict[str, Any] = dict(OrganisationKind.choices)
    return {
        **{name: row[name] for name in ("reference", "beneficiary", "department", "object")},
        "kind": kinds.get(row["kind"], row["kind"]),
        "state": State(row["state"]).label,
        **{name: format_number(Decimal(row[name])) for name in MONEY},
    }


def _totals(totals: dict[str, Any]) -> dict[str, Any]:
    return {
        "projects": totals["projects"],
        "eligible": format_number(Decimal(totals["eligible"])),
        "erdf": format_number(Decimal(totals["erdf"])),
    }


def _envelope(envelope: dict[str, Any] | None) -> list[tuple[str, str]]:
    """The lines of the envelope, each with its label; empty without one."""
    if envelope is None:
        return []
    labels = {
        "planned_total_cost": _t("Planned total cost"),
        "programmed": _t("Programmed"),
        "reserved": _t("Reserved, no agreement yet"),
        "committed": _t("Committed, not paid yet"),
        "advanced": _t("Advances to be paid"),
        "verified": _t("Verified, to be paid"),
        "ordered": _t("Payment ordered"),
        "paid": _t("Paid"),
        "recovered": _t("Claimed back, not received yet"),
        "remaining": _t("Left in the envelope"),
    }
    return [(label, format_amount(Decimal(envelope[name]))) for name, label in labels.items() if envelope[name]]
