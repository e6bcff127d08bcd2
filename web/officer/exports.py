"""The dossiers of the list as a file: exactly those of the filter, or those that are ticked, in the list's own order.

A file is written to the disk first and sent afterwards: memory stays the same at any length, an error is a page rather
than half a file, and the rows are those of one reading of the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryFile
from typing import IO, Any

from django.contrib import messages
from django.core.cache import cache
from django.http import FileResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t

from grants.models.dossier import DossierQuerySet
from kit import clock
from people.models import Person
from records.actions import access
from web.officer import columns, listing, saved
from web.pages import page
from web.shared.acts import PersonRequest, staff_only
from web.shared.exports import FORMATS

TOGETHER = 500
"""Rows read at a time."""
LONGEST_EXPORT = 300
"""Seconds after which an export that died holds the person's next one up no more."""


@page("dossier.view", methods=["POST"])
def export(request: PersonRequest) -> Any:
    """Send the filtered list, or the ticked rows of it, as CSV, XLSX or ODS; who exported what is logged."""
    staff_only(request)
    person, query = request.user, listing.normalised(request.GET)
    wanted = FORMATS.get(request.POST.get("format", "csv"))
    picked = request.POST.getlist("pick")
    if wanted is None or (request.POST.get("selection") and not picked and not request.POST.get("all")):
        messages.error(request, _t("Tick at least one dossier."))
        return redirect(saved.address(listing.written(query)))
    filters = listing.DossierFilters(query, person=person)
    rows = listing.found_by(person, filters).order_by(*columns.order_by(columns.ordered(query.get("sort", ""))))
    if request.POST.get("selection") and not request.POST.get("all"):
        rows = rows.filter(reference__in=picked[: listing.MOST_PICKED])
    codes = columns.chosen(query.getlist("columns"))
    with one_at_a_time(person) as free:
        if not free:
            messages.error(request, _t("An export of yours is still being written; try again in a minute."))
            return redirect(saved.address(listing.written(query)))
        fields = [field for column in shown(codes) for field, _value in column.exported]
        out, count = kept(lambda file: wanted.write(file, fields, values(rows, codes, filters)))
    access.log(person, "dossiers.exported", f"{wanted.label}, {count}: {listing.written(query)}")
    name = f"dossiers-{clock.today():%Y-%m-%d}.{wanted.label.lower()}"
    return FileResponse(out, as_attachment=True, filename=name, content_type=wanted.media_type)


def kept(write: Callable[[IO[bytes]], int]) -> tuple[IO[bytes], int]:
    """A nameless file on the disk, filled by `write`, and how many rows that says it has; the answer closes it."""
    with ExitStack() as opened:
        out: Any = opened.enter_context(TemporaryFile())
        count = write(out)
        out.seek(0)
        opened.pop_all()
        return out, count


def shown(codes: Sequence[str]) -> list[columns.Column]:
    """The columns of the file: the reference, then those of the list."""
    return [columns.REFERENCE, *(columns.BY_CODE[code] for code in codes)]


def values(rows: DossierQuerySet, codes: Sequence[str], filters: listing.DossierFilters) -> Iterator[list[Any]]:
    """The rows of the file, read some hundreds at a time from one reading of the database."""
    readers = [value for column in shown(codes) for _field, value in column.exported]
    for row in rows.iterator(chunk_size=TOGETHER):
        listing.dressed(row, filters.officers)
        yield [value(row) for value in readers]


@contextmanager
def one_at_a_time(person: Person) -> Iterator[bool]:
    """Whether the person has no other export under way; long ones must not fill the server."""
    key = f"export:{person.pk}"
    free = cache.add(key, True, timeout=LONGEST_EXPORT)
    try:
        yield free
    finally:
        if free:
            cache.delete(key)
