"""The mails about accounts, organisations, mandates and roles: in the recipient's language, one row a key."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _t

from kit.actors import Actor
from people.models import Mandate, Membership, Person, RoleAssignment
from records.actions import outbox
from records.models import OutboxMail


def invitation(person: Person, by: Actor) -> OutboxMail:
    """An account was opened: how to set a password. It holds no secret, so that it may be read late or twice."""
    return _queue(
        "account.opened",
        person,
        f"account.opened:{person.pk}",
        lambda: (
            _t("Your account on Escalier"),
            _t(
                "{inviter} opened an account for you on Escalier with this address: {email}.\n\n"
                "To set your password, open this page and give your address; a link comes by mail:\n{link}\n\n"
                "If you did not expect this, you need do nothing."
            ).format(inviter=by.actor_label, email=person.email, link=site(person, "account/password/reset/")),
        ),
    )


def member_added(membership: Membership, by: Actor) -> OutboxMail:
    """A signatory made the person a member of the organisation."""
    return _queue(
        "organisation.member_added",
        membership.person,
        f"organisation.member_added:{membership.pk}",
        lambda: (
            _t("You are now a member of {organisation}").format(organisation=membership.organisation),
            _t("{inviter} added you to {organisation} on Escalier as: {capacity}.\n\nSee your page:\n{link}").format(
                inviter=by.actor_label,
                organisation=membership.organisation,
                capacity=membership.get_capacity_display(),
                link=site(membership.person),
            ),
        ),
    )


def mandate_confirmed(mandate: Mandate) -> OutboxMail:
    """The person may sign for the organisation."""
    return _queue(
        "mandate.confirmed",
        mandate.person,
        f"mandate.confirmed:{mandate.pk}",
        lambda: (
            _t("You may sign for {organisation}").format(organisation=mandate.organisation),
            _t(
                "Your mandate as {function} of {organisation} is confirmed: you may submit its applications and "
                "sign for it on Escalier.\n\nSee your page:\n{link}"
            ).format(function=mandate.function, organisation=mandate.organisation, link=site(mandate.person)),
        ),
    )


def mandate_refused(mandate: Mandate) -> OutboxMail:
    """The mandate was not confirmed, and why."""
    return _queue(
        "mandate.refused",
        mandate.person,
        f"mandate.refused:{mandate.pk}",
        lambda: (
            _t("Your mandate for {organisation} is not confirmed").format(organisation=mandate.organisation),
            _t(
                "Your request to sign for {organisation} was refused: {reason}\n\n"
                "You can ask again with another document:\n{link}"
            ).format(organisation=mandate.organisation, reason=mandate.reason, link=site(mandate.person)),
        ),
    )


def mandate_ended(mandate: Mandate) -> OutboxMail:
    """The person no longer signs for the organisation, and why."""
    return _queue(
        "mandate.ended",
        mandate.person,
        f"mandate.ended:{mandate.pk}",
        lambda: (
            _t("Your mandate for {organisation} has ended").format(organisation=mandate.organisation),
            _t("You no longer sign for {organisation} on Escalier: {reason}\n\nSee your page:\n{link}").format(
                organisation=mandate.organisation, reason=mandate.reason, link=site(mandate.person)
            ),
        ),
    )


def role_confirmed(assignment: RoleAssignment) -> OutboxMail:
    """The role counts from now on."""
    return _queue(
        "role.confirmed",
        assignment.person,
        f"role.confirmed:{assignment.pk}",
        lambda: (
            _t("Your role on Escalier: {role}").format(role=assignment.get_role_display()),
            _t(
                "You now have the role “{role}” in the programme {programme}.\n\n"
                "Your home page shows what you have to do:\n{link}"
            ).format(role=assignment.get_role_display(), programme=assignment.scope, link=site(assignment.person)),
        ),
        chain=assignment.journal_chain,
    )


def site(person: Person, path: str = "") -> str:
    """The address of a page in the person's language."""
    return f"{settings.SITE_URL}/{person.language}/{path}"


def _queue(
    kind: str, person: Person, key: str, written: Callable[[], tuple[str, str]], *, chain: str = "site"
) -> OutboxMail:
    with translation.override(person.language):
        subject, text = written()
    return outbox.queue(
        kind,
        recipient=person.email,
        language=person.language,
        subject=subject,
        text=text,
        key=key,
        chain=chain,
        person_id=person.actor_id,
    )
