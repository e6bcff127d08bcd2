"""The public search for companies, played by a fake on this machine: right, slow, wrong, silent; nobody waits."""

import ast
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from people.models import OrganisationKind
from people.register import bundled, online
from people.register.found import Found, Source
from people.register.lookup import lookup
from tests.people.register.conftest import SEAT, TOWN, Answer, Service, results, says
from tests.people.register.test_bundled import siret

ROOT = Path(__file__).resolve().parents[3]
CAHORS = SEAT["siret"]
CLUB = siret("338142300")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> float:
    """Patience of a third of a second, so that the tests wait less."""
    monkeypatch.setattr(online, "PATIENCE", 0.3)
    return 0.3


def test_nobody_is_asked_unless_it_is_switched_on(service: Service, settings: Any):
    settings.COMPANY_SEARCH_URL = ""
    assert lookup(CAHORS) == bundled.find(CAHORS)
    assert service.asked == []


def test_two_seconds_are_enough():
    assert (online.PATIENCE, online.LARGEST) == (2.0, 200_000)


def test_a_right_answer_fills_everything(service: Service):
    service.answers = says(results(TOWN))
    assert lookup("214 600 421 00017") == Found(
        siret=CAHORS,
        source=Source.ONLINE,
        name="Commune de Cahors",
        kind=OrganisationKind.COMMUNE,
        street="73 BOULEVARD GAMBETTA",
        postal_code="46000",
        city="Cahors",
        insee="46042",
        department="46",
        region="76",
    )
    assert service.asked == [
        {
            "q": [CAHORS],
            "page": ["1"],
            "per_page": ["1"],
            "minimal": ["true"],
            "include": ["siege,matching_etablissements"],
        }
    ]


def test_an_association_that_the_register_on_board_does_not_hold(service: Service):
    place = {
        "siret": CLUB,
        "adresse": "MAISON DES ASSOCIATIONS 4 RUE BASSE 75015 PARIS 15",
        "code_postal": "75015",
        "commune": "75115",
        "libelle_commune": "PARIS 15",
        "departement": "75",
        "etat_administratif": "F",
    }
    seat = {**SEAT, "siret": siret("338142300", "0002")}
    unit = {"nom_complet": "LE CLUB", "nature_juridique": "9220", "siege": seat, "matching_etablissements": [place]}
    service.answers = says(results(unit))
    assert lookup(CLUB) == Found(
        siret=CLUB,
        source=Source.ONLINE,
        name="LE CLUB",
        kind=OrganisationKind.ASSOCIATION,
        street="MAISON DES ASSOCIATIONS 4 RUE BASSE",
        postal_code="75015",
        city="PARIS 15",
        insee="75115",
        department="75",
        region="11",
        closed=True,
    )


def test_what_its_owner_keeps_hidden_stays_empty(service: Service):
    hidden = "[NON-DIFFUSIBLE]"
    seat = {**SEAT, "siret": CLUB, "libelle_voie": hidden, "adresse": hidden, "code_postal": hidden}
    service.answers = says(results({**TOWN, "nature_juridique": "5710", "siege": seat}))
    found = lookup(CLUB)
    assert found is not None
    assert (found.street, found.postal_code, found.kind, found.city) == ("", "", "", "Cahors")
    service.answers = says(results({**TOWN, "nom_raison_sociale": hidden, "nom_complet": hidden, "siege": seat}))
    assert lookup(CLUB) is None


def test_an_answer_may_take_its_time(service: Service):
    right = says(results(TOWN))

    def later(request: BaseHTTPRequestHandler) -> None:
        time.sleep(0.4)
        right(request)

    service.answers = later
    found = lookup(CAHORS)
    assert found is not None
    assert found.source == Source.ONLINE


def nested() -> bytes:
    return b"[" * 50_000 + b"]" * 50_000


def other(**of_seat: Any) -> Any:
    return results({**TOWN, "siege": {**SEAT, **of_seat}})


