"""Roles of staff: proposed by the manager of the programme, confirmed by an administrator of the site."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, NotAllowed, Refused
from kit.locks import locked
from people import mails
from people.acting import action, as_person
from people.actions import accounts, inputs
from people.models import Language, Person, Role, RoleAssignment, standing
from people.permissions import permit
from records.actions import journal


@action("role.propose")
def propose_role(*, person: Person, role: str, scope: str, by: Actor) -> RoleAssignment:
    """Propose `role` in the programme `scope` for `person`; it counts once an administrator has confirmed it.

    The programme's manager proposes its staff, an administrator its manager; administrators themselves are made
    at the command line. Raises `Refused` when the person has this role, or is proposed for it, already.
    """
    inputs.choice(role, Role.values, "role")
    if role == Role.ADMINISTRATOR:
        raise Refused(_t("An administrator is created at the command line of the server."), field="role")
    assignment = RoleAssignment(
        person=person, role=role, scope=inputs.line(scope, "scope", longest=30), proposed_by=as_person(by)
    )
    permit_proposal(by, assignment)
    try:
        with transaction.atomic():
            assignment.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_t("This person has this role, or is proposed for it, already."), field="person") from error
    _journal(by, "role.proposed", assignment)
    return assignment


@action("role.propose")
def propose_role_by_email(
    *, email: str, full_name: str, role: str, scope: str, by: Actor, language: str = Language.FRENCH
) -> RoleAssignment:
    """Propose a role for whoever has this address, opening an account when nobody does."""
    # Asked before the account is opened: who may not propose the role writes to nobody.
    permit_proposal(by, RoleAssignment(role=role, scope=scope))
    person = accounts.ensure_person(email=email, full_name=full_name, language=language, by=by)
    return propose_role(person=person, role=role, scope=scope, by=by)


@action("role.confirm")
def confirm_role(*, assignment: RoleAssignment, by: Actor) -> RoleAssignment:
    """Confirm a proposed role. Never the act of who proposed it or receives it.

    Raises `Conflict` when the proposal was answered already.
    """
    with locked(assignment) as assignment:
        _answering(assignment, by)
        assignment.confirmed_by, assignment.confirmed_at = as_person(by), clock.now()
        assignment.save(update_fields=["confirmed_by", "confirmed_at"])
        standing.changed()
        _journal(by, "role.confirmed", assignment)
        mails.role_confirmed(assignment)
    return assignment


@action("role.confirm")
def refuse_role(*, assignment: RoleAssignment, reason: str, by: Actor) -> RoleAssignment:
    """Refuse a proposed role, with a reason. Raises `Conflict` when the proposal was answered already."""
    with locked(assignment) as assignment:
        _answering(assignment, by)
        _end(assignment, "role.refused", reason, by)
    return assignment


@action("role.propose")
def end_role(*, assignment: RoleAssignment, reason: str, by: Actor) -> RoleAssignment:
    """End a role, or take a proposal back, at once: by whoever may propose it. An administrator ends another's.

    Raises `Conflict` when it has ended already, `NotAllowed` for one's own role as administrator: the site keeps one.
    """
    with locked(assignment) as assignment:
        if assignment.role == Role.ADMINISTRATOR:
            permit(by, "role.confirm", assignment)
            if by.actor_id == assignment.person.actor_id:
                raise NotAllowed(_t("Another administrator ends your role, so that the site always has one."))
        else:
            permit_proposal(by, assignment)
        if assignment.ended_at is not None:
            raise Conflict
        _end(assignment, "role.ended", reason, by)
    return assignment


def permit_proposal(by: Actor, assignment: RoleAssignment) -> None:
    """Raise `NotAllowed` unless `by` may propose this role: managers their staff, administrators the managers."""
    permit(by, "role.propose", assignment)
    held = as_person(by).standing
    if assignment.role == Role.PROGRAMME_MANAGER:
        if not held.has_role(Role.ADMINISTRATOR):
            raise NotAllowed(_t("A programme manager is proposed by an administrator of the site."))
    elif not held.has_role(Role.PROGRAMME_MANAGER, assignment.scope):
        raise NotAllowed(_t("This role is proposed by the manager of the programme."))


def _answering(assignment: RoleAssignment, by: Actor) -> None:
    permit(by, "role.confirm", assignment)
    proposer = assignment.proposed_by
    if by.actor_id == assignment.person.actor_id or (proposer and by.actor_id == proposer.actor_id):
        raise NotAllowed(_t("Another administrator answers this: not who proposed the role, nor who receives it."))
    if assignment.confirmed_at is not None or assignment.ended_at is not None:
        raise Conflict


def _end(assignment: RoleAssignment, act: str, reason: str, by: Actor) -> None:
    why = inputs.line(reason, "reason", longest=500)
    assignment.ended_by, assignment.ended_at = as_person(by), clock.now()
    assignment.save(update_fields=["ended_by", "ended_at"])
    standing.changed()
    _journal(by, act, assignment, reason=why)


def _journal(by: Actor, act: str, assignment: RoleAssignment, reason: str = "") -> None:
    journal.write(
        by,
        act,
        assignment,
        reason=reason,
        personal={"person": assignment.person.full_name},
        person=assignment.person.actor_id,
        role=assignment.role,
        scope=assignment.scope,
    )
