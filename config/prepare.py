"""What `make run` does before anything serves: translations, tables, static files and, the first time, demo data.

python -m config.prepare          brings this machine up to date; keeps its data
python -m config.prepare --reset  deletes what the embedded product holds, and loads the demo again
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection

from config.supervisor import only_one
from config.translations import compile_catalogue

EMBEDDED_DATA = ("escalier.sqlite3", "escalier.sqlite3-wal", "escalier.sqlite3-shm", "documents", "mails", "broker")
STAMPS = ("celerybeat-schedule", "cache", ".static", ".demo-loading")


def reset() -> None:
    """Delete what the embedded product holds, save its secrets. Exits where the data is not the embedded product's."""
    if not settings.EMBEDDED:
        sys.exit("demo-reset deletes everything: it works on the embedded product alone, without DATABASE_URL.")
    for name in (*EMBEDDED_DATA, *STAMPS):
        path = settings.VAR_DIR / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for name in ("messages", "control"):
        (settings.VAR_DIR / "broker" / name).mkdir(mode=0o700, parents=True)


def digest(paths: Iterable[Path]) -> str:
    """A digest of the names, sizes and times of `paths`."""
    facts = sorted(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in paths if path.is_file())
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def collect_static() -> None:
    """Collect the static files when one of them, or a package, has changed."""
    stamp = settings.VAR_DIR / ".static"
    sources = [*(settings.BASE_DIR / "static").rglob("*"), settings.BASE_DIR / "requirements" / "base.lock"]
    if stamp.exists() and stamp.read_text() == digest(sources):
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=settings.STATIC_ROOT.exists())
    stamp.write_text(digest(sources))


def load_demo() -> None:
    """Load the demo programmes; the mark beside the database tells the next run that a load was cut short."""
    mark = settings.VAR_DIR / ".demo-loading"
    mark.touch()
    print("Loading the demo programmes…", flush=True)
    call_command("load_demo")
    mark.unlink()


def main() -> int:
    """Bring this machine up to date. A database that somebody has begun without the demo is left as it is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with only_one(settings.VAR_DIR):
        if "--reset" in sys.argv[1:] or (settings.VAR_DIR / ".demo-loading").exists():
            reset()
        compile_catalogue()
        django.setup()
        new = settings.EMBEDDED and not Path(str(connection.settings_dict["NAME"])).exists()
        call_command("migrate", interactive=False, verbosity=0)
        collect_static()
        if new and "load_demo" in get_commands():
            load_demo()
    return 0


if __name__ == "__main__":
    sys.exit(main())
