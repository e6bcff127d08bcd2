"""A search for companies on this machine that answers as it is told, and counts what it is asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

SEAT = {
    "siret": "21460042100017",
    "est_siege": True,
    "numero_voie": "73",
    "indice_repetition": None,
    "type_voie": "BOULEVARD",
    "libelle_voie": "GAMBETTA",
    "code_postal": "46000",
    "commune": "46042",
    "libelle_commune": "CAHORS",
    "departement": "46",
    "etat_administratif": "A",
    "adresse": "HOTEL DE VILLE 73 BOULEVARD GAMBETTA 46000 CAHORS",
}
TOWN = {
    "siren": "214600421",
    "nom_complet": "COMMUNE DE CAHORS (MAIRIE)",
    "nom_raison_sociale": "COMMUNE DE CAHORS",
    "nature_juridique": "7210",
    "siege": SEAT,
    "matching_etablissements": [],
}
"""An answer in the form that the service documents, cut to what is asked for."""

Answer = Callable[[BaseHTTPRequestHandler], None]


def says(body: Any, status: int = 200, **headers: str) -> Answer:
    """Answer at once with this body: bytes as they are, the rest as JSON."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(sent)))
        request.end_headers()
        request.wfile.write(sent)

    return answer


def results(*units: Any) -> dict[str, Any]:
    """The envelope of an answer."""
    return {"results": list(units), "total_results": len(units), "page": 1, "per_page": 1, "total_pages": 1}


class Service:
    """The fake: `answers` is what it does with a request, `asked` the questions so far."""

    def __init__(self) -> None:
        self.answers: Answer = says(results())
        self.asked: list[dict[str, list[str]]] = []
        self.over = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append(parse_qs(urlsplit(self.path).query))
                with suppress(OSError):  # whoever asked may be gone
                    service.answers(self)

            def log_message(self, *_args: Any) -> None:
                """Nothing on the screen of the tests."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/search"


@pytest.fixture
def service(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The search for companies is switched on, and is this fake."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    fake = Service()
    settings.COMPANY_SEARCH_URL = fake.url
    thread = threading.Thread(target=fake.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield fake
    fake.over.set()
    fake.server.shutdown()
    fake.server.server_close()
    thread.join()
