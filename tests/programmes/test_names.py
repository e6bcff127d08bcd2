"""Titles, managing body, contact and operator are corrected with a trace; codes, dates and money are not."""

import pytest

from kit.errors import NotAllowed, Refused
from programmes.actions import names
from records.models import JournalEntry
from tests.world import acts, fresh, last_entry


def test_a_programme_changes_its_titles_and_contact(world):
    changes = {"title_fr": " Autre  titre ", "contact_email": "Autre@Example.org", "managing_body": "Région"}
    names.edit_programme(programme=world.programme, changes=changes, by=world.manager)
    programme = fresh(world.programme)
    assert (programme.title_fr, programme.contact_email) == ("Autre titre", "autre@example.org")
    entry = last_entry(programme)
    assert entry.act == "programme.edited"
    assert entry.data["former"] == {"title_fr": "Programme d’essai", "contact_email": "contact@example.org"}
    assert entry.data["now"] == {"title_fr": "Autre titre", "contact_email": "autre@example.org"}


def test_an_action_changes_its_title_and_operator(world):
    names.edit_measure(measure=world.measure, changes={"operator": "ARDESI", "title_en": "Projects"}, by=world.manager)
    measure = fresh(world.measure)
    assert (measure.operator, measure.title_en, measure.title_fr) == ("ARDESI", "Projects", "Projets innovants")
    assert acts(measure.programme)[-1] == "measure.edited"


def test_what_is_as_it_was_writes_nothing(world):
    world.measure.pk  # makes what it stands on
    before = JournalEntry.objects.count()
    names.edit_programme(programme=world.programme, changes={"title_fr": "Programme d’essai"}, by=world.manager)
    names.edit_measure(measure=world.measure, changes={"title_fr": "Projets innovants"}, by=world.manager)
    assert JournalEntry.objects.count() == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"code": "OTHER"}, "code"), ({"title_fr": " "}, "title_fr"), ({"contact_email": "nobody"}, "contact_email")],
)
def test_what_cannot_change_is_refused(world, changes, field):
    with pytest.raises(Refused) as error:
        names.edit_programme(programme=world.programme, changes=changes, by=world.manager)
    assert error.value.field == field


def test_only_a_manager_changes_them(world):
    for by in (world.officer, world.administrator):
        with pytest.raises(NotAllowed):
            names.edit_programme(programme=world.programme, changes={"title_fr": "Non"}, by=by)
        with pytest.raises(NotAllowed):
            names.edit_measure(measure=world.measure, changes={"title_fr": "Non"}, by=by)
