"""The permission page: every act of the house, who may do it, in what relation to the object, in which states.

What does not stand here is refused. `note` says, for the reader, what the act itself verifies besides
(its requirements and the separation of duties); the rule grants nothing more than its other columns say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

STATES = (
    "draft",
    "submitted",
    "returned",
    "ineligible",
    "advised",
    "selected",
    "on_reserve",
    "rejected",
    "contracted",
    "service_fact_verified",
    "paid",
    "closed",
    "withdrawn",
    "cancelled",
)

# How a person stands to an object. "any" and "programme" are answered here; the applications above bind the others.
ANY = "any"
PROGRAMME = "programme"
OWN = "own organisation"
PARTNER = "partner organisation"
ASSIGNED = "assigned"
OWN_MISSION = "own mission"
OWN_COMMITTEE = "own committee"
SAMPLED = "sampled"

# Who. The first two are everybody and everybody with an account; an applicant's come from the organisation.
PUBLIC = "public"
SIGNED_IN = "signed_in"
EDITOR = "applicant_editor"
SIGNATORY = "applicant_signatory"
ADVISER = "adviser"
MEMBER = "committee_member"
SECRETARY = "committee_secretary"
OFFICER = "instructing_officer"
PAYER = "paying_officer"
CONTROLLER = "controller"
AUDITOR = "auditor"
FOLLOW_UP = "follow_up_agent"
MANAGER = "programme_manager"
ADMINISTRATOR = "administrator"

ROLES = (
    PUBLIC,
    SIGNED_IN,
    EDITOR,
    SIGNATORY,
    ADVISER,
    MEMBER,
    SECRETARY,
    OFFICER,
    PAYER,
    CONTROLLER,
    AUDITOR,
    FOLLOW_UP,
    MANAGER,
    ADMINISTRATOR,
)
APPLICANT_ROLES = frozenset({EDITOR, SIGNATORY})
STAFF_ROLES = frozenset(ROLES) - APPLICANT_ROLES - {PUBLIC, SIGNED_IN}
LIST_READERS = (OFFICER, MANAGER, SECRETARY, PAYER, AUDITOR)
"""Whose work begins at the list of a programme's dossiers."""

# When: states of the dossier. `NO_DOSSIER` is for acts on something else.
NO_DOSSIER: frozenset[str] | None = None
ALWAYS = frozenset(STATES)
ONCE_FILED = ALWAYS - {"draft"}
IN_THE_APPLICANT_S_HANDS = frozenset({"draft", "returned"})
UNDER_ADVICE = frozenset({"submitted", "returned"})
BEFORE_THE_COMMITTEE = frozenset({"submitted", "advised"})
BEFORE_CONTRACT = frozenset({"submitted", "returned", "advised", "selected", "on_reserve"})
DECIDED = frozenset({"selected", "on_reserve", "rejected"})
IN_PROGRESS = frozenset({"contracted", "service_fact_verified"})
SINCE_CONTRACT = IN_PROGRESS | {"paid"}
SINCE_CONTRACT_TO_THE_END = SINCE_CONTRACT | {"closed"}


def only(*states: str) -> frozenset[str]:
    """These states of the dossier and no other."""
    return frozenset(states)


@dataclass(frozen=True)
class Rule:
    """`role` may do `action` to an object it stands to in `relation`, while its dossier is in one of `states`."""

    action: str
    role: str
    relation: str
    states: frozenset[str] | None
    note: str = ""

    def holds_in(self, state: str | None) -> bool:
        """Whether the rule covers a dossier in `state`; a rule without dossier looks at none."""
        return self.states is None or state in self.states


@dataclass(frozen=True)
class SystemRule:
    """What a part of the product does by itself, under its own name in the journal."""

    actor: str
    action: str
    note: str = ""


def _rules(*rows: tuple[str, Iterable[tuple]]) -> tuple[Rule, ...]:
    return tuple(Rule(action, *row) for action, grants in rows for row in grants)


WITHOUT_BANK_AND_NOTES = "without bank details and private notes"
WITHOUT_SCORES_BANK_AND_NOTES = "without scores, bank details and private notes"
NO_HAND_IN_THE_CHECK = "neither checker, issuer nor approver"
TO_AN_OFFICER = "to an officer of the programme without tie, or to nobody"

_ACCOUNTS = _rules(
    ("account.use", [(PUBLIC, ANY, NO_DOSSIER)]),
    ("home.view", [(SIGNED_IN, ANY, NO_DOSSIER)]),
    ("organisation.register", [(SIGNED_IN, ANY, NO_DOSSIER, "becomes its editor")]),
    ("organisation.invite", [(SIGNATORY, OWN, NO_DOSSIER)]),
    ("mandate.request", [(SIGNED_IN, ANY, NO_DOSSIER, "evidence")]),
    ("mandate.confirm", [(MANAGER, ANY, NO_DOSSIER, "not the requester")]),
    ("role.propose", [(MANAGER, PROGRAMME, NO_DOSSIER), (ADMINISTRATOR, ANY, NO_DOSSIER, "programme managers")]),
    ("role.confirm", [(ADMINISTRATOR, ANY, NO_DOSSIER, "another person than the proposer and the receiver")]),
)

