"""The product's settings for processes that a test starts and kills: the test's database, and a slow mail server."""

import os
from datetime import timedelta

from config import settings as product
from config.settings import *  # noqa: F403

DATABASES = {"default": {**product.DATABASES["default"]}}
if os.environ.get("WORKER_DATABASE"):
    DATABASES["default"]["NAME"] = os.environ["WORKER_DATABASE"]
CELERY_BROKER_TRANSPORT_OPTIONS = {**product.CELERY_BROKER_TRANSPORT_OPTIONS}
if os.environ.get("WORKER_PREFIX"):
    CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = os.environ["WORKER_PREFIX"]
EMAIL_BACKEND = "tests.reliability.worker.SlowMailServer"
CELERY_BEAT_SCHEDULE = {"send the outbox": {"task": "records.send_outbox", "schedule": timedelta(seconds=0.25)}}
# The plain storage: no static file is collected for a test.
STORAGES = {
    **product.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
