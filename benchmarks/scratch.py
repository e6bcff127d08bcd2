"""Databases and folders that a measurement makes, and that are gone after it."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "VIRTUAL_ENV", "SSL_CERT_FILE", "PGPASSFILE", "PGSSLMODE")
"""What a house takes from the environment; no setting of the installation is among it."""


@contextmanager
def scratch(database_url: str = "") -> Iterator[dict[str, str]]:
    """The environment of a house of its own: an empty folder and an empty database, both deleted at the end.

    Without `database_url` the database is a SQLite file in the folder. With it, it is a new one on the same server; the
    one that the address names is only connected to, to ask for the other.
    """
    with tempfile.TemporaryDirectory(prefix="escalier-bench-", ignore_cleanup_errors=True) as folder:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment |= {
            "ESCALIER_VAR": folder,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "JOURNAL_KEY": secrets.token_urlsafe(50),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOG_LEVEL": "WARNING",
        }
        if not database_url:
            yield environment
            return
        name = f"escalier_bench_{Path(folder).name.rpartition('-')[2].lower()}_{os.getpid()}"
        _on_server(database_url, "CREATE DATABASE {}", name)
        try:
            yield environment | {"DATABASE_URL": named(database_url, name)}
        finally:
            _on_server(database_url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def named(database_url: str, name: str) -> str:
    """The address of the database `name` on the same server.

    >>> named("postgres://me:secret@host:5432/mine?sslmode=require", "other")
    'postgres://me:secret@host:5432/other?sslmode=require'
    """
    return urlunsplit(urlsplit(database_url)._replace(path=f"/{name}"))


def _on_server(database_url: str, statement: str, name: str) -> None:
    """Run a statement about the database `name` on the server, from a database that is there for this."""
    address = named(database_url, "postgres")
    with psycopg.connect(address.replace("postgres://", "postgresql://", 1), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
