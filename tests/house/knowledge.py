"""Who may read what, kept by hand: the table that the canary crawl holds every page, file and mail against.

It asks nothing of the product: how somebody stands to a dossier is what `populated.py` made of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.house.cast import Visitor
from tests.house.populated import House
from tests.house.words import Secret

States = frozenset[str]


def _of(names: str) -> frozenset[str]:
    return frozenset(names.split())


ALWAYS: States = _of(
    "draft submitted returned ineligible advised selected on_reserve rejected contracted service_fact_verified paid "
    "closed withdrawn cancelled"
)
FILED = ALWAYS - {"draft"}
UNDER_ADVICE = frozenset({"submitted", "returned", "advised"})
TO_DECISION = frozenset({"submitted", "advised", "selected", "on_reserve", "rejected"})
DECIDED = ALWAYS - {"draft", "submitted", "returned", "advised", "withdrawn"}
PUBLIC = frozenset({"contracted", "service_fact_verified", "paid", "closed"})
UNDER_AGREEMENT = PUBLIC | {"cancelled"}
FROM_SELECTION = UNDER_AGREEMENT | {"selected"}

# How somebody stands to a dossier, beside the roles of the staff of its programme.
OWN, PARTNER, ANYBODY = "own", "partner", "anybody"
ADVISER, ASSESSOR, ASKED = "its adviser", "its assessor", "asked whether there is a conflict"

# Gamma has joined, and is asked to join a draft: it reads what it is asked to join.
PARTNERED = frozenset({"draft", "returned", "fresh", "selected", "contracted"})
ADVISED = frozenset({"missioned", "mission_done", "advised"})
ASSESSED = _of("advised scored revealed deciding selected on_reserve rejected appealed contracted")
REVEALED = frozenset({"revealed", "selected", "rejected", "appealed", "contracted"})
ASSESSORS = frozenset({"member", "second_member"})
STAFF = _of("instructing_officer programme_manager committee_secretary auditor paying_officer follow_up_agent")
PROGRAMME_STAFF = STAFF | {"adviser", "committee_member", "controller"}

_SERVICE = {"instructing_officer": FILED, "programme_manager": FILED, "auditor": FILED}
_DESK = _SERVICE | {"committee_secretary": FILED}
_FILE = _DESK | {ASSESSOR: TO_DECISION, ADVISER: UNDER_ADVICE, "follow_up_agent": PUBLIC}
_APPLICATION = _FILE | {OWN: ALWAYS, PARTNER: ALWAYS}
_PLAN = _APPLICATION | {"paying_officer": UNDER_AGREEMENT}
_ACCOUNT = _SERVICE | {OWN: ALWAYS, "paying_officer": UNDER_AGREEMENT}
_ADVICE = _FILE
# A draft is the applicant's own, but for what it asks the service.
_ASKED_EARLY = _FILE | {OWN: ALWAYS, "instructing_officer": ALWAYS, "programme_manager": ALWAYS}
_CLAIM = {
    OWN: ALWAYS,
    PARTNER: ALWAYS,
    "paying_officer": UNDER_AGREEMENT,
    "follow_up_agent": PUBLIC,
    **dict.fromkeys(("instructing_officer", "programme_manager", "auditor", "committee_secretary"), UNDER_AGREEMENT),
}

# Kind of text → how one must stand to its dossier → in which states of the dossier. Nobody else.
KNOWS: dict[str, dict[str, States]] = {
    # filed by the applicant
    "title": _PLAN | {ANYBODY: PUBLIC, ASKED: TO_DECISION},
    "answer": _APPLICATION,
    "post": _PLAN,
    "quoter": _PLAN,
    "part": _APPLICATION,
    "file": _PLAN,
    "filetext": _PLAN,
    "bankpaper": _ACCOUNT,
    "bankpapertext": _ACCOUNT,
    "holder": _ACCOUNT,
    "leaving": _DESK | {OWN: ALWAYS},
    # said by the service
    "message": _DESK | {OWN: ALWAYS},
    "reasons": _FILE | {OWN: DECIDED, PARTNER: DECIDED, ASSESSOR: DECIDED},
    "cancelling": _DESK | {OWN: ALWAYS, PARTNER: ALWAYS, "paying_officer": UNDER_AGREEMENT},
    "waiver": _ADVICE,
    "opinion": _ADVICE,
    # written to each other, and by the service to itself
    "letter": _FILE | {OWN: ALWAYS},
    "lettertext": _FILE | {OWN: ALWAYS},
    "question": _ASKED_EARLY,
    "questiontext": _ASKED_EARLY,
    "note": {
        "instructing_officer": FILED,
        "programme_manager": FILED,
        "auditor": FILED,
        "paying_officer": UNDER_AGREEMENT,
    },
    # advice
    "purpose": _ADVICE | {OWN: ALWAYS},
    "deliverable": _ADVICE | {OWN: ALWAYS},
    "report": _ADVICE | {OWN: ALWAYS},
    "reporttext": _ADVICE | {OWN: ALWAYS},
    # committee; scores are in `_comment`
    "conflict": {"committee_secretary": FILED, "auditor": DECIDED},
    "appeal": _DESK | {OWN: ALWAYS},
    # agreement, claims, payment
    "condition": _CLAIM | _APPLICATION,
    "supplier": _CLAIM,
    "invoicetext": _CLAIM,
    "verdict": _CLAIM,
    "seen": _CLAIM,
    "contest": _CLAIM,
    "refusal": _CLAIM,
    # use
    "service": _CLAIM,
    "usage": _CLAIM,
    "better": _CLAIM,
}

# The whole account number is shown to two, one at a time, and each time is journalled.
IBAN = {"applicant_signatory": ALWAYS, "paying_officer": PUBLIC}

# What hangs on no dossier: who may read it, by role.
MANDATE_DESK = frozenset({"programme_manager", "administrator"})


class Knowledge:
    """The table, applied to one house."""

    def __init__(self, house: House) -> None:
        self.states = {key: str(case.dossier.state) for key, case in house.cases.items()}
        towns = {house.alpha.organisation.pk: "alpha", house.beta.organisation.pk: "beta"}
        self.towns = {key: towns[case.town.organisation.pk] for key, case in house.cases.items()}

    def foreign(self, visitor: Visitor, secrets: Iterable[Secret]) -> list[str]:
        """Those of the secrets that the visitor may not know, as words of a report."""
        return sorted(f"{item.kind} of {item.owner}" for item in secrets if not self.may_know(visitor, item))

    def may_know(self, visitor: Visitor, secret: Secret) -> bool:
        """Whether the table lets the visitor read it."""
        if secret.kind == "name":
            return secret.owner != "gamma" or self._meets_gamma(visitor)
        if secret.kind in ("function", "deed"):
            # A request for a mandate: the asker, the community, and every programme manager (they confirm any).
            own = visitor.side == secret.owner and visitor.role.startswith("applicant")
            return own or visitor.name in ("newcomer", "stranger") or visitor.role in MANDATE_DESK
        if secret.kind == "nextcall":
            return visitor.role in PROGRAMME_STAFF
        state, stands = self.states[secret.owner], self.stands(visitor, secret.owner)
        if secret.kind == "iban":
            own = OWN in stands and visitor.role == "applicant_signatory"
            return own or ("paying_officer" in stands and state in IBAN["paying_officer"])
        if secret.by == visitor.name:
            return True
        if secret.kind == "comment":
            return self._comment(visitor, secret, stands)
        return any(state in KNOWS[secret.kind].get(standing, frozenset()) for standing in stands)

    def stands(self, visitor: Visitor, key: str) -> frozenset[str]:
        """How the visitor stands to a dossier."""
        found = {ANYBODY}
        town = self.towns[key]
        if visitor.role.startswith("applicant"):
            if visitor.side == town:
                found.add(OWN)
            elif visitor.side == "gamma" and key in PARTNERED:
                found.add(PARTNER)
        elif visitor.role in STAFF and visitor.side != town:
            found.add(visitor.role)
        elif visitor.name == "adviser" and key in ADVISED:
            found.add(ADVISER)
        elif visitor.name in ASSESSORS and key in ASSESSED:
            found |= {ASSESSOR, ASKED}
        elif visitor.name in ("asked_member", "conflicted_member") and key == "advised":
            found.add(ASKED)
        return frozenset(found)

    def _comment(self, visitor: Visitor, secret: Secret, stands: frozenset[str]) -> bool:
        """Of another's score: assessors after the reveal, having scored themselves; the auditor after the decision."""
        state = self.states[secret.owner]
        if ASSESSOR in stands:
            return secret.owner in REVEALED and state in TO_DECISION
        return "committee_secretary" in stands or ("auditor" in stands and state in DECIDED)

    def _meets_gamma(self, visitor: Visitor) -> bool:
        """Gamma is only ever a partner: whoever may read a dossier of theirs, and who keeps the organisations."""
        reads = visitor.role in STAFF or visitor.name in ASSESSORS or visitor.role.startswith("applicant")
        return reads or visitor.role in MANDATE_DESK or visitor.name == "stranger"
