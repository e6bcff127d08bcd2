"""What templates write: amounts, dates, delays, icons, one-time keys. Components live in `components.py`."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BaseFormSet
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t

from kit.clock import PARIS, today
from kit.money import format_amount
from kit.text import format_date, format_datetime, format_short_date, format_time
from web.onetime import FIELD, new_key

register = template.Library()
ICONS = Path(settings.BASE_DIR) / "static" / "vendor" / "icons"
NARROW_SPACE, NO_BREAK_SPACE = "\u202f", "\u00a0"
NEAR = 7
"""Days within which a date is near."""


@register.filter
def money(value: Decimal | int | str | None) -> str:
    """Euros with their cents, in the reader's language; a dash where there is none."""
    return "–" if value is None or value == "" else format_amount(value, get_language())


@register.filter
def unless(value: Any, condition: Any) -> Any:
    """`value`, or nothing where `condition` holds: what has no place in a column shows there as a dash."""
    return None if condition else value


@register.filter
def euros(value: Decimal | int | str | None) -> str:
    """As `money`, without the cents when they are zero: for whole amounts such as grants, outside of columns."""
    written = money(value)
    return re.sub(r"[.,]00(?=\D*$)", "", written)


@register.filter(name="date")
def long_date(value: date | None, style: str | None = None) -> str:
    """`24 novembre 2009`. Replaces Django's own filter of that name, whose formats the product never uses."""
    return "" if not value else format_date(value, get_language())


@register.filter
def short_date(value: date | None) -> str:
    """`27 nov. 2026`, for tables."""
    return "" if not value else format_short_date(value, get_language())


@register.filter(name="datetime")
def long_datetime(value: datetime | None) -> str:
    """`15 janvier 2027 à 17 h 00`, in Paris."""
    return "" if not value else format_datetime(value, get_language())


@register.filter(name="time")
def hour(value: datetime | None) -> str:
    """`17 h 00`, in Paris."""
    return "" if not value else format_time(value, get_language())


@register.filter
def iso(value: date | datetime | None) -> str:
    """What the `datetime` attribute of `<time>` holds."""
    if isinstance(value, datetime):
        return value.astimezone(PARIS).isoformat(timespec="minutes")
    return "" if not value else value.isoformat()


@register.filter
def days_left(value: date | datetime | None) -> str:
    """`in 52 days`, `today`, `tomorrow`, `4 days late`, counted in days of Paris."""
    if not value:
        return ""
    count = _days_until(value)
    if count == 0:
        return _t("today")
    if count == 1:
        return _t("tomorrow")
    if count > 0:
        return ngettext("in %(count)s day", "in %(count)s days", count) % {"count": number(count)}
    return ngettext("%(count)s day late", "%(count)s days late", -count) % {"count": number(-count)}


@register.filter
def is_near(value: date | datetime | None) -> bool:
    """Whether a date has passed, or comes within a week."""
    return bool(value) and _days_until(value) <= NEAR  # type: ignore[arg-type]


def _days_until(value: date | datetime) -> int:
    day = value.astimezone(PARIS).date() if isinstance(value, datetime) else value
    return (day - today()).days


@register.filter
def number(value: int | Decimal | None) -> str:
    """A number with its thousands apart and the reader's decimal mark, without idle decimals: `1 013`, `12,5`, `8`."""
    if value is None:
        return "–"
    text = f"{value:,}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if (get_language() or "fr").startswith("fr"):
        return text.replace(",", NARROW_SPACE).replace(".", ",")
    return text


@register.filter
def percent(value: Decimal | None, places: int = 2) -> str:
    """A rate (0.5) as a percentage: `50 %`, `48,79 %`; at most `places` decimals."""
    if value is None:
        return "–"
    exact = (Decimal(value) * 100).quantize(Decimal(1).scaleb(-int(places)))
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    french = (get_language() or "fr").startswith("fr")
    return f"{text.replace('.', ',')}{NO_BREAK_SPACE}%" if french else f"{text}%"


@register.filter
def size(value: int) -> str:
    """Bytes as people read them: `84 Ko`, `3,1 Mo`."""
    thousands = Decimal(value) / 1000
    if thousands < 1000:
        return _t("%(count)s kB") % {"count": number(max(1, round(thousands)))}
    return _t("%(count)s MB") % {"count": number(round(thousands / 1000, 1))}


@cache
def _drawing(name: str) -> str:
    """The paths of one vendored icon."""
    source = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    return re.sub(r"^<svg[^>]*>|</svg>\s*$", "", source.strip()).strip()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of `static/vendor/icons`, drawn in the page; it never stands without words. Fails for an unknown one."""
    return format_html(
        '<svg class="es-icon{}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>',
        f" {css}" if css else "",
        mark_safe(_drawing(name)),  # noqa: S308 - a file of ours
    )


@register.simple_tag
def one_time_key() -> SafeString:
    """The hidden field that lets a form sent twice be done once; in every form that posts."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_key())


@register.simple_tag(takes_context=True)
def same_page_in(context: template.Context, language: str) -> str:
    """The address of this page in another language, its query string kept."""
    request = context.get("request")
    return translate_url(request.get_full_path(), language) if request else f"/{language}/"


def faulty_forms(context: template.Context) -> list[Any]:
    """The bound forms and formsets of the context that have errors, each once."""
    found: dict[int, Any] = {}

    def look(value: Any) -> None:
        if isinstance(value, BaseForm | BaseFormSet):
            if value.is_bound or getattr(value, "_errors", None):
                errors = value.errors if isinstance(value, BaseForm) else not value.is_valid()
                if errors:
                    found[id(value)] = value
        elif isinstance(value, list | tuple) and len(value) <= 50:
            for item in value:
                look(item)

    for layer in context.dicts:
        for value in layer.values():
            look(value)
    return list(found.values())


@register.simple_tag(takes_context=True)
def error_prefix(context: template.Context) -> str:
    """`Error: ` in front of the page's title when a form came back with errors."""
    return _t("Error: ") if faulty_forms(context) else ""
