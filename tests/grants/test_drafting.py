"""Preparing a dossier: numbers without gaps, sections, plan, documents, partners; and who may not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grants.actions import drafting
from grants.lifecycle import State
from grants.models import Attachment, Dossier, Partner, PartnerState
from kit import clock
from kit.errors import Conflict, NotAllowed, Refused
from people.permissions import may
from tests.world import CLOSES, START, acts, fresh, last_entry, mails, pdf, recipients


def test_references_are_numbered_by_call_without_a_gap(world):
    town, call, other = world.town(), world.call(), world.call()
    made = [
        drafting.create_dossier(call=of, applicant=town.organisation, title="X", by=town.editor).reference
        for of in (call, other, call, call)
    ]
    first, second = call.reference_prefix, other.reference_prefix
    assert made == [f"{first}-0001", f"{second}-0001", f"{first}-0002", f"{first}-0003"]


def test_a_refused_creation_takes_no_number(world):
    town, call = world.town(), world.call()
    with pytest.raises(Refused):
        drafting.create_dossier(call=call, applicant=town.organisation, title=" ", by=town.editor)
    dossier = drafting.create_dossier(call=call, applicant=town.organisation, title="X", by=town.signatory)
    assert dossier.reference == f"{call.reference_prefix}-0001"


def test_a_draft_begins_when_the_call_is_announced(world):
    town, call = world.town(), world.call(opens_at=START + timedelta(days=10))
    dossier = drafting.create_dossier(call=call, applicant=town.organisation, title="X", by=town.editor)

    assert (dossier.state, dossier.department, dossier.created_by) == (State.DRAFT, "46", town.editor)
    assert acts(dossier) == ["dossier.created"]
    assert last_entry(dossier).on_behalf == town.organisation.name


@pytest.mark.parametrize("published", [True, False])
def test_a_closed_or_unpublished_call_takes_no_draft(world, published):
    town = world.town()
    call = world.call() if published else world.prepared_call()
    with clock.at(CLOSES), pytest.raises(Refused):
        drafting.create_dossier(call=call, applicant=town.organisation, title="X", by=town.editor)
    assert not Dossier.objects.exists()


def test_nobody_drafts_for_another_organisation(world):
    town, other = world.town(), world.town()
    for person in (other.editor, other.signatory, world.officer, world.manager, world.person()):
        with pytest.raises(NotAllowed):
            drafting.create_dossier(call=world.any_call, applicant=town.organisation, title="X", by=person)


def test_a_provider_does_not_apply(world):
    owner = world.person()
    provider = world.organisation(kind="provider", by=owner)
    with pytest.raises(Refused):
        drafting.create_dossier(call=world.any_call, applicant=provider, title="X", by=owner)


def test_answers_are_kept_by_their_ids_and_the_rest_stays(world):
    town = world.town()
    dossier = world.draft(town=town)
    version = dossier.version
    edited = drafting.edit_section(
        dossier=dossier, section="project", answers={"need": "A\r\nB\x00"}, version=version, by=town.signatory
    )

    kept = fresh(dossier).answers["project"]
    assert (kept["need"], kept["object"], edited.version) == ("A\nB", "A plain answer.", version + 1)


def test_two_editors_do_not_overwrite_each_other(world):
    town = world.town()
    dossier = world.draft(town=town)
    given = {"dossier": dossier, "section": "project", "version": dossier.version}
    drafting.edit_section(answers={"need": "First."}, by=town.editor, **given)
    with pytest.raises(Conflict):
        drafting.edit_section(answers={"need": "Second."}, by=town.signatory, **given)
    assert fresh(dossier).answers["project"]["need"] == "First."


@pytest.mark.parametrize(
    "section, answers, field",
    [
        ("project", {"unknown": "x"}, None),
        ("unknown", {"need": "x"}, "section"),
        ("budget", {"need": "x"}, None),
        ("schedule", {"start": "tomorrow"}, "start"),
        ("team", {"elected_email": "nobody"}, "elected_email"),
        ("team", {"elected_name": "x" * 201}, "elected_name"),
        ("project", {"need": "\ud800"}, "need"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_field(world, section, answers, field):
    town = world.town()
    dossier = world.draft(town=town)
    with pytest.raises(Refused) as refusal:
        drafting.edit_section(
            dossier=dossier, section=section, answers=answers, version=dossier.version, by=town.editor
        )
    assert refusal.value.field == field
    assert fresh(dossier).answers == dossier.answers


def test_a_title_is_changed(world):
    town = world.town()
    dossier = world.draft(town=town)
    drafting.rename(dossier=dossier, title="Another title", version=dossier.version, by=town.editor)
    assert fresh(dossier).title == "Another title"


def test_the_plan_sets_the_columns_that_lists_sort_by(world):
    dossier = world.draft(eligible="1000.10", requested="500")
    assert (dossier.eligible, dossier.requested, dossier.plan.gap) == (Decimal("1000.10"), Decimal(500), Decimal(0))


@pytest.mark.parametrize(
    "cost, field",
    [
        ({"cost": "NaN"}, "cost"),
        ({"cost": "-1"}, "cost"),
        ({"cost": "1e400"}, "cost"),
        ({"cost": "0.001"}, "cost"),
        ({"cost": str(2**63)}, "cost"),
        ({"eligible": "100.01"}, "eligible"),
        ({"post": ""}, "post"),
    ],
)
def test_a_plan_takes_amounts_alone(world, cost, field):
    town = world.town()
    dossier = world.draft(town=town)
    line = {"post": "Site", "supplier": "", "cost": "100", "eligible": "100", **cost}
    with pytest.raises(Refused) as refusal:
        drafting.set_plan(dossier=dossier, cost_lines=[line], resources=[], version=dossier.version, by=town.editor)
    assert refusal.value.field == field
    assert fresh(dossier).eligible == Decimal("36209.96")


def test_a_document_joins_the_dossier_and_leaves_it_again(world):
    town = world.town()
    dossier = world.draft(town=town)
    document = drafting.attach_document(dossier=dossier, upload=pdf("Quote"), kind="quote", by=town.editor)
    assert [item.kind for item in dossier.attachments.live()] == ["deliberation", "quote"]

    drafting.remove_document(dossier=dossier, document=document, by=town.editor)

    assert [item.kind for item in dossier.attachments.live()] == ["deliberation"]
    assert Attachment.objects.get(document=document).removed_at == START
    with pytest.raises(Conflict):
        drafting.remove_document(dossier=dossier, document=document, by=town.editor)


def test_a_program_is_no_document(world):
    town = world.town()
    dossier = world.draft(town=town)
    with pytest.raises(Refused):
        drafting.attach_document(
            dossier=dossier, upload=SimpleUploadedFile("a.pdf", b"MZ\x90"), kind="quote", by=town.editor
        )
    with pytest.raises(Refused):
        drafting.attach_document(dossier=dossier, upload=pdf(), kind="invoice", by=town.editor)
    assert dossier.attachments.count() == 1


def test_nobody_else_edits_a_draft(world):
    dossier = world.draft()
    outsiders = [*world.everyone().values(), world.town().editor, world.town().signatory]
    for person in outsiders:
        with pytest.raises(NotAllowed):
            drafting.edit_section(dossier=dossier, section="project", answers={}, version=dossier.version, by=person)
        with pytest.raises(NotAllowed):
            drafting.set_plan(dossier=dossier, cost_lines=[], resources=[], version=dossier.version, by=person)
        with pytest.raises(NotAllowed):
            drafting.attach_document(dossier=dossier, upload=pdf(), kind="other", by=person)
    assert fresh(dossier).version == dossier.version


def test_a_filed_dossier_is_not_edited(world):
    dossier = world.dossier()
    with pytest.raises(NotAllowed):
        drafting.edit_section(
            dossier=dossier, section="project", answers={}, version=dossier.version, by=world.editor(dossier)
        )


def test_a_completion_opens_only_what_was_asked(world):
    dossier = world.dossier()
    world.send_back(dossier, "project", "documents")
    dossier, editor = fresh(dossier), world.editor(dossier)

    drafting.edit_section(
        dossier=dossier, section="project", answers={"need": "More."}, version=dossier.version, by=editor
    )
    drafting.attach_document(dossier=dossier, upload=pdf("Quote"), kind="quote", by=editor)
    dossier = fresh(dossier)
    with pytest.raises(Refused):
        drafting.edit_section(
            dossier=dossier, section="team", answers={"elected_name": "X"}, version=dossier.version, by=editor
        )
    with pytest.raises(Refused):
        drafting.set_plan(dossier=dossier, cost_lines=[], resources=[], version=dossier.version, by=editor)
    with pytest.raises(Refused):
        drafting.invite_partner(dossier=dossier, organisation=world.town().organisation, part="Half.", by=editor)


def test_a_partner_is_asked_and_confirms(world):
    town, partner_town = world.town(), world.town("Partner")
    dossier = world.draft(town=town)
    partner = drafting.invite_partner(
        dossier=dossier, organisation=partner_town.organisation, part="Hosts the terminal.", by=town.editor
    )
    assert recipients(dossier, "partner_invited") == ["Mayor of Partner"]

    drafting.confirm_partner(partner=partner, accepted=True, by=partner_town.signatory)

    partner = fresh(partner)
    assert (partner.state, partner.answered_by) == (PartnerState.CONFIRMED, partner_town.signatory)
    assert last_entry(dossier).on_behalf == "Partner"
    assert recipients(dossier, "partner_answered") == sorted([town.editor.full_name, town.signatory.full_name])
    with pytest.raises(Conflict):
        drafting.confirm_partner(partner=partner, accepted=False, by=partner_town.signatory)


def test_a_partner_does_not_answer_for_another(world):
    town, first, second = world.town(), world.town(), world.town()
    dossier = world.draft(town=town)
    partners = [
        drafting.invite_partner(dossier=dossier, organisation=item.organisation, part="Half.", by=town.editor)
        for item in (first, second)
    ]
    for person in (second.signatory, first.editor, town.signatory, world.officer):
        with pytest.raises(NotAllowed):
            drafting.confirm_partner(partner=partners[0], accepted=True, by=person)
    assert fresh(partners[0]).state == PartnerState.INVITED


def test_a_partner_that_declines_may_be_asked_again_or_left_out(world):
    town, other = world.town(), world.town()
    dossier = world.draft(town=town)
    given = {"dossier": dossier, "organisation": other.organisation, "part": "Half.", "by": town.editor}
    partner = drafting.invite_partner(**given)
    with pytest.raises(Refused):
        drafting.invite_partner(**given)
    drafting.confirm_partner(partner=partner, accepted=False, by=other.signatory)
    assert not may(other.signatory, "dossier.view", dossier)

    with clock.at(START + timedelta(days=1)):
        again = drafting.invite_partner(**given)
    assert (again.pk, fresh(again).state, len(mails(dossier, "partner_invited"))) == (partner.pk, "invited", 2)
    assert may(other.signatory, "dossier.view", dossier)

    drafting.remove_partner(partner=again, by=town.editor)
    assert not Partner.objects.exists()
    assert acts(dossier)[-1] == "partner.removed"


def test_the_applicant_is_not_its_own_partner(world):
    town = world.town()
    dossier = world.draft(town=town)
    with pytest.raises(Refused) as refusal:
        drafting.invite_partner(dossier=dossier, organisation=town.organisation, part="All.", by=town.editor)
    assert refusal.value.field == "organisation"