_PROGRAMMES = _rules(
    ("programme.create", [(ADMINISTRATOR, ANY, NO_DOSSIER)]),
    ("programme.edit", [(MANAGER, PROGRAMME, NO_DOSSIER, "money and targets only by a steering decision")]),
    ("call.view", [(PUBLIC, ANY, NO_DOSSIER, "the call is published")]),
    (
        "call.edit",
        [(MANAGER, PROGRAMME, NO_DOSSIER, "before it opens; afterwards only by a journalled act with a reason")],
    ),
    ("call.publish", [(MANAGER, PROGRAMME, NO_DOSSIER, "grid approved by a committee decision")]),
    ("call.change_deadline", [(MANAGER, PROGRAMME, NO_DOSSIER, "reason; owners of drafts are told")]),
    ("committee.edit", [(MANAGER, PROGRAMME, NO_DOSSIER)]),
    ("grid.edit", [(MANAGER, PROGRAMME, NO_DOSSIER, "before the first score")]),
    ("report.view", [(MANAGER, PROGRAMME, NO_DOSSIER), (AUDITOR, PROGRAMME, NO_DOSSIER)]),
    ("journal.view", [(AUDITOR, PROGRAMME, ONCE_FILED), (MANAGER, PROGRAMME, ONCE_FILED)]),
)

_DOSSIER = _rules(
    (
        "dossier.view",
        [
            (EDITOR, OWN, ALWAYS),
            (SIGNATORY, OWN, ALWAYS),
            (EDITOR, PARTNER, ALWAYS, "without bank details and messages"),
            (SIGNATORY, PARTNER, ALWAYS, "without bank details and messages"),
            (OFFICER, PROGRAMME, ONCE_FILED),
            (MANAGER, PROGRAMME, ONCE_FILED),
            (SECRETARY, PROGRAMME, ONCE_FILED, WITHOUT_BANK_AND_NOTES),
            (
                MEMBER,
                ASSIGNED,
                BEFORE_THE_COMMITTEE | DECIDED,
                f'conflict question answered "none"; {WITHOUT_BANK_AND_NOTES}',
            ),
            (ADVISER, OWN_MISSION, UNDER_ADVICE | {"advised"}, WITHOUT_SCORES_BANK_AND_NOTES),
            (PAYER, PROGRAMME, SINCE_CONTRACT_TO_THE_END | {"cancelled"}, "financial parts and private notes"),
            (CONTROLLER, SAMPLED, SINCE_CONTRACT_TO_THE_END | {"cancelled"}, "without private notes"),
            (AUDITOR, PROGRAMME, ONCE_FILED, "read only"),
            (FOLLOW_UP, PROGRAMME, SINCE_CONTRACT_TO_THE_END, WITHOUT_SCORES_BANK_AND_NOTES),
        ],
    ),
    (
        "dossier.view_summary",
        [(PUBLIC, ANY, SINCE_CONTRACT_TO_THE_END, "title, beneficiary, object, amounts, place, dates")],
    ),
    (
        "dossier.create",
        [
            (EDITOR, OWN, NO_DOSSIER, "the call is announced or open"),
            (SIGNATORY, OWN, NO_DOSSIER, "the call is announced or open"),
        ],
    ),
    (
        "dossier.edit",
        [
            (EDITOR, OWN, IN_THE_APPLICANT_S_HANDS, "returned: only what was asked for"),
            (SIGNATORY, OWN, IN_THE_APPLICANT_S_HANDS, "returned: only what was asked for"),
        ],
    ),
    ("partner.confirm", [(SIGNATORY, PARTNER, IN_THE_APPLICANT_S_HANDS)]),
    ("dossier.submit", [(SIGNATORY, OWN, IN_THE_APPLICANT_S_HANDS)]),
    ("dossier.withdraw", [(SIGNATORY, OWN, BEFORE_CONTRACT)]),
    (
        "dossier.return_for_completion",
        [(OFFICER, PROGRAMME, BEFORE_THE_COMMITTEE, "what is missing; a due date")],
    ),
    ("dossier.extend_completion", [(OFFICER, PROGRAMME, only("returned"), "later due date")]),
    ("dossier.cancel_completion", [(OFFICER, PROGRAMME, only("returned"), "message kept")]),
    ("dossier.declare_ineligible", [(OFFICER, PROGRAMME, UNDER_ADVICE, "reasons against named rules")]),
    ("dossier.appeal", [(SIGNATORY, OWN, only("rejected", "ineligible"), "within the period")]),
    ("view.save", [(role, PROGRAMME, NO_DOSSIER) for role in LIST_READERS]),
    ("view.delete", [(role, PROGRAMME, NO_DOSSIER, "one's own; a manager any shared one") for role in LIST_READERS]),
    (
        "dossier.assign",
        [
            (OFFICER, PROGRAMME, ONCE_FILED, TO_AN_OFFICER),
            (MANAGER, PROGRAMME, ONCE_FILED, TO_AN_OFFICER),
        ],
    ),
)

