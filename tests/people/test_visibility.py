"""Who sees which people: rows are found through `visible_to` alone."""

import pytest
from django.contrib.auth.models import AnonymousUser

from people.actions import organisations, roles
from people.models import Mandate, Membership, Organisation, Person, RoleAssignment
from tests.people.conftest import asked_by

MODELS = [Organisation, Membership, Mandate, RoleAssignment, Person]


@pytest.fixture
def cast(town, mayor, editor, person):
    """The town with its editor and mayor, another town with its own, and someone who belongs nowhere."""
    stranger = person("Stranger")
    other = person("Other")
    organisations.register_organisation(kind="epci", name="Elsewhere", siret="38047555800058", by=other)
    return {"stranger": stranger, "other": other}


def seen(model, person) -> set[str]:
    return {str(row) for row in model.objects.visible_to(person)}


@pytest.mark.parametrize("model", MODELS)
def test_who_is_not_signed_in_sees_nobody(cast, model):
    assert model.objects.exists()
    assert [seen(model, who) for who in (None, AnonymousUser())] == [set(), set()]


def test_one_sees_oneself_and_one_s_own_organisation(cast, editor, mayor):
    for member in (editor, mayor):
        assert seen(Organisation, member) == {"Catus"}
        assert seen(Person, member) == {"Editor", "Mayor"}
        assert seen(Membership, member) == {"Editor · Catus"}
        assert seen(Mandate, member) == {"Mayor · Catus"}
    assert [seen(model, cast["stranger"]) for model in MODELS] == [set(), set(), set(), set(), {"Stranger"}]


def test_who_asks_for_a_mandate_sees_its_organisation_and_not_its_members(cast, town):
    asked_by(cast["stranger"], town)
    assert seen(Organisation, cast["stranger"]) == {"Catus"}
    assert seen(Membership, cast["stranger"]) == set()
    assert seen(Person, cast["stranger"]) == {"Stranger"}


def test_staff_who_instruct_see_organisations_and_those_who_score_do_not(cast, give, person):
    officer, member = person("Officer"), person("Member")
    give(officer, "instructing_officer")
    give(member, "committee_member")
    assert seen(Organisation, officer) == {"Catus", "Elsewhere"}
    assert seen(Organisation, member) == set()
    assert seen(Person, member) == {"Manager", "Member", "Officer"}


def test_managers_and_administrators_see_whom_they_appoint(cast, manager, administrator):
    for who in (manager, administrator):
        assert seen(Person, who) == {str(person) for person in Person.objects.all()}
        assert seen(Membership, who) == {"Editor · Catus", "Other · Elsewhere"}


def test_roles_are_seen_by_who_holds_them_and_who_gives_them(cast, give, person, manager, administrator):
    officer = person("Officer")
    give(officer, "instructing_officer")
    elsewhere = roles.propose_role(person=person("Far"), role="programme_manager", scope="P2", by=administrator)
    assert set(RoleAssignment.objects.visible_to(officer)) == set(RoleAssignment.objects.filter(person=officer))
    assert elsewhere not in RoleAssignment.objects.visible_to(manager)
    assert RoleAssignment.objects.visible_to(manager).count() == 2
    assert RoleAssignment.objects.visible_to(administrator).count() == RoleAssignment.objects.count()
