"""The triggers that keep the four persons of a payment apart, and what was checked, approved or paid unchanged."""

from django.db import migrations

from monitoring.models import separation
from records.triggers import removals, statements


def install(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    made = [sql for table in separation.TABLES for sql in separation.made(vendor, table)]
    for statement in [*statements(vendor, (separation.CHECK,)), *made]:
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    taken = [sql for table in separation.TABLES for sql in separation.taken(vendor, table)]
    for statement in [*taken, *removals(vendor, (separation.CHECK,))]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0001_initial"),
        ("grants", "0002_sealed"),
        ("records", "0002_append_only"),
    ]

    operations = [migrations.RunPython(install, remove)]
