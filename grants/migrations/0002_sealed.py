"""The triggers that refuse to change or delete a sealed snapshot."""

from django.db import migrations

from records.triggers import removals, statements

TABLES = ("grants_snapshot",)


def install(apps, schema_editor):
    for statement in statements(schema_editor.connection.vendor, TABLES):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in removals(schema_editor.connection.vendor, TABLES):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("grants", "0001_initial"), ("records", "0002_append_only")]

    operations = [migrations.RunPython(install, remove)]
