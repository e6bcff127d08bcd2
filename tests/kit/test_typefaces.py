"""What the typefaces of documents draw, and what is written by its number instead."""

import hashlib
import unicodedata

import pytest

from kit import typefaces
from kit.typefaces import breakable, coverage, drawable, drawable_data

FOLDERS = sorted(path for path in typefaces.FOLDER.iterdir() if path.is_dir())


def test_what_europe_writes_is_drawn():
    text = "Élève, cœur, Ærø, Łódź, Ελλάδα, София, 1 138 557,64 € ; « oui » – “yes” … → −"
    assert drawable(text) == text
    assert len(coverage()) == 5798


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("a\u202eb", "a[U+202E]b"),
        ("a\x07b", "a[U+0007]b"),
        ("\ue000", "[U+E000]"),
        ("\ufeffa", "[U+FEFF]a"),
        ("中文", "[U+4E2D][U+6587]"),
        ("\U0001f3f4", "[U+1F3F4]"),
        ("a\tb\r\nc\rd\u2028e", "a b\nc\nd[U+2028]e"),
        ("soft\u00adhyphen", "soft\u00adhyphen"),
    ],
)
def test_what_no_typeface_draws_is_written_by_its_number(typed, printed):
    assert drawable(typed) == printed


def test_every_text_of_the_data_is_made_drawable():
    assert drawable_data({"a": ["中", ("é", 1, None)], "b": {"c": "\x00"}}) == {
        "a": ["[U+4E2D]", ["é", 1, None]],
        "b": {"c": "[U+0000]"},
    }


def test_a_word_is_broken_only_where_it_is_too_long():
    assert breakable("short words stay", 10) == "short words stay"
    assert breakable("x" * 25, 10).split("\u200b") == ["x" * 10, "x" * 10, "x" * 5]
    accents = "e\u0301" * 12
    assert all(not unicodedata.combining(part[0]) for part in breakable(accents, 5).split("\u200b"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_is_shipped_is_what_was_declared(folder):
    lines = (folder / "VERSIONS").read_text(encoding="utf-8").splitlines()
    assert [line.split(":")[0] for line in lines[:2]] == ["version", "licence"]
    declared = dict(line.split("  ")[::-1] for line in lines[2:])
    found = {file.name: file for file in folder.iterdir() if file.name != "VERSIONS"}
    assert declared == {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in found.items()}
