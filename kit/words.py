"""Words for rooms that know no framework: rules name what a person reads, and the page's language is chosen later."""

from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy

__all__ = ["gettext", "gettext_lazy", "language", "pgettext_lazy"]


def language() -> str:
    """The language of the page: `fr`, or `en`."""
    return "fr" if (get_language() or "fr").startswith("fr") else "en"
