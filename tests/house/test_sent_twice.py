"""Every form sent twice with the same one-time key acts once: a double click files, claims and pays no second time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from tests.house.guards import undone
from tests.house.posts import NO_ACT, Form, Sent, send, sent_addresses

pytestmark = pytest.mark.django_db

NAMES = [address.name for address in sent_addresses() if address.reads]

# Forms whose answer to the right sender is a page and no redirect: the key is kept for the next try.
TRIED_AGAIN = {"applicant:confirm_bank": "a wrong code is counted, and another one may be typed"}


@pytest.mark.parametrize("name", NAMES)
def test_the_form_carries_a_one_time_key(name: str, forms: dict[str, Form | None]):
    form = forms[name]
    assert form is not None
    assert len(form.body.get("one_time_key", "")) > 20


@pytest.mark.parametrize("name", [name for name in NAMES if name not in TRIED_AGAIN])
def test_the_second_sending_acts_no_more_and_leads_to_the_same_page(
    name: str, sent_forms: dict[str, tuple[Sent, Sent]]
):
    first, second = sent_forms[name]
    assert first.acted
    assert (first.status, second.status) == (302, 302)
    assert second.location == first.location
    assert set(second.tables) <= NO_ACT


def test_filing_claiming_and_paying_are_among_them(sent_forms: dict[str, tuple[Sent, Sent]]):
    for name in ("applicant:file", "applicant:submit_claim", "finance:order", "finance:record_payment", "finance:pay"):
        assert [sent.acted for sent in sent_forms[name]] == [True, False]


def test_with_another_key_it_would_act_again(forms: dict[str, Form | None], browsers: dict[str, Client]):
    """The control: it is the key that stops the second sending."""
    form = forms["applicant:create"]
    assert form is not None
    other = replace(form, body={**form.body, "one_time_key": "another-key-of-another-form"})
    with undone():
        sent = [send(item, form.sender, browsers[form.sender.name]) for item in (form, form, other)]
    assert [item.acted for item in sent] == [True, False, True]
