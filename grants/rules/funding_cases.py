"""Funding cases: a rule tried on figures of one's own, from JSON to JSON, by the functions the product itself uses.

`docs/funding-case.md` describes the form of a case and of its answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grants.rules import funding
from kit.casefile import Node, answer_all

KINDS = ("advance", "interim", "balance", "correction")


@dataclass(frozen=True)
class Event:
    """A payment's occasion; `verified` is cumulative, in euros, and means nothing for an advance."""

    kind: str
    verified: Decimal = Decimal(0)


@dataclass(frozen=True)
class FundingCase:
    """A rule, the figures of one dossier in euros, and what happens to it, in order."""

    rule: funding.AidRule
    envelope: Decimal
    requested: Decimal
    eligible: Decimal
    events: tuple[Event, ...]


def answer_file(raw: bytes) -> Any:
    """The answer to the case in `raw` (UTF-8 JSON), or a list of answers to a list of cases.

    Raises `kit.casefile.CasesRefused` with one line for each fault in any of the cases.
    """
    return answer_all(raw, _answer)


def read(node: Node) -> FundingCase | None:
    """The case that `node` holds, or None when it breaks a rule: then `node.faults` has every fault."""
    fields = node.fields("name", "rule", "envelope", "requested", "eligible", "events")
    fields["name"].text()
    rule = _rule(fields["rule"])
    envelope, requested, eligible = (fields[name].money() for name in ("envelope", "requested", "eligible"))
    events = _events(fields["events"])
    if rule is None or node.faults:
        return None
    return FundingCase(rule=rule, envelope=envelope, requested=requested, eligible=eligible, events=events)


def answer(case: FundingCase) -> dict[str, Any]:
    """The grant, what bound it and every payment, as JSON values with two decimals.

    >>> half = funding.AidRule(rate=Decimal("0.5"))
    >>> answer(FundingCase(half, envelope=Decimal(100), requested=Decimal(60), eligible=Decimal(99), events=()))
    {'grant': '49.00', 'bound': 'rate', 'payments': []}
    """
    decided = funding.grant(case.rule, eligible=case.eligible, requested=case.requested, left=case.envelope)
    payments: list[dict[str, str]] = []
    paid = Decimal(0)
    for event in () if decided.below_floor else case.events:
        settled = _settle(case, event, decided.amount, paid)
        paid = funding.paid_after(paid, settled)
        payments.append(
            {
                "kind": event.kind,
                "amount": _two_decimals(settled.amount),
                "recovery": _two_decimals(settled.recovery),
                "paid_total": _two_decimals(paid),
            }
        )
    return {"grant": _two_decimals(decided.amount), "bound": decided.bound, "payments": payments}


def _answer(node: Node) -> dict[str, Any] | None:
    case = read(node)
    return None if case is None else answer(case)


def _settle(case: FundingCase, event: Event, grant: Decimal, paid: Decimal) -> funding.Settlement:
    """What `event` pays or recovers of a `grant` of which `paid` is out."""
    if event.kind == "advance":
        return funding.Settlement(funding.advance(case.rule, grant=grant), Decimal(0))
    facts = {"grant": grant, "eligible": case.eligible, "verified": event.verified, "paid": paid}
    if event.kind == "interim":
        return funding.Settlement(funding.interim(case.rule, **facts), Decimal(0))
    settle = funding.balance if event.kind == "balance" else funding.correction
    return settle(case.rule, **facts)


def _rule(node: Node) -> funding.AidRule | None:
    """The aid rule, or None when the case has a fault."""
    fields = node.fields("rate", "ceiling", "floor", "rounding_unit", "underspend", "advance_share", "interim_share")
    rate, advance_share, interim_share = (fields[name].share() for name in ("rate", "advance_share", "interim_share"))
    ceiling, floor = (None if fields[name].is_null else fields[name].money() for name in ("ceiling", "floor"))
    unit = _unit(fields["rounding_unit"])
    underspend = fields["underspend"].word(*funding.UNDERSPENDS)
    if node.faults:
        return None
    return funding.AidRule(
        rate=rate,
        ceiling=ceiling,
        floor=floor,
        unit=unit,
        underspend=underspend,
        advance_share=advance_share,
        interim_share=interim_share,
    )


def _unit(node: Node) -> Decimal:
    known = len(node.faults)
    unit = node.decimal()
    if unit not in funding.UNITS and not node.missing and len(node.faults) == known:
        node.note("must be 1 or 0.01")
    return unit


def _events(node: Node) -> tuple[Event, ...]:
    """The events, each after what it needs: the advance first, the corrections after the one balance."""
    events: list[Event] = []
    for index, item in enumerate(node.items()):
        event, kind = _event(item)
        fault = _out_of_order(event.kind, index, {earlier.kind for earlier in events})
        if fault:
            kind.note(fault)
        events.append(event)
    return tuple(events)


def _event(node: Node) -> tuple[Event, Node]:
    """The event, and the node of its kind."""
    fields = node.fields("kind", optional=("verified",))
    kind, verified = fields["kind"].word(*KINDS), fields["verified"]
    if kind == "advance":
        if not verified.missing:
            verified.note("unknown key: an advance precedes every expense")
        return Event(kind), fields["kind"]
    if kind and verified.missing:
        verified.note("missing")
    return Event(kind, Decimal(0) if verified.missing else verified.money()), fields["kind"]


def _out_of_order(kind: str, index: int, earlier: set[str]) -> str:
    """What forbids this `kind` of event after the `earlier` ones, in words; nothing when it may stand there."""
    if kind == "advance" and kind in earlier:
        return "a second advance"
    if kind == "advance" and index:
        return "an advance must be the first event"
    if kind == "interim" and "balance" in earlier:
        return "an interim payment after the balance"
    if kind == "balance" and kind in earlier:
        return "a second balance"
    if kind == "correction" and "balance" not in earlier:
        return "a correction without a balance before it"
    return ""


def _two_decimals(amount: Decimal) -> str:
    return f"{amount:.2f}"
