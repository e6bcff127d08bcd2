"""The product's settings, for tests: a folder of its own for each process, and nothing that waits."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="escalier-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["ESCALIER_VAR"] = _folder
os.environ["SECRET_KEY"] = "a-secret-for-tests-and-for-nothing-else-0123456789"
os.environ["JOURNAL_KEY"] = "a-journal-key-for-tests-and-for-nothing-else-0123456789"
for _name in ("SITE_URL", "EMAIL_URL", "DEBUG", "ALLOWED_HOSTS", "TRUSTED_PROXY_COUNT", "COMPANY_SEARCH_URL"):
    os.environ.pop(_name, None)

from config.settings import *  # noqa: E402, F403
from config.settings import CACHES, DATABASES, EMBEDDED, REDIS_URL, STORAGES, TEMPLATES, VAR_DIR  # noqa: E402
from tests.strict import Undefined  # noqa: E402

if EMBEDDED:
    # A file, as in the product, so that threads have connections of their own; but no test survives a power cut.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "tests.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_escalier_{os.getpid()}"}
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
if REDIS_URL:
    CACHES["default"]["KEY_PREFIX"] = f"escalier-tests-{os.getpid()}"
else:
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict = {}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
ACCOUNT_RATE_LIMITS = False
LOCK_ORDER_STRICT = True
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("%s")
