"""The French public search for companies, associations and public bodies (« API Recherche d’entreprises »).

Asked for one establishment by its SIRET, where `COMPANY_SEARCH_URL` names the service. It is documented at
<https://recherche-entreprises.api.gouv.fr/docs/>; it needs no account and answers seven requests a second.

Whatever it does (slow, wrong, silent), the answer is `None` within `PATIENCE`: nobody waits longer for a form that can
be filled in by hand.
"""

from __future__ import annotations

import http.client
import json
import logging
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from kit.text import clean
from people.models import OrganisationKind
from people.register import bundled
from people.register.found import Found, Source
from people.register.names import typeset

logger = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds for everything: the name of the host, the connection, the answer to its last byte."""
LARGEST = 200_000
"""Bytes of an answer; a larger one is no answer to our question."""
AT_ONCE = 4
"""Questions at the same time; those above wait, and time out with the others."""
HIDDEN = "[NON-DIFFUSIBLE]"
"""What stands in place of what its owner asked INSEE not to publish."""

# Catégories juridiques (INSEE, 2022). Syndicates of communes are EPCI too: code général des collectivités
# territoriales, article L5210-1-1 A. A PETR is a mixed syndicate: article L5741-1.
KINDS: dict[str, OrganisationKind] = {
    "7210": OrganisationKind.COMMUNE,
    "7220": OrganisationKind.DEPARTEMENT,
    "7230": OrganisationKind.REGION,
    **dict.fromkeys(("7343", "7344", "7345", "7346", "7347", "7348", "7353"), OrganisationKind.EPCI),
    **dict.fromkeys(("7354", "7355", "7357"), OrganisationKind.SYNDICAT_MIXTE),
    "7361": OrganisationKind.CCAS,
    "7367": OrganisationKind.CIAS,
    **dict.fromkeys(("7113", "7120", "7160", "7171", "7172", "7179"), OrganisationKind.ETAT),
    **dict.fromkeys(("9220", "9221", "9222", "9223", "9230", "9260"), OrganisationKind.ASSOCIATION),
}


class _AsAnswered(urllib.request.HTTPErrorProcessor):
    """Whatever the address of the settings answers is the answer: no redirect leads to another one."""

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:
        return response

    https_response = http_response


def search(siret: str) -> Found | None:
    """The establishment with this SIRET, a valid one; `None` when the service does not know it, or does not answer."""
    url = settings.COMPANY_SEARCH_URL
    if not url:
        return None
    # In a thread of its own: a timeout of the socket alone counts anew for each byte, and not for the host's name.
    asked = _workers().submit(_asked, f"{url}?{_question(siret)}")
    try:
        return _read(siret, asked.result(timeout=PATIENCE))
    except TimeoutError:
        asked.cancel()
        logger.warning("The search for companies did not answer within %s seconds.", PATIENCE)
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as error:
        logger.warning("The search for companies gave no answer: %s.", type(error).__name__)
    return None


def _question(siret: str) -> str:
    """One result, without what is not needed: the directors' names are nobody's business here."""
    return urlencode(
        {"q": siret, "page": 1, "per_page": 1, "minimal": "true", "include": "siege,matching_etablissements"}
    )


@lru_cache
def _workers() -> ThreadPoolExecutor:
    """Made at the first question, for a process that was forked afterwards would have none of these threads."""
    return ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="company-search")


def _asked(url: str) -> bytes:
    """The body of a good answer. Raises `OSError`, `HTTPException` or, for too long a one, `ValueError`."""
    headers = {"Accept": "application/json", "User-Agent": "Escalier"}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the settings take https alone
    ends, body = monotonic() + PATIENCE, b""
    with urllib.request.build_opener(_AsAnswered).open(request, timeout=PATIENCE) as response:
        if response.status != http.client.OK:
            raise ValueError(response.status)
        while part := response.read1(LARGEST):
            body += part
            if len(body) > LARGEST:
                raise ValueError(len(body))
            if monotonic() > ends:
                raise TimeoutError
    return body


def _read(siret: str, body: bytes) -> Found | None:
    """What the answer says of this very SIRET. Raises `ValueError` for what is not the JSON that is documented."""
    answer = json.loads(body)
    for unit in _list(_dict(answer).get("results")):
        unit = _dict(unit)
        head = _dict(unit.get("siege"))
        for place in (head, *map(_dict, _list(unit.get("matching_etablissements")))):
            if place.get("siret") == siret:
                return _found(siret, unit, place)
    return None


def _found(siret: str, unit: dict[str, Any], place: dict[str, Any]) -> Found | None:
    name = _text(unit, "nom_raison_sociale", 200) or _text(unit, "nom_complet", 200)
    if not name:
        return None
    insee, postal_code = _text(place, "commune", 5), _text(place, "code_postal", 5)
    commune = bundled.commune(insee)
    department = bundled.department(commune.department if commune else _text(place, "departement", 3))
    kind = KINDS.get(_text(unit, "nature_juridique", 4))
    return Found(
        siret=siret,
        source=Source.ONLINE,
        name=name,
        kind=kind.value if kind else "",
        street=_street(place),
        postal_code=postal_code,
        city=typeset(commune.name) if commune else _text(place, "libelle_commune", 100),
        insee=insee,
        department=department.code if department else "",
        region=department.region if department else "",
        closed=place.get("etat_administratif") == "F",
    )


def _street(place: dict[str, Any]) -> str:
    """Number and street: of a seat they stand apart, of another establishment before the postal code of the address."""
    if road := _text(place, "libelle_voie", 200):
        parts = [_text(place, name, 50) for name in ("numero_voie", "indice_repetition", "type_voie")]
        return " ".join(part for part in (*parts, road) if part)[:200]
    before, postal_code, _after = _text(place, "adresse", 300).partition(_text(place, "code_postal", 5) or "\n")
    return before.strip()[:200] if postal_code else ""


def _text(row: dict[str, Any], name: str, longest: int) -> str:
    """A text of the answer on one line; empty when it is none, is hidden or longer than it can be."""
    value = row.get(name)
    if not isinstance(value, str) or HIDDEN in value:
        return ""
    kept = " ".join(clean(value).split())
    return kept if len(kept) <= longest else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
