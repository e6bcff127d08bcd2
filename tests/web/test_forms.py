"""Forms read what people write, and give it back as they wrote it."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.utils.translation import override

from kit.money import MoneyFormField
from web.forms import (
    CleanCharField,
    CleanTextarea,
    DayField,
    EscalierForm,
    EscalierFormSet,
    EscalierModelForm,
    IbanField,
    PaperField,
    YesNoField,
    choices_of,
    one_more_line,
)


class BudgetForm(EscalierForm):
    supplier = CleanCharField(label="Supplier")
    net = MoneyFormField(label="Net amount")
    note = CleanCharField(label="Note", required=False)


BudgetFormSet = forms.formset_factory(BudgetForm, formset=EscalierFormSet, extra=1)


def rendered(source: str, **context) -> str:
    return Template("{% load escalier components %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (DayField(), "2026-11-24", date(2026, 11, 24)),
        (DayField(), "24/11/2026", date(2026, 11, 24)),
        (IbanField(), "FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"),
        (IbanField(required=False), "", ""),
        (YesNoField(), "yes", True),
        (YesNoField(), "no", False),
        (YesNoField(required=False), "", None),
        (CleanCharField(), "e\u0301te\u0301\x00", "été"),
    ],
)
def test_a_field_reads(field, typed, value):
    assert field.clean(typed) == value


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (DayField(), "31/02/2026"),
        (DayField(), "0001-01-01"),
        (DayField(), "tomorrow"),
        (IbanField(), "FR14 2004 1010 0505 0001 3M02 607"),
        (IbanField(), "x" * 60),
        (YesNoField(), "perhaps"),
        (YesNoField(), ""),
    ],
)
def test_a_field_refuses(field, typed):
    with pytest.raises(forms.ValidationError):
        field.clean(typed)


def test_yes_and_no_are_shown_back():
    assert [YesNoField().prepare_value(value) for value in (True, False, "yes", None)] == ["yes", "no", "yes", None]


def test_optional_fields_say_so_and_required_ones_have_no_asterisk():
    with override("en"):
        page = rendered("{% form_fields form %}", form=BudgetForm())
    assert page.count("(optional)") == 1
    assert "*" not in page


def test_amounts_are_aligned_and_come_back_as_they_were_written():
    page = rendered("{% form_fields form %}", form=BudgetForm({"supplier": "A", "net": "3200 euros"}))
    assert 'value="3200 euros"' in page
    assert "es-w-amount" in page
    assert 'inputmode="decimal"' in page


def test_long_texts_have_a_readable_height():
    class Long(EscalierForm):
        why = CleanTextarea(label="Why")
        how = CleanTextarea(label="How", widget=forms.Textarea(attrs={"rows": 8}))

    assert [field.widget.attrs["rows"] for field in Long().fields.values()] == [5, 8]


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_a_plain_field_refuses_what_no_database_takes(text):
    class Plain(EscalierForm):
        address = forms.CharField()

    assert list(Plain({"address": text}).errors) == ["address"]


def test_each_kind_of_field_says_how_to_mend_it():
    class Kinds(EscalierForm):
        text = CleanCharField()
        choice = forms.ChoiceField(choices=[("a", "A")])
        box = forms.BooleanField()
        paper = PaperField()

    with override("en"):
        assert {name: errors[0] for name, errors in Kinds({}).errors.items()} == {
            "text": "Fill in this field.",
            "choice": "Choose an answer.",
            "box": "Tick this box to go on.",
            "paper": "Choose a file.",
        }


def test_a_form_never_writes():
    with pytest.raises(TypeError):
        EscalierModelForm.save(object())


def test_a_table_of_fields_names_each_field_by_column_and_row():
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-supplier": "", "form-0-net": "10"}
    formset = BudgetFormSet({**data, "form-1-supplier": "B", "form-1-net": "x"}, titles=["Design"])
    with override("en"):
        page = rendered("{% field_table formset 'Costs' add='Add a line' %}", formset=formset)
        summary = rendered("{% error_summary formset %}", formset=formset)
    assert 'aria-label="Supplier, Design"' in page
    assert 'aria-label="Net amount, Line 2"' in page
    assert 'id="form-__prefix__' not in page.split("<template")[0]
    assert '<a href="#id_form-0-supplier">Design, Supplier: Fill in this field.</a>' in summary
    assert '<a href="#id_form-1-net">Line 2, Net amount: Write an amount' in summary


def test_rows_leave_out_the_empty_ones():
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-supplier": "A", "form-0-net": "1 200,50"}
    formset = BudgetFormSet(data)
    assert formset.is_valid()
    assert formset.rows == [{"supplier": "A", "net": Decimal("1200.50"), "note": ""}]


def test_a_line_is_added_without_scripts():
    data = QueryDict("form-TOTAL_FORMS=2&add_line=form&form-0-supplier=A")
    grown = one_more_line(data)
    assert (grown["form-TOTAL_FORMS"], grown["form-0-supplier"]) == ("3", "A")
    assert one_more_line(QueryDict("form-TOTAL_FORMS=2")) is None
    assert one_more_line(QueryDict("form-TOTAL_FORMS=many&add_line=form")) is None
    assert one_more_line(QueryDict("form-TOTAL_FORMS=10000000&add_line=form"))["form-TOTAL_FORMS"] == "200"


def test_choices_are_made_of_rows():
    class Row:
        pk = 3

        def __str__(self):
            return "three"

    assert choices_of([Row()], empty="Choose") == [("", "Choose"), ("3", "three")]
