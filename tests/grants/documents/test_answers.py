"""The form behind a printed filing: the version it was filed on, with the questions that its answers show."""

import json

import pytest

from grants.documents.answers import answered, kinds_asked, kinds_of_document
from grants.lifecycle import State
from programmes.actions import forms
from programmes.rules.form_values import plain
from tests.world import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(world):
    """A dossier whose call has another form since it was filed, to which the dossier was moved."""
    dossier = world.dossier(State.SUBMITTED)
    content = json.loads(dossier.snapshots.get().content)
    later = plain(dossier.questions)
    later["sections"][0]["title"] = {"fr": "Tout autre", "en": "Something else"}
    forms.edit_form(call=dossier.call, form=later, by=world.manager)
    dossier.form = forms.publish_form(call=dossier.call, reason="Clearer.", by=world.manager)
    return dossier, content


def titles(dossier, content):
    return [section["title"] for section in answered(dossier, content)]


def test_a_filing_is_printed_on_the_version_of_the_form_that_it_was_filed_on(filed):
    dossier, content = filed
    before = titles(fresh(dossier), content)
    assert before[0] == "Describe the project"
    assert titles(dossier, content) == before
    content["form"]["version"] = dossier.form.number
    assert titles(dossier, content) == ["Something else", *before[1:]]


def test_the_kinds_of_documents_are_those_of_the_form(filed):
    dossier, content = filed
    assert list(kinds_of_document(dossier, content)) == ["deliberation", "quote", "bank_identity", "other"]
    assert kinds_asked(dossier, content) == kinds_of_document(dossier, content)
