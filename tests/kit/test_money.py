"""Exact money: what is read, what is refused, how it is stored and shown."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Sum, Value
from hypothesis import given
from hypothesis import strategies as st

from kit.money import (
    LARGEST_CENTS,
    MoneyField,
    MoneyFormField,
    amount_of,
    cents,
    down,
    format_amount,
    from_cents,
    half_up,
    parse_amount,
)
from records.models import Account

MILLION = Decimal("1138557.64")


@pytest.mark.parametrize(
    "text",
    [
        "1 138 557,64",
        "1\u202f138\u202f557,64",
        "1\u00a0138\u00a0557,64",
        "1\u202f138\u202f557,64\u00a0€",
        "1 138 557.64 €",
        "1138557.64",
        "1138557,64",
        "1,138,557.64",
        " +1138557,64 ",
    ],
)
def test_amounts_are_read_as_people_write_them(text):
    assert parse_amount(text) == MILLION


@pytest.mark.parametrize(
    "text, amount",
    [
        ("0", "0.00"),
        ("12", "12.00"),
        ("12,5", "12.50"),
        ("-3,20", "-3.20"),
        ("\u22123,20", "-3.20"),
        ("1,138,557", "1138557.00"),
    ],
)
def test_small_forms_of_amounts(text, amount):
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1_0",
        "\uff11\uff12",
        "\u0661\u0662",
        "1e5",
        "1E400",
        "NaN",
        "sNaN",
        "Infinity",
        "-inf",
        "1.234",
        "1,138",
        "12 34",
        "1 138\u202f557",
        "1.138.557,64",
        "--1",
        "1-",
        "0x10",
        "12,",
        ",5",
        "1\n",
        "1\0",
        str(2**63),
        "92233720368547758.08",
        "9" * 1000,
        "$12",
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError):
        parse_amount(text)


@pytest.mark.parametrize("value", [0.1, True, None, b"1", [1]])
def test_floats_and_other_types_are_refused(value):
    with pytest.raises(TypeError):
        cents(value)


@pytest.mark.parametrize("value", [Decimal("0.001"), Decimal("NaN"), Decimal("Infinity"), Decimal("1e400"), 2**63])
def test_fractions_of_a_cent_and_impossible_numbers_are_refused(value):
    with pytest.raises(ValueError):
        cents(value)


@given(st.integers(-LARGEST_CENTS, LARGEST_CENTS))
def test_cents_and_euros_are_the_same_thing(count):
    amount = from_cents(count)
    assert cents(amount) == count
    assert amount_of(str(amount)) == amount
    assert parse_amount(format_amount(amount, "fr")) == amount


def test_rounding_names_its_unit():
    assert down(Decimal("18104.98"), Decimal(1)) == Decimal(18104)
    assert down(Decimal("18104.98"), Decimal(100)) == Decimal(18100)
    assert down(Decimal("18104.989"), Decimal("0.01")) == Decimal("18104.98")
    assert half_up(Decimal("0.125")) == Decimal("0.13")
    assert half_up(Decimal("0.1249")) == Decimal("0.12")
    assert half_up(Decimal("-0.125")) == Decimal("-0.13")
    assert half_up(Decimal("2.5"), Decimal(1)) == Decimal(3)


def test_amounts_are_shown_in_both_languages():
    assert format_amount(MILLION, "fr") == "1\u202f138\u202f557,64\u00a0€"
    assert format_amount(MILLION, "en") == "€1,138,557.64"
    assert format_amount(Decimal("-5"), "fr") == "-5,00\u00a0€"
    assert format_amount(Decimal("-5"), "en") == "-€5.00"


def test_a_float_fails_where_it_is_assigned():
    with pytest.raises(TypeError):
        Account(balance=0.1)
    assert Account(balance=3).balance == Decimal("3.00")
    assert MoneyField().to_python("12,50") == Decimal("12.50")
    for wrong in (0.1, "1e5", "1_0", Decimal("0.001")):
        with pytest.raises(ValidationError):
            MoneyField().to_python(wrong)


@pytest.mark.django_db
def test_cents_in_the_database_are_exact():
    for place in range(3):
        Account.objects.create(code=f"a{place}", kind="test", balance="0.10")
    assert Account.objects.aggregate(total=Sum("balance"))["total"] == Decimal("0.30")
    more = Value(Decimal("1.25"), output_field=MoneyField())
    Account.objects.filter(code="a0").update(balance=F("balance") + more)
    assert Account.objects.get(code="a0").balance == Decimal("1.35")
    assert list(Account.objects.filter(balance__gt=Decimal("0.10")).values_list("code", "balance")) == [
        ("a0", Decimal("1.35"))
    ]


class AmountForm(forms.Form):
    amount = MoneyFormField(required=False, max_value=Decimal(100))


@pytest.mark.parametrize("text, amount", [("12,50", Decimal("12.50")), ("", None), ("  ", None), ("100", Decimal(100))])
def test_a_form_reads_amounts(text, amount):
    form = AmountForm({"amount": text})
    assert form.is_valid()
    assert form.cleaned_data == {"amount": amount}


@pytest.mark.parametrize(
    "text, code",
    [("-1", "min_value"), ("100,01", "max_value"), ("1e5", "invalid"), ("NaN", "invalid"), ("1_0", "invalid")],
)
def test_a_form_refuses_what_is_no_amount_for_it(text, code):
    form = AmountForm({"amount": text})
    assert [error.code for error in form.errors.as_data()["amount"]] == [code]


def test_a_form_shows_an_amount_in_the_readers_language():
    field = MoneyFormField()
    assert field.prepare_value(MILLION) == "1\u202f138\u202f557,64"
    assert field.has_changed(MILLION, "1138557.64") is False
    assert field.has_changed(MILLION, "1") is True
    assert field.has_changed(MILLION, "x") is True
