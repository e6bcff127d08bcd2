"""Messages between applicant and service, the service's notes, and the triggers that keep their words."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import grants.models.dossier
from grants.models import messages
from records.triggers import removals, statements


def install(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    kept = [sql for table in messages.KEPT_TABLES for sql in messages.made(vendor, table)]
    for statement in [*statements(vendor, (messages.FILES,)), *kept]:
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    kept = [sql for table in messages.KEPT_TABLES for sql in messages.taken(vendor, table)]
    for statement in [*kept, *removals(vendor, (messages.FILES,))]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('grants', '0003_officer'),
        ('records', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('applicant', 'Applicant'), ('staff', 'Instructing service')], max_length=9)),
                ('role', models.CharField(help_text='in which the author wrote, a role of the permission page', max_length=30)),
                ('text', models.TextField(verbose_name='message')),
                ('sent_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, help_text='when the other side wrote next', null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='grants.dossier')),
            ],
            options={
                'verbose_name': 'message',
                'ordering': ['dossier', 'pk'],
            },
            bases=(grants.models.dossier.OfDossier, models.Model),
        ),
        migrations.CreateModel(
            name='MessageFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='message_file', to='records.document')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='grants.message')),
            ],
            options={
                'verbose_name': 'document of a message',
                'ordering': ['message', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='MessageRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField()),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='message_reads', to='grants.dossier')),
                ('last', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grants.message')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='message_reads', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'messages read',
                'ordering': ['dossier', 'person'],
            },
            bases=(grants.models.dossier.OfDossier, models.Model),
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='note')),
                ('written_at', models.DateTimeField()),
                ('struck_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='grants.dossier')),
                ('struck_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'private note',
                'ordering': ['dossier', 'pk'],
            },
            bases=(grants.models.dossier.OfDossier, models.Model),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('answered_at', None)), fields=['side', 'dossier'], name='message_unanswered'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['applicant', 'staff'])), name='message_side_known'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='message_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('answered_at', None), ('answered_at__gte', models.F('sent_at')), _connector='OR'), name='message_answered_after'),
        ),
        migrations.AddConstraint(
            model_name='messageread',
            constraint=models.UniqueConstraint(fields=('person', 'dossier'), name='message_read_once'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('struck_at', None), ('struck_by', None)), models.Q(('struck_at__isnull', False), ('struck_by__isnull', False)), _connector='OR'), name='note_struck_by_someone'),
        ),
        migrations.RunPython(install, remove),
    ]
