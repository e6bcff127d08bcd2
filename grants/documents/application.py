"""The whole application as it was filed, for one reader: what they may not read on the pages is left out here too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t

from grants.documents import setting
from grants.documents.answers import answered
from grants.models import Dossier, PartnerState, ResourceKind, Snapshot
from grants.queries import contents
from grants.queries import parts as reading
from kit import clock, typst
from kit.money import format_amount, format_number
from kit.typefaces import breakable
from people.models import OrganisationKind

NO_PLAN: Mapping[str, Any] = {"cost_lines": (), "resources": ()}


def application(dossier: Dossier, readable: frozenset[str], snapshot: Snapshot | None = None) -> bytes:
    """The application as PDF, in the active language: what `snapshot` sealed, or the dossier as it stands before that.

    `readable` are the parts (`grants.queries.parts`) that the reader may read; the paper says which it leaves out.
    """
    if snapshot is None:
        at = clock.now()
        content = json.loads(contents.canonical_content(dossier, number=0, taken_at=at))
        title = _t("{reference}: draft of the application").format(reference=dossier.reference)
    else:
        at, content = snapshot.taken_at, json.loads(snapshot.content)
        title = _t("{reference}: application, filing no. {number}").format(
            reference=dossier.reference, number=snapshot.number
        )
    plan = content["plan"] if reading.PLAN in readable else NO_PLAN
    data = {
        **setting.frame(dossier, title=title, words=_words()),
        "heading": setting.prose(content["title"]),
        "standing": _standing(dossier, snapshot),
        "filing": list(_filing(dossier, snapshot)),
        "applicant": list(_applicant(dossier, content)),
        "sections": _sections(dossier, content) if reading.ANSWERS in readable else [],
        "partners": _partners(content) if reading.PARTNERS in readable else [],
        "costs": _costs(plan),
        "resources": _resources(plan),
        "gap": _gap(plan),
        "documents": _documents(dossier, content) if reading.DOCUMENTS in readable else [],
        "left_out": _left_out(readable),
        "seal": _seal(snapshot),
    }
    return typst.render("application.typ", data, at=at)


def _words() -> dict[str, Any]:
    return {
        "applicant": _t("Applicant"),
        "no_answer": _t("No answer"),
        "partners": _t("Partners"),
        "partner_columns": [_t("Organisation"), _t("Part in the project"), _t("Answer")],
        "costs": _t("Expenses"),
        "cost_columns": [_t("Item"), _t("Supplier"), _t("Cost (€)"), _t("Eligible (€)")],
        "resources": _t("Resources"),
        "resource_columns": [_t("Kind"), _t("From"), _t("Amount (€)")],
        "documents": _t("Documents"),
        "document_columns": [_t("Document"), _t("Title, name of the file and digest"), _t("Size")],
    }


def _standing(dossier: Dossier, snapshot: Snapshot | None) -> str:
    if snapshot is None:
        return _t("Draft: this application is not filed, and can still change.")
    if not contents.is_whole(snapshot):
        return _t("Warning: what is kept of this filing no longer has the digest under which it was sealed.")
    return ""


def _filing(dossier: Dossier, snapshot: Snapshot | None) -> Iterator[tuple[str, ...]]:
    yield _t("Number"), dossier.reference
    yield _t("Call"), setting.prose(dossier.call.title)
    if snapshot is not None:
        yield _t("Filing"), str(snapshot.number)
        yield _t("Received on"), setting.paris_time(snapshot.taken_at)
        yield _t("Digest (SHA-256)"), snapshot.digest, "digest"


def _applicant(dossier: Dossier, content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kinds: dict[str, Any] = dict(OrganisationKind.choices)
    filed = content["applicant"]
    yield _t("Organisation"), setting.prose(filed["name"])
    yield _t("Kind of organisation"), str(kinds.get(filed["kind"], filed["kind"]))
    if filed["identifier"]:
        yield _t("Identifier"), filed["identifier"]
    if dossier.department:
        yield _t("Département"), dossier.department


def _sections(dossier: Dossier, content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"title": section["title"], "asked": [_set(item) for item in section["asked"]]}
        for section in answered(dossier, content)
    ]


def _set(asked: Mapping[str, Any]) -> dict[str, Any]:
    """A question with its answer, in which no word is too long for its place."""
    if "rows" in asked:
        return {**asked, "rows": [setting.cells(*row) for row in asked["rows"]]}
    return {**asked, "text": setting.prose(asked["text"])}


def _partners(content: Mapping[str, Any]) -> list[list[str]]:
    states: dict[str, Any] = dict(PartnerState.choices)
    return [
        setting.cells(item["name"], item["part"], str(states.get(item["state"], item["state"])))
        for item in content["partners"]
    ]


def _costs(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The expenses as a table with its total, in euros."""
    lines = plan["cost_lines"]
    return {
        "rows": [
            [*setting.cells(line["post"], line["supplier"]), _amount(line["cost"]), _amount(line["eligible"])]
            for line in lines
        ],
        "total": [_t("Total"), "", _sum(lines, "cost"), _sum(lines, "eligible")],
    }


def _resources(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Who pays, as a table with its total, in euros."""
    kinds: dict[str, Any] = dict(ResourceKind.choices)
    rows = plan["resources"]
    return {
        "rows": [
            [*setting.cells(str(kinds.get(row["kind"], row["kind"])), row["label"]), _amount(row["amount"])]
            for row in rows
        ],
        "total": [_t("Total"), "", _sum(rows, "amount")],
    }


def _gap(plan: Mapping[str, Any]) -> str:
    """What costs and resources differ by; nothing for a plan that balances, or that is not read."""
    gap = _total(plan["cost_lines"], "cost") - _total(plan["resources"], "amount")
    return _t("Costs less resources: {amount}").format(amount=format_amount(gap)) if gap else ""


def _documents(dossier: Dossier, content: Mapping[str, Any]) -> list[list[str]]:
    return [
        [
            *setting.cells(kind),
            # Digests are set small, on a line of their own, and are never broken: they are compared and copied.
            "\n".join(dict.fromkeys(breakable(text, 40) for text in (item["label"], item["name"]) if text)),
            item["sha256"],
            setting.size(item["size"]),
        ]
        for kind, item in setting.documents(dossier, content)
    ]


def _left_out(readable: frozenset[str]) -> str:
    names = {
        reading.ANSWERS: _t("the answers"),
        reading.PARTNERS: _t("the partners"),
        reading.PLAN: _t("the financing plan"),
        reading.DOCUMENTS: _t("the list of documents"),
    }
    absent = [words for part, words in names.items() if part not in readable]
    if not absent:
        return ""
    return _t("This copy is made for a reader who may not read: {parts}.").format(parts=", ".join(absent))


def _seal(snapshot: Snapshot | None) -> str:
    if snapshot is None:
        return ""
    return _t(
        "This document shows what was sealed when the application was filed. The digest above is that of the whole "
        "sealed content, which holds the digest of each document; a bank identity document is part of it, and is not "
        "named here."
    )


def _amount(text: str) -> str:
    return format_number(Decimal(text))


def _sum(rows: Any, name: str) -> str:
    return format_number(_total(rows, name))


def _total(rows: Any, name: str) -> Decimal:
    return sum((Decimal(row[name]) for row in rows), Decimal(0))
