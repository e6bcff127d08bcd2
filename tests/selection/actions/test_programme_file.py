"""Loading and dumping a programme file: by the acts of the pages, once, or not at all."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import programmes
from kit import clock
from people.models import Role
from programmes.actions import calls
from programmes.actions.programmes import OPERATORS
from programmes.models import Call, CallState, DecisionBody, FormVersion, MeasureStep, Programme, Underspend
from programmes.rules import programme_file
from programmes.rules.form import Words
from programmes.rules.programme_file import Decided, ProgrammeFile, ProgrammeFileErrors
from programmes.rules.programme_reading import read
from programmes.rules.programme_writing import written
from records.models import JournalEntry
from records.queries.ledger import balance
from selection.actions.programme_file import load
from selection.models import Group
from selection.queries.programme_file import as_file
from tests.world import START, World, fresh

EXAMPLES = sorted(Path(programmes.__path__[0], "examples").glob("*.toml"))
PRAI = Path(programmes.__path__[0], "examples", "prai-midi-pyrenees.toml")


class Office:
    """An empty installation with its administrators, and whoever manages the programme of a file."""

    def __init__(self) -> None:
        self.world = World()

    def loaded(self, file: ProgrammeFile, **options):
        """The programme of the file: created by an administrator, filled by its manager."""
        first = load(file, by=self.world.administrator)
        assert (first.done, first.waits_for_manager) == (["programme"], True)
        self.manager = self.world.give(self.world.person("Pilot"), Role.PROGRAMME_MANAGER, file.programme.code)
        return self.again(file, **options)

    def again(self, file: ProgrammeFile, **options):
        return load(file, by=self.manager, **options)

    def refused(self, file: ProgrammeFile, **options) -> list[tuple[str, str]]:
        before = JournalEntry.objects.count(), as_file(Programme.objects.get())
        with pytest.raises(ProgrammeFileErrors) as error:
            self.again(file, **options)
        assert (JournalEntry.objects.count(), as_file(Programme.objects.get())) == before
        return list(error.value.errors)


@pytest.fixture
def office(db):
    with clock.at(START):
        yield Office()


@pytest.fixture
def prai() -> ProgrammeFile:
    return read(PRAI.read_text(encoding="utf-8"))


def changed(file: ProgrammeFile, **values) -> ProgrammeFile:
    """The file with other values in its first call."""
    return replace(file, calls=(replace(file.calls[0], **values), *file.calls[1:]))


def purse(file: ProgrammeFile, **values) -> ProgrammeFile:
    """The file with other values in the first envelope of its first action."""
    action = file.actions[0]
    envelopes = (replace(action.envelopes[0], **values), *action.envelopes[1:])
    return replace(file, actions=(replace(action, envelopes=envelopes), *file.actions[1:]))


def test_the_file_names_what_the_tables_do():
    assert list(programme_file.BODIES) == DecisionBody.values
    assert list(programme_file.STEPS) == MeasureStep.values
    assert list(programme_file.UNDERSPENDS) == Underspend.values
    assert list(programme_file.GROUPS) == Group.values
    assert programme_file.OPERATORS == OPERATORS


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_is_loaded_once_and_dumped_as_it_stands(office, path):
    text = path.read_text(encoding="utf-8")
    file = read(text)
    loaded = office.loaded(file, publish=True)
    assert written(as_file(loaded.programme)) == text

    entries, versions = JournalEntry.objects.count(), FormVersion.objects.count()
    assert office.again(file, publish=True).done == []
    assert (JournalEntry.objects.count(), FormVersion.objects.count()) == (entries, versions)
    assert Call.objects.filter(state=CallState.PUBLISHED).count() == len(file.calls)


def test_money_goes_through_the_ledger(office, prai):
    office.loaded(prai)
    assert balance("envelope:PRAI-MODELE:7.4") == Decimal("580324.50")


def test_only_an_administrator_creates_and_only_a_manager_fills(office, prai):
    stranger = office.world.person("Stranger")
    with pytest.raises(ProgrammeFileErrors) as error:
        load(prai, by=stranger)
    assert error.value.errors == (
        (
            "programme.code",
            "The programme does not exist yet: an administrator loads its file first, then its manager.",
        ),
    )
    office.loaded(prai)
    assert load(prai, by=office.world.administrator).done == []
    with pytest.raises(ProgrammeFileErrors) as error:
        load(changed(prai, title=Words("Autre")), by=office.world.administrator)
    assert error.value.errors == (("", "Only a manager of the programme changes it: name one with --by."),)


def test_titles_operators_and_the_contact_change(office, prai):
    office.loaded(prai)
    head = replace(prai.programme, title=Words("Autre programme", "Other"), contact_email="autre@example.org")
    action = replace(prai.actions[0], title=Words("Autre action"), operator="ARDESI bis")
    wanted = replace(prai, programme=head, actions=(action, *prai.actions[1:]))
    assert office.again(wanted).done == ["programme", f"actions.{action.code}"]
    assert as_file(Programme.objects.get()) == wanted
    assert office.again(wanted).done == []
    step = replace(prai, actions=(replace(prai.actions[0], step="study"), *prai.actions[1:]))
    assert [key for key, _told in office.refused(step)] == [f"actions.{action.code}.step"]


def test_texts_and_dates_change_while_the_call_is_prepared(office, prai):
    office.loaded(prai)
    later = changed(prai, title=Words("Autre titre"), closes_at=datetime(2029, 6, 1, 15, tzinfo=UTC))
    assert office.again(later).done == ["calls.prai-modele-projets-innovants"]
    assert as_file(Programme.objects.get()) == later


def test_what_applicants_count_on_stays_once_the_call_is_published(office, prai):
    office.loaded(prai, publish=True)
    place = "calls.prai-modele-projets-innovants"
    fixed = "This cannot change once the call is published; the deadline has a page of its own."
    wanted = changed(prai, appeal_days=10, closes_at=datetime(2029, 6, 1, 15, tzinfo=UTC), envelope="7.3")
    assert sorted(office.refused(wanted)) == [
        (f"{place}.appeal_days", fixed),
        (f"{place}.closes_at", fixed),
        (f"{place}.envelope", "This stands as “7.4” and cannot be changed by a file."),
    ]
    other = changed(prai, title=Words("Autre titre"))
    assert office.refused(other) == [
        (f"{place}.reason", "The call is open: give the reason of the change, which is kept.")
    ]
    assert office.again(other, reason="Coquille.").done == [place]


def test_an_envelope_changes_by_another_decision_of_the_steering_committee(office, prai):
    office.loaded(prai)
    code = prai.actions[0].envelopes[0].code
    key = f"actions.{prai.actions[0].code}.envelopes.{code}"
    assert office.refused(purse(prai, amount=Decimal(1))) == [
        (f"{key}.amount", "This stands as “60000.00” and cannot be changed by a file.")
    ]
    decision = Decided("COPIL-2025-01", "steering", prai.decisions[0].taken_on, "Complément.")
    more = purse(replace(prai, decisions=(*prai.decisions, decision)), amount=Decimal(70000), decision="COPIL-2025-01")
    assert office.again(more).done == ["decisions.COPIL-2025-01", f"{key}.amount"]
    assert balance(f"envelope:PRAI-MODELE:{code}") == Decimal(70000)
    assert office.again(more).done == []


def test_a_rule_that_was_decided_stays_and_a_later_one_follows(office, prai):
    office.loaded(prai)
    action = prai.actions[0]
    (rule,) = action.aid_rules

    def ruled(*rules) -> ProgrammeFile:
        return replace(prai, actions=(replace(action, aid_rules=rules), *prai.actions[1:]))

    assert office.refused(ruled(replace(rule, rate=Decimal("0.6")))) == [
        (
            f"actions.{action.code}.aid_rules.2025-01-01.rate",
            "This stands as “0.5000” and cannot be changed by a file.",
        )
    ]
    later = ruled(rule, replace(rule, rate=Decimal("0.6"), valid_from=rule.valid_from.replace(year=2028)))
    assert office.again(later).done == [f"actions.{action.code}.aid_rules.2028-01-01"]
    earlier = ruled(replace(rule, valid_from=rule.valid_from.replace(year=2024)), *later.actions[0].aid_rules)
    assert [key for key, _told in office.refused(earlier)] == [f"actions.{action.code}.aid_rules.2024-01-01.valid_from"]


def test_a_grid_that_changes_is_approved_again_and_a_form_gets_its_next_version(office, prai):
    office.loaded(prai, publish=True)
    call = prai.calls[0]
    marks = replace(call.grid, criteria=call.grid.criteria[:-1])
    shorter = replace(call.form, sections=call.form.sections[:-1])
    wanted = changed(prai, grid=marks, form=shorter)
    place = f"calls.{call.slug}"
    assert office.again(wanted).done == [f"{place}.form", f"{place}.grid", f"{place}.grid.decision"]
    assert [version.published_at is None for version in Call.objects.get().form_versions.order_by("number")] == [
        False,
        True,
    ]
    assert office.again(wanted).done == []


def test_all_that_is_refused_is_told_and_nothing_is_kept(office, prai):
    load(prai, by=office.world.administrator)
    office.manager = office.world.give(office.world.person("Pilot"), Role.PROGRAMME_MANAGER, prai.programme.code)
    future = replace(prai.decisions[0], taken_on=prai.decisions[0].taken_on.replace(year=2031))
    wanted = replace(prai, decisions=(future,), programme=replace(prai.programme, illustrative=False))
    assert office.refused(wanted) == [
        ("programme.illustrative", "This stands as “true” and cannot be changed by a file."),
        (
            "decisions.COPIL-2024-01.taken_on",
            "A decision is recorded once it is taken; this date is in the future.",
        ),
    ]


def test_a_call_that_lacks_something_is_not_published(office, prai):
    wanted = changed(prai, grid=None)
    office.loaded(wanted)
    assert office.refused(wanted, publish=True) == [
        (f"calls.{prai.calls[0].slug}.published", "The call has no scoring grid: write its criteria.")
    ]


def test_what_the_file_does_not_hold_stays(office, prai):
    office.loaded(prai)
    assert office.again(replace(prai, calls=(), committees=(), actions=prai.actions[:1])).done == []
    assert as_file(Programme.objects.get()) == prai


def test_a_published_call_is_dumped_as_one_in_preparation_was(office, prai):
    office.loaded(prai)
    before = written(as_file(Programme.objects.get()))
    calls.publish_call(call=Call.objects.get(), by=office.manager)
    assert fresh(Call.objects.get()).state == CallState.PUBLISHED
    assert written(as_file(Programme.objects.get())) == before
