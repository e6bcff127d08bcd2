"""Who may what: the page (`table`) and the questions asked of it (`check`)."""

from people.permissions.check import (
    allowed,
    bind_relation,
    bind_tie,
    can_explain,
    may,
    permit,
    relations,
)
from people.permissions.table import RULES, STATES, SYSTEM, Rule, SystemRule

__all__ = [
    "RULES",
    "STATES",
    "SYSTEM",
    "Rule",
    "SystemRule",
    "allowed",
    "bind_relation",
    "bind_tie",
    "can_explain",
    "may",
    "permit",
    "relations",
]