_THREAD = [
    (EDITOR, OWN, ALWAYS),
    (SIGNATORY, OWN, ALWAYS),
    *((role, PROGRAMME, ALWAYS, "in a draft only to answer its questions") for role in (OFFICER, MANAGER)),
]
_NOTES = [*((role, ONCE_FILED) for role in (OFFICER, MANAGER)), (PAYER, SINCE_CONTRACT_TO_THE_END | {"cancelled"})]
_MESSAGES = _rules(
    ("message.send", _THREAD),
    ("message.read", _THREAD),
    ("note.write", [(role, PROGRAMME, states, "never shown to applicants") for role, states in _NOTES]),
    ("note.strike", [(role, PROGRAMME, states, "its author, or a programme manager") for role, states in _NOTES]),
)

_ADVICE = _rules(
    ("mission.open", [(OFFICER, PROGRAMME, UNDER_ADVICE, "days left in the framework contract")]),
    ("mission.log_day", [(ADVISER, OWN_MISSION, UNDER_ADVICE)]),
    ("mission.countersign", [(SIGNATORY, OWN, UNDER_ADVICE)]),
    ("mission.close", [(OFFICER, PROGRAMME, UNDER_ADVICE, "report received; days countersigned")]),
    ("mission.waive", [(OFFICER, PROGRAMME, only("submitted"), "reason")]),
    ("dossier.advise", [(OFFICER, PROGRAMME, only("submitted"))]),
)

_SELECTION = _rules(
    ("assessor.assign", [(SECRETARY, PROGRAMME, BEFORE_THE_COMMITTEE)]),
    (
        "conflict.answer",
        [(MEMBER, ASSIGNED, BEFORE_THE_COMMITTEE, "before anything beyond public facts is shown")],
    ),
    (
        "score.give",
        [
            (
                MEMBER,
                ASSIGNED,
                BEFORE_THE_COMMITTEE,
                "no conflict; not an applicant or partner; not its adviser; before the reveal",
            )
        ],
    ),
    ("score.view_own", [(MEMBER, ASSIGNED, ONCE_FILED)]),
    (
        "score.view_others",
        [
            (MEMBER, ASSIGNED, BEFORE_THE_COMMITTEE | DECIDED, "own scorecard filed and scores revealed"),
            (SECRETARY, PROGRAMME, ONCE_FILED),
            (AUDITOR, PROGRAMME, DECIDED | SINCE_CONTRACT_TO_THE_END | {"cancelled"}, "after the decision"),
        ],
    ),
    (
        "score.view_result",
        [(SIGNATORY, OWN, DECIDED | SINCE_CONTRACT_TO_THE_END, "after notification; as the programme allows")],
    ),
    ("score.reveal", [(SECRETARY, PROGRAMME, BEFORE_THE_COMMITTEE)]),
    ("ranking.view", [(SECRETARY, PROGRAMME, NO_DOSSIER)]),
    ("meeting.view", [(MEMBER, OWN_COMMITTEE, NO_DOSSIER)]),
    ("meeting.edit", [(SECRETARY, PROGRAMME, NO_DOSSIER)]),
    ("meeting.close", [(SECRETARY, PROGRAMME, NO_DOSSIER, "quorum")]),
    ("decision.record", [(SECRETARY, PROGRAMME, NO_DOSSIER, "held meeting")]),
    (
        "dossier.select",
        [
            (
                SECRETARY,
                PROGRAMME,
                BEFORE_THE_COMMITTEE | {"on_reserve"},
                "submitted only where the call needs no advice",
            )
        ],
    ),
    ("dossier.place_on_reserve", [(SECRETARY, PROGRAMME, BEFORE_THE_COMMITTEE)]),
    ("dossier.reject", [(SECRETARY, PROGRAMME, BEFORE_THE_COMMITTEE | {"on_reserve"}, "reasons")]),
    ("dossier.reconsider", [(SECRETARY, PROGRAMME, only("rejected", "ineligible"), "an appeal was filed")]),
)

