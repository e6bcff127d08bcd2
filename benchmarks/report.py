"""What was measured, as figures, as a table and as verdicts on what is promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any

from benchmarks.pages import Page


@dataclass(frozen=True)
class Line:
    """One page at one size: how many requests, milliseconds, the most queries that any request took, bytes."""

    page: str
    size: int
    requests: int
    median_ms: float | None = None
    p95_ms: float | None = None
    queries: int | None = None
    bytes: int | None = None


@dataclass(frozen=True)
class Verdict:
    """One promise: of which page, on what, how much was found, how much is allowed."""

    page: str
    promise: str
    found: float
    allowed: float

    @property
    def held(self) -> bool:
        """Whether the page keeps it."""
        return self.found <= self.allowed


def line(page: str, size: int, requests: Sequence[Mapping[str, Any]]) -> Line:
    """The figures of some requests for one page; without any, a line that says so."""
    if not requests:
        return Line(page, size, 0)
    times = [request["ms"] for request in requests]
    return Line(
        page,
        size,
        len(requests),
        median_ms=round(median(times), 2),
        p95_ms=round(percentile_95(times), 2),
        queries=max(request["queries"] for request in requests),
        bytes=max(request["bytes"] for request in requests),
    )


def percentile_95(times: Sequence[float]) -> float:
    """The time that 95 requests in 100 do not exceed.

    >>> percentile_95([float(number) for number in range(101)])
    95.0
    >>> percentile_95([7.0])
    7.0
    """
    return quantiles(times, n=100, method="inclusive")[94] if len(times) > 1 else times[0]


def verdicts(pages: Sequence[Page], lines: Sequence[Line], *, growth: bool) -> Iterator[Verdict]:
    """What is promised of the pages, and what was found; the growth of their time only where `growth` says so.

    Time is compared between the smallest and the largest size, queries are counted at every one.
    """
    for page in pages:
        found = [item for item in lines if item.page == page.name and item.requests]
        for item in found if page.most_queries is not None else ():
            yield Verdict(page.name, f"queries at {item.size}", item.queries or 0, page.most_queries or 0)
        if growth and page.growth is not None and len(found) > 1:
            small, *_between, large = sorted(found, key=lambda item: item.size)
            ratio = (large.median_ms or 0) / (small.median_ms or 1)
            yield Verdict(page.name, f"time at {large.size} over time at {small.size}", round(ratio, 2), page.growth)


def as_json(run: Mapping[str, Any], lines: Sequence[Line], found: Sequence[Verdict]) -> dict[str, Any]:
    """Everything, for machines."""
    return {
        **run,
        "results": [asdict(item) for item in lines],
        "promises": [{**asdict(item), "held": item.held} for item in found],
        "passed": all(item.held for item in found),
    }


def as_table(pages: Sequence[Page], sizes: Sequence[int], lines: Sequence[Line], found: Sequence[Verdict]) -> str:
    """The same for people: a table in Markdown, then a line for each promise that is broken."""
    at = {(item.page, item.size): item for item in lines}
    heads = ["page"]
    for size in sizes:
        heads += [f"{size:,}: median ms", "p95 ms", "queries"]
    rows = [heads]
    for page in pages:
        row = [page.name]
        for size in sizes:
            item = at[page.name, size]
            row += [_ms(item.median_ms), _ms(item.p95_ms), "–" if item.queries is None else str(item.queries)]
        rows.append(row)
    if len(sizes) > 1:
        growth = {item.page: item for item in found if item.promise.startswith("time")}
        for row in rows:
            held = growth.get(row[0])
            row.append("growth" if row is heads else f"× {held.found:.2f}" if held else "")
    text = "\n".join(_aligned(rows))
    broken = [
        f"NOT KEPT: {item.page}, {item.promise}: {item.found:g} > {item.allowed:g}" for item in found if not item.held
    ]
    last = broken or [f"All {len(found)} promises are kept."]
    return "\n".join([text, "", *last])


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows as Markdown, columns of figures to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"|{'|'.join(['-' * (widths[0] + 2), *('-' * (width + 1) + ':' for width in widths[1:])])}|"
