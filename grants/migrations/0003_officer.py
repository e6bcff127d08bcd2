"""The officer in charge of a dossier, and the indexes of the work list by each of its orders."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grants", "0002_sealed"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="officer",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dossiers_in_charge",
                to=settings.AUTH_USER_MODEL,
                verbose_name="officer in charge",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(fields=["programme", "reference", "id"], name="dossier_by_reference"),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(fields=["programme", "requested", "id"], name="dossier_by_request"),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(fields=["officer", "-submitted_at", "-id"], name="dossier_of_officer"),
        ),
    ]
