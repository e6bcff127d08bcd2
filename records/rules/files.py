"""Which bytes are which kind of file: an allow-list by what is in them, never by what the sender says."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from typing import BinaryIO

LONGEST_NAME = 150
HEAD_BYTES = 4096
LARGEST_UNPACKED = 200 * 1024 * 1024  # bytes
LARGEST_RATIO = 200
MOST_MEMBERS = 5000
LARGEST_CATALOGUE = 1024 * 1024  # bytes of [Content_Types].xml

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT, ODS = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"
CSV, TEXT = "text/csv", "text/plain"

EXTENSIONS: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    ODT: (".odt",),
    ODS: (".ods",),
    CSV: (".csv",),
    TEXT: (".txt",),
}
# The main part of an office file, as its catalogue names it; a file with macros has another main part.
_OFFICE_PARTS = {f"{DOCX}.main+xml".encode(): DOCX, f"{XLSX}.main+xml".encode(): XLSX}
_MARKUP = re.compile(rb"<\s*(?:!doctype|\?xml|html|head|body|script|svg|iframe|\?php)", re.IGNORECASE)
_TEST_VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
_TEXT_CONTROLS = bytes(sorted(set(range(0x20)) - {0x09, 0x0A, 0x0C, 0x0D}))
_FORBIDDEN_IN_NAMES = '<>:"|?*'


class Unpackable(Exception):
    """An archive that would unpack to more than any honest office file holds."""


def clean_name(name: str) -> str:
    """A name that is safe on every system: the last part of a path, no control or direction character, 150 characters.

    >>> clean_name("../../etc/devis 1.pdf")
    'devis 1.pdf'
    """
    last = re.split(r"[/\\]", name.replace("\0", ""))[-1]
    visible = "".join(character for character in last if unicodedata.category(character)[0] != "C")
    for character in _FORBIDDEN_IN_NAMES:
        visible = visible.replace(character, "_")
    tidy = " ".join(unicodedata.normalize("NFC", visible).split()).strip(". ") or "document"
    stem, extension = split_extension(tidy)
    return stem[: LONGEST_NAME - len(extension)].rstrip(". ") + extension


def split_extension(name: str) -> tuple[str, str]:
    """The name before its extension, and the extension with its dot in lower case, if it has a plausible one."""
    match = re.fullmatch(r"(.+)(\.[A-Za-z0-9]{1,5})", name, re.DOTALL)
    return (match[1], match[2].lower()) if match else (name, "")


def media_type(file: BinaryIO, extension: str) -> str | None:
    """The media type of an allowed file, or `None`. `extension` only tells a CSV from other plain text.

    Reads from the start; raises `Unpackable` for an archive bomb.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head.startswith(b"%PDF-"):
        return PDF if _ends_as_pdf(file) else None
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"PK\x03\x04"):
        return _office_type(file)
    return _text_type(file, extension)


def _ends_as_pdf(file: BinaryIO) -> bool:
    """A PDF cut off on the way has no end mark."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 2048))
    return b"%%EOF" in file.read()


def _office_type(file: BinaryIO) -> str | None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _refuse_bombs(members)
            names = {member.filename for member in members}
            if "mimetype" in names:
                kind = archive.open("mimetype").read(100).decode("ascii", "replace")
                return kind if kind in (ODT, ODS) else None
            if "[Content_Types].xml" not in names:
                return None
            catalogue = archive.open("[Content_Types].xml").read(LARGEST_CATALOGUE)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return None
    found = {kind for part, kind in _OFFICE_PARTS.items() if b'"' + part + b'"' in catalogue}
    return found.pop() if len(found) == 1 and b"macroEnabled" not in catalogue else None


def _refuse_bombs(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED:
        raise Unpackable
    if unpacked > 1024 * 1024 and unpacked > packed * LARGEST_RATIO:
        raise Unpackable


def _text_type(file: BinaryIO, extension: str) -> str | None:
    if extension not in (*EXTENSIONS[CSV], *EXTENSIONS[TEXT]):
        return None
    file.seek(0)
    while block := file.read(64 * 1024):
        if block.translate(None, _TEXT_CONTROLS) != block or _MARKUP.search(block) or _TEST_VIRUS in block:
            return None
    return CSV if extension in EXTENSIONS[CSV] else TEXT
