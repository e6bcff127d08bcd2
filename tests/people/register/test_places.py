"""A département and a commune agree, or the act is refused beside the field."""

import pytest

from kit.errors import Refused
from people.register import places

EMPTY = dict.fromkeys(("insee", "department", "region", "street", "postal_code", "city"), "")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, {}),
        ({"department": "46"}, {"department": "46", "region": "76"}),
        ({"department": "1"}, {"department": "01", "region": "84"}),
        ({"department": "2a"}, {"department": "2A", "region": "94"}),
        ({"department": "975"}, {"department": "975", "region": ""}),
        ({"insee": "46042"}, {"insee": "46042", "department": "46", "region": "76"}),
        ({"insee": "2a004", "department": "2A"}, {"insee": "2A004", "department": "2A", "region": "94"}),
        ({"department": "46", "region": "73"}, {"department": "46", "region": "73"}),
        # A commune that has merged: its code is still on old papers, and its département is believed.
        ({"insee": "01003", "department": "01"}, {"insee": "01003", "department": "01", "region": "84"}),
    ],
)
def test_what_follows_from_the_commune_is_filled_in(given: dict[str, str], kept: dict[str, str]):
    assert places.agreed({**EMPTY, **given}) == {**EMPTY, **kept}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"department": "20"}, "Aucun département n’a ce code"),
        ({"department": "Lot"}, "Aucun département n’a ce code"),
        ({"insee": "46042", "department": "47"}, "Cahors, est dans le département 46"),
        ({"insee": "01002", "department": "02"}, "L’Abergement-de-Varey, est dans le département 01"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, str], sentence: str):
    with pytest.raises(Refused, match=sentence) as refusal:
        places.agreed({**EMPTY, **given})
    assert refusal.value.field == "department"
