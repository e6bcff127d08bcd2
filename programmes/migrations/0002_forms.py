"""The form of a call, in versions; the calls that stand already ask the reference form."""

import hashlib

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from programmes.models.forms import written
from programmes.rules.reference import reference_form


def give_reference_form(apps, schema_editor):
    content = written(reference_form())
    digest = hashlib.sha256(content.encode()).hexdigest()
    version = apps.get_model("programmes", "FormVersion")
    for call in apps.get_model("programmes", "Call").objects.order_by("pk"):
        dates = {"made_at": call.published_at or call.opens_at, "published_at": call.published_at}
        version.objects.create(call=call, number=1, content=content, digest=digest, **dates)


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FormVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('content', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('reason', models.TextField(blank=True, verbose_name='reason of the change')),
                ('made_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='form_versions', to='programmes.call')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'form of a call',
                'ordering': ['call', '-number'],
                'constraints': [models.UniqueConstraint(fields=('call', 'number'), name='form_version_number_unique'), models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('call',), name='one_form_version_in_preparation')],
            },
        ),
        migrations.RunPython(give_reference_form, migrations.RunPython.noop),
    ]
