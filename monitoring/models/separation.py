"""The separation of the four persons, held by the database itself on both engines (TRUST 11, I2).

An order to pay carries who checked, issued, approved and pays. Triggers hold the first three and the sum equal to the
certificate's, keep the payer apart from everybody who had a hand in any check or certificate of the claim, and freeze
what was approved or ended; so that no page, command or statement typed by hand gets round it.
"""

from __future__ import annotations

from dataclasses import dataclass

ORDER = "monitoring_paymentorder"
CERTIFICATE = "monitoring_certificate"
CHECK = "monitoring_itemcheck"
ITEM = "monitoring_expenseitem"
TABLES = (ORDER, CERTIFICATE, CHECK, ITEM)


@dataclass(frozen=True)
class Refusal:
    """What a trigger says when `condition`, SQL over OLD and NEW that both engines read, is true."""

    sentence: str
    condition: str


def _changed(*columns: str) -> str:
    """True when one of these columns, none of which is ever null, changes."""
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


_CERTIFIED = Refusal(
    "an order carries the persons and the sum of a certificate in force",
    """NOT EXISTS (
        SELECT 1 FROM monitoring_certificate c
        WHERE c.id = NEW.certificate_id AND c.approved_by_id IS NOT NULL AND c.superseded_at IS NULL
        AND c.checked_by_id = NEW.checker_id AND c.issued_by_id = NEW.issuer_id AND c.approved_by_id = NEW.approver_id
        AND c.due = NEW.amount AND c.claim_id = NEW.claim_id AND c.dossier_id = NEW.dossier_id
    )""",
)
# A person of an order who has had a hand in any check or certificate of its claim.
_HAS_A_HAND = """EXISTS (
        SELECT 1 FROM monitoring_itemcheck k JOIN monitoring_expenseitem i ON i.id = k.item_id
        WHERE i.claim_id = NEW.claim_id AND k.checked_by_id = NEW.payer_id
    ) OR EXISTS (
        SELECT 1 FROM monitoring_certificate c WHERE c.claim_id = NEW.claim_id
        AND NEW.payer_id IN (c.checked_by_id, c.issued_by_id, c.approved_by_id)
    )"""
_PAYER_APART = Refusal("nobody pays what the same person checked, issued or approved", _HAS_A_HAND)
_RECORDER_APART = Refusal(
    "nobody records the payment of what the same person checked, issued or approved",
    _HAS_A_HAND.replace("NEW.payer_id", "NEW.recorded_by_id"),
)
_ACCOUNT = Refusal(
    "an order is paid to the confirmed account of its dossier",
    """NOT EXISTS (
        SELECT 1 FROM grants_bankdetails b
        WHERE b.id = NEW.bank_details_id AND b.dossier_id = NEW.dossier_id AND b.state = 'confirmed'
    )""",
)
_ORDER_FROZEN = Refusal(
    "an order keeps its persons, its sum and its account",
    _changed(
        *("dossier_id", "claim_id", "certificate_id", "bank_details_id", "number", "amount"),
        *("checker_id", "issuer_id", "approver_id", "payer_id", "ordered_at"),
    ),
)
_ORDER_ENDED = Refusal("an order that was paid or refused is not changed", "OLD.state <> 'ordered'")

_OF_ITS_CLAIM = Refusal(
    "a certificate is about the dossier of its claim",
    """NOT EXISTS (
        SELECT 1 FROM monitoring_claim c WHERE c.id = NEW.claim_id AND c.dossier_id = NEW.dossier_id
    )""",
)
_CHECKER = Refusal(
    "the checker of a certificate has checked every item of its version",
    """EXISTS (
        SELECT 1 FROM monitoring_expenseitem i WHERE i.claim_id = NEW.claim_id AND NOT EXISTS (
            SELECT 1 FROM monitoring_itemcheck k
            WHERE k.item_id = i.id AND k.version = NEW.version AND k.checked_by_id = NEW.checked_by_id
        )
    )""",
)
_NOT_BY_A_PAYER = Refusal(
    "nobody certifies a claim of which the same person ordered a payment",
    """EXISTS (
        SELECT 1 FROM monitoring_paymentorder o WHERE o.claim_id = NEW.claim_id
        AND o.payer_id IN (NEW.checked_by_id, NEW.issued_by_id, NEW.approved_by_id)
    )""",
)
_CERTIFICATE_PLACE = Refusal("a certificate keeps its claim and version", _changed("dossier_id", "claim_id", "version"))
_CERTIFICATE_FROZEN = Refusal(
    "an approved certificate is not changed",
    "OLD.approved_by_id IS NOT NULL AND (OLD.superseded_at IS NOT NULL OR NEW.approved_by_id IS NULL OR "
    + _changed(
        *("verified", "verified_total", "due", "to_recover", "deliverables_seen"),
        *("checked_by_id", "issued_by_id", "issued_at", "approved_by_id", "approved_at"),
    )
    + ")",
)
_CHECK_NOT_BY_A_PAYER = Refusal(
    "nobody checks a claim of which the same person ordered a payment",
    """EXISTS (
        SELECT 1 FROM monitoring_paymentorder o JOIN monitoring_expenseitem i ON i.claim_id = o.claim_id
        WHERE i.id = NEW.item_id AND o.payer_id = NEW.checked_by_id
    )""",
)
# Otherwise an item moved to another claim would take along who checked it.
_ITEM_STAYS = Refusal("an expense stays with its claim", _changed("claim_id"))
_ALWAYS = "1 = 1"

