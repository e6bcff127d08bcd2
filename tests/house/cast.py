"""Who visits: one of each role, on each side of each relation, and those who have no business here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from people.models import Person

if TYPE_CHECKING:
    from tests.house.populated import House


@dataclass(frozen=True)
class Visitor:
    """Somebody who opens pages. `role` and `side` are what the hand-kept tables of the gates know them by."""

    name: str
    role: str
    """What they are here: a role of the staff, `applicant_…`, "nobody" or "anonymous"."""
    side: str = ""
    """The community that they belong to, by its key; "elsewhere" for the staff of another programme."""
    person: Person | None = None

    def __str__(self) -> str:
        return self.name


# name → role, side, how to find the person in the house
ROLES: dict[str, tuple[str, str, Callable[[Any], Person | None]]] = {
    "anonymous": ("anonymous", "", lambda house: None),
    "newcomer": ("nobody", "", lambda house: house.newcomer),
    "alpha_editor": ("applicant_editor", "alpha", lambda house: house.alpha.editor),
    "alpha_signatory": ("applicant_signatory", "alpha", lambda house: house.alpha.signatory),
    "alpha_employee": ("nobody", "alpha", lambda house: house.employee),
    "beta_editor": ("applicant_editor", "beta", lambda house: house.beta.editor),
    "beta_signatory": ("applicant_signatory", "beta", lambda house: house.beta.signatory),
    "gamma_editor": ("applicant_editor", "gamma", lambda house: house.gamma.editor),
    "gamma_signatory": ("applicant_signatory", "gamma", lambda house: house.gamma.signatory),
    "adviser": ("adviser", "", lambda house: house.adviser),
    "idle_adviser": ("adviser", "", lambda house: house.idle_adviser),
    "member": ("committee_member", "", lambda house: house.member),
    "second_member": ("committee_member", "", lambda house: house.second_member),
    "asked_member": ("committee_member", "", lambda house: house.asked_member),
    "conflicted_member": ("committee_member", "", lambda house: house.conflicted_member),
    "idle_member": ("committee_member", "", lambda house: house.idle_member),
    "secretary": ("committee_secretary", "", lambda house: house.secretary),
    "officer": ("instructing_officer", "", lambda house: house.officer),
    "other_officer": ("instructing_officer", "", lambda house: house.other_officer),
    "tied_officer": ("instructing_officer", "alpha", lambda house: house.tied_officer),
    "payer": ("paying_officer", "", lambda house: house.payer),
    "controller": ("controller", "", lambda house: house.controller),
    "auditor": ("auditor", "", lambda house: house.auditor),
    "follow_up_agent": ("follow_up_agent", "", lambda house: house.follow_up_agent),
    "manager": ("programme_manager", "", lambda house: house.manager),
    "administrator": ("administrator", "", lambda house: house.administrator),
    "stranger": ("stranger", "elsewhere", lambda house: house.stranger),
}


def cast_of(house: House) -> dict[str, Visitor]:
    """Every visitor, their person in the house."""
    return {name: Visitor(name, role, side, find(house)) for name, (role, side, find) in ROLES.items()}
