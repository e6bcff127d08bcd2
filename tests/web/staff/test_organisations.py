"""Organisations: registered, their members invited and removed."""

import pytest

from people.models import Membership, Organisation
from tests.web.visits import text
from tests.world import fresh, siret

HOME = "/en/organismes"


def test_whoever_registers_an_organisation_becomes_its_editor(world, visit):
    person = world.person()
    browser = visit(person)
    assert "You belong to no organisation yet" in text(browser.get(HOME))
    given = {"kind": "commune", "name": "Montcalm", "siret": siret(4242), "city": "Montcalm", "department": "31"}
    answer = browser.post(f"{HOME}/nouveau", given)
    made = Organisation.objects.get(name="Montcalm")
    assert answer["Location"] == f"{HOME}/{made.pk}"
    assert (made.siret, made.city, made.department) == (siret(4242), "Montcalm", "31")
    assert Membership.objects.get(organisation=made).person == person
    assert "Montcalm" in text(browser.get(HOME))


def test_a_wrong_or_known_number_is_refused_beside_its_field(world, visit):
    known = world.organisation()
    browser = visit(world.person())
    given = {"kind": "commune", "name": "Montcalm", "siret": "12345678901234"}
    assert 'href="#id_siret"' in text(browser.post(f"{HOME}/nouveau", given))
    assert "registered already" in text(browser.post(f"{HOME}/nouveau", {**given, "siret": known.siret}))
    assert not Organisation.objects.filter(name="Montcalm").exists()


def test_the_signatory_invites_and_removes_members(world, visit):
    town = world.town()
    browser = visit(town.signatory)
    url = f"{HOME}/{town.organisation.pk}"
    assert f"{url}/inviter" in text(browser.get(url))
    given = {"email": "new@example.org", "full_name": "New Person", "capacity": "editor", "language": "fr"}
    assert browser.post(f"{url}/inviter", given).status_code == 302
    member = Membership.objects.get(person__email="new@example.org")
    assert (member.organisation, member.capacity) == (town.organisation, "editor")
    remove = f"{HOME}/membres/{member.pk}/retirer"
    assert remove in text(browser.get(url))
    text(browser.get(remove))
    assert fresh(member).until is None
    assert browser.post(remove).status_code == 302
    assert fresh(member).until is not None


def test_an_editor_reads_the_page_and_invites_nobody(world, visit):
    town = world.town()
    browser = visit(town.editor)
    url = f"{HOME}/{town.organisation.pk}"
    page = text(browser.get(url))
    assert town.signatory.full_name in page
    assert "/inviter" not in page
    assert browser.get(f"{url}/inviter").status_code == 404
    member = Membership.objects.filter(organisation=town.organisation, person=town.editor).get()
    assert browser.post(f"{HOME}/membres/{member.pk}/retirer").status_code == 404
    assert fresh(member).until is None


def test_a_signatory_of_another_town_sees_and_changes_nothing(world, visit):
    town, other = world.town(), world.town()
    browser = visit(other.signatory)
    url = f"{HOME}/{town.organisation.pk}"
    assert browser.get(url).status_code == 404
    assert browser.post(f"{url}/inviter", {"email": "new@example.org", "capacity": "editor"}).status_code == 404
    member = Membership.objects.filter(organisation=town.organisation).first()
    assert browser.post(f"{HOME}/membres/{member.pk}/retirer").status_code == 404
    assert town.organisation.name not in text(browser.get(HOME))


def test_staff_find_an_organisation_by_name_and_number(world, visit):
    town, other = world.town(), world.town()
    browser = visit(world.manager)
    page = text(browser.get(HOME, {"q": town.organisation.siret}))
    assert f">{town.organisation.name}<" in page
    assert f">{other.organisation.name}<" not in page
    assert "No organisation matches" in text(browser.get(HOME, {"q": "nowhere at all"}))
    assert "No organisation matches" in text(browser.get(HOME, {"q": "\x00%"}))


@pytest.mark.parametrize("end", ["", "/nouveau", "/1", "/1/inviter"])
def test_a_visitor_signs_in_first(db, visit, end):
    assert "/account/login/" in visit().get(f"{HOME}{end}")["Location"]
