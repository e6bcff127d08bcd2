"""The triggers that refuse to change or delete a transfer, a journal row, a seal or a line of the access log."""

from django.db import migrations

from records.triggers import removals, statements

TABLES = ("records_accesslog", "records_journalentry", "records_journalseal", "records_transfer")


def install(apps, schema_editor):
    for statement in statements(schema_editor.connection.vendor, TABLES):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in removals(schema_editor.connection.vendor, TABLES):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
