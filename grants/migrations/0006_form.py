"""Each dossier is prepared on a version of its call's form."""

import django.db.models.deletion
from django.db import migrations, models


def take_the_first(apps, schema_editor):
    first = apps.get_model("programmes", "FormVersion").objects.filter(number=1, call=models.OuterRef("call"))
    apps.get_model("grants", "Dossier").objects.update(form=models.Subquery(first.values("pk")[:1]))


class Migration(migrations.Migration):
    # PostgreSQL does not change a table whose rows were written in the same transaction.
    atomic = False

    dependencies = [("grants", "0005_saved_view"), ("programmes", "0002_forms")]

    operations = [
        migrations.AddField(
            "dossier",
            "form",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dossiers",
                to="programmes.formversion",
            ),
        ),
        migrations.RunPython(take_the_first, migrations.RunPython.noop),
        migrations.AlterField(
            "dossier",
            "form",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="dossiers", to="programmes.formversion"
            ),
        ),
    ]
