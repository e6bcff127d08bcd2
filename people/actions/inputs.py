"""What persons type, read once: cleaned, of the right length, or `Refused` with the field's name."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _t

from kit.errors import Refused
from kit.text import clean


def line(text: str, field: str, *, longest: int, needed: bool = True) -> str:
    """`text` on one line, of at most `longest` characters. Raises `Refused` for more, for none when it is needed."""
    try:
        kept = " ".join(clean(str(text)).split())
    except ValueError as error:
        raise Refused(_t("This text cannot be read; type it again rather than paste it."), field=field) from error
    if needed and not kept:
        raise Refused(_t("Fill in this field."), field=field)
    if len(kept) > longest:
        raise Refused(_t("This is too long: {most} characters at most.").format(most=longest), field=field)
    return kept


def paragraph(text: str, field: str, *, longest: int = 10_000, needed: bool = True) -> str:
    """`text` on any number of lines, of at most `longest` characters. Raises `Refused` as `line` does."""
    try:
        kept = clean(str(text)).replace("\r\n", "\n").replace("\r", "\n").strip()
    except ValueError as error:
        raise Refused(_t("This text cannot be read; type it again rather than paste it."), field=field) from error
    if needed and not kept:
        raise Refused(_t("Fill in this field."), field=field)
    if len(kept) > longest:
        raise Refused(_t("This is too long: {most} characters at most.").format(most=longest), field=field)
    return kept


def email(text: str, field: str = "email") -> str:
    """An e-mail address in lower case. Raises `Refused` for what is none."""
    address = line(text, field, longest=254).lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(_t("This is not an e-mail address, such as name@town.fr."), field=field) from error
    return address


def choice(value: str, choices: Collection[str], field: str) -> str:
    """`value` if it is one of `choices`. Raises `Refused` otherwise."""
    if value not in choices:
        raise Refused(_t("Choose one of the values of the list."), field=field)
    return value
