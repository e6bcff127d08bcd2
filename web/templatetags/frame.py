"""The frame of every page: header, messages, footer."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages import get_messages
from django.utils.translation import get_language

from web.navigation import MAIL, address_of, navigation

register = template.Library()


@register.inclusion_tag("components/header.html", takes_context=True)
def site_header(context: template.Context) -> dict[str, Any]:
    """Brand, navigation by role, language switch, account. Works on error pages, which have no person."""
    request: Any = context.get("request")
    language = get_language() or settings.LANGUAGE_CODE
    person = getattr(request, "user", None)
    signed_in = bool(person and person.is_authenticated)
    return {
        "request": request,
        "language": language,
        "items": navigation(request) if person is not None else [],
        "person": person if signed_in else None,
        "csrf_token": context.get("csrf_token", ""),
        "mail_label": MAIL[0],
        "mail_url": address_of(MAIL[1]) if signed_in and settings.EMBEDDED else "",
    }


@register.inclusion_tag("components/messages.html", takes_context=True)
def site_messages(context: template.Context) -> dict[str, Any]:
    """What the last act answered."""
    request: Any = context.get("request")
    return {"messages": list(get_messages(request)) if hasattr(request, "_messages") else []}


@register.inclusion_tag("components/footer.html")
def site_footer() -> dict[str, Any]:
    """The accessibility statement and the other mandatory pages."""
    return {"data_url": address_of("public:data")}
