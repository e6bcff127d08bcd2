"""Committees: created, their members appointed and leaving."""

from datetime import date

import pytest

from selection.actions import committees
from selection.models import Committee, CommitteeMember
from tests.web.visits import text
from tests.world import CODE, fresh

NEW = f"/en/pilotage/programmes/{CODE}/comites/nouveau"


def made(world):
    return committees.create_committee(
        programme=world.programme, body="selection", name="Comité", quorum=2, by=world.manager
    )


def at(row, end=""):
    return f"/en/pilotage/comites/{row.pk}{end}"


def test_a_committee_is_created(world, visit):
    world.programme
    browser = visit(world.manager)
    given = {"name": "Comité de sélection", "body": "selection", "quorum": "3"}
    assert browser.post(NEW, given).status_code == 302
    row = Committee.objects.get()
    assert (row.name, row.body, row.quorum, row.programme.code) == ("Comité de sélection", "selection", 3, CODE)
    assert "Nobody sits on this committee" in text(browser.get(at(row)))
    assert 'href="#id_name"' in text(browser.post(NEW, given))
    assert 'href="#id_quorum"' in text(browser.post(NEW, {**given, "name": "Other", "quorum": "0"}))
    assert Committee.objects.count() == 1


def test_a_member_is_appointed_and_leaves(world, visit):
    row, browser = made(world), visit(world.manager)
    assert "propose it first" in text(browser.get(at(row, "/nommer")))
    person = world.member
    assert browser.post(at(row, "/nommer"), {"person": person.pk, "since": "2027-02-01"}).status_code == 302
    member = CommitteeMember.objects.get()
    assert (member.person, member.since, member.until) == (person, date(2027, 2, 1), None)
    end = f"/en/pilotage/membres/{member.pk}/terminer"
    assert end in text(browser.get(at(row)))
    assert 'href="#id_until"' in text(browser.post(end, {"until": "2027-01-01"}))
    assert browser.post(end, {"until": "2027-02-28"}).status_code == 302
    assert fresh(member).until == date(2027, 2, 28)
    assert "Former members" in text(browser.get(at(row)))


def test_whoever_has_not_the_role_is_not_offered(world, visit):
    row, browser = made(world), visit(world.manager)
    world.member
    stranger = world.person()
    text(browser.post(at(row, "/nommer"), {"person": stranger.pk, "since": "2027-02-01"}))
    assert not CommitteeMember.objects.exists()


@pytest.mark.parametrize("end", ["", "/nommer"])
def test_nobody_else_finds_the_committee(world, visit, end):
    row = made(world)
    member = committees.appoint_member(committee=row, person=world.member, since=date(2027, 2, 1), by=world.manager)
    for person in (world.officer, world.secretary, world.member, world.administrator):
        assert visit(person).get(at(row, end)).status_code == 404
        assert visit(person).post(at(row, end), {}).status_code in (404, 405)
        assert (
            visit(person).post(f"/en/pilotage/membres/{member.pk}/terminer", {"until": "2027-02-28"}).status_code == 404
        )
    assert fresh(member).until is None
