"""One house with its dossiers, in a process of its own: `python -m benchmarks.house` answers questions, a line each.

Every question is a line of JSON on the standard input, and so is its answer. The requests go through Django's test
client: a WSGI request through the whole stack of middleware, without a network; what is timed ends with the last byte.
"""

from __future__ import annotations

import html
import json
import os
import platform
import re
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

PASSWORD = "un-mot-de-passe-pour-mesurer"
HOST = "127.0.0.1"
QUICK_STORIES = ("drafted", "filed", "scored", "on reserve", "contracted")
"""What a quick run tells: each page has something to show."""
HIDDEN = re.compile(r'<input type="hidden" name="(csrfmiddlewaretoken|one_time_key)" value="([^"]+)"')
FOLLOWING = re.compile(r'href="[^"?]*(\?[^"]*\bafter=[^"]+)"')


@dataclass(frozen=True)
class Visit:
    """A request that is ready to be made: `ask` makes it, and its answer should have `status`, and go `to`."""

    ask: Callable[[], Any]
    status: int = 200
    to: str = ""


@dataclass(frozen=True)
class Measured:
    """One request: milliseconds, queries, bytes of the answer."""

    ms: float
    queries: int
    bytes: int


@dataclass
class House:
    """The people and pages of one programme of synthetic dossiers."""

    stage: Any
    _clients: dict[str, Any] = field(default_factory=dict)
    _found: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from django.urls import reverse

        from demo.bulk.stage import CURRENT

        self.dossiers_url = reverse("officer:dossiers")
        self.sign_in_url = reverse("account_login")
        self.ranking_url = reverse("committee:rank", args=[self.stage.calls[CURRENT].slug])
        self._drafts = self._ready_drafts()

    def measure(self, visit: Visit) -> Measured:
        """Make the request of a visit. Raises `RuntimeError` when it is not answered as it should be."""
        with counted() as queries:
            began = time.perf_counter()
            answer = visit.ask()
            ms = (time.perf_counter() - began) * 1000
        if answer.status_code != visit.status or (visit.to and not re.search(visit.to, answer.get("Location", ""))):
            address = f"{answer.request['PATH_INFO']} → {answer.get('Location', '')}"
            raise RuntimeError(f"{address} was answered {answer.status_code}, not {visit.status} {visit.to}.")
        return Measured(ms, queries[0], len(answer.content))

    def client(self, role: str) -> Any:
        """The browser of somebody of the staff, who has signed in by the page."""
        if role not in self._clients:
            client = new_client()
            answer = self._signing_in(client, getattr(self.stage.cast, role).email).ask()
            if answer.status_code != 302:
                raise RuntimeError(f"The {role} could not sign in.")
            self._clients[role] = client
        return self._clients[role]

    # What is asked for ------------------------------------------------------------------------------------------------
    def bare(self) -> Visit:
        """The page to compare with."""
        from django.test import override_settings

        from benchmarks import bare

        if "bare" not in self._clients:
            with override_settings(MIDDLEWARE=bare.MIDDLEWARE):
                self._clients["bare"] = new_client()
                self._clients["bare"].get(bare.ADDRESS)  # loads the middleware
        client = self._clients["bare"]
        return Visit(lambda: client.get(bare.ADDRESS))

    def sign_in(self, number: int) -> Visit:
        """The officer sends address and password; each time from another address of the network."""
        client = new_client(REMOTE_ADDR=f"10.0.{number // 250}.{number % 250 + 1}")
        return self._signing_in(client, self.stage.cast.officer.email)

    def dossiers(self) -> Visit:
        """The officer's list of dossiers."""
        return self._get("officer", self.dossiers_url)

    def dossiers_of_a_state(self, number: int) -> Visit:
        """The officer's list, of one state."""
        states = sorted(self._filed())
        return self._get("officer", f"{self.dossiers_url}?state={states[number % len(states)]}")

    def dossiers_by_amount(self) -> Visit:
        """The officer's list, the largest amounts first."""
        return self._get("officer", f"{self.dossiers_url}?sort=-requested")

    def searched(self, number: int) -> Visit:
        """The officer looks for a word of a title or of a name."""
        words = ("numérique", "saint", "mairie")
        return self._get("officer", f"{self.dossiers_url}?q={words[number % len(words)]}")

    def dossier(self, number: int) -> Visit:
        """The officer's page of a dossier: each time of another one, the states in turn."""
        from django.urls import reverse

        filed = self._filed()
        states = sorted(filed)
        there = filed[states[number % len(states)]]
        reference = there[number // len(states) % len(there)]
        return self._get("officer", reverse("officer:dossier", args=[reference]))

    def ranking(self) -> Visit:
        """The secretary's ranking of the call that is being decided."""
        return self._get("secretary", self.ranking_url)

    def following(self, role: str, address: str) -> Visit | None:
        """The page after the first one of a list; none where all fits on one."""
        if address not in self._found:
            link = FOLLOWING.search(self.client(role).get(address).content.decode())
            self._found[address] = html.unescape(link[1]) if link else ""
        return self._get(role, f"{address}{self._found[address]}") if self._found[address] else None

    def submit(self) -> Visit | None:
        """A signatory files a draft that is ready; none when no draft is left."""
        from django.urls import reverse

        draft = next(self._drafts, None)
        if draft is None:
            return None
        client = new_client()
        client.force_login(draft.created_by)
        page = client.get(reverse("applicant:check", args=[draft.reference]))
        fields = {**dict(HIDDEN.findall(page.content.decode())), "declared": "on"}
        address = reverse("applicant:file", args=[draft.reference])
        return Visit(lambda: client.post(address, fields), 302, "/recu$")

    def _get(self, role: str, address: str) -> Visit:
        client = self.client(role)
        return Visit(lambda: client.get(address))

    def _signing_in(self, client: Any, email: str) -> Visit:
        page = client.get(self.sign_in_url)
        fields = {**dict(HIDDEN.findall(page.content.decode())), "login": email, "password": PASSWORD}
        return Visit(lambda: client.post(self.sign_in_url, fields), 302, "^/$|^/fr")

    def _filed(self) -> dict[str, list[str]]:
        """References of dossiers by state, the same number of each in a small house and in a large one."""
        if "filed" not in self._found:
            from grants.models import Dossier

            found: dict[str, list[str]] = {}
            rows = Dossier.objects.filter(programme=self.stage.programme, submitted_at__isnull=False).order_by("pk")
            for state, reference in rows.values_list("state", "reference"):
                found.setdefault(state, []).append(reference)
            self._found["filed"] = {state: references[:8] for state, references in found.items()}
        return self._found["filed"]

    def _ready_drafts(self) -> Iterator[Any]:
        from grants.lifecycle import State
        from grants.models import Dossier
        from kit.lifecycle import missing

        rows = Dossier.objects.filter(programme=self.stage.programme, state=State.DRAFT).order_by("-pk")
        return (row for row in rows.iterator(chunk_size=50) if not missing(row, "submit"))


def new_client(**defaults: str) -> Any:
    """A browser that has never been here; forms are checked against forgery as they are for everybody."""
    from django.test import Client

    return Client(enforce_csrf_checks=True, SERVER_NAME=HOST, **defaults)


@contextmanager
def counted() -> Iterator[list[int]]:
    """Counts the statements that are sent to the database."""
    from django.db import connection

    count = [0]

    def one_more(execute: Any, *args: Any) -> Any:
        count[0] += 1
        return execute(*args)

    with connection.execute_wrapper(one_more):
        yield count


# The process of a house -----------------------------------------------------------------------------------------------
def tables(quick: bool) -> None:
    """Make the tables; a quick run makes them as they are now, without the migrations, and hashes passwords cheaply."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    if quick:
        settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", run_syncdb=quick, verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def filled(size: int, only: Collection[str] = ()) -> House:
    """A house with `size` dossiers, of the stories that `only` names or of all; two of its staff can sign in."""
    from allauth.account.models import EmailAddress
    from django.db import connection

    from demo.bulk import Bench
    from people.actions import accounts

    bench = Bench(most=size, only=only)
    bench.add(size)
    with connection.cursor() as cursor:
        # A database that has lived has statistics, by which it chooses its indexes.
        cursor.execute("ANALYZE")
    for person in (bench.stage.cast.officer, bench.stage.cast.secretary):
        accounts.set_password(person=person, password=PASSWORD, by=person)
        # Where mails are sent, whoever signs in has confirmed the address by a link.
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return House(bench.stage)


def facts() -> dict[str, Any]:
    """What the figures depend on: the machine and the versions."""
    import django
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor == "sqlite":
        version = connection.Database.sqlite_version
    else:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
    return {
        "cpus": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": platform.platform(terse=True),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": {"vendor": connection.vendor, "version": version},
    }


def serve() -> None:
    """Answer the questions of `python -m benchmarks` until there is none left."""
    import django

    django.setup()
    from django.utils import translation

    from benchmarks.pages import named

    pages, house = dict(named()), None
    translation.activate("fr")
    for line in sys.stdin:
        question = json.loads(line)
        if "size" in question:
            began = time.monotonic()
            tables(question["quick"])
            house = filled(question["size"], QUICK_STORIES if question["quick"] else ())
            answer: Any = {"seconds": time.monotonic() - began, **facts()}
        else:
            assert house is not None, "the house is filled before it is measured"
            visit = pages[question["page"]].visit(house, question["round"])
            answer = asdict(house.measure(visit)) if visit else None
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve()
