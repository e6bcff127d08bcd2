"""The embedded product starts on nothing; the served one refuses to start on guesses."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
SERVED = {
    "DATABASE_URL": "postgres://postgres@127.0.0.1:5432/escalier",
    "SECRET_KEY": "s" * 60,
    "JOURNAL_KEY": "j" * 60,
    "SITE_URL": "https://escalier.example.org",
}


def read(tmp_path: Path, expression: str, **environment: str) -> subprocess.CompletedProcess:
    """What `expression` over the settings is, in a fresh process with `environment` and nothing else of ours."""
    ours = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "JOURNAL_KEY", "SITE_URL", "ALLOWED_HOSTS", "DEBUG")
    clean = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        [sys.executable, "-c", f"from config import settings; print({expression})"],
        cwd=ROOT,
        env=clean | {"ESCALIER_VAR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_embedded_secrets_are_generated_once_and_kept_private(tmp_path):
    first, second = (read(tmp_path, "settings.SECRET_KEY, settings.JOURNAL_KEY").stdout for _ in range(2))
    assert first == second
    assert len(first) > 100
    for name in ("secret_key", "journal_key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["SECRET_KEY", "JOURNAL_KEY"])
def test_a_served_product_needs_its_secrets(tmp_path, name):
    done = read(tmp_path, "1", **{key: value for key, value in SERVED.items() if key != name})
    assert done.returncode != 0
    assert f"Set {name}" in done.stderr


def test_a_served_product_needs_postgresql(tmp_path):
    done = read(tmp_path, "1", **SERVED | {"DATABASE_URL": "sqlite:///x.sqlite3"})
    assert "PostgreSQL" in done.stderr


def test_https_makes_cookies_secure(tmp_path):
    names = "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS > 0"
    assert read(tmp_path, names, **SERVED).stdout.strip() == "True True True"
    assert read(tmp_path, names).stdout.strip() == "False False False"


def test_a_served_product_believes_no_other_host(tmp_path):
    assert read(tmp_path, "settings.ALLOWED_HOSTS", **SERVED).stdout.strip() == "['escalier.example.org']"


def test_no_other_machine_is_asked_about_a_siret_unless_it_is_named(tmp_path):
    assert read(tmp_path, "repr(settings.COMPANY_SEARCH_URL)").stdout.strip() == "''"
    url = "https://recherche-entreprises.api.gouv.fr/search"
    assert read(tmp_path, "settings.COMPANY_SEARCH_URL", COMPANY_SEARCH_URL=url).stdout.strip() == url


@pytest.mark.parametrize("url", ["http://example.org/search", "file:///etc/passwd", "https:///search", "example.org"])
def test_the_search_for_companies_is_asked_under_https_alone(tmp_path, url):
    done = read(tmp_path, "1", COMPANY_SEARCH_URL=url)
    assert done.returncode != 0
    assert "COMPANY_SEARCH_URL" in done.stderr


@pytest.mark.parametrize("more", ["", "?options=-c%20work_mem%3D8MB"])
def test_no_statement_waits_without_end_whatever_else_the_address_asks(tmp_path, more):
    served = {**SERVED, "DATABASE_URL": SERVED["DATABASE_URL"] + more}
    options = read(tmp_path, "settings.DATABASES['default']['OPTIONS']['options']", **served).stdout
    assert "lock_timeout=3s" in options
    assert "statement_timeout=30s" in options
    assert ("work_mem=8MB" in options) == bool(more)


def test_the_deployment_check_passes(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=os.environ
        | SERVED
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ESCALIER_VAR": str(tmp_path),
            "SECRET_KEY": "xK9-" + "aZ3_qW7" * 9,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def test_every_setting_read_from_the_environment_is_documented():
    source = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    import re

    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source)) | set(re.findall(r'_secret\("([A-Z_]+)"', source))
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert sorted(name for name in names if f"`{name}`" not in documented) == []


def test_one_state_machine_package_is_installed():
    """`django-fsm` and `django-fsm-2` overwrite each other: the maintained one stands alone."""
    from importlib.metadata import distributions

    names = {distribution.metadata["Name"].lower() for distribution in distributions()}
    assert names & {"django-fsm", "django-fsm-2"} == {"django-fsm-2"}


def test_a_payment_order_needs_a_fresh_sign_in():
    assert settings.ACCOUNT_REAUTHENTICATION_TIMEOUT == 300
