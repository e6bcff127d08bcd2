"""Tables as files: numbers are numbers, days are days, and what people typed is never a formula."""

import csv
import io
import re
import tracemalloc
import zipfile
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from web.shared.exports import DAY, FORMATS, MONEY, NUMBER, TEXT, Field, plain_cell

FIELDS = [Field("Dossier"), Field("Title", TEXT), Field("Step", NUMBER), Field("Requested", MONEY), Field("Filed", DAY)]
HOSTILE = '=HYPERLINK("http://x")'
ROWS = [
    ["T1-0001", "Été, “numérique”\nand <b>&", 2, Decimal("18104.50"), date(2027, 3, 1)],
    ["T1-0002", HOSTILE, 0, Decimal("-3.00"), date(2027, 12, 31)],
    ["T1-0003", "", None, None, None],
]


def written(name, rows=ROWS):
    out = io.BytesIO()
    assert FORMATS[name].write(out, FIELDS, iter(rows)) == len(list(rows))
    return out.getvalue()


def test_csv_has_iso_days_decimal_points_and_no_formula():
    found = list(csv.reader(io.StringIO(written("csv").decode("utf-8"), newline="")))
    assert found == [
        ["Dossier", "Title", "Step", "Requested", "Filed"],
        ["T1-0001", "Été, “numérique”\nand <b>&", "2", "18104.50", "2027-03-01"],
        ["T1-0002", f"'{HOSTILE}", "0", "-3.00", "2027-12-31"],
        ["T1-0003", "", "", "", ""],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_begins_like_a_formula_is_text(start):
    assert plain_cell(f"{start}1+1") == f"'{start}1+1"
    assert plain_cell(f"1{start}1") == f"1{start}1"


def test_xlsx_has_typed_cells_and_no_formula():
    with zipfile.ZipFile(io.BytesIO(written("xlsx"))) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        styles = package.read("xl/styles.xml").decode()
    cells = dict(re.findall(r'<c r="(\w+)"([^>]*>.*?)</c>', sheet, re.DOTALL))
    assert "<f>" not in sheet
    assert 't="inlineStr"' in cells["B3"]
    assert HOSTILE.replace('"', "&quot;") in cells["B3"].replace('"http', "&quot;http").replace('x")', "x&quot;)")
    numbers = {name: re.search(r"<v>(.*?)</v>", cells[name])[1] for name in ("C2", "D2", "E2", "D3")}
    # A day is its number since 30 December 1899.
    assert (date(2027, 3, 1) - date(1899, 12, 30)).days == 46447
    assert numbers == {"C2": "2", "D2": "18104.50", "E2": "46447", "D3": "-3.00"}
    assert {"B4", "C4", "D4", "E4"}.isdisjoint(cells)
    assert 'formatCode="yyyy-mm-dd"' in styles


NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}


def test_ods_has_typed_cells_and_is_known_by_its_first_bytes():
    content = written("ods")
    # Offset 30: after the header of the first file, whose name is "mimetype" (ODF 1.3, part 2, 3.3).
    assert content[30:38] == b"mimetype"
    assert content[38:84] == b"application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        assert package.namelist() == ["mimetype", "META-INF/manifest.xml", "content.xml"]
        root = ElementTree.fromstring(package.read("content.xml"))
    rows = [list(row) for row in root.iter(f"{{{NAMES['table']}}}table-row")]

    def told(cell):
        kind = cell.get(f"{{{NAMES['office']}}}value-type")
        value = cell.get(f"{{{NAMES['office']}}}date-value") or cell.get(f"{{{NAMES['office']}}}value")
        return kind, value or "\n".join(item.text or "" for item in cell.findall("text:p", NAMES)) or None

    assert [told(cell) for cell in rows[1]] == [
        ("string", "T1-0001"),
        ("string", "Été, “numérique”\nand <b>&"),
        ("float", "2"),
        ("currency", "18104.50"),
        ("date", "2027-03-01"),
    ]
    assert told(rows[2][1]) == ("string", HOSTILE)
    assert [told(cell) for cell in rows[3]] == [("string", "T1-0003"), *[(None, None)] * 4]
    assert [cell.find("text:p", NAMES).text for cell in rows[0]] == [field.label for field in FIELDS]


@pytest.mark.parametrize("name", list(FORMATS))
def test_characters_that_no_file_takes_are_left_out(name):
    assert written(name, [["A", "bell\x07 \ufffe end", 1, Decimal(1), date(2027, 1, 1)]])


class Away(io.RawIOBase):
    """Where bytes go and are forgotten, as on a disk; `ZipFile` asks where it is."""

    place = 0

    def writable(self):
        return True

    def write(self, content):
        self.place += len(content)
        return len(content)

    def tell(self):
        return self.place

    def flush(self):
        """Nothing is kept."""


@pytest.mark.parametrize("name", list(FORMATS))
def test_memory_does_not_grow_with_the_rows(name):
    def most(count):
        tracemalloc.start()
        FORMATS[name].write(Away(), FIELDS, (ROWS[0] for _ in range(count)))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(10)
    assert most(6000) < most(600) + 300_000
