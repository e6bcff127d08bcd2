"""Who wrote each answer last, and what the journal does not tell yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grants", "0006_form")]

    operations = [
        migrations.AddField("dossier", "hands", models.JSONField(blank=True, default=dict)),
        migrations.AddField("dossier", "unentered", models.JSONField(blank=True, default=dict)),
    ]
