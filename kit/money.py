"""Money: `Decimal` euros in Python, integer cents in the database, never a float.

A decimal column would lie on SQLite (3 × 0.10 is above 0.30 there) and takes NaN on PostgreSQL.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")
LARGEST_CENTS = 2**63 - 1
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
LONGEST_AMOUNT = 40

_SIGN = "(?P<sign>[+-]?)"
_FORMS = (
    # 1138557.64 and 1138557,64
    re.compile(_SIGN + r"(?P<whole>[0-9]+)(?:[.,](?P<cents>[0-9]{1,2}))?"),
    # 1 138 557,64 with one kind of French space throughout
    re.compile(
        _SIGN + r"(?P<whole>[0-9]{1,3}(?:([ \u00a0\u202f])[0-9]{3})(?:\3[0-9]{3})*)(?:[.,](?P<cents>[0-9]{1,2}))?"
    ),
    # 1,138.50 or 1,138,557: a lone comma before three digits is refused, since it could be a French decimal
    re.compile(_SIGN + r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+)\.(?P<cents>[0-9]{1,2})"),
    re.compile(_SIGN + r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3}){2,})(?P<cents>)"),
)


def amount_of(value: Decimal | int | str) -> Decimal:
    """`value` as euros with two decimals, exactly.

    Raises `TypeError` for a float or a boolean and `ValueError` for a fraction of a cent, for what is not a
    finite number, or for more than the database can hold.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise TypeError(f"An amount is a Decimal, an int or a str, not {type(value).__name__}.")
    number = parse_amount(value) if isinstance(value, str) else Decimal(value)
    if not number.is_finite():
        raise ValueError(f"{value} is not an amount.")
    hundredfold = number.scaleb(2) if number else Decimal(0)
    if abs(hundredfold) > LARGEST_CENTS:
        raise ValueError(f"{value} is larger than any amount can be.")
    if hundredfold != hundredfold.to_integral_value():
        raise ValueError(f"{value} has a fraction of a cent.")
    return from_cents(int(hundredfold))


def cents(amount: Decimal | int | str) -> int:
    """The whole cents of `amount` euros; raises as `amount_of`."""
    return int(amount_of(amount).scaleb(2))


def from_cents(count: int) -> Decimal:
    """Euros with two decimals from whole cents.

    >>> from_cents(1810400)
    Decimal('18104.00')
    """
    return Decimal(count).scaleb(-2)


def down(amount: Decimal, unit: Decimal) -> Decimal:
    """`amount` euros rounded down (towards zero) to a multiple of `unit` euros: the programme's default rounding.

    >>> down(Decimal("18104.98"), Decimal(1))
    Decimal('18104')
    """
    return amount // unit * unit


def half_up(amount: Decimal, unit: Decimal = CENT) -> Decimal:
    """`amount` euros rounded to the nearest multiple of `unit` euros, halves away from zero.

    >>> half_up(Decimal("0.125"))
    Decimal('0.13')
    """
    count, rest = divmod(abs(amount), unit)
    if rest * 2 >= unit:
        count += 1
    return (count * unit).copy_sign(amount) if count else count * unit


def parse_amount(text: str) -> Decimal:
    """Read an amount in euros as people write it: `1 138 557,64` (any French space), `1138557.64`, `1,138,557.64`.

    Strict where `Decimal()` is not: raises `ValueError` for underscores, exponents, full-width or Arabic
    digits, NaN, infinities, a third decimal and more than 2⁶³ − 1 cents.
    """
    if len(text) > LONGEST_AMOUNT:
        raise ValueError("An amount is shorter than this.")
    stripped = text.strip(" \t\u00a0\u202f").removesuffix("€").rstrip(" \u00a0\u202f").replace("\u2212", "-")
    for form in _FORMS:
        match = form.fullmatch(stripped)
        if match:
            digits = re.sub("[^0-9]", "", match["whole"])
            number = Decimal(f"{match['sign']}{digits}.{(match['cents'] or '0').ljust(2, '0')}")
            if abs(number) > from_cents(LARGEST_CENTS):
                break
            return number
    raise ValueError(f"{text!r} is not an amount.")


def format_amount(value: Decimal | int | str, language: str | None = None) -> str:
    """`value` euros for a reader: `1 138 557,64 €` in French, `€1,138,557.64` in English (the active language if none).

    >>> format_amount(Decimal("-1138557.64"), "en")
    '-€1,138,557.64'
    """
    plain = format_number(value, language)
    if _is_french(language):
        return f"{plain}{NO_BREAK_SPACE}€"
    return f"-€{plain[1:]}" if plain.startswith("-") else f"€{plain}"


def format_number(value: Decimal | int | str, language: str | None = None) -> str:
    """As `format_amount`, without the currency sign: what an input shows and a table column holds."""
    text = f"{amount_of(value):,.2f}"
    if _is_french(language):
        return text.replace(",", NARROW_SPACE).replace(".", ",")
    return text


def _is_french(language: str | None) -> bool:
    return (language or get_language() or "fr").startswith("fr")


class MoneyAttribute(DeferredAttribute):
    """Turns what is assigned into exact euros at once, so that a float fails on its own line, not at the save."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        if value is not None and not hasattr(value, "resolve_expression"):
            value = amount_of(value)
        instance.__dict__[self.field.attname] = value


class MoneyField(models.BigIntegerField):
    """Euros in Python (`Decimal`, two decimals), whole cents in the database.

    In an expression write `Value(amount, output_field=MoneyField())`: a bare `Decimal` would count as cents.
    """

    # What type checkers read: the attribute is a Decimal, and may be set from any exact amount.
    _pyi_private_set_type: Decimal | int | str | models.expressions.Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]

    description = _("An amount in euros")
    descriptor_class = MoneyAttribute
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write an amount such as 1234.50, with two decimals at most.")
    }

    @property
    def validators(self) -> list[Any]:
        """Not the range of integers, which is in cents: `amount_of` holds the range."""
        return [*self.default_validators, *self._validators]  # type: ignore[attr-defined]

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        """Whole cents to euros; a sum arrives as a Decimal of cents on PostgreSQL."""
        return None if value is None else from_cents(int(value))

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            return amount_of(value)
        except (TypeError, ValueError, InvalidOperation) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return cents(value)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **{"form_class": MoneyFormField, **kwargs})


class MoneyFormField(forms.Field):
    """An amount in euros as people write it; negative ones are refused unless `min_value` allows them."""

    widget = forms.TextInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write an amount such as 1234.50, with two decimals at most."),
        "min_value": _("Write an amount of %(limit)s or more."),
        "max_value": _("Write an amount of %(limit)s or less."),
    }

    def __init__(
        self, *, min_value: Decimal | int | None = 0, max_value: Decimal | int | None = None, **kwargs: Any
    ) -> None:
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return format_number(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        try:
            return amount_of(value)
        except (TypeError, ValueError, InvalidOperation) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            self._refuse("min_value", self.min_value)
        if self.max_value is not None and value > self.max_value:
            self._refuse("max_value", self.max_value)

    def _refuse(self, code: str, limit: Decimal | int) -> None:
        raise ValidationError(self.error_messages[code], code=code, params={"limit": format_amount(limit)})

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True
