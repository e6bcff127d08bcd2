"""The access log and one-time keys."""

import pytest

from kit.errors import Conflict
from records.actions import access
from records.actions.keys import answered, digest_of, once
from records.models import AccessLog, OneTimeKey

pytestmark = pytest.mark.django_db


def test_who_read_what_is_kept(clerk, dossier):
    access.log(clerk, "document.downloaded", dossier)
    access.log(clerk, "iban.revealed", "order 12")
    assert list(AccessLog.objects.order_by("pk").values_list("actor_id", "what", "chain", "subject")) == [
        ("system:clerk", "document.downloaded", "dossier:D-1", "D-1"),
        ("system:clerk", "iban.revealed", "", "order 12"),
    ]
    assert str(AccessLog.objects.earliest("pk")) == "system:clerk document.downloaded D-1"


def test_a_form_acts_once_and_answers_the_same():
    body = digest_of(b"amount=12")
    first = once("person:1", "key", body)
    assert first.first is True
    answered(first, "/fr/dossiers/D-1/")
    again = once("person:1", "key", body)
    assert (again.first, again.response, again.pk) == (False, "/fr/dossiers/D-1/", first.pk)
    assert once("person:2", "key", body).first is True
    assert OneTimeKey.objects.count() == 2
    assert str(again) == "key"


def test_the_same_key_with_another_body_is_refused():
    once("person:1", "key", digest_of(b"amount=12"))
    with pytest.raises(Conflict):
        once("person:1", "key", digest_of(b"amount=13"))
