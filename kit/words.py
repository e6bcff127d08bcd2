"""Words for rooms that know no framework: rules name what a person reads, and the page's language is chosen later."""

from django.utils.translation import gettext_lazy, pgettext_lazy

__all__ = ["gettext_lazy", "pgettext_lazy"]
