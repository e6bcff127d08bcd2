"""A role is proposed by one person and confirmed by another."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from kit import clock
from kit.errors import Conflict, NotAllowed, Refused
from people import queries
from people.actions import roles
from people.models import Person, RoleAssignment
from records.models import OutboxMail
from tests.people.conftest import acts, mails


def test_a_proposed_role_counts_once_another_person_has_confirmed_it(manager, administrator, person):
    officer = person("Officer")
    proposed = roles.propose_role(person=officer, role="instructing_officer", scope="P1", by=manager)
    assert officer.standing.roles == set()
    assert list(queries.roles_to_answer(administrator)) == [proposed]
    roles.confirm_role(assignment=proposed, by=administrator)
    assert officer.standing.roles == {("instructing_officer", "P1")}
    assert acts("programme:P1")[-2:] == ["role.proposed", "role.confirmed"]
    assert mails(officer) == ["role.confirmed"]
    assert list(queries.holders("instructing_officer", "P1")) == [officer]


def test_a_role_is_told_in_the_language_of_who_receives_it(give, person):
    give(person("Odile", language="fr"), "instructing_officer")
    mail = OutboxMail.objects.get(kind="role.confirmed", recipient="odile@example.org")
    assert (mail.language, mail.subject) == ("fr", "Votre rôle sur Escalier\u00a0: Agent instructeur")
    assert "/fr/" in mail.text


def test_a_manager_proposes_the_staff_of_their_own_programme_alone(manager, person):
    other = person("Other")
    for role, scope in (("instructing_officer", "P2"), ("programme_manager", "P1"), ("instructing_officer", "")):
        with pytest.raises((NotAllowed, Refused)):
            roles.propose_role(person=other, role=role, scope=scope, by=manager)
    assert RoleAssignment.objects.filter(person=other).count() == 0


def test_an_administrator_proposes_managers_alone(administrator, person):
    other = person("Other")
    with pytest.raises(NotAllowed):
        roles.propose_role(person=other, role="auditor", scope="P1", by=administrator)
    with pytest.raises(Refused):
        roles.propose_role(person=other, role="administrator", scope="", by=administrator)
    assert roles.propose_role(person=other, role="programme_manager", scope="P1", by=administrator).pk


def test_neither_proposer_nor_receiver_confirms(administrator, second_administrator, person):
    proposed = roles.propose_role(person=person("Other"), role="programme_manager", scope="P1", by=administrator)
    received = roles.propose_role(person=second_administrator, role="programme_manager", scope="P1", by=administrator)
    for assignment, by in ((proposed, administrator), (received, second_administrator)):
        with pytest.raises(NotAllowed):
            roles.confirm_role(assignment=assignment, by=by)
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleAssignment.objects.filter(pk=assignment.pk).update(confirmed_by=by, confirmed_at=clock.now())
    assert list(queries.roles_to_answer(second_administrator)) == [proposed]


def test_a_manager_confirms_no_role(manager, person):
    proposed = roles.propose_role(person=person("Other"), role="auditor", scope="P1", by=manager)
    with pytest.raises(NotAllowed):
        roles.confirm_role(assignment=proposed, by=manager)
    assert list(queries.roles_to_answer(manager)) == []


def test_a_proposal_is_answered_once(give, person, administrator):
    assignment = give(person("Other"), "auditor")
    with pytest.raises(Conflict):
        roles.confirm_role(assignment=assignment, by=administrator)


def test_a_role_is_held_once(give, person, manager):
    other = person("Other")
    give(other, "auditor")
    with pytest.raises(Refused):
        roles.propose_role(person=other, role="auditor", scope="P1", by=manager)


def test_a_refused_proposal_gives_nothing(manager, administrator, person):
    other = person("Other")
    proposed = roles.propose_role(person=other, role="auditor", scope="P1", by=manager)
    roles.refuse_role(assignment=proposed, reason="Not needed", by=administrator)
    assert other.standing.roles == set()
    assert list(queries.roles_to_answer(administrator)) == []
    assert acts("programme:P1")[-1] == "role.refused"


def test_a_role_that_ended_gives_nothing_and_may_be_given_again(give, person, manager):
    other = person("Other")
    assignment = give(other, "auditor")
    roles.end_role(assignment=assignment, reason="Leaves", by=manager)
    assert other.standing.roles == set()
    with pytest.raises(Conflict):
        roles.end_role(assignment=assignment, reason="Again", by=manager)
    give(other, "auditor")
    assert other.standing.roles == {("auditor", "P1")}


def test_an_administrator_ends_another_s_role_and_not_their_own(administrator, second_administrator):
    own = RoleAssignment.objects.get(person=administrator)
    with pytest.raises(NotAllowed):
        roles.end_role(assignment=own, reason="Tired", by=administrator)
    roles.end_role(assignment=own, reason="Leaves", by=second_administrator)
    assert administrator.standing.roles == set()


def test_a_person_without_account_is_proposed_by_address_and_invited(manager):
    proposed = roles.propose_role_by_email(
        email="New@Example.org", full_name="New", role="adviser", scope="P1", language="en", by=manager
    )
    invited = Person.objects.get(email="new@example.org")
    assert (proposed.person, invited.has_usable_password()) == (invited, False)
    mail = OutboxMail.objects.get(person_id=invited.actor_id)
    assert mail.subject == "Your account on Escalier"
    assert "/en/account/password/reset/" in mail.text


def test_who_may_not_propose_writes_to_nobody(manager):
    with pytest.raises(NotAllowed), translation.override("en"):
        roles.propose_role_by_email(email="a@example.org", full_name="A", role="adviser", scope="P2", by=manager)
    assert not Person.objects.filter(email="a@example.org").exists()
    assert not OutboxMail.objects.filter(recipient="a@example.org").exists()


def test_the_database_gives_no_role_without_two_persons_and_no_programme(manager, person):
    other = person("Other")
    wrong = [
        {"role": "auditor", "scope": "P1", "confirmed_at": clock.now()},
        {"role": "auditor", "scope": "", "proposed_by": manager},
        {"role": "administrator", "scope": "P1"},
    ]
    for row in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleAssignment.objects.create(person=other, **row)


def test_the_standings_of_many_are_read_in_one_query(give, person, django_assert_num_queries):
    officer, nobody = person("Officer"), person("Nobody")
    give(officer, "instructing_officer")
    fresh = list(Person.objects.filter(pk__in=[officer.pk, nobody.pk]).order_by("pk"))
    with django_assert_num_queries(1):
        Person.read_standings(fresh)
        held = {item.pk: item.standing.roles for item in fresh}
        Person.read_standings(fresh)
    assert held == {officer.pk: {("instructing_officer", "P1")}, nobody.pk: frozenset()}
