"""The database's own refusals, and the one command that may empty everything."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from records import triggers
from records.actions import access
from records.models import AccessLog


@pytest.mark.django_db(transaction=True)
def test_emptying_the_whole_database_works_and_leaves_the_triggers(clerk):
    access.log(clerk, "x", "y")
    call_command("flush", interactive=False, verbosity=0)
    assert AccessLog.objects.count() == 0
    access.log(clerk, "x", "y")
    with pytest.raises(DatabaseError, match="append-only"):
        AccessLog.objects.update(what="z")


def test_both_databases_have_their_statements():
    for vendor in ("postgresql", "sqlite"):
        made, taken = triggers.statements(vendor), triggers.removals(vendor)
        assert len([sql for sql in made if "TRIGGER" in sql and "RETURNS" not in sql]) == len(taken) == 8


@pytest.mark.django_db
def test_nothing_is_installed_before_the_tables_are(monkeypatch):
    monkeypatch.setattr(triggers, "_protected", ["nowhere"])
    triggers.install(connection)
    triggers.remove(connection)


@pytest.mark.django_db
def test_installing_twice_is_harmless():
    triggers.install(connection)
    triggers.install(connection)
