"""Cleaned text, dates as they are read."""

from datetime import UTC, date, datetime

import pytest
from django import forms

from kit import text


def test_text_is_composed_and_without_controls():
    assert text.clean("e\u0301cole\0\x07\n\tfin") == "école\n\tfin"
    with pytest.raises(ValueError):
        text.clean("a\ud800")
    assert text.clean_data({"a\0": ["e\u0301", 1, None]}) == {"a": ["é", 1, None]}


def test_dates_in_both_languages():
    assert text.format_date(date(2009, 11, 24), "fr") == "24 novembre 2009"
    assert text.format_date(date(2026, 12, 1), "fr") == "1er décembre 2026"
    assert text.format_date(date(2026, 12, 1), "en") == "1 December 2026"
    assert text.format_short_date(date(2026, 11, 24), "fr") == "24 nov. 2026"
    assert text.format_short_date(date(2026, 11, 24), "en") == "24 Nov 2026"
    assert text.format_date(date(2026, 12, 1)) == "1er décembre 2026"


def test_instants_are_read_in_paris():
    closing = datetime(2027, 1, 15, 16, 0, tzinfo=UTC)
    assert text.format_datetime(closing, "fr") == "15 janvier 2027 à 17\u00a0h\u00a000"
    assert text.format_datetime(closing, "en") == "15 January 2027 at 17:00"
    assert text.format_date(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "en") == "1 January 2027"
    with pytest.raises(ValueError):
        text.format_datetime(datetime(2027, 1, 1), "fr")  # noqa: DTZ001


class NoteForm(forms.Form):
    title = text.CleanCharField(max_length=20)
    body = text.CleanTextarea(required=False)


def test_forms_clean_what_they_are_given():
    form = NoteForm({"title": "e\u0301cole\r\nBcc", "body": "a\r\nb\rc\0"})
    assert form.is_valid()
    assert form.cleaned_data == {"title": "école Bcc", "body": "a\nb\nc"}
    assert list(NoteForm({"title": "\ud800"}).errors) == ["title"]
