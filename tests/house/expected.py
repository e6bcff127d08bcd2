"""What the permission page foresees for a visit."""

from __future__ import annotations

from collections.abc import Callable

from people.permissions import relations
from people.permissions.table import (
    ADVISER,
    ANY,
    APPLICANT_ROLES,
    AUDITOR,
    MANAGER,
    MEMBER,
    PAYER,
    PUBLIC,
    ROLES,
    RULES_OF,
    SECRETARY,
    SIGNED_IN,
    STAFF_ROLES,
    Rule,
)
from tests.house.addresses import Address
from tests.house.cast import Visitor
from tests.house.spots import Spot

SHOWN = frozenset({200, 302})
ABSENT = frozenset({404})
SIGN_IN = frozenset({302})
# The page is there, and says why the act is not possible now, or is not there until it is.
NOT_NOW = SHOWN | ABSENT
EVERYBODY = frozenset(ROLES)

# Whom a room serves: pages of the same action look different on each side of the desk.
SERVED = {
    "applicant": APPLICANT_ROLES,
    "adviser": frozenset({ADVISER}),
    "committee": frozenset({MEMBER, SECRETARY}),
    "officer": STAFF_ROLES,
    "finance": frozenset({PAYER}),
    "manager": frozenset({MANAGER}),
    "audit": frozenset({AUDITOR, MANAGER}),
}

# Before the conflict question is answered, the dossier is not visible: its page is the question, on public facts.
ASKED_FIRST = frozenset({"conflict.answer", "score.give"})


def rules_for(visitor: Visitor, address: Address) -> list[Rule]:
    """The rules of the page's action that can let this visitor in, in this room."""
    held = visitor.person.standing.holds() if visitor.person is not None else frozenset({PUBLIC})
    served = SERVED.get(address.room, EVERYBODY) | {PUBLIC, SIGNED_IN}
    return [rule for rule in RULES_OF[str(address.action)] if rule.role in held & served]


def expected(visitor: Visitor, address: Address, spot: Spot) -> frozenset[int]:
    """The statuses that may be answered to a GET."""
    special = SPECIAL.get(address.name)
    if special is not None:
        return special(visitor, spot)
    rules = rules_for(visitor, address)
    if not rules:
        return SIGN_IN if visitor.person is None else ABSENT
    if spot.absent:
        return ABSENT
    if spot.subject is None:
        return SHOWN
    return _of_subject(visitor, address, spot, rules)


def _of_subject(visitor: Visitor, address: Address, spot: Spot, rules: list[Rule]) -> frozenset[int]:
    subject = spot.subject
    state = getattr(getattr(subject, "permission_dossier", subject), "permission_state", None)
    public = any(rule.role == PUBLIC for rule in rules)
    if not public and address.action not in ASKED_FIRST and not _visible(visitor, subject):
        return ABSENT
    held = relations(visitor.person, subject) | {(PUBLIC, ANY), (SIGNED_IN, ANY)}
    near = [rule for rule in rules if (rule.role, rule.relation) in held]
    if not near:
        return ABSENT
    if public and hasattr(type(subject).objects, "visible_to") and state is None and not _visible(visitor, subject):
        return ABSENT
    if any(rule.holds_in(state) for rule in near):
        return NOT_NOW if address.name in NEEDS_MORE else SHOWN
    return ABSENT if public else NOT_NOW


def _visible(visitor: Visitor, subject: object) -> bool:
    rows = type(subject).objects.visible_to(visitor.person)  # type: ignore[attr-defined]
    return bool(rows.filter(pk=subject.pk).exists())  # type: ignore[attr-defined]


def _way(visitor: Visitor, spot: Spot) -> frozenset[int]:
    """`/d/<reference>` leads whoever may know of the dossier to their own page of it."""
    if visitor.person is None:
        return SIGN_IN
    if spot.absent:
        return ABSENT
    asked = spot.subject.participations.filter(person=visitor.person, until=None).exists()
    question = spot.subject.permission_state == "draft" and _answers(visitor)
    return frozenset({302}) if asked or question or _visible(visitor, spot.subject) else ABSENT


def _answers(visitor: Visitor) -> bool:
    """Whether the visitor answers the question of alpha's draft for the service."""
    return visitor.role in ("instructing_officer", "programme_manager") and visitor.side != "alpha"


def _own_account(visitor: Visitor, _spot: Spot) -> frozenset[int]:
    return SIGN_IN if visitor.person is None else frozenset({200})


def _question(visitor: Visitor, spot: Spot) -> frozenset[int]:
    """A draft is there for those who answer its question, and no other part of it: see `DESKS`."""
    if visitor.person is None:
        return SIGN_IN
    return frozenset({200}) if _answers(visitor) and not spot.absent else ABSENT


SPECIAL: dict[str, Callable[[Visitor, Spot], frozenset[int]]] = {
    "d": _way,
    "account": _own_account,
    "officer:question": _question,
}

# Pages that are there only once something is: on any dossier but the one of their desk, they may be absent.
NEEDS_MORE = {
    "applicant:receipt": "a sealed version",
    "applicant:sign": "an agreement",
    "applicant:add_item": "a claim in preparation",
    "applicant:countersign": "an open mission",
    "officer:close_mission": "an open mission",
    "officer:dossier_tab": "a part that the visitor may read",
    "committee:decide": "a decision to apply",
}