_AGREEMENT = _rules(
    ("agreement.draft", [(OFFICER, PROGRAMME, only("selected"))]),
    ("agreement.sign_as_beneficiary", [(SIGNATORY, OWN, only("selected"))]),
    (
        "dossier.contract",
        [
            (
                MANAGER,
                PROGRAMME,
                only("selected"),
                "the beneficiary has signed; this act is the programme's signature; no tie to the beneficiary",
            )
        ],
    ),
    ("condition.satisfy", [(OFFICER, PROGRAMME, SINCE_CONTRACT, "evidence")]),
    ("dossier.cancel", [(MANAGER, PROGRAMME, IN_PROGRESS, "decision and reason")]),
    ("bank.edit", [(SIGNATORY, OWN, ALWAYS, "confirmed by a second factor or by mail")]),
    (
        "bank.view_full",
        [(PAYER, PROGRAMME, SINCE_CONTRACT, "each view is journalled"), (SIGNATORY, OWN, ALWAYS)],
    ),
)

_MONEY = _rules(
    ("claim.edit", [(EDITOR, OWN, only("contracted")), (SIGNATORY, OWN, only("contracted"))]),
    ("claim.submit", [(SIGNATORY, OWN, only("contracted"))]),
    (
        "claim.check",
        [(OFFICER, PROGRAMME, IN_PROGRESS, "no tie to the beneficiary; after a contest a new version")],
    ),
    ("claim.contest", [(SIGNATORY, OWN, IN_PROGRESS, "within the period after a rejection")]),
    (
        "certificate.issue",
        [(OFFICER, PROGRAMME, IN_PROGRESS, "every item checked; after a contest a new version")],
    ),
    (
        "certificate.approve",
        [
            (OFFICER, PROGRAMME, IN_PROGRESS, "another person than the one who issued"),
            (
                MANAGER,
                PROGRAMME,
                IN_PROGRESS,
                "neither checker nor issuer nor payer; where the service has one officer",
            ),
        ],
    ),
    (
        "dossier.verify_service_fact",
        [(OFFICER, PROGRAMME, only("contracted"), "certificate of the final claim approved")],
    ),
    (
        "payment.order",
        [(PAYER, PROGRAMME, IN_PROGRESS, f"{NO_HAND_IN_THE_CHECK}; signed in again within 5 minutes")],
    ),
    ("payment.record", [(PAYER, PROGRAMME, SINCE_CONTRACT)]),
    (
        "dossier.pay",
        [
            (
                PAYER,
                PROGRAMME,
                only("service_fact_verified"),
                f"balance executed, or zero, or its recovery issued; no open contest; {NO_HAND_IN_THE_CHECK}",
            )
        ],
    ),
    ("recovery.issue", [(MANAGER, PROGRAMME, SINCE_CONTRACT_TO_THE_END | {"cancelled"})]),
    ("recovery.record", [(PAYER, PROGRAMME, SINCE_CONTRACT_TO_THE_END | {"cancelled"})]),
)

_SERVICES = _rules(
    ("service.record", [(EDITOR, OWN, only("contracted")), (SIGNATORY, OWN, only("contracted"))]),
    ("service.confirm", [(OFFICER, PROGRAMME, SINCE_CONTRACT)]),
    ("usage_report.fill", [(EDITOR, OWN, SINCE_CONTRACT), (SIGNATORY, OWN, SINCE_CONTRACT)]),
    ("usage_report.accept", [(OFFICER, PROGRAMME, SINCE_CONTRACT)]),
    ("dossier.close", [(MANAGER, PROGRAMME, only("paid"))]),
)

RULES: tuple[Rule, ...] = (
    *(*_ACCOUNTS, *_PROGRAMMES, *_DOSSIER, *_MESSAGES, *_ADVICE),
    *(*_SELECTION, *_AGREEMENT, *_MONEY, *_SERVICES),
)

# Where no person acts. The demo acts as its persons and needs no right of its own.
SYSTEM: tuple[SystemRule, ...] = (
    SystemRule("scheduler", "reminder.send", "what falls due, each once"),
    SystemRule("installer", "administrator.create", "at the command line of the server"),
    *(
        SystemRule("installer", action, "from a programme file, at the command line of the server")
        for action in ("programme.create", "programme.edit", "committee.edit", "grid.edit", "call.edit", "call.publish")
    ),
)


def by_action() -> dict[str, tuple[Rule, ...]]:
    """The rules of each action, in the order of the page."""
    found: dict[str, list[Rule]] = {}
    for rule in RULES:
        found.setdefault(rule.action, []).append(rule)
    return {action: tuple(rules) for action, rules in found.items()}


RULES_OF = by_action()
ACTIONS = frozenset(RULES_OF) | {rule.action for rule in SYSTEM}
RELATIONS = frozenset(rule.relation for rule in RULES)
