"""Calls for everybody: the list, and each with its dates, its aid rule, its criteria and its documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kit import clock
from kit.clock import PARIS
from kit.text import format_datetime
from people.permissions import may
from programmes.models import AidRule, Call, CallState
from programmes.queries import announced_calls, current_form, past_calls
from selection.models import Criterion
from web.pages import get_visible, page
from web.shared.lists import by_key


def phase_of(call: Call, instant: datetime) -> str:
    """Where a call is in its life: prepared, announced, open or closed."""
    if call.state == CallState.PREPARED:
        return "prepared"
    if call.is_open_at(instant):
        return "open"
    return "announced" if call.is_announced_at(instant) else "closed"


def words_of(phase: str) -> str:
    """A phase in words."""
    return {
        "prepared": _t("In preparation"),
        "announced": _t("Opens soon"),
        "open": _t("Open"),
        "closed": _t("Closed"),
    }[phase]


# The phase of a call as a tone of the badge.
TONES = {"prepared": "", "announced": "wait", "open": "now", "closed": ""}


def dressed(call: Call, instant: datetime) -> Any:
    """The call with its `phase`, that phase in words and tone, and the `rule` in force on its last day."""
    return all_dressed([call], instant)[0]


def all_dressed(calls: Iterable[Call], instant: datetime) -> list[Any]:
    """Calls as `dressed` makes one, their rules read in one query."""
    found: list[Any] = list(calls)
    rules: dict[int, list[AidRule]] = {}
    for rule in AidRule.objects.filter(measure__in={row.measure_id for row in found}).order_by("valid_from"):
        rules.setdefault(rule.measure_id, []).append(rule)
    for row in found:
        row.phase = phase_of(row, instant)
        row.phase_words, row.phase_tone = words_of(row.phase), TONES[row.phase]
        day = row.closes_at.astimezone(PARIS).date()
        row.rule = next((rule for rule in rules.get(row.measure_id, []) if _in_force(rule, day)), None)
    return found


def _in_force(rule: AidRule, day: date) -> bool:
    return rule.valid_from <= day and (rule.valid_until is None or day < rule.valid_until)


@page("call.view", methods=["GET"])
def listing(request: HttpRequest) -> HttpResponse:
    """The calls that are open or announced, then those that are closed."""
    now = clock.now()
    past = by_key(request, past_calls(now), "-closes_at", per_page=20)
    context = {
        "rows": all_dressed(announced_calls(now)[:50], now),
        "past": past,
        "first_page": not past.previous,
    }
    return render(request, "public/calls.html", context)


@page("call.view", methods=["GET"])
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """One call."""
    found = read(request, slug)
    form = current_form(found).form
    context = {
        "call": found,
        "minutes": form.minutes,
        "checks": len(form.eligibility),
        "pieces": form.pieces,
        "criteria": Criterion.objects.filter(grid__call=found, grid__approved_at__isnull=False).order_by("position"),
        "path": list(_path(found)),
        "can_manage": may(request.user, "call.edit", found),
        **start_of(request, found),
    }
    return render(request, "public/call.html", context)


@page("call.view", methods=["GET"])
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The closing of the call as a calendar file (RFC 5545)."""
    found = read(request, slug)
    url = request.build_absolute_uri(reverse("public:call", args=[slug]))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Escalier//FR",
        "BEGIN:VEVENT",
        f"UID:{found.slug}@{request.get_host()}",
        f"DTSTAMP:{found.published_at or found.opens_at:%Y%m%dT%H%M%SZ}",
        f"DTSTART:{found.closes_at:%Y%m%dT%H%M%SZ}",
        _folded(f"SUMMARY:{_escaped(_t('Last hour to file: {call}').format(call=found.title))}"),
        _folded(f"URL:{url}"),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    response = HttpResponse("\r\n".join(lines), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.slug}.ics"'
    return response


def read(request: HttpRequest, slug: str) -> Any:
    """A call that the visitor may see, dressed, or 404."""
    rows = Call.objects.select_related("programme", "measure")
    return dressed(get_visible(rows, request.user, slug=slug), clock.now())


def start_of(request: HttpRequest, found: Any) -> dict[str, str]:
    """The way to begin: an address and its words; none where nothing can be prepared."""
    if found.phase not in ("open", "announced"):
        return {"start_url": "", "start": ""}
    if not request.user.is_authenticated:
        # Back to this page, which then says what comes next: whoever has just signed up acts for nobody yet.
        login = f"{reverse('account_login')}?next={request.path}"
        return {"start_url": login, "start": _t("Sign in to apply")}
    if may(request.user, "dossier.create"):
        return {"start_url": reverse("applicant:create", args=[found.slug]), "start": _t("Prepare an application")}
    return {"start_url": reverse("staff:register_organisation"), "start": _t("Register an organisation")}


def _path(found: Any) -> Iterator[dict[str, Any]]:
    """What happens from the opening to the agreement."""
    begun = found.phase in ("open", "closed")
    yield {
        "when": format_datetime(found.opens_at),
        "title": _t("The call opens"),
        "text": "",
        "mark": "past" if begun else "expected",
    }
    yield {
        "when": format_datetime(found.closes_at),
        "title": _t("Last hour to file"),
        "text": _t("The server’s clock counts; the receipt tells the hour."),
        "mark": {"open": "present", "closed": "past"}.get(found.phase, "expected"),
    }
    if found.needs_advice:
        yield _expected(_t("Advice"), _t("An adviser meets the team of the project."))
    yield _expected(_t("Selection"), _t("A committee scores the applications by the criteria of the call."))
    yield _expected(
        _t("Reasoned decision, then agreement"),
        _t("A refusal gives its reasons; it may be appealed within {days} days.").format(days=found.appeal_days),
    )


def _expected(title: str, text: str) -> dict[str, Any]:
    return {"when": _t("After the closing"), "title": title, "text": text, "mark": "expected"}


def _escaped(text: str) -> str:
    """A text value as RFC 5545, 3.3.11 writes it."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(escaped.splitlines())


def _folded(line: str) -> str:
    """Content lines are folded at 75 octets (RFC 5545, 3.1)."""
    rows, rest = [], line
    while len(rest.encode()) > 74:
        cut = 74
        while len(rest[:cut].encode()) > 74:
            cut -= 1
        rows.append(rest[:cut])
        rest = f" {rest[cut:]}"
    return "\r\n".join([*rows, rest])