WRONG: dict[str, Answer] = {
    "another SIRET": says(other(siret=siret("214600421", "0002"))),
    "no result": says(results()),
    "not JSON": says(b"<!doctype html><title>Maintenance</title>"),
    "not text": says(b"\xff\xfe\x00\x00\xd8"),
    "JSON of another form": says([1, 2]),
    "results of another form": says({"results": {"siege": SEAT}}),
    "a result of another form": says(results(None, "text", 3)),
    "a seat of another form": says(results({**TOWN, "siege": CAHORS, "matching_etablissements": {"siret": CAHORS}})),
    "a name of another form": says(results({**TOWN, "nom_raison_sociale": 3, "nom_complet": ["a"]})),
    "half a character": says(results({**TOWN, "nom_raison_sociale": "\ud800"})),
    "nested without end": says(nested()),
    "an error": says({"erreur": "panne"}, 500),
    "too many questions": says({"erreur": "trop de requêtes"}, 429),
    "not found": says({"erreur": "rien"}, 404),
    "nothing": says(b"", 204),
    "an empty answer": says(b""),
    "huge": says(b'{"results": [' + b" " * 300_000 + b"]}"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_leaves_the_register_on_board(service: Service, name: str):
    service.answers = WRONG[name]
    assert lookup(CAHORS) == bundled.find(CAHORS)
    assert lookup(CLUB) is None
    assert len(service.asked) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(service: Service, status: int):
    service.answers = says(b"", status, Location=f"{service.url}?q=elsewhere")
    assert lookup(CAHORS) == bundled.find(CAHORS)
    assert [question["q"] for question in service.asked] == [[CAHORS]]


def silent(service: Service) -> Answer:
    return lambda _request: service.over.wait(5) and None


def dripping(service: Service) -> Answer:
    """A byte now and then: each one in time, all of them never."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while not service.over.wait(0.05):
            request.wfile.write(b" ")

    return answer


def dripping_headers(service: Service) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
        while not service.over.wait(0.05):
            request.wfile.write(b"a")

    return answer


def cut(_service: Service) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 500\r\n\r\n{")

    return answer


@pytest.mark.parametrize("manner", [silent, dripping, dripping_headers, cut])
def test_nobody_waits_for_a_service_that_does_not_answer(service: Service, hurried: float, manner: Any):
    service.answers = manner(service)
    begin = time.monotonic()
    assert lookup(CAHORS) == bundled.find(CAHORS)
    assert time.monotonic() - begin < hurried + 0.5


def test_a_service_that_is_not_there_is_done_without(service: Service, settings: Any, hurried: float):
    service.server.shutdown()
    service.server.server_close()
    assert lookup(CAHORS) == bundled.find(CAHORS)
    settings.COMPANY_SEARCH_URL = "https://nowhere.invalid/search"
    assert lookup(CAHORS) == bundled.find(CAHORS)


def test_many_who_wait_do_not_wait_longer(service: Service, hurried: float):
    """More questions than are asked at once, to a service that is silent: each waits its own time and no more."""
    service.answers = silent(service)
    begin = time.monotonic()
    with ThreadPoolExecutor(12) as people:
        answers = list(people.map(lookup, [CAHORS] * 12))
    assert answers == [bundled.find(CAHORS)] * 12
    assert time.monotonic() - begin < hurried + 1


@pytest.mark.parametrize("number", ["", "214600421", "21460042100016", "https://example.org/", "W313001234"])
def test_nothing_is_asked_about_what_is_no_siret(service: Service, number: str):
    assert lookup(number) is None
    assert service.asked == []


def test_no_action_asks_another_machine():
    """A lookup may take two seconds, and actions hold locks: they know the register on board alone."""
    asking = {"people.register.online", "people.register.lookup"}
    guilty = [
        str(path.relative_to(ROOT))
        for path in ROOT.glob("*/actions*/**/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        if {node.module or "", *(f"{node.module}.{name.name}" for name in node.names)} & asking
    ]
    assert guilty == []
