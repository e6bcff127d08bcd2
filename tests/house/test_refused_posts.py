"""Every form, sent by whom it is not for: refused as the permission page foresees, and nothing is written.

The forms come from the resolver and are filled from their own pages, so a new form is covered from its first day. The
control runs for each of them: the same form, sent by whom it is for, does change something.
"""

from __future__ import annotations

import pytest
from django.test import Client

from tests.house.cast import Visitor
from tests.house.crawl import quiet
from tests.house.guards import changed, digests
from tests.house.posts import Form, Sent, send, send_to_view, sent_addresses, wrong_senders
from tests.web.visits import proved

pytestmark = pytest.mark.django_db

NAMES = [address.name for address in sent_addresses()]

# Everybody signed in may send these, so there is nobody to refuse but the anonymous visitor.
OPEN = frozenset({"account", "staff:register_organisation", "staff:request_mandate"})


@pytest.fixture(scope="module")
def refused(
    forms: dict[str, Form | None], cast: dict[str, Visitor], browsers: dict[str, Client], untouched: dict[str, str]
) -> dict[str, list[Sent]]:
    """Every form sent by those whom it is not for, and nothing taken back; one comes with a browser, and nobody."""
    proved(browsers["stranger"])
    found: dict[str, list[Sent]] = {}
    with quiet():
        for name, form in forms.items():
            if form is not None:
                wrong = list(wrong_senders(form, cast))
                found[name] = [
                    (send if visitor in (wrong[-1], cast["anonymous"]) else send_to_view)(
                        form, visitor, browsers[visitor.name]
                    )
                    for visitor in wrong
                ]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_somebody_can_send_the_form_and_it_acts(name: str, sent_forms: dict[str, tuple[Sent, Sent]]):
    assert name in sent_forms, "nobody is shown this form at any of its places in tests/house/spots.py"
    sent = sent_forms[name][0]
    assert sent.acted, f"{sent}; it says {sent.form.body}: see SAID in tests/house/posts.py"


@pytest.mark.parametrize("name", NAMES)
def test_the_form_is_refused_to_everybody_else(name: str, refused: dict[str, list[Sent]]):
    assert [str(sent) for sent in refused[name] if sent.status not in refusals(sent.visitor)] == []
    assert {sent.visitor.name for sent in refused[name]} != set()
    assert name in OPEN or any(sent.visitor.person is not None for sent in refused[name])


def refusals(visitor: Visitor) -> tuple[int, ...]:
    """Nobody is led to the sign-in; whoever may not know of the object is told that it is not there."""
    return (302,) if visitor.person is None else (403, 404)


@pytest.mark.parametrize("name", NAMES)
def test_a_refused_form_writes_nothing(name: str, refused: dict[str, list[Sent]]):
    """But the form's one-time key, which the refusal takes back: see the last test."""
    assert [str(sent) for sent in refused[name] if set(sent.tables) - {"records_onetimekey"}] == []


def test_after_all_refused_forms_every_table_is_as_before(refused: dict[str, list[Sent]], untouched: dict[str, str]):
    assert changed(untouched, digests()) == []
