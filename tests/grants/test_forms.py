"""A call's form published anew: the drafts move to it, what was filed stays, nobody's answer is lost."""

from dataclasses import replace

import pytest

from grants.actions import drafting, submission
from grants.actions.forms import publish_form
from grants.lifecycle import State
from grants.queries.earlier import earlier_answers
from grants.rules.drafts import digest
from kit.errors import Conflict, NotAllowed, Refused
from programmes.actions.forms import edit_form
from programmes.rules.form import Form
from programmes.rules.reference import reference_form
from tests.world import acts, fresh, last_entry, mails, recipients


def shorter() -> Form:
    """The reference form without the second question of its first section."""
    first, *others = reference_form().sections
    return replace(reference_form(), sections=(replace(first, fields=(first.fields[0], *first.fields[2:])), *others))


@pytest.fixture
def drafts(world):
    return [world.new_draft(call=world.any_call) for _ in range(3)]


def test_every_draft_moves_with_all_its_answers_and_its_owners_are_told(world, drafts):
    call = world.any_call
    before = {draft.pk: draft.answers for draft in drafts}
    edit_form(call=call, form=shorter(), by=world.manager)
    version = publish_form(call=call, reason="Clearer.", by=world.manager)

    for draft in drafts:
        moved = fresh(draft)
        assert (moved.form, moved.version, moved.answers) == (version, draft.version + 1, before[draft.pk])
        assert (acts(moved)[-1], last_entry(moved).reason) == ("dossier.form_changed", "Clearer.")
        owners = [draft.created_by.full_name, world.signatory(draft).full_name]
        assert recipients(moved, "form_changed") == owners
        assert "Reason: Clearer." in mails(moved, "form_changed")[0].text
        need = reference_form().sections[0].fields[1]
        assert earlier_answers(moved) == [(str(need.label), moved.answers["project"]["need"])]


def test_what_was_filed_or_sent_back_keeps_its_version(world):
    filed = world.new_draft(call=world.any_call)
    submission.submit(dossier=filed, by=world.signatory(filed))
    returned = world.new_draft(call=world.any_call)
    submission.submit(dossier=returned, by=world.signatory(returned))
    world.send_back(fresh(returned))
    edit_form(call=world.any_call, form=shorter(), by=world.manager)
    publish_form(call=world.any_call, reason="Clearer.", by=world.manager)
    for dossier in (filed, returned):
        assert fresh(dossier).form.number == 1
        assert mails(dossier, "form_changed") == []
    assert fresh(returned).state == State.RETURNED


def test_an_editor_who_saves_what_was_open_before_the_move_is_told(world, drafts):
    draft = fresh(drafts[0])
    edit_form(call=world.any_call, form=shorter(), by=world.manager)
    publish_form(call=world.any_call, reason="Clearer.", by=world.manager)
    with pytest.raises(Conflict):
        drafting.edit_section(
            dossier=draft,
            section="project",
            answers={"object": "Late"},
            version=draft.version,
            by=world.editor(draft),
        )
    assert fresh(draft).answers == draft.answers


def test_a_draft_that_begins_afterwards_is_asked_the_new_version_and_has_nothing_earlier(world):
    edit_form(call=world.any_call, form=shorter(), by=world.manager)
    version = publish_form(call=world.any_call, reason="Clearer.", by=world.manager)
    town = world.town()
    draft = drafting.create_dossier(call=world.any_call, applicant=town.organisation, title="X", by=town.editor)
    assert (draft.form, earlier_answers(draft)) == (version, [])


def test_it_needs_a_prepared_version_a_reason_and_the_manager(world, drafts):
    call = world.any_call
    with pytest.raises(Conflict):
        publish_form(call=call, reason="Clearer.", by=world.manager)
    edit_form(call=call, form=shorter(), by=world.manager)
    with pytest.raises(Refused):
        publish_form(call=call, reason=" ", by=world.manager)
    with pytest.raises(NotAllowed):
        publish_form(call=call, reason="Clearer.", by=world.officer)
    assert {fresh(draft).form.number for draft in drafts} == {1}


def test_what_was_typed_before_the_move_is_entered_in_the_journal_before_it(world, drafts):
    draft = fresh(drafts[0])
    base = digest(draft.answers["project"]["object"])
    drafting.save_answer(
        dossier=draft, section="project", field="object", answer="Typed", base=base, by=world.editor(draft)
    )
    edit_form(call=world.any_call, form=shorter(), by=world.manager)
    publish_form(call=world.any_call, reason="Clearer.", by=world.manager)
    assert acts(draft)[-2:] == ["dossier.edited", "dossier.form_changed"]
    assert (fresh(draft).unentered, fresh(draft).answers["project"]["object"]) == ({}, "Typed")
