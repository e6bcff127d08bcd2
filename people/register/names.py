"""How the register's names are written as those of bodies, in French."""

from __future__ import annotations

import re

_VOWELS = re.compile(r"[AEIOUYÀÂÉÈÊËÎÏÔÖÙÛÜŒÆH]", re.IGNORECASE)
_ARTICLES = {"Le ": "du ", "Les ": "des ", "L’": "de L’"}
_GROUPS = {"CC ": "Communauté de communes ", "CA ": "Communauté d’agglomération ", "CU ": "Communauté urbaine "}


def typeset(name: str) -> str:
    """`name` with the apostrophe of French typography."""
    return name.replace("'", "’")


def commune_name(name: str) -> str:
    """The name of a commune as a body.

    >>> [commune_name(name) for name in ("Toulouse", "Le Mans", "Les Angles", "Auch", "L'Isle-Jourdain", "La Salvetat")]
    ['Commune de Toulouse', 'Commune du Mans', 'Commune des Angles', 'Commune d’Auch', 'Commune de L’Isle-Jourdain', \
'Commune de La Salvetat']
    """
    place = typeset(name)
    for article, merged in _ARTICLES.items():
        if place.startswith(article):
            return f"Commune {merged}{place.removeprefix(article)}"
    return f"Commune d’{place}" if _VOWELS.match(place) else f"Commune de {place}"


def group_name(name: str) -> str:
    """The name of a grouping of communes, its kind in full.

    >>> [group_name(name) for name in ("CC du Canton d'Erstein", "CA du Libournais", "Metz Métropole")]
    ['Communauté de communes du Canton d’Erstein', 'Communauté d’agglomération du Libournais', 'Metz Métropole']
    """
    for short, full in _GROUPS.items():
        if name.startswith(short):
            return full + typeset(name.removeprefix(short))
    return typeset(name)
