"""Amounts and dates as they are read, states with words and an icon, the stairs of a dossier."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.translation import override

from grants.lifecycle import State
from kit import clock
from web.shared.stairs import climb, reached
from web.shared.states import NEUTRAL, look_of
from web.templatetags import escalier

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def rendered(source: str, **context) -> str:
    return Template("{% load escalier components %}" + source).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("source", "value", "french", "english"),
    [
        ("money", Decimal("1138557.64"), "1\u202f138\u202f557,64\u00a0€", "€1,138,557.64"),
        ("money", Decimal(0), "0,00\u00a0€", "€0.00"),
        ("money", None, "–", "–"),
        ("euros", Decimal("18104.00"), "18\u202f104\u00a0€", "€18,104"),
        ("euros", Decimal("-1000.50"), "-1\u202f000,50\u00a0€", "-€1,000.50"),
        ("euros", Decimal("100000.00"), "100\u202f000\u00a0€", "€100,000"),
        ("date", date(2026, 12, 1), "1er décembre 2026", "1 December 2026"),
        ("date", None, "", ""),
        ("short_date", date(2026, 11, 27), "27 nov. 2026", "27 Nov 2026"),
        (
            "datetime",
            datetime(2027, 1, 15, 16, tzinfo=UTC),
            "15 janvier 2027 à 17\u00a0h\u00a000",
            "15 January 2027 at 17:00",
        ),
        ("iso", datetime(2027, 1, 15, 16, tzinfo=UTC), "2027-01-15T17:00+01:00", "2027-01-15T17:00+01:00"),
        ("iso", date(2027, 1, 15), "2027-01-15", "2027-01-15"),
        ("number", 1013, "1\u202f013", "1,013"),
        ("number", Decimal("12.5"), "12,5", "12.5"),
        ("percent", Decimal("0.5"), "50\u00a0%", "50%"),
        ("percent", Decimal("0.48792"), "48,79\u00a0%", "48.79%"),
        ("percent:1", Decimal("0.48792"), "48,8\u00a0%", "48.8%"),
        ("percent", Decimal(1), "100\u00a0%", "100%"),
        ("size", 84210, "84 Ko", "84 kB"),
        ("size", 12, "1 Ko", "1 kB"),
        ("size", 3100000, "3,1 Mo", "3.1 MB"),
        ("days_left", date(2027, 1, 15), "dans 52 jours", "in 52 days"),
        ("days_left", date(2026, 11, 25), "demain", "tomorrow"),
        ("days_left", date(2026, 11, 24), "aujourd’hui", "today"),
        ("days_left", date(2026, 11, 20), "4 jours de retard", "4 days late"),
        ("days_left", date(2026, 11, 23), "1 jour de retard", "1 day late"),
        ("days_left", datetime(2026, 11, 24, 23, 30, tzinfo=UTC), "demain", "tomorrow"),
    ],
)
def test_a_value_is_written_for_its_reader(source, value, french, english):
    with clock.at(NOON):
        for language, expected in (("fr", french), ("en", english)):
            with override(language):
                assert rendered(f"{{{{ value|{source} }}}}", value=value) == expected


def test_an_icon_is_drawn_and_an_unknown_one_fails():
    assert rendered('{% icon "check-lg" %}').startswith('<svg class="es-icon" viewBox="0 0 16 16" aria-hidden="true"')
    with pytest.raises(FileNotFoundError):
        escalier.icon("no-such-icon")


def test_a_state_has_an_icon_and_words_and_words_are_escaped():
    badge = rendered("{% state_badge 'returned' words box=True %}", words="<b>À compléter</b>")
    assert badge.startswith('<span class="es-status is-wait es-status--box"><svg')
    assert badge.endswith("</svg>&lt;b&gt;À compléter&lt;/b&gt;</span>")
    assert rendered("{% status '' 'Draft' %}").startswith('<span class="es-status"><svg')


def test_every_state_of_a_dossier_has_a_look_of_its_own_tone():
    undrawn = [state.value for state in State if look_of(state.value) is NEUTRAL]
    assert undrawn == ["draft"]


@pytest.mark.parametrize(
    ("state", "dates", "marks"),
    [
        ("draft", (), "current next next next next next"),
        ("submitted", ("submitted",), "done current next next next next"),
        ("returned", ("submitted", "returned"), "stopped next next next next next"),
        ("ineligible", ("submitted", "ineligible"), "done stopped next next next next"),
        ("advised", ("submitted", "advised"), "done done current next next next"),
        ("on_reserve", ("submitted", "advised", "on_reserve"), "done done current next next next"),
        ("rejected", ("submitted", "advised", "rejected"), "done done stopped next next next"),
        ("selected", ("submitted", "advised", "selected"), "done done done current next next"),
        ("withdrawn", ("submitted", "withdrawn"), "done stopped next next next next"),
        ("contracted", ("submitted",), "done done done done current next"),
        ("cancelled", ("submitted", "selected", "contracted"), "done done done done stopped next"),
        ("service_fact_verified", (), "done done done done done current"),
        ("paid", (), "done done done done done done"),
        ("closed", (), "done done done done done done"),
    ],
)
def test_the_stairs_show_where_a_dossier_stands(state, dates, marks):
    steps = climb(state, dict.fromkeys(dates, date(2026, 11, 24)), {})
    assert " ".join(step.mark for step in steps) == marks
    assert reached(state, dict.fromkeys(dates, date(2026, 11, 24))) == marks.split().count("done")


def test_the_stairs_say_dates_and_what_is_expected():
    with override("en"):
        page = rendered(
            "{% stairs 'submitted' dates expected next_date %}",
            dates={"submitted": date(2026, 11, 24)},
            expected={"advised": "spring 2027", "selected": date(2027, 5, 4)},
            next_date=date(2027, 3, 1),
        )
    assert page.count("<li") == 6
    assert (
        'aria-current="step"><span class="es-stairs__label">Advised</span><span class="es-stairs__date">spring' in page
    )
    assert '<span class="es-stairs__date">4 May 2027</span>' in page
    assert page.endswith("Step 2 of 6: <strong>Advised</strong>. Next date: 1 March 2027.</p>")


def test_a_stop_says_why_and_since_when():
    with override("fr"):
        page = rendered(
            "{% stairs 'rejected' dates %}",
            dates=dict.fromkeys(("submitted", "advised", "rejected"), date(2026, 11, 24)),
        )
    assert (
        'is-stopped"><span class="es-stairs__label">Sélectionné</span><span class="es-stairs__date">Non retenu, 24'
        in page
    )
    assert "<strong>Sélectionné</strong> (Non retenu, 24 nov. 2026)." in page


def test_the_small_stairs_count_the_steps():
    with override("en"):
        page = rendered("{% ministairs 'advised' %}")
    assert (page.count('class="is-done"'), page.count('class="is-current"')) == (2, 1)
    assert page.endswith("2/6</span></span>")


def test_empty_facts_are_left_out():
    assert rendered("{% facts pairs %}", pairs=[("A", "1"), ("B", None), ("C", ""), ("D", 0)]) == (
        '<dl class="es-facts"><dt>A</dt><dd>1</dd><dt>D</dt><dd>0</dd></dl>'
    )


def test_a_document_whose_reading_is_logged_is_asked_by_post():
    page = rendered("{% document_list documents %}", documents=[{"name": "RIB", "url": "/d/1", "post": True}])
    assert '<form method="post" action="/d/1"' in page
    assert "<a " not in page


@pytest.mark.parametrize(
    ("name", "context", "expected"),
    [
        (
            "empty",
            {"title": "No dossier", "text": "None.", "url": "/x", "action": "Clear"},
            '<a class="btn btn-secondary" href="/x">',
        ),
        ("note", {"text": "Soon", "tone": "wait", "url": "/x", "link": "More"}, '<div class="es-note is-wait">'),
        ("finding", {"text": "Excluded", "tone": "bad"}, '<div class="es-finding is-bad">'),
        ("reconcile", {"gap": Decimal(0), "text": "equal"}, "<strong>Gap: €0.00</strong>"),
        ("reconcile", {"gap": Decimal(-10), "text": "lacks"}, '<div class="es-reconcile is-off es-gap">'),
        ("money_cell", {"amount": Decimal(5), "label": "Eligible"}, 'data-label="Eligible">€5.00</td>'),
        ("task", {"title": "Budget", "mark": "locked", "url": "/x"}, '<span class="es-tasks__title">Budget</span>'),
        (
            "views",
            {"label": "Views", "views": [{"label": "All", "url": "/x", "here": True, "count": 0}]},
            '<span class="es-count">0</span>',
        ),
        ("figures", {"figures": [{"name": "Grant", "value": "€5", "note": ""}]}, "<dt>Grant</dt><dd>€5</dd>"),
        ("next_step", {"who": "The mayor", "why": "You are not a signatory."}, "You are not a signatory."),
        (
            "next_step",
            {"url": "/x", "button": "Sign", "by": date(2026, 11, 25)},
            '<time datetime="2026-11-25">25 November 2026</time>, tomorrow',
        ),
        ("breadcrumb", {"trail": [("Dossiers", "/x")], "here": "42"}, 'aria-current="page">42</li>'),
        (
            "head",
            {"title": "Portal", "over": "", "state": "paid", "state_words": "Paid"},
            "es-status is-done es-status--box",
        ),
    ],
)
def test_a_component_draws_what_it_is_given(name, context, expected):
    with clock.at(NOON), override("en"):
        assert expected in rendered(f'{{% include "components/{name}.html" %}}', **context)
