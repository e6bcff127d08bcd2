"""The home: what waits for each role, and what a visitor reads."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from grants.actions import drafting
from grants.lifecycle import State
from people.actions import mandates, organisations
from people.models import Role
from tests.web.visits import text
from tests.world import pdf, siret
from web.home import home_of, rooms


def of(person):
    """The titles of the kinds of work that wait for the person."""
    return [str(group.title) for section in home_of(person) for group in section.groups]


@pytest.mark.usefixtures("bare")
def test_a_visitor_reads_of_the_open_call_and_of_funded_projects(world, visit):
    page = text(visit().get("/en/"))
    assert "No call is open" in page
    call = world.call()
    dossier = world.dossier(State.CONTRACTED)
    page = text(visit().get("/en/"))
    assert reverse("public:call", args=[call.slug]).replace("/fr/", "/en/") in page
    assert f"/en/projets/{dossier.reference}" in page
    assert page.count("btn-primary") == 1


def test_everyone_finds_a_home_with_one_way_further(world, visit):
    assert len(rooms()) == 8
    for name, person in world.everyone().items():
        with override("en"):
            sections = home_of(person)
        assert sections, name
        assert all(section.groups or (section.empty and section.url) for section in sections)
        page = text(visit(person).get("/en/"))
        assert all(
            str(section.empty) in page for section in sections if not section.groups and "’" not in section.empty
        )


def test_whoever_has_no_role_is_led_to_register_an_organisation(world, visit):
    page = text(visit(world.person()).get("/en/"))
    assert 'href="/en/organismes/nouveau"' in page
    assert 'href="/en/mandats/demander"' in page


def test_whoever_asked_for_a_mandate_is_told_to_wait(world, visit):
    person = world.person()
    town = world.organisation()
    mandates.request_mandate(organisation=town, function="Mayor", upload=pdf(), by=person)
    assert "Your mandate waits" in text(visit(person).get("/en/"))


def test_the_applicant_finds_drafts_then_what_is_asked(world):
    dossier = world.draft()
    editor = world.editor(dossier)
    with override("en"):
        assert of(editor) == ["Dossiers in preparation"]
        filed = world.dossier()
        world.send_back(filed, "project")
        assert of(world.editor(filed)) == ["Dossiers to complete"]
        selected = world.dossier(State.SELECTED)
        world.agreement(selected)
        assert of(world.signatory(selected)) == ["Agreements to sign"]
        assert of(world.editor(selected)) == []


def test_a_partner_finds_the_invitation(world):
    dossier = world.draft()
    town = world.town()
    invited = invite(dossier, town.organisation, world.editor(dossier))
    (section,) = [item for item in home_of(town.signatory) if item.groups]
    assert section.groups[0].tasks[0].url.endswith(f"/partenaires/{invited.pk}/repondre")


def invite(dossier, organisation, by):
    return drafting.invite_partner(dossier=dossier, organisation=organisation, part="Training", by=by)


def test_staff_find_what_waits_for_them(world):
    dossier = world.dossier()
    person = world.person()
    town = world.organisation()
    mandates.request_mandate(organisation=town, function="Mayor", upload=pdf(), by=person)
    world.prepared_call(world.envelope())
    with override("en"):
        assert of(world.officer)
        assert {"Mandates to confirm", "Calls to publish"} <= set(of(world.manager))
    tasks = [task.title for section in home_of(world.officer) for group in section.groups for task in group.tasks]
    assert any(dossier.reference in title for title in tasks)


def test_only_the_first_five_of_each_kind_are_shown(world):
    for _number in range(6):
        person = world.person()
        organisation = world.organisation()
        mandates.request_mandate(organisation=organisation, function="Mayor", upload=pdf(), by=person)
    (group,) = [group for section in home_of(world.manager) for group in section.groups]
    assert (len(group.tasks), group.more) == (5, True)


@pytest.mark.parametrize("path", ["", "appels", "projets", "donnees", "aide"])
def test_public_pages_are_whole_when_nothing_is_there(db, visit, path):
    for language in ("fr", "en"):
        text(visit().get(f"/{language}/{path}"))


def test_an_organisation_that_is_registered_shows_at_home(world):
    person = world.person()
    organisations.register_organisation(kind="commune", name="Town", siret=siret(991), by=person)
    (section,) = home_of(person)
    assert section.url.endswith("/mes-dossiers")


def test_the_staff_is_not_asked_to_apply_for_the_body_it_works_for(world):
    adviser = world.adviser
    organisations.register_organisation(kind="provider", name="Provider", siret=siret(992), by=adviser)
    assert [section.title for section in home_of(adviser)] == [Role.ADVISER.label]


def test_the_auditor_begins_with_what_was_paid_last(world, project):
    project.paid(project.certified("1000"))
    (section,) = home_of(world.auditor)
    assert [task.url for group in section.groups for task in group.tasks] == [
        reverse("audit:trail", args=[project.dossier.reference])
    ]
