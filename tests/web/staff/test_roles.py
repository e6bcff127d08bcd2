"""Roles: proposed by address, confirmed, refused or ended by another person."""

import pytest
from django.utils import timezone

from people.actions import roles
from people.models import Person, RoleAssignment
from records.models import OutboxMail
from tests.web.visits import text
from tests.world import CODE, fresh

HOME = "/en/roles"
GIVEN = {"role": "auditor", "scope": CODE, "email": "new@example.org", "full_name": "New Person", "language": "fr"}


def proposed(world, role="auditor"):
    return roles.propose_role(person=world.person(), role=role, scope=CODE, by=world.manager)


def at(row, end=""):
    return f"{HOME}/{row.pk}{end}"


def test_the_manager_proposes_staff_by_address(world, visit):
    world.programme
    browser = visit(world.manager)
    page = text(browser.get(f"{HOME}/proposer"))
    assert CODE in page
    assert "Programme manager</option>" not in page
    assert browser.post(f"{HOME}/proposer", GIVEN).status_code == 302
    row = RoleAssignment.objects.get(role="auditor", person__email="new@example.org")
    assert (row.person.full_name, row.scope, row.proposed_by, row.confirmed_at) == (
        "New Person",
        CODE,
        world.manager,
        None,
    )
    assert OutboxMail.objects.filter(recipient="new@example.org", kind="account.opened").exists()
    assert row.person.full_name in text(browser.get(f"{HOME}?view=waiting"))


def test_a_new_account_needs_a_name(world, visit):
    world.programme
    page = text(visit(world.manager).post(f"{HOME}/proposer", {**GIVEN, "full_name": ""}))
    assert 'href="#id_full_name"' in page
    assert not Person.objects.filter(email="new@example.org").exists()


def test_the_administrator_proposes_managers_alone(world, visit):
    world.programme
    browser = visit(world.administrator)
    page = text(browser.get(f"{HOME}/proposer"))
    assert "Programme manager</option>" in page
    assert "Auditor</option>" not in page
    assert browser.post(f"{HOME}/proposer", {**GIVEN, "role": "programme_manager"}).status_code == 302
    assert RoleAssignment.objects.get(person__email="new@example.org").role == "programme_manager"


def test_an_administrator_confirms(world, visit):
    row = proposed(world)
    browser = visit(world.administrator)
    assert at(row, "/confirmer") in text(browser.get(at(row)))
    text(browser.get(at(row, "/confirmer")))
    assert browser.post(at(row, "/confirmer")).status_code == 302
    row = fresh(row)
    assert (row.confirmed_by, row.ended_at) == (world.administrator, None)
    again = browser.post(at(row, "/confirmer"))
    assert again.status_code == 200
    assert fresh(row).confirmed_by == world.administrator


def test_an_administrator_refuses_with_a_reason(world, visit):
    row = proposed(world)
    browser = visit(world.administrator)
    assert "Error:" in text(browser.post(at(row, "/refuser"), {"reason": ""}))
    assert fresh(row).ended_at is None
    assert browser.post(at(row, "/refuser"), {"reason": "Unknown."}).status_code == 302
    assert fresh(row).ended_by == world.administrator
    assert "Refused or taken back" in text(browser.get(at(row)))


def test_the_manager_ends_a_role_of_the_programme(world, visit):
    officer = world.officer
    row = RoleAssignment.objects.get(person=officer, role="instructing_officer")
    browser = visit(world.manager)
    assert at(row, "/terminer") in text(browser.get(at(row)))
    assert browser.post(at(row, "/terminer"), {"reason": "Left."}).status_code == 302
    assert fresh(row).ended_at is not None
    assert not fresh(officer).standing.has_role("instructing_officer")


def test_nobody_answers_their_own_proposal(world, visit):
    row = roles.propose_role(person=world.person(), role="programme_manager", scope=CODE, by=world.administrator)
    page = text(visit(world.administrator).get(at(row)))
    assert at(row, "/confirmer") not in page
    assert "Another person answers" in page
    assert visit(world.administrator).post(at(row, "/confirmer")).status_code == 200
    assert fresh(row).confirmed_at is None
    assert at(row, "/confirmer") in text(visit(world.second_administrator).get(at(row)))


@pytest.mark.parametrize("end", ["", "/proposer", "/{pk}", "/{pk}/confirmer", "/{pk}/refuser", "/{pk}/terminer"])
def test_nobody_else_finds_the_pages(world, visit, end):
    row = proposed(world)
    url = HOME + end.format(pk=row.pk)
    town = world.town()
    for person in (world.officer, world.auditor, world.member, town.signatory, row.person):
        assert visit(person).get(url).status_code == 404
        assert visit(person).post(url, {**GIVEN, "reason": "No."}).status_code in (404, 405)
    assert visit().get(url).status_code == 302
    assert (fresh(row).confirmed_at, fresh(row).ended_at) == (None, None)
    assert not Person.objects.filter(email="new@example.org").exists()


def test_the_manager_of_another_programme_sees_nothing_of_this_one(world, visit):
    row = proposed(world)
    stranger = world.person()
    RoleAssignment.objects.create(
        person=stranger,
        role="programme_manager",
        scope="OTHER-1",
        proposed_by=world.administrator,
        confirmed_by=world.second_administrator,
        confirmed_at=timezone.now(),
    )
    assert visit(stranger).get(at(row)).status_code == 404
    assert row.person.full_name not in text(visit(stranger).get(f"{HOME}?view=waiting"))
