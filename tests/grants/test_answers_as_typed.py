"""Answers that are saved while they are typed: never over another's, never twice, and all of it in the journal."""

from datetime import timedelta

import pytest

from grants.actions import drafting, instruction, submission
from grants.actions.hands import AnsweredMeanwhile
from grants.lifecycle import State
from grants.rules.drafts import digest
from kit import clock
from kit.errors import Conflict, NotAllowed, Refused
from records.queries import journal
from tests.world import START, acts, fresh


def save(dossier, answer, *, by, base="A plain answer.", section="project", field="need"):
    return drafting.save_answer(dossier=dossier, section=section, field=field, answer=answer, base=digest(base), by=by)


def need(dossier):
    return fresh(dossier).answers["project"]["need"]


def test_an_answer_is_kept_and_the_rest_stays(world):
    dossier = world.draft()
    editor = world.editor(dossier)
    saved = save(dossier, "A\r\nB\x00 ", by=editor)

    kept = fresh(dossier).answers["project"]
    assert (kept["need"], kept["object"]) == ("A\nB", "A plain answer.")
    assert saved.answers == fresh(dossier).answers
    assert fresh(dossier).version == dossier.version


def test_the_same_answer_again_writes_nothing(world):
    dossier = world.draft()
    editor = world.editor(dossier)
    save(dossier, "Typed.", by=editor)
    before = fresh(dossier)
    with clock.at(START + timedelta(hours=1)):
        save(dossier, "Typed.", by=editor)
        save(dossier, " Typed. ", by=world.signatory(dossier), base="something else")
    assert (fresh(dossier).hands, fresh(dossier).unentered) == (before.hands, before.unentered)


def test_an_answer_never_goes_over_one_that_its_writer_has_not_seen(world):
    dossier = world.draft()
    editor, mayor = world.editor(dossier), world.signatory(dossier)
    save(dossier, "Theirs.", by=mayor)
    with pytest.raises(AnsweredMeanwhile) as refusal:
        save(dossier, "Mine.", by=editor)
    found = refusal.value
    assert (found.field, found.kept, found.who, found.when) == ("need", "Theirs.", mayor, START)
    assert need(dossier) == "Theirs."
    save(dossier, "Both.", by=editor, base="Theirs.")
    assert need(dossier) == "Both."


def test_an_answer_of_before_names_nobody(world):
    dossier = world.draft()
    drafting.edit_section(
        dossier=dossier, section="project", answers={"need": "X"}, version=dossier.version, by=world.editor(dossier)
    )
    old = fresh(dossier)
    type(old).objects.filter(pk=old.pk).update(hands={})
    with pytest.raises(AnsweredMeanwhile) as refusal:
        save(old, "Mine.", by=world.editor(dossier))
    assert (refusal.value.who, refusal.value.when) == (None, None)


@pytest.mark.parametrize(
    "section, field, answer",
    [
        ("project", "unknown", "x"),
        ("unknown", "need", "x"),
        ("budget", "need", "x"),
        ("schedule", "start", "tomorrow"),
        ("project", "need", "x" * 20_001),
        ("project", "need", "\ud800"),
    ],
)
def test_what_cannot_be_kept_is_refused(world, section, field, answer):
    dossier = world.draft()
    with pytest.raises(Refused):
        save(dossier, answer, by=world.editor(dossier), section=section, field=field)
    assert fresh(dossier).answers == dossier.answers


def test_only_the_applicant_types_and_only_in_preparation(world):
    dossier = world.draft()
    for person in (world.officer, world.town().editor, world.person()):
        with pytest.raises(NotAllowed):
            save(dossier, "x", by=person)
    filed = world.dossier(State.SUBMITTED)
    with pytest.raises(NotAllowed):
        save(filed, "x", by=world.editor(filed))


