"""The compose file means what it says: its commands run here, natively, on services like those it names."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest
import yaml
from celery import Celery
from django.db import connection
from psycopg import sql

from config.settings import CELERY_BROKER_TRANSPORT_OPTIONS

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
PRODUCT = ("web", "worker", "beat", "migrate")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(name: str, port: int = 0) -> list[str]:
    """The command of service `name`, with this interpreter's programs, on `port`."""
    bin_folder = Path(sys.executable).parent
    given = [part.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for part in SERVICES[name]["command"]]
    if given[0] == "sh":
        return [*given[:2], given[2].replace("python ", f"{sys.executable} ")]
    return [str(bin_folder / given[0]), *given[1:]]


@pytest.fixture
def environment(postgres, redis_url, tmp_path) -> Iterator[dict[str, str]]:
    """The environment of the compose file's services, on a database of this test's own."""
    facts = connection.get_connection_params()
    address = {name: facts[name] for name in ("host", "port", "user", "password") if facts.get(name)}
    name = f"escalier_compose_{os.getpid()}"
    with psycopg.connect(**address, dbname="postgres", autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        # No test survives a power cut, so that none waits for the disk.
        server.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit TO off").format(sql.Identifier(name)))
        credentials = ":".join(filter(None, [address.get("user"), address.get("password")]))
        yield os.environ | {
            "DATABASE_URL": f"postgres://{credentials}@{address['host']}:{address.get('port', 5432)}/{name}",
            "REDIS_URL": redis_url,
            "SECRET_KEY": "s" * 60,
            "JOURNAL_KEY": "j" * 60,
            "SITE_URL": "http://127.0.0.1:8000",
            "EMAIL_URL": "dummymail://",
            "ESCALIER_VAR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_every_service_of_the_product_gets_every_setting_it_needs():
    for name in PRODUCT:
        given = SERVICES[name]["environment"]
        assert {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "JOURNAL_KEY", "SITE_URL", "EMAIL_URL"} <= set(given), name


def test_no_secret_is_written_in_the_file():
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if name.endswith(("KEY", "PASSWORD")):
                assert value.startswith("${"), name


def test_nothing_but_the_web_server_is_reachable_and_only_from_this_machine():
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["127.0.0.1:8000:8000"]
    }


def test_services_start_after_what_they_need():
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
    assert SERVICES["web"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])} <= set(
        COMPOSE["volumes"]
    )


def test_the_image_and_the_compose_file_start_the_web_server_alike():
    line = next(line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("CMD "))
    assert yaml.safe_load(line.removeprefix("CMD ")) == SERVICES["web"]["command"]


def test_the_redis_command_starts_a_server(redis_server_binary, tmp_path):
    port, given = free_port(), SERVICES["redis"]["command"]
    process = subprocess.Popen([redis_server_binary, *given[1:], "--port", str(port), "--dir", str(tmp_path)])
    try:
        wait_for(port, process)
    finally:
        assert end(process) == [0]


def wait_for(port: int, process: subprocess.Popen, seconds: float = 30) -> None:
    """Wait until `process` listens on `port`."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        assert process.poll() is None, f"{process.args} ended with {process.returncode}"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"{process.args} did not listen within {seconds:.0f} s")


def end(*processes: subprocess.Popen) -> list[int]:
    """End `processes` as a container's end does, all at once, and tell their exit codes."""
    for process in processes:
        process.send_signal(signal.SIGTERM)
    return [process.wait(timeout=20) for process in processes]


def answers(worker: str, redis_url: str, seconds: float = 40) -> bool:
    """Whether the Celery worker of this name answers a ping."""
    limit = time.monotonic() + seconds
    with Celery("test", broker=redis_url, set_as_current=False) as app:
        app.conf.broker_transport_options = CELERY_BROKER_TRANSPORT_OPTIONS
        while time.monotonic() < limit:
            # To one by name: the first answer ends the wait.
            if app.control.inspect(destination=[worker], timeout=0.5).ping():
                return True
    return False


@pytest.mark.slow
def test_the_product_starts_and_ends_by_its_commands(environment):
    subprocess.run(command("migrate"), cwd=ROOT, env=environment, check=True, timeout=120, stdout=subprocess.DEVNULL)
    port, started = free_port(), {}
    try:
        for name in ("web", "worker", "beat"):
            started[name] = subprocess.Popen(command(name, port), cwd=ROOT, env=environment)
        wait_for(port, started["web"])
        # Any page of the product, even "not found", is served by the product with its headers.
        request = Request(f"http://127.0.0.1:{port}/fr/", headers={"Host": "127.0.0.1"})
        try:
            answer = urlopen(request, timeout=20)
        except HTTPError as refusal:
            answer = refusal
        with answer:
            assert answer.status < 500
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answers(f"celery@{socket.gethostname()}", environment["REDIS_URL"])
        assert {name: process.poll() for name, process in started.items()} == dict.fromkeys(started)
    finally:
        codes = dict(zip(started, end(*started.values()), strict=True))
    assert codes == {"web": 0, "worker": 0, "beat": 0}
