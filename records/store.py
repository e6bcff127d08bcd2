"""The store of bytes: the default Django storage, a file by its SHA-256, put there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from django.core.files import File
from django.core.files.storage import default_storage

from records.models.documents import path_of


def local_path(digest: str) -> Path | None:
    """Where the bytes stand on this machine, or `None` in a remote store."""
    try:
        return Path(default_storage.path(path_of(digest)))
    except NotImplementedError:
        return None


@contextmanager
def incoming() -> Iterator[Any]:
    """A file to write the bytes of an upload to; gone afterwards, unless `keep` linked it into the store."""
    folder = None
    probe = local_path("0" * 64)
    if probe is not None:
        folder = probe.parents[2] / "incoming"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="upload-") as file:
        yield file


def keep(file: Any, digest: str) -> None:
    """Put the bytes of `file` under `digest`, once; what stands there is never replaced."""
    file.flush()
    target = local_path(digest)
    if target is None:
        if not default_storage.exists(path_of(digest)):
            file.seek(0)
            default_storage.save(path_of(digest), File(file))
        return
    os.fsync(file.fileno())
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.link(file.name, target)
        _sync_folder(target.parent)


def open_bytes(digest: str) -> IO[bytes]:
    """The bytes under `digest`, open for reading. Raises `FileNotFoundError`."""
    return cast(IO[bytes], default_storage.open(path_of(digest), "rb"))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
