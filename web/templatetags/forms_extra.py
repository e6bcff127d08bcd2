"""What the field template asks of a field."""

from __future__ import annotations

from typing import Any

from django import template

from web.forms import optional

register = template.Library()


@register.filter
def says_optional(field: Any) -> bool:
    """Whether the label says that the field may stay empty."""
    return optional(field)
