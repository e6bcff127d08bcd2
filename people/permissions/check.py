"""Questions asked of the permission page: may this person do this act to this object, and if not, why.

A person's standing is read at most once a request; the answers below add no query of their own, save those of
the relations and ties that the applications above bind.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.utils.translation import gettext as _t

from kit.actors import SystemActor
from kit.errors import NotAllowed
from people.models import Organisation, Person, Standing
from people.permissions.labels import ROLE_LABELS
from people.permissions.table import (
    ACTIONS,
    ANY,
    APPLICANT_ROLES,
    OWN,
    PARTNER,
    PROGRAMME,
    PUBLIC,
    RELATIONS,
    ROLES,
    RULES_OF,
    SIGNED_IN,
    STAFF_ROLES,
    SYSTEM,
    Rule,
)

# The answer of a relation: does `person` stand in it to `obj`, and in this `role`?
Resolver = Callable[[Person, Any, str], bool]
Tie = Callable[[Person, Any], bool]

HERE = frozenset({ANY, PROGRAMME})
OF_ORGANISATIONS = frozenset({OWN, PARTNER})
_relations: dict[str, Resolver] = {}
_ties: list[Tie] = []


def bind_relation(name: str, resolver: Callable[..., bool]) -> None:
    """Let the application that owns relation `name` answer for it: `resolver(person, obj)` or `(person, obj, role)`.

    `obj` is the dossier of the object where it has one (`permission_dossier`). The relations of organisations are
    told the role, because an editor of one organisation may be the signatory of another.
    Raises `ValueError` for a name bound twice, `TypeError` for a resolver of organisations that takes no role.
    """
    if name in HERE or name in _relations:
        raise ValueError(f"The relation {name!r} is bound already.")
    if len(inspect.signature(resolver).parameters) > 2:
        _relations[name] = resolver
        return
    if name in OF_ORGANISATIONS:
        raise TypeError(f"The resolver of {name!r} takes (person, obj, role): an editor is no signatory.")
    _relations[name] = lambda person, obj, _role: resolver(person, obj)


def bind_tie(tie: Tie) -> None:
    """Add a tie, `tie(person, obj) -> bool`: a tied person loses every staff relation to the object."""
    if tie not in _ties:
        _ties.append(tie)


def allowed(action: str, role: str, relation: str, state: str) -> bool:
    """What the page alone says of one cell; `state` is "-" where there is no dossier. Pure."""
    return any(
        rule.role == role
        and rule.relation == relation
        and (state == "-" if rule.states is None else state in rule.states)
        for rule in RULES_OF.get(action, ())
    )


def may(by: Any, action: str, obj: Any = None) -> bool:
    """Whether `by` may do `action` to `obj`; without object, whether any of their roles grants the act at all.

    `by` is a person, a system actor, or nobody (`None`, an anonymous visitor): then what is public.
    Raises `LookupError` for an act that the page does not know.
    """
    _known(action)
    if isinstance(by, SystemActor):
        return any(rule.actor == by.name and rule.action == action for rule in SYSTEM)
    person = _person(by)
    if person is not None and not person.is_active:
        return False
    return any(_granted(person, obj, _open_to(person, action)))


def permit(by: Any, action: str, obj: Any = None) -> None:
    """Raise `NotAllowed`, with the reason, unless `by` may do `action` to `obj`."""
    if not may(by, action, obj):
        raise NotAllowed(can_explain(by, action, obj))


def can_explain(by: Any, action: str, obj: Any = None) -> str:
    """Why `by` may not do `action` to `obj`, in a sentence; empty when they may."""
    if may(by, action, obj):
        return ""
    person = _person(by)
    if isinstance(by, SystemActor) or (person is not None and not person.is_active):
        return NotAllowed.default_message()
    if person is None:
        return _t("Sign in first.")
    rules = _open_to(person, action)
    if not rules:
        return _t("This is done by: {roles}.").format(roles=_role_names(action))
    if obj is not None and _tied(person, obj) and all(rule.role in STAFF_ROLES for rule in rules):
        return _t(
            "You are tied to the applicant or to a partner of this application, so another member of staff does this."
        )
    related = [rule for rule in rules if _holds(person, obj, rule)]
    if related:
        return _t("This is not possible at the present step of the application.")
    return _t("Your role does not reach this one; this is done by: {roles}.").format(roles=_role_names(action))


def relations(by: Any, obj: Any) -> set[tuple[str, str]]:
    """Every (role, relation) pair of the page in which `by` stands to `obj`, ties taken into account."""
    person = _person(by)
    if person is not None and not person.is_active:
        return set()
    held = _roles(person)
    pairs = {(rule.role, rule.relation): rule for rules in RULES_OF.values() for rule in rules if rule.role in held}
    tied = person is not None and _tied(person, obj)
    return {
        pair for pair, rule in pairs.items() if not (tied and rule.role in STAFF_ROLES) and _holds(person, obj, rule)
    }


def check_bindings(app_configs: Any = None, **_options: Any) -> list[CheckMessage]:
    """The system check: every relation named on the page is bound, and no other."""
    missing = sorted(RELATIONS - HERE - set(_relations))
    surplus = sorted(set(_relations) - RELATIONS)
    return [
        *(
            Error(f"No application binds the relation {name!r} of the permission page.", id="people.E001")
            for name in missing
        ),
        *(
            Error(f"The relation {name!r} is bound but not on the permission page.", id="people.E002")
            for name in surplus
        ),
    ]


def _known(action: str) -> None:
    if action not in ACTIONS:
        raise LookupError(f"{action!r} does not stand on the permission page.")


def _person(by: Any) -> Person | None:
    """The person behind `by`, also through a lazy `request.user`; None for a visitor without account."""
    return by if isinstance(by, Person) and by.pk is not None else None


def _roles(person: Person | None) -> frozenset[str]:
    return frozenset({PUBLIC}) if person is None else person.standing.holds()


def _open_to(person: Person | None, action: str) -> list[Rule]:
    held = _roles(person)
    return [rule for rule in RULES_OF.get(action, ()) if rule.role in held]


def _granted(person: Person | None, obj: Any, rules: list[Rule]) -> Iterator[bool]:
    """For each rule in turn, whether it grants the act: state first, then relation, then the tie."""
    if obj is None:
        yield bool(rules)
        return
    state = _state(obj)
    for rule in rules:
        yield (
            rule.holds_in(state)
            and _holds(person, obj, rule)
            and not (rule.role in STAFF_ROLES and person is not None and _tied(person, obj))
        )


def _dossier(obj: Any) -> Any:
    """The dossier that decides: the object's own, or the object itself where it has none."""
    dossier = getattr(obj, "permission_dossier", None)
    return obj if dossier is None else dossier


