"""Documents: which are taken, under which name, and where they stand."""

import hashlib
import io
import tracemalloc
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile

from kit.errors import Refused
from records import store as bytes_store
from records.actions.documents import store
from records.models import Document
from records.queries.documents import is_whole, open_document
from records.rules.files import DOCX, ODS, ODT, XLSX, clean_name

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(17)
JPEG = b"\xff\xd8\xff\xe0" + bytes(20)


def archive(members, compression=zipfile.ZIP_STORED):
    """A ZIP file with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def office(main):
    """An office file whose main part is of this type."""
    return archive({"[Content_Types].xml": f'<Types><Override ContentType="{main}"/></Types>', "x.xml": "<x/>"})


GOOD = {
    "a.pdf": (PDF, "application/pdf"),
    "a.png": (PNG, "image/png"),
    "a.jpg": (JPEG, "image/jpeg"),
    "a.JPEG": (JPEG, "image/jpeg"),
    "a.docx": (office(f"{DOCX}.main+xml"), DOCX),
    "a.xlsx": (office(f"{XLSX}.main+xml"), XLSX),
    "a.odt": (archive({"mimetype": ODT, "content.xml": "x"}), ODT),
    "a.ods": (archive({"mimetype": ODS, "content.xml": "x"}), ODS),
    "a.csv": (b"poste;montant\r\nPanneaux;1 200,00\r\n", "text/csv"),
    "a.txt": ("Été\n".encode("cp1252"), "text/plain"),
}


@pytest.mark.parametrize("name", GOOD)
def test_allowed_files_are_kept_by_their_digest(clerk, name):
    content, media_type = GOOD[name]
    document = store(SimpleUploadedFile(name, content), by=clerk, chain="dossier:D-1", kind="quote", label="Devis")
    assert (document.digest, document.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (document.media_type, document.kind, document.chain) == (media_type, "quote", "dossier:D-1")
    assert (document.stored_by, str(document), document.path.count("/")) == ("system:clerk", "Devis", 2)
    with open_document(document) as file:
        assert file.read() == content
    assert is_whole(document) is True


MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
BAD = {
    "empty.pdf": b"",
    "cut.pdf": PDF[:20],
    "late.pdf": b"junk" + PDF,
    "page.html": b"<html><script>alert(1)</script>",
    "page.txt": b"\n <!DOCTYPE html><html>",
    "page.csv": b"a;b\n<script>alert(1)</script>",
    "image.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "image.txt": b"<?xml version='1.0'?><svg/>",
    "virus.txt": rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    "binary.txt": b"a\0b",
    "binary.csv": b"a\x1bb",
    "program.exe": b"MZ" + bytes(100),
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
    "zip.zip": archive({"a.txt": "a"}),
    "macro.xlsx": office(MACRO),
    "both.docx": office(f'{DOCX}.main+xml"/><Override ContentType="{XLSX}.main+xml'),
    "else.odt": archive({"mimetype": "application/vnd.oasis.opendocument.graphics"}),
    "broken.docx": b"PK\x03\x04" + bytes(50),
    "other.docx": PDF,
    "notes": b"no extension",
    "bomb.xlsx": archive({"[Content_Types].xml": bytes(30_000_000)}, zipfile.ZIP_DEFLATED),
    "many.xlsx": archive({str(place): "" for place in range(5001)}),
}


@pytest.mark.parametrize("name", BAD)
def test_other_files_are_refused_with_what_to_do(clerk, name):
    with pytest.raises(Refused) as refusal:
        store(SimpleUploadedFile(name, BAD[name]), by=clerk, chain="c", kind="quote")
    assert refusal.value.field == "file"
    assert len(str(refusal.value)) > 40
    assert Document.objects.count() == 0


def test_a_large_file_is_refused_before_it_is_held_in_memory(clerk, settings):
    settings.DOCUMENT_MAX_BYTES = 1_000_000

    class Endless(ContentFile):
        def chunks(self, chunk_size=None):
            while True:
                yield bytes(64 * 1024)

    tracemalloc.start()
    with pytest.raises(Refused):
        store(Endless(b"x", name="a.pdf"), by=clerk, chain="c", kind="quote")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_the_same_bytes_are_kept_once_and_never_replaced(clerk):
    first, second = (store(ContentFile(PDF, name=name), by=clerk, chain="c", kind="k") for name in ("a.pdf", "b.pdf"))
    assert (first.digest, first.name, second.name) == (second.digest, "a.pdf", "b.pdf")
    path = bytes_store.local_path(first.digest)
    assert (path.read_bytes(), [item.name for item in path.parent.iterdir()]) == (PDF, [first.digest])
    path.chmod(0o600)
    path.write_bytes(b"changed")
    assert is_whole(first) is False
    path.unlink()
    assert is_whole(first) is False


def test_a_name_without_extension_gets_one(clerk):
    assert store(ContentFile(PDF, name="devis"), by=clerk, chain="c", kind="k").name == "devis.pdf"
    assert str(Document.objects.get()) == "devis.pdf"


def test_a_remote_store_keeps_the_bytes_too(clerk, monkeypatch):
    remote = InMemoryStorage()
    monkeypatch.setattr(bytes_store, "default_storage", remote)
    monkeypatch.setattr(bytes_store, "local_path", lambda digest: None)
    documents = [store(ContentFile(PDF, name="a.pdf"), by=clerk, chain="c", kind="k") for _ in range(2)]
    assert remote.listdir(documents[0].path.rpartition("/")[0])[1] == [documents[0].digest]
    with open_document(documents[1]) as file:
        assert file.read() == PDF


@pytest.mark.parametrize(
    "name, cleaned",
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\devis.pdf", "devis.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("devis\u202efdp.exe", "devisfdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("..", "document"),
        ("", "document"),
        (".htaccess", "htaccess"),
        ("de\u0301vis   n° 1.PDF", "dévis n° 1.pdf"),
        ('a<b>"c".pdf', "a_b__c_.pdf"),
        ("é" * 300 + ".pdf", "é" * 146 + ".pdf"),
        ("x" * 300, "x" * 150),
    ],
)
def test_names_are_made_safe(name, cleaned):
    assert clean_name(name) == cleaned
