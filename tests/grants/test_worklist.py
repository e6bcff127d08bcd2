"""Keeping views of the work list: who may, how many, and what the journal says."""

import pytest

from grants.actions import worklist
from grants.models import SavedView
from kit.errors import NotAllowed, Refused
from records.models import JournalEntry

pytestmark = pytest.mark.usefixtures("staged_draft")


def save(world, by, name="To examine", **more):
    given = {"programme": world.programme, "query": "state=submitted", "shared": False, **more}
    return worklist.save_view(name=name, by=by, **given)


def test_who_works_from_the_list_keeps_views_and_nobody_else(world):
    keepers = {"instructing_officer", "programme_manager", "committee_secretary", "paying_officer", "auditor"}
    for role, person in world.everyone().items():
        if role in keepers:
            save(world, person)
        else:
            with pytest.raises(NotAllowed):
                save(world, person)
    assert SavedView.objects.count() == len(keepers)


def test_a_view_has_a_name_and_a_length_and_there_are_fifty(world):
    with pytest.raises(Refused) as refused:
        save(world, world.officer, " ")
    assert refused.value.field == "name"
    with pytest.raises(Refused, match="too long"):
        save(world, world.officer, query="q=" + "x" * 1000)
    for number in range(worklist.MOST_VIEWS):
        save(world, world.officer, f"View {number}")
    with pytest.raises(Refused, match="fifty"):
        save(world, world.officer, "One more")
    assert save(world, world.officer, "View 1", query="").query == ""


def test_saving_and_deleting_stand_in_the_programmes_journal_without_the_name(world):
    view = save(world, world.officer, shared=True)
    kept = view.pk
    worklist.delete_view(view=view, by=world.officer)
    rows = JournalEntry.objects.filter(chain=world.programme.journal_chain, act__startswith="view.").order_by("seq")
    assert [(row.act, row.data) for row in rows] == [
        ("view.saved", {"view": kept, "shared": True}),
        ("view.deleted", {"view": kept}),
    ]
    assert [row.personal.data.get("name") for row in rows] == ["To examine", None]


def test_a_colleague_deletes_no_view_and_a_manager_no_private_one(world):
    private, shared = save(world, world.officer), save(world, world.officer, "Shared", shared=True)
    for person, view in ((world.other_officer, shared), (world.manager, private), (world.adviser, shared)):
        with pytest.raises(NotAllowed):
            worklist.delete_view(view=view, by=person)
    worklist.delete_view(view=shared, by=world.manager)
    assert list(SavedView.objects.all()) == [private]
