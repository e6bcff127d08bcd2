"""The examples that ship with the product: each is loaded on an empty database, published, and applied to."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import programmes
from grants.actions import drafting, submission
from grants.lifecycle import State
from grants.models import ResourceKind
from kit import clock
from people.models import Role
from programmes.models import Call
from programmes.queries import current_form
from programmes.rules import form
from programmes.rules.answers import asked_pieces, shown
from programmes.rules.programme_file import Opening, ProgrammeFile
from programmes.rules.programme_reading import read
from selection.actions.programme_file import load
from tests.world import START, World, fresh, pdf

FILES = {
    path.stem: read(path.read_text(encoding="utf-8"))
    for path in sorted(Path(programmes.__path__[0], "examples").glob("*.toml"))
}
CALLS = [(name, opening.slug) for name, file in FILES.items() for opening in file.calls]
DAYS = (date(2029, 9, 1), date(2030, 6, 30))


def opening_of(file: ProgrammeFile, slug: str) -> Opening:
    return next(call for call in file.calls if call.slug == slug)


def filing_day(opening: Opening) -> datetime:
    """Now, or the opening of a call that is not open yet."""
    return max(START, opening.opens_at)


def one(question: form.Field | form.Column, wanted: set[str]) -> str:
    """An answer to a question that is no table; of several, one on which others hang."""
    if question.kind in (form.CHOICE, form.YES_NO):
        known = [option.code for option in question.choices] or [form.YES, form.NO]
        return next((code for code in known if code in wanted), known[0])
    least = getattr(question, "least", None)
    return {
        form.LINE: "Une réponse",
        form.LONG: "Une réponse en quelques mots.",
        form.EMAIL: "equipe@example.org",
        form.NUMBER: str(least if least is not None else 12),
        form.AMOUNT: "1234.50",
        form.LOCATION: "31555",
        form.DATE: (DAYS[1] if getattr(question, "after", "") else DAYS[0]).isoformat(),
    }[question.kind]


def answers(section: form.Section, asked: form.Form) -> dict[str, Any]:
    """An answer to each question that is shown, such that as many as can be are."""
    conditions = [item.shown_when for part in asked for item in (*part.fields, *part.pieces) if item.shown_when]
    given: dict[str, Any] = {}
    for question in section.fields:
        if question not in shown(section, {section.code: given}):
            continue
        if question.kind == form.TABLE:
            given[question.code] = [{column.code: one(column, set()) for column in question.columns}] * 2
        else:
            wanted = {value for item in conditions if item.field == question.code for value in item.values}
            given[question.code] = one(question, wanted)
    return given


@pytest.fixture
def office(db) -> Iterator[World]:
    with clock.at(START):
        yield World()


def published(office: World, file: ProgrammeFile) -> None:
    load(file, by=office.administrator)
    manager = office.give(office.person("Pilot"), Role.PROGRAMME_MANAGER, file.programme.code)
    load(file, by=manager, publish=True)


@pytest.mark.parametrize(("name", "slug"), CALLS, ids=[slug for _name, slug in CALLS])
def test_an_application_is_filed_with_every_question_answered(office, name, slug):
    file, opening = FILES[name], opening_of(FILES[name], slug)
    published(office, file)
    town, call = office.town(), Call.objects.get(slug=slug)
    with clock.at(filing_day(opening)):
        dossier = drafting.create_dossier(call=call, applicant=town.organisation, title="Essai", by=town.editor)
        asked = current_form(call).form
        for section in asked:
            if section.fields:
                dossier = drafting.edit_section(
                    dossier=dossier,
                    section=section.code,
                    answers=answers(section, asked),
                    version=dossier.version,
                    by=town.editor,
                )
            for piece in asked_pieces(section, dossier.answers):
                drafting.attach_document(
                    dossier=dossier, upload=pdf(piece.code), kind=piece.code, label="", by=town.editor
                )
                dossier = fresh(dossier)
        submission.submit(dossier=planned(dossier, opening, file, town.editor), by=town.signatory)
    assert fresh(dossier).state == State.SUBMITTED
    assert fresh(dossier).reference.startswith(opening.reference_prefix)


def planned(dossier: Any, opening: Opening, file: ProgrammeFile, by: Any) -> Any:
    """The dossier with a plan that asks for all that the call's rule gives for it."""
    (action,) = (action for action in file.actions if action.code == opening.action)
    (rule,) = action.aid_rules
    requested = rule.ceiling or Decimal(18104)
    cost = requested / rule.rate
    return drafting.set_plan(
        dossier=dossier,
        cost_lines=[{"post": "Site", "supplier": "Web SARL", "cost": cost, "eligible": cost}],
        resources=[
            {"kind": ResourceKind.GRANT, "label": "", "amount": requested},
            {"kind": ResourceKind.OWN, "label": "", "amount": cost - requested},
        ],
        version=dossier.version,
        by=by,
    )


def test_together_they_ask_every_kind_of_question_under_conditions():
    forms = [call.form for file in FILES.values() for call in file.calls]
    questions = [question for asked in forms for section in asked for question in section.fields]
    assert {question.kind for question in questions} == set(form.KINDS)
    assert {column.kind for question in questions for column in question.columns} == set(form.IN_A_CELL)
    assert {section.part for asked in forms for section in asked} == set(form.PARTS)
    assert any(question.shown_when for question in questions)
    assert any(piece.shown_when for asked in forms for piece in asked.pieces)


@pytest.mark.parametrize("name", FILES)
def test_each_is_in_french_and_english_and_open_for_long(name):
    file = FILES[name]
    assert all(call.title.en and call.presentation.en for call in file.calls)
    labels = [item.label for call in file.calls for section in call.form for item in (*section.fields, *section.pieces)]
    assert all(label.en for label in labels)
    assert any(call.opens_at <= START < call.closes_at for call in file.calls)


def test_the_three_differ_in_what_they_ask_of_a_committee():
    research = FILES["recherche-en-deux-temps"].calls
    assert [len(call.grid.criteria) for call in research] == [3, 5]
    small = FILES["petites-aides"].calls[0]
    assert (small.needs_advice, small.scorecards_needed) == (False, 1)
    (action,) = FILES["petites-aides"].actions
    assert action.aid_rules[0].ceiling == Decimal(5000)
