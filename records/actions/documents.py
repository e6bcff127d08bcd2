"""Taking in a file: bytes first, then the row that names them, so that no row is without its file."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _t

from kit import clock
from kit.actors import Actor
from kit.errors import Refused
from kit.text import clean
from records import store as bytes_store
from records.models import Document
from records.rules.files import EXTENSIONS, Unpackable, clean_name, media_type, split_extension

LARGEST_DOCUMENT = 20 * 1024 * 1024  # bytes, unless DOCUMENT_MAX_BYTES says otherwise


def store(upload: Any, *, by: Actor, chain: str, kind: str, label: str = "") -> Document:
    """Keep `upload` (a Django file) as a document of `chain`, such as `dossier:PRAI-2027-0042`.

    Raises `Refused` with what to do: a kind of file that is not taken, an empty, cut off or too large one.
    """
    with bytes_store.incoming() as file:
        digest, size = _receive(upload, file)
        name = clean_name(getattr(upload, "name", "") or "")
        found = _allowed_type(file, split_extension(name)[1])
        stem, extension = split_extension(name)
        if not extension:
            name = stem[: 150 - len(EXTENSIONS[found][0])] + EXTENSIONS[found][0]
        bytes_store.keep(file, digest)
    return Document.objects.create(
        digest=digest,
        size=size,
        media_type=found,
        name=name,
        label=clean(label)[:200],
        kind=kind,
        chain=chain,
        stored_by=by.actor_id,
        stored_at=clock.now(),
    )


def _receive(upload: Any, file: Any) -> tuple[str, int]:
    """Copy the upload, counting; its digest and size in bytes."""
    largest = getattr(settings, "DOCUMENT_MAX_BYTES", LARGEST_DOCUMENT)
    digest, size = hashlib.sha256(), 0
    upload.seek(0)
    for block in upload.chunks():
        size += len(block)
        if size > largest:
            sentence = _t("This file is larger than {limit}; reduce it (fewer pages, lower resolution) or split it.")
            raise Refused(sentence.format(limit=filesizeformat(largest)), field="file")
        digest.update(block)
        file.write(block)
    if not size:
        raise Refused(_t("This file is empty; check it on your computer and choose it again."), field="file")
    file.flush()
    return digest.hexdigest(), size


def _allowed_type(file: Any, extension: str) -> str:
    try:
        found = media_type(file, extension)
    except Unpackable as error:
        sentence = _t("This file unpacks to an unusual size; save it as PDF and send that.")
        raise Refused(sentence, field="file") from error
    if found is None:
        sentence = _t(
            "This kind of file is not accepted, or the file is damaged; "
            "send a PDF, an image (PNG, JPEG), a Word, Excel or LibreOffice file without macros, or a CSV."
        )
        raise Refused(sentence, field="file")
    if extension and extension not in EXTENSIONS[found]:
        sentence = _t("This file is named {extension} but its content is {content}; rename it and send it again.")
        raise Refused(sentence.format(extension=extension, content=EXTENSIONS[found][0][1:].upper()), field="file")
    return found
