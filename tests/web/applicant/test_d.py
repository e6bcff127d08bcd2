"""The address of a dossier in mails leads each reader to their own page of it, and nobody else anywhere."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from grants.actions import messages
from grants.lifecycle import State
from grants.models import Capacity, Participation
from kit import clock
from people.acting import exempt_bulk_write
from web.d import STAFF_PAGE

pytestmark = pytest.mark.django_db


def test_the_applicant_comes_to_its_own_page_in_its_own_language(world, browse):
    town = world.town(language="fr")
    dossier = world.dossier(State.SUBMITTED, town=town)
    with translation.override("fr"):
        wanted = reverse("applicant:dossier", args=[dossier.reference])
    assert browse(town.editor).get(f"/d/{dossier.reference}")["Location"] == wanted


def test_the_staff_comes_to_the_page_of_the_service(world, browse):
    dossier = world.dossier(State.SUBMITTED)
    with translation.override("en"):
        wanted = reverse(STAFF_PAGE, args=[dossier.reference])
    for person in (world.officer, world.secretary, world.auditor):
        assert browse(person).get(f"/d/{dossier.reference}")["Location"] == wanted


def test_an_adviser_and_a_member_come_to_their_own_pages(world, browse):
    dossier = world.dossier(State.SUBMITTED)
    now = clock.now()
    with exempt_bulk_write():
        for person, capacity in ((world.adviser, Capacity.ADVISER), (world.member, Capacity.ASSESSOR)):
            Participation.objects.create(dossier=dossier, person=person, capacity=capacity, since=now)
    with translation.override("en"):
        places = [reverse(name, args=[dossier.reference]) for name in ("adviser:dossier", "committee:dossier")]
    found = [browse(person).get(f"/d/{dossier.reference}")["Location"] for person in (world.adviser, world.member)]
    assert found == places


def test_nobody_learns_of_a_dossier_that_they_may_not_see(world, browse):
    draft = world.dossier(State.DRAFT)
    for person in (world.officer, world.town().signatory, world.administrator, world.person()):
        assert browse(person).get(f"/d/{draft.reference}").status_code == 404
        assert browse(person).get("/d/NOTHING-1").status_code == 404


def test_a_visitor_signs_in_first(world):
    dossier = world.dossier(State.SUBMITTED)
    sent = Client().get(f"/d/{dossier.reference}")
    assert sent.status_code == 302
    assert f"next=/d/{dossier.reference}" in sent["Location"]


def test_with_messages_it_leads_to_the_thread_whoever_writes_there(world, browse):
    dossier = world.dossier(State.SUBMITTED)
    with translation.override("en"):
        own = reverse("applicant:messages", args=[dossier.reference])
        tab = reverse("officer:dossier_tab", args=[dossier.reference, "messages"])
        page = reverse(STAFF_PAGE, args=[dossier.reference])
    wanted = {world.editor(dossier): own, world.officer: tab, world.manager: tab, world.auditor: page}
    for person, place in wanted.items():
        assert browse(person).get(f"/d/{dossier.reference}?volet=messages")["Location"] == place
    assert browse(world.person()).get(f"/d/{dossier.reference}?volet=messages").status_code == 404


def test_a_draft_that_asks_leads_the_service_to_its_question(world, browse):
    dossier = world.draft()
    address = f"/d/{dossier.reference}?volet=messages"
    assert browse(world.officer).get(address).status_code == 404
    messages.send(dossier=dossier, text="May we?", by=world.editor(dossier))
    with translation.override("en"):
        wanted = reverse("officer:question", args=[dossier.reference])
    assert browse(world.officer).get(address)["Location"] == wanted
    assert browse(world.auditor).get(address).status_code == 404
