"""Tables as files: CSV, XLSX and ODS, written row by row, so that memory does not grow with their number.

Numbers and days are numbers and days in every format: ISO days and decimal points in CSV, typed cells in the others.
What people typed is text and never a formula.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

TEXT, NUMBER, MONEY, DAY = "text", "number", "money", "day"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
WIDTHS = {TEXT: 28, NUMBER: 10, MONEY: 16, DAY: 12}
"""Widths of the columns of a sheet, in characters."""


@dataclass(frozen=True)
class Field:
    """One column of a file: its title and the kind of its values."""

    label: Any
    kind: str = TEXT


Rows = Iterable[Sequence[Any]]
"""Values in the order of the fields: text, `int`, `Decimal` euros, `date`; `None` and "" leave a cell empty."""


def plain_cell(value: Any) -> str:
    """A value as text that no spreadsheet takes for a formula; days and instants in ISO."""
    written = value.isoformat() if isinstance(value, date | datetime) else str(value)
    return f"'{written}" if written[:1] in FORMULA else written


def write_csv(out: IO[bytes], fields: Sequence[Field], rows: Rows) -> int:
    """Write the table as CSV in UTF-8, comma separated; how many rows it has."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer, count = csv.writer(text), 0
    writer.writerow([plain_cell(field.label) for field in fields])
    for row in rows:
        writer.writerow([_csv_cell(field, value) for field, value in zip(fields, row, strict=True)])
        count += 1
    text.detach()
    return count


def _csv_cell(field: Field, value: Any) -> str:
    if value is None:
        return ""
    # A negative amount is a number, not a formula.
    return str(value) if field.kind in (NUMBER, MONEY) else plain_cell(value)


def write_xlsx(out: IO[bytes], fields: Sequence[Field], rows: Rows) -> int:
    """Write the table as a workbook of one sheet, its first row in sight and filterable; how many rows it has."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book, count = xlsxwriter.Workbook(out, options), 0
    formats = {
        MONEY: book.add_format({"num_format": '#,##0.00 "€"'}),
        DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        NUMBER: book.add_format({"num_format": "0"}),
    }
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    sheet.freeze_panes(1, 1)
    for place, field in enumerate(fields):
        sheet.set_column(place, place, WIDTHS[field.kind])
        sheet.write_string(0, place, str(field.label), bold)
    for count, row in enumerate(rows, 1):
        for place, (field, value) in enumerate(zip(fields, row, strict=True)):
            if value is None or value == "":
                continue
            if field.kind == DAY:
                sheet.write_datetime(count, place, value, formats[DAY])
            elif field.kind == TEXT:
                sheet.write_string(count, place, NOT_XML.sub("", str(value)))
            else:
                sheet.write_number(count, place, value, formats[field.kind])
    sheet.autofilter(0, 0, count, len(fields) - 1)
    book.close()
    return count


ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">\
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{ODS_TYPE}"/>\
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""
_SPACES = "urn:oasis:names:tc:opendocument:xmlns:"
HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="{_SPACES}office:1.0" xmlns:style="{_SPACES}style:1.0" \
xmlns:table="{_SPACES}table:1.0" xmlns:text="{_SPACES}text:1.0" xmlns:number="{_SPACES}datastyle:1.0" \
xmlns:fo="{_SPACES}xsl-fo-compatible:1.0" office:version="1.3"><office:automatic-styles>\
<number:date-style style:name="nd"><number:year number:style="long"/><number:text>-</number:text>\
<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style>\
<number:currency-style style:name="nm"><number:number number:decimal-places="2" number:min-decimal-places="2" \
number:min-integer-digits="1" number:grouping="true"/><number:text> </number:text>\
<number:currency-symbol>€</number:currency-symbol></number:currency-style>\
<style:style style:name="day" style:family="table-cell" style:data-style-name="nd"/>\
<style:style style:name="money" style:family="table-cell" style:data-style-name="nm"/>\
<style:style style:name="head" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>\
</office:automatic-styles><office:body><office:spreadsheet>"""
TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"


def write_ods(out: IO[bytes], fields: Sequence[Field], rows: Rows) -> int:
    """Write the table as an OpenDocument sheet (ODF 1.3); how many rows it has."""
    count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        # The type comes first and uncompressed, so that a file is known by its bytes (ODF 1.3, part 2, 3.3).
        package.writestr(zipfile.ZipInfo("mimetype"), ODS_TYPE, zipfile.ZIP_STORED)
        package.writestr("META-INF/manifest.xml", MANIFEST)
        with package.open("content.xml", "w", force_zip64=True) as content:
            content.write(HEAD.encode())
            content.write(b'<table:table table:name="1">')
            content.write(b"<table:table-header-rows>")
            titles = "".join(_text_cell(str(field.label), "head") for field in fields)
            content.write(f"<table:table-row>{titles}</table:table-row></table:table-header-rows>".encode())
            for row in rows:
                cells = "".join(_ods_cell(field, value) for field, value in zip(fields, row, strict=True))
                content.write(f"<table:table-row>{cells}</table:table-row>".encode())
                count += 1
            content.write(TAIL.encode())
    return count


def _ods_cell(field: Field, value: Any) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if field.kind == TEXT:
        return _text_cell(str(value))
    if field.kind == DAY:
        day = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        return f'<table:table-cell table:style-name="day" {day}><text:p>{value.isoformat()}</text:p></table:table-cell>'
    number = f'office:value="{Decimal(value):f}"'
    if field.kind == MONEY:
        kind = f'table:style-name="money" office:value-type="currency" office:currency="EUR" {number}'
    else:
        kind = f'office:value-type="float" {number}'
    return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"


def _text_cell(text: str, style: str = "") -> str:
    named = f" table:style-name={quoteattr(style)}" if style else ""
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in NOT_XML.sub("", text).split("\n"))
    return f'<table:table-cell{named} office:value-type="string">{lines}</table:table-cell>'


@dataclass(frozen=True)
class Format:
    """A kind of file: its name for people, its media type, and how it is written."""

    label: str
    media_type: str
    write: Callable[[IO[bytes], Sequence[Field], Rows], int]


FORMATS = {
    "csv": Format("CSV", "text/csv; charset=utf-8", write_csv),
    "xlsx": Format("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "ods": Format("ODS", ODS_TYPE, write_ods),
}