def test_the_journal_tells_of_it_with_the_next_act_once_for_each_person_and_part(world):
    dossier = world.draft()
    editor, mayor = world.editor(dossier), world.signatory(dossier)
    before = acts(dossier)
    save(dossier, "One.", by=editor)
    with clock.at(START + timedelta(minutes=2)):
        save(dossier, "Two.", by=editor, base="One.")
        save(dossier, "A service.", by=editor, field="services")
        save(dossier, "Three.", by=mayor, base="Two.")
    assert acts(dossier) == before

    drafting.rename(dossier=dossier, title="Another", version=dossier.version, by=editor)
    assert acts(dossier) == [*before, "dossier.edited", "dossier.edited", "dossier.renamed"]
    first, second, _renamed = list(journal.entries(dossier.journal_chain))[-3:]
    assert (first.actor_id, first.data["questions"]) == (editor.actor_id, ["need", "services"])
    assert (second.actor_id, second.data["questions"]) == (mayor.actor_id, ["need"])
    assert first.data["first_at"] < first.data["last_at"]
    assert fresh(dossier).unentered == {}
    assert journal.verify().first_bad is None


def test_a_whole_part_that_is_saved_tells_of_its_writers_typing_itself(world):
    dossier = world.draft()
    editor, before = world.editor(dossier), acts(dossier)
    save(dossier, "Typed.", by=editor)
    drafting.edit_section(
        dossier=dossier,
        section="project",
        answers={"need": "Saved."},
        bases={"need": digest("Typed.")},
        version=dossier.version,
        by=editor,
    )
    assert acts(dossier) == [*before, "dossier.edited"]
    assert (need(dossier), fresh(dossier).unentered) == ("Saved.", {})


def test_what_was_typed_is_in_the_journal_before_the_draft_is_filed(world):
    dossier = world.draft()
    before, mayor = acts(dossier), world.signatory(dossier)
    save(dossier, "Typed.", by=world.editor(dossier))
    submission.submit(dossier=dossier, by=mayor)
    assert acts(dossier) == [*before, "dossier.edited", "dossier.submitted"]
    assert fresh(dossier).unentered == {}


@pytest.mark.parametrize("way", ["cancel", "ineligible", "withdraw"])
def test_what_was_typed_in_a_completion_is_in_the_journal_before_it_ends(world, way):
    dossier = world.dossier(State.RETURNED)
    save(dossier, "Typed.", by=world.editor(dossier))
    if way == "withdraw":
        submission.withdraw(dossier=dossier, reason="Given up.", by=world.signatory(dossier))
    elif way == "cancel":
        instruction.cancel_completion(dossier=dossier, by=world.officer)
    else:
        instruction.declare_ineligible(dossier=dossier, rule="Article 4", reasons="No.", by=world.officer)
    assert acts(dossier)[-2] == "dossier.edited"
    assert fresh(dossier).unentered == {}


def test_a_part_that_was_not_asked_for_is_not_typed_in(world):
    dossier = world.dossier(State.RETURNED)
    with pytest.raises(Refused):
        save(dossier, "x", by=world.editor(dossier), section="sustainability", field="staff")


def test_two_editors_of_one_part_are_in_each_others_way_in_one_answer_only(world):
    dossier = world.draft()
    editor, mayor = world.editor(dossier), world.signatory(dossier)
    bases = dict.fromkeys(("need", "object"), digest("A plain answer."))
    save(dossier, "Of the mayor.", by=mayor)

    def whole(**answers):
        return drafting.edit_section(
            dossier=dossier, section="project", answers=answers, bases=bases, version=dossier.version, by=editor
        )

    whole(need="A plain answer.", object="Of the editor.")
    kept = fresh(dossier).answers["project"]
    assert (kept["need"], kept["object"]) == ("Of the mayor.", "Of the editor.")
    with pytest.raises(AnsweredMeanwhile):
        whole(need="Of the editor.", object="Of the editor.")
    assert need(dossier) == "Of the mayor."


def test_a_form_that_does_not_say_what_it_was_begun_from_goes_over_nothing_that_was_typed(world):
    dossier = world.draft()
    save(dossier, "Typed.", by=world.signatory(dossier))
    with pytest.raises(Conflict):
        drafting.edit_section(
            dossier=dossier,
            section="project",
            answers={"need": "Over."},
            version=dossier.version,
            by=dossier.created_by,
        )
    assert need(dossier) == "Typed."
