"""A mandate is asked for with evidence and confirmed by another person."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import translation

from kit import clock
from kit.errors import Conflict, NotAllowed, Refused
from people import queries
from people.actions import mandates
from people.models import Mandate
from records.actions import documents
from tests.people.conftest import acts, asked_by, mails

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def asked(town, person) -> Mandate:
    return asked_by(person, town)


def test_a_mandate_is_asked_for_with_the_deed_that_gives_it(town, person):
    someone = person("Someone")
    with pytest.raises(Refused) as refusal:
        mandates.request_mandate(organisation=town, function="Mayor", by=someone)
    assert refusal.value.field == "evidence"
    deed = documents.store(SimpleUploadedFile("deed.pdf", PDF), by=someone, chain="site", kind="mandate")
    mandate = mandates.request_mandate(organisation=town, function="Mayor", evidence=deed, by=someone)
    assert (mandate.status, mandate.evidence, mandate.requested_by) == ("requested", deed, someone)
    assert someone.standing.signatory_of == set()


def test_a_confirmed_mandate_makes_its_person_a_signatory(town, mayor, manager):
    mandate = Mandate.objects.get()
    assert (mandate.status, mandate.person, mandate.confirmed_by) == ("confirmed", mayor, manager)
    assert mayor.standing.signatory_of == {town.pk}
    assert acts("site")[-2:] == ["mandate.requested", "mandate.confirmed"]
    assert mails(mayor) == ["mandate.confirmed"]


def test_a_manager_does_not_confirm_a_mandate_of_their_own(town, manager):
    mandate = asked(town, manager)
    with pytest.raises(NotAllowed), translation.override("en"):
        mandates.confirm_mandate(mandate=mandate, by=manager)
    assert list(queries.mandates_to_answer(manager)) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(status="confirmed", confirmed_by=manager, confirmed_at=clock.now())


def test_who_is_no_programme_manager_confirms_nothing(town, person, editor, administrator):
    mandate = asked(town, person("Mayor"))
    for other in (editor, administrator):
        with pytest.raises(NotAllowed):
            mandates.confirm_mandate(mandate=mandate, by=other)
    assert Mandate.objects.get().status == "requested"


def test_a_mandate_is_asked_for_once_at_a_time(town, mayor):
    with pytest.raises(Refused):
        asked(town, mayor)
    assert Mandate.objects.count() == 1


def test_a_refused_mandate_may_be_asked_for_again(town, person, manager):
    mayor = person("Mayor")
    mandate = asked(town, mayor)
    assert list(queries.mandates_to_answer(manager)) == [mandate]
    mandates.refuse_mandate(mandate=mandate, reason="The deed is not signed.", by=manager)
    assert mails(mayor) == ["mandate.refused"]
    assert mayor.standing.signatory_of == set()
    with pytest.raises(Conflict):
        mandates.confirm_mandate(mandate=mandate, by=manager)
    assert asked(town, mayor).status == "requested"


def test_a_refusal_needs_a_reason(town, person, manager):
    mandate = asked(town, person("Mayor"))
    with pytest.raises(Refused) as refusal:
        mandates.refuse_mandate(mandate=mandate, reason=" ", by=manager)
    assert refusal.value.field == "reason"
    assert Mandate.objects.get().status == "requested"


def test_a_mandate_that_ended_signs_nothing(town, mayor, manager):
    mandates.end_mandate(mandate=Mandate.objects.get(), reason="Elections", by=manager)
    assert mayor.standing.signatory_of == set()
    assert mails(mayor) == ["mandate.confirmed", "mandate.ended"]
    with pytest.raises(Conflict):
        mandates.end_mandate(mandate=Mandate.objects.get(), reason="Again", by=manager)