def _state(obj: Any) -> str | None:
    state = getattr(_dossier(obj), "permission_state", None)
    return None if state is None else str(state)


def _holds(person: Person | None, obj: Any, rule: Rule) -> bool:
    """Whether the person stands in the rule's relation to the object, in the rule's role and programme."""
    if rule.role in (PUBLIC, SIGNED_IN) or person is None or obj is None:
        return rule.relation == ANY
    standing = person.standing
    dossier = _dossier(obj)
    if rule.role in APPLICANT_ROLES:
        return _acts_for(standing, person, dossier, rule)
    if rule.relation == ANY:
        return standing.has_role(rule.role)
    programme = getattr(dossier, "programme_code", None)
    if not programme or not standing.has_role(rule.role, programme):
        return False
    return rule.relation == PROGRAMME or _resolve(rule, person, dossier)


def _acts_for(standing: Standing, person: Person, obj: Any, rule: Rule) -> bool:
    if isinstance(obj, Organisation):
        acting = standing.editor_of if rule.role == "applicant_editor" else standing.signatory_of
        return rule.relation == OWN and obj.pk in acting
    return _resolve(rule, person, obj)


def _resolve(rule: Rule, person: Person, obj: Any) -> bool:
    resolver = _relations.get(rule.relation)
    return resolver is not None and bool(resolver(person, obj, rule.role))


def _tied(person: Person, obj: Any) -> bool:
    """Whether the person is tied to the applicant or a partner: a question about dossiers and what hangs on them."""
    dossier = _dossier(obj)
    return hasattr(dossier, "permission_state") and any(tie(person, dossier) for tie in _ties)


def _role_names(action: str) -> str:
    """The roles that may do `action`, in the reader's language, in the order of the page."""
    roles = [role for role in ROLES if any(rule.role == role for rule in RULES_OF.get(action, ()))]
    return ", ".join(str(ROLE_LABELS[role]) for role in roles)
