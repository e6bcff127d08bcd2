"""The embedded mail server: each mail a file named by its key, written whole and exactly once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FileByKeyBackend(BaseEmailBackend):
    """Writes `MAIL_DIR/<digest of the key>.eml`; a mail sent again finds its file and changes nothing."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = mail_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for email in email_messages:
            message = email.message()
            _write_once(folder / file_name(str(message["Message-ID"])), message.as_bytes())
        return len(email_messages)


def mail_folder() -> Path:
    """Where the mails are: `MAIL_DIR`, else a folder beside the database."""
    return Path(getattr(settings, "MAIL_DIR", "") or Path(settings.VAR_DIR) / "mails")


def file_name(message_id: str) -> str:
    """The file of a mail: the left part of an outbox Message-ID is the digest of its key already."""
    left = message_id.strip("<> ").partition("@")[0]
    if not re.fullmatch("[0-9a-f]{40}", left):
        left = hashlib.sha256(message_id.encode()).hexdigest()[:40]
    return f"{left}.eml"


def _write_once(path: Path, content: bytes) -> None:
    """A reader sees the whole file or none; the first writer wins."""
    if path.exists():
        return
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".mail-") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)
