"""Preparing a dossier from its pages: each is open to the applicant alone, and does what its button says."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from grants.actions import drafting
from grants.lifecycle import State
from grants.models import Dossier, PartnerState
from kit import clock
from tests.world import CLOSES, acts, fresh, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def at(name, *args):
    return reverse(f"applicant:{name}", args=args)


@pytest.fixture
def draft(world):
    return world.dossier(State.DRAFT)


def test_the_list_shows_the_dossiers_of_ones_organisations_alone(world, browse, draft):
    other = world.dossier(State.DRAFT, title="Another project")
    page = browse(world.editor(draft)).get(at("dossiers")).content.decode()
    assert draft.title in page
    assert other.title not in page
    nobody = browse(world.person()).get(at("dossiers")).content.decode()
    assert "You act for no organisation that may apply yet" in nobody


def test_a_dossier_is_started_once_and_the_draft_is_offered_afterwards(world, browse):
    town, call = world.town(), world.any_call
    client = browse(town.editor)
    answer = client.post(at("create", call.slug), {"organisation": town.organisation.pk, "title": "Portal"})
    made = Dossier.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, at("application", made.reference))
    assert (made.title, made.applicant, made.created_by) == ("Portal", town.organisation, town.editor)
    assert "Go on with a draft" in client.get(at("create", call.slug)).content.decode()


def test_a_provider_of_advice_is_led_to_an_organisation_that_may_apply(world, browse):
    adviser, call = world.person(), world.any_call
    world.organisation(kind="provider", by=adviser)
    client = browse(adviser)
    listed, started = client.get(at("dossiers")), client.get(at("create", call.slug))
    assert list(listed.context["calls"]) == []
    for page in (listed, started):
        assert (page.status_code, page.context["may_start"]) == (200, False)
        assert reverse("staff:request_mandate") in page.content.decode()


def test_only_who_acts_for_an_organisation_starts_a_dossier(world, browse):
    town, call = world.town(), world.any_call
    assert browse(world.officer).get(at("create", call.slug)).status_code == 404
    stranger = world.town()
    sent = browse(stranger.editor).post(
        at("create", call.slug), {"organisation": town.organisation.pk, "title": "Portal"}
    )
    assert sent.status_code == 200
    assert not Dossier.objects.exists()


def test_a_closed_call_starts_nothing_and_says_so(world, browse):
    town, call = world.town(), world.any_call
    with clock.at(CLOSES):
        sent = browse(town.editor).post(
            at("create", call.slug), {"organisation": town.organisation.pk, "title": "Portal"}
        )
    assert "This call is closed" in sent.content.decode()
    assert not Dossier.objects.exists()


PAGES = ["application", "rename", "budget", "documents", "partners", "dossier", "filed", "papers"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_draft_is_there_for_its_applicant_alone(world, browse, draft, name):
    address = at(name, draft.reference)
    assert browse(world.editor(draft)).get(address).status_code == 200
    assert browse(world.signatory(draft)).get(address).status_code == 200
    for stranger in (world.town().signatory, world.officer, world.administrator):
        assert browse(stranger).get(address).status_code == 404


@pytest.mark.parametrize("name", ["application", "rename", "budget", "documents", "partners"])
def test_what_was_filed_is_prepared_no_more(world, browse, name):
    dossier = world.dossier(State.SUBMITTED)
    assert browse(world.editor(dossier)).get(at(name, dossier.reference)).status_code == 404


def test_a_section_keeps_what_was_answered_and_says_what_is_missing(world, browse):
    town = world.town()
    draft = drafting.create_dossier(call=world.any_call, applicant=town.organisation, title="P", by=town.editor)
    client = browse(town.editor)
    typed = {"object": "A portal.", "need": "", "services": "", "version": draft.version}
    sent = client.post(at("section", draft.reference, "project"), typed)
    assert sent.status_code == 302
    assert fresh(draft).answers == {"project": {"object": "A portal.", "need": "", "services": ""}}
    page = client.get(at("section", draft.reference, "project")).content.decode()
    assert "A portal." in page
    assert "Answer “Services planned”." in page
    assert client.get(at("section", draft.reference, "budget")).status_code == 200
    assert client.get(at("section", draft.reference, "nothing")).status_code == 404


def test_dates_and_addresses_are_checked_where_they_are_typed(world, browse, draft):
    client = browse(world.editor(draft))
    sent = client.post(
        at("section", draft.reference, "schedule"), {"start": "tomorrow", "end": "2028-01-01", "version": draft.version}
    )
    assert "start" in sent.context["form"].errors
    client.post(
        at("section", draft.reference, "schedule"),
        {"start": "02/11/2027", "end": "2028-01-01", "version": draft.version},
    )
    assert fresh(draft).answers["schedule"] == {"start": "2027-11-02", "end": "2028-01-01"}
    wrong = {"elected_email": "nobody", "version": fresh(draft).version}
    assert "elected_email" in client.post(at("section", draft.reference, "team"), wrong).context["form"].errors


def test_who_saves_second_compares_and_then_replaces_knowingly(world, browse, draft):
    client, address = browse(world.editor(draft)), at("section", draft.reference, "sustainability")
    seen = draft.version
    theirs = {"staff": "Theirs.", "maintenance": "M", "hosting": "H", "version": seen}
    browse(world.signatory(draft)).post(address, theirs)
    sent = client.post(address, {**theirs, "staff": "Mine.", "version": seen})
    page = sent.content.decode()
    assert "Someone else saved this part meanwhile" in page
    assert "Theirs." in page
    assert "Mine." in page
    assert fresh(draft).answers["sustainability"]["staff"] == "Theirs."
    client.post(address, {**theirs, "staff": "Mine.", "version": sent.context["form"]["version"].value()})
    assert fresh(draft).answers["sustainability"]["staff"] == "Mine."


def test_the_project_is_renamed(world, browse, draft):
    browse(world.editor(draft)).post(
        at("rename", draft.reference), {"title": "A better name", "version": draft.version}
    )
    assert fresh(draft).title == "A better name"


def plan_of(costs, resources, version, **more):
    data = {"version": version, "costs-TOTAL_FORMS": len(costs), "costs-INITIAL_FORMS": 0}
    data |= {"resources-TOTAL_FORMS": len(resources), "resources-INITIAL_FORMS": 0}
    for prefix, rows in (("costs", costs), ("resources", resources)):
        for place, row in enumerate(rows):
            data |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return {**data, **more}


COSTS = [
    {"post": "Site", "supplier": "", "cost": "1 000,50", "eligible": "1000.50"},
    {"post": "", "supplier": "", "cost": "", "eligible": ""},
]
RESOURCES = [{"kind": "grant", "label": "", "amount": "500"}, {"kind": "own", "label": "", "amount": "500,50"}]


def test_the_budget_is_kept_with_its_totals(world, browse, draft):
    client, address = browse(world.editor(draft)), at("budget", draft.reference)
    sent = client.post(address, plan_of(COSTS, RESOURCES, draft.version))
    assert sent.status_code == 302
    draft = fresh(draft)
    assert (draft.eligible, draft.requested, draft.plan.gap) == (Decimal("1000.50"), Decimal(500), Decimal(0))
    assert draft.plan.cost_lines.count() == 1
    page = client.get(address).content.decode()
    assert "Expenses and resources are equal." in page
    assert "of the eligible base" in page
    assert "Site" in page


def test_a_plan_that_does_not_balance_is_kept_and_said(world, browse, draft):
    client, address = browse(world.editor(draft)), at("budget", draft.reference)
    sent = client.post(address, plan_of(COSTS, RESOURCES[:1], draft.version), follow=True)
    assert "The plan does not balance yet." in sent.content.decode()
    assert fresh(draft).plan.gap == Decimal("500.50")


def test_another_line_is_added_without_scripts_and_nothing_is_saved(world, browse, draft):
    before = draft.version
    sent = browse(world.editor(draft)).post(
        at("budget", draft.reference), plan_of(COSTS, RESOURCES, before, add_line="costs")
    )
    assert sent.status_code == 200
    assert len(sent.context["costs"].forms) == 3
    assert sent.context["costs"].forms[0]["post"].value() == "Site"
    assert not sent.context["costs"].forms[0].errors
    assert fresh(draft).version == before


def test_an_eligible_part_above_its_cost_is_refused_in_its_line(world, browse, draft):
    wrong = [{"post": "Site", "supplier": "", "cost": "10", "eligible": "20"}]
    sent = browse(world.editor(draft)).post(at("budget", draft.reference), plan_of(wrong, RESOURCES, draft.version))
    assert "eligible" in sent.context["costs"].forms[0].errors
    assert fresh(draft).version == draft.version


def test_a_document_is_attached_sent_back_and_taken_away(world, browse, draft):
    client = browse(world.editor(draft))
    client.post(at("documents", draft.reference), {"kind": "quote", "file": pdf("q", "quote.pdf"), "label": "A quote"})
    item = draft.attachments.live().get(kind="quote")
    sent = client.post(at("download", draft.reference, item.pk))
    assert sent["Content-Disposition"] == 'attachment; filename="quote.pdf"'
    assert b"".join(sent.streaming_content).startswith(b"%PDF")
    assert browse(world.officer).post(at("download", draft.reference, item.pk)).status_code == 404
    client.post(at("remove_document", draft.reference, item.pk))
    assert not draft.attachments.live().filter(kind="quote").exists()
    assert acts(draft)[-2:] == ["dossier.document_attached", "dossier.document_removed"]


def test_a_file_that_is_none_of_the_accepted_is_refused_at_its_field(world, browse, draft):
    from django.core.files.uploadedfile import SimpleUploadedFile

    wrong = SimpleUploadedFile("virus.exe", b"MZ\x90\x00nothing")
    sent = browse(world.editor(draft)).post(at("documents", draft.reference), {"kind": "quote", "file": wrong})
    assert "file" in sent.context["form"].errors
    assert draft.attachments.live().count() == 1


def test_a_partner_is_asked_by_its_number_and_answers_on_its_own_page(world, browse, draft):
    partner = world.town("Partner town")
    client = browse(world.editor(draft))
    client.post(
        at("partners", draft.reference), {"organisation": partner.organisation.siret, "part": "Hosts the server."}
    )
    asked = draft.partners.get()
    assert (asked.organisation, asked.state) == (partner.organisation, PartnerState.INVITED)
    address = at("answer_partner", draft.reference, asked.pk)
    for other in (partner.editor, world.signatory(draft), world.town().signatory, world.officer):
        assert browse(other).get(address).status_code == 404
    assert "Hosts the server." in browse(partner.signatory).get(address).content.decode()
    browse(partner.signatory).post(address, {"accepted": "yes"})
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == (PartnerState.CONFIRMED, partner.signatory)
    assert browse(partner.editor).get(at("dossier", draft.reference)).status_code == 200
    assert browse(partner.editor).get(at("application", draft.reference)).status_code == 404
    client.post(at("remove_partner", draft.reference, asked.pk))
    assert not draft.partners.exists()


def test_a_partner_may_decline_and_an_unknown_one_is_not_found(world, browse, draft):
    partner = world.town("Partner town")
    client = browse(world.editor(draft))
    sent = client.post(at("partners", draft.reference), {"organisation": "Nowhere", "part": "x"})
    assert "organisation" in sent.context["form"].errors
    client.post(at("partners", draft.reference), {"organisation": "partner TOWN", "part": "x"})
    browse(partner.signatory).post(at("answer_partner", draft.reference, draft.partners.get().pk), {"accepted": "no"})
    assert draft.partners.get().state == PartnerState.DECLINED


def test_a_returned_dossier_opens_the_parts_that_were_asked_for_alone(world, browse):
    dossier = world.dossier(State.RETURNED)
    client = browse(world.editor(dossier))
    page = client.get(at("application", dossier.reference)).content.decode()
    assert "Say more." in page
    assert client.get(at("section", dossier.reference, "project")).status_code == 200
    assert client.get(at("section", dossier.reference, "team")).status_code == 404
    assert client.get(at("budget", dossier.reference)).status_code == 404


def test_the_page_of_a_filed_dossier_says_who_acts_next_and_what_happened(world, browse):
    dossier = world.dossier(State.SUBMITTED)
    page = browse(world.editor(dossier)).get(at("dossier", dossier.reference)).content.decode()
    assert "The instructing service" in page
    assert "Dossier filed" in page
    assert "Received, being examined" in page
    papers = browse(world.editor(dossier)).get(at("papers", dossier.reference)).content.decode()
    assert dossier.snapshots.get().digest in papers


def test_the_pages_speak_french(world, browse, draft):
    client = browse(world.editor(draft))
    with translation.override("fr"):
        for name in ["dossiers", *PAGES]:
            address = at(name) if name == "dossiers" else at(name, draft.reference)
            assert client.get(address).status_code == 200
        assert "Mes dossiers" in client.get(at("dossiers")).content.decode()


def test_the_list_costs_the_same_however_long_it_is(world, browse, django_assert_max_num_queries):
    town, host = world.town(), world.town()
    for _place in range(3):
        drafting.create_dossier(call=world.any_call, applicant=town.organisation, title="P", by=town.editor)
    for _place in range(3):
        theirs = drafting.create_dossier(call=world.any_call, applicant=host.organisation, title="H", by=host.editor)
        drafting.invite_partner(dossier=theirs, organisation=town.organisation, part="x", by=host.editor)
    client = browse(town.signatory)
    with django_assert_max_num_queries(8):
        page = client.get(at("dossiers")).content.decode()
    assert page.count("repondre") == 3