REFUSALS: dict[str, dict[str, tuple[Refusal, ...]]] = {
    ORDER: {
        "INSERT": (_CERTIFIED, _PAYER_APART, _RECORDER_APART, _ACCOUNT),
        "UPDATE": (_ORDER_ENDED, _ORDER_FROZEN, _CERTIFIED, _PAYER_APART, _RECORDER_APART),
        "DELETE": (Refusal("an order is kept", _ALWAYS),),
    },
    CERTIFICATE: {
        "INSERT": (_OF_ITS_CLAIM, _CHECKER, _NOT_BY_A_PAYER),
        "UPDATE": (_CERTIFICATE_PLACE, _CERTIFICATE_FROZEN, _CHECKER, _NOT_BY_A_PAYER),
        "DELETE": (Refusal("a certificate is kept", _ALWAYS),),
    },
    # Beside this, checks are append-only.
    CHECK: {"INSERT": (_CHECK_NOT_BY_A_PAYER,)},
    ITEM: {"UPDATE": (_ITEM_STAYS,)},
}

# On PostgreSQL, transactions that write about the same claim wait for each other here: two rows written at the same
# moment cannot pass each other unseen. SQLite has one writer.
_CLAIM_OF = {
    ORDER: "NEW.claim_id",
    CERTIFICATE: "NEW.claim_id",
    CHECK: "(SELECT i.claim_id FROM monitoring_expenseitem i WHERE i.id = NEW.item_id)",
    ITEM: "OLD.claim_id",
}


def made(vendor: str, table: str) -> list[str]:
    """The SQL that makes the triggers of `table`."""
    write = _postgresql if vendor == "postgresql" else _sqlite
    return [sql for verb, refusals in REFUSALS[table].items() for sql in write(table, verb, refusals)]


def taken(vendor: str, table: str) -> list[str]:
    """The SQL that takes the triggers of `table` away."""
    names = [_name(table, verb) for verb in REFUSALS[table]]
    if vendor == "postgresql":
        emptied = [_name(table, "TRUNCATE")] if "DELETE" in REFUSALS[table] else []
        return [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name in [*names, *emptied]]
    return [f"DROP TRIGGER IF EXISTS {name}" for name in names]


def _name(table: str, verb: str) -> str:
    return f"{table}_{verb.lower()}_apart"


def _sqlite(table: str, verb: str, refusals: tuple[Refusal, ...]) -> list[str]:
    body = "".join(f"SELECT RAISE(ABORT, '{item.sentence}') WHERE {item.condition}; " for item in refusals)
    return [f"CREATE TRIGGER IF NOT EXISTS {_name(table, verb)} BEFORE {verb} ON {table} BEGIN {body}END"]


def _postgresql(table: str, verb: str, refusals: tuple[Refusal, ...]) -> list[str]:
    name = _name(table, verb)
    raised = "".join(
        f"IF {item.condition} THEN RAISE EXCEPTION '{item.sentence}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        for item in refusals
    )
    claim = f"PERFORM 1 FROM monitoring_claim WHERE id = {_CLAIM_OF[table]} FOR NO KEY UPDATE; "
    wait, row = ("", "OLD") if verb == "DELETE" else (claim, "NEW")
    made = [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {wait}{raised}RETURN {row}; END $$",
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
    if verb == "DELETE":
        whole = f"{_name(table, 'TRUNCATE')} BEFORE TRUNCATE ON {table}"
        made.append(f"CREATE OR REPLACE TRIGGER {whole} FOR EACH STATEMENT EXECUTE FUNCTION {name}()")
    return made
