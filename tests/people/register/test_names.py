"""The names of bodies, in French."""

import pytest

from people.register import names


@pytest.mark.parametrize(
    ("place", "body"),
    [
        ("Cahors", "Commune de Cahors"),
        ("Auch", "Commune d’Auch"),
        ("Les Angles", "Commune des Angles"),
        ("Le Mans", "Commune du Mans"),
        ("L'Isle-Jourdain", "Commune de L’Isle-Jourdain"),
        ("La Salvetat", "Commune de La Salvetat"),
    ],
)
def test_a_commune(place: str, body: str):
    assert names.commune_name(place) == body


@pytest.mark.parametrize(
    ("short", "body"),
    [
        ("CC Spelunca-Liamone", "Communauté de communes Spelunca-Liamone"),
        ("CA du Bassin de Brive", "Communauté d’agglomération du Bassin de Brive"),
        ("CU d'Arras", "Communauté urbaine d’Arras"),
        ("Métropole d'Aix-Marseille-Provence", "Métropole d’Aix-Marseille-Provence"),
    ],
)
def test_a_grouping(short: str, body: str):
    assert names.group_name(short) == body
