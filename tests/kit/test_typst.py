"""PDF: both standards in one file, the same bytes for the same data, and no text that becomes source."""

import random
from datetime import UTC, datetime

import pytest
import typst as engine
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import typefaces, typst
from tests import pdf

AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOSTILE = [
    '#read("/etc/passwd")',
    "{{7*7}}",
    "#{7*7}",
    '#import "@preview/x:1.0.0": *',
    "*bold* _it_ `raw` $x^2$ <label> @ref",
    "= No heading",
    "#sys.inputs.data",
    "\\u{41} // no comment /* none */",
    "</script><img src=x onerror=alert(1)>",
    "=1+1",
]


def data(text="", **more):
    words = {
        "page": "page {page} of {pages}",
        "footer": "Région",
        "renumbered": "Numbers stand for characters.",
        "what": "What",
        "service": "Service",
        "document_columns": ["Document", "Title", "Size"],
        "no_document": "None.",
    }
    return {
        "title": "T-1",
        "author": "Région",
        "language": "fr",
        "over": "Programme",
        "running": "T-1",
        "words": words,
        "heading": "Receipt",
        "lead": text,
        "filing": [],
        "project": [["Project", text]],
        "documents": [[text, "b", "c"]],
        "absent": "",
        "sections": [],
        "service": [],
        **more,
    }


def render(text="", **more):
    return typst.render("receipt.typ", data(text, **more), at=AT)


def test_a_document_declares_both_standards_its_language_and_its_title():
    document = pdf.read(render("x"))
    root = document.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        "fr",
        True,
        True,
    )
    assert (document.metadata.title, document.metadata.author) == ("T-1", "Région")
    metadata = root["/Metadata"].get_data().decode()
    for stated in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert metadata.count(stated) == 1
    assert [str(intent["/S"]) for intent in root["/OutputIntents"]] == ["/GTS_PDFA1"]


def test_every_typeface_is_embedded():
    found = set()
    for page in pdf.read(render("é Ж")).pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            found.add(str(descriptor["/FontName"]).split("+")[1].split("-")[0])
    assert found == {"AtkinsonHyperlegibleNext", "DejaVuSans"}


def test_a_table_has_header_cells_and_headings_have_their_ranks():
    found = pdf.tags(render("x"))
    assert {kind: found[kind] for kind in ("H1", "H2", "Table", "THead", "TH", "TD", "L", "LI")} == {
        "H1": 1, "H2": 2, "Table": 1, "THead": 1, "TH": 3, "TD": 3, "L": 1, "LI": 1,
    }  # fmt: skip


def test_equal_data_give_identical_bytes():
    assert render("x") == render("x")
    assert render("x") != render("y")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_printed_and_never_run(text):
    said = pdf.said(render(text))
    assert said.count(text) == 3


def test_what_no_typeface_draws_is_said_by_its_number_with_a_word_about_it():
    said = pdf.said(render("a\u4e2db"))
    assert said.count("a[U+4E2D]b") == 3
    assert said.count("Numbers stand for characters.") == 1
    assert pdf.said(render("[U+4E2D]")).count("Numbers stand for characters.") == 0


def test_every_character_of_the_typefaces_can_stand_in_a_document():
    known = sorted(typefaces.coverage())
    random.Random(7).shuffle(known)
    assert render("".join(known)).startswith(b"%PDF-1.7")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_typed_makes_a_document(text):
    assert render(text).startswith(b"%PDF-1.7")


def test_a_template_reads_nothing_outside_its_folder():
    with pytest.raises(engine.TypstError):
        engine.compile(b'#read("/../../pyproject.toml")', root=typst.FOLDER, format="pdf")


def test_no_template_asks_for_a_package():
    assert [path.name for path in typst.FOLDER.glob("*.typ") if "@preview" in path.read_text()] == []


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError):
        typst.render("receipt.typ", data(), at=datetime(2027, 3, 1))  # noqa: DTZ001
