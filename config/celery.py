"""The task queue and its fixed timetable.

What is due is decided by the tasks themselves, from the database: a tick too many, too few or doubled changes nothing.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("escalier")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "send the outbox": {"task": "records.send_outbox", "schedule": 15.0},
    "seal the journal": {"task": "records.seal_journal", "schedule": crontab(hour=0, minute=10)},
    "send due reminders": {"task": "monitoring.send_due_reminders", "schedule": crontab(minute="*/15")},
}
