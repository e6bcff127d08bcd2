# ruff: noqa: DTZ001 - a time on the wall has no zone
"""Calls: prepared, published when all is there, and their deadline moved with a reason."""

from datetime import datetime, timedelta

import pytest

from kit import clock
from kit.errors import Conflict, NotAllowed, Refused, Unmet
from programmes import requirements
from programmes.actions import calls, forms
from programmes.models import Call, CallState
from programmes.queries import announced_calls, past_calls, programmes_of
from programmes.rules.form import BUDGET, Form
from programmes.rules.reference import reference_form
from tests.world import CLOSES, OPENS, START, acts, fresh, last_entry

pytestmark = pytest.mark.usefixtures("staged_staff")


def test_a_call_is_prepared_then_published(world):
    call = world.prepared_call()
    assert (call.state, list(announced_calls(START))) == (CallState.PREPARED, [])

    calls.publish_call(call=call, by=world.manager)

    call = fresh(call)
    assert (call.state, call.published_at) == (CallState.PUBLISHED, START)
    assert list(announced_calls(START)) == [call]
    assert list(past_calls(CLOSES)) == [call]
    assert acts(call)[-1] == "call.published"


def test_a_call_is_published_once(world):
    with pytest.raises(Conflict):
        calls.publish_call(call=world.call(), by=world.manager)


def test_only_the_manager_publishes(world):
    call = world.prepared_call()
    for person in (world.officer, world.secretary, world.administrator, world.person()):
        with pytest.raises(NotAllowed):
            calls.publish_call(call=call, by=person)
    assert fresh(call).state == CallState.PREPARED


def test_all_that_is_missing_is_told_at_once(world):
    call = world.prepared_call(closes_at=START - timedelta(days=1))
    world.measure.aid_rules.update(valid_until=OPENS.date())
    call.grid.criteria.all().delete()

    with pytest.raises(Unmet) as refusal:
        calls.publish_call(call=call, by=world.manager)

    assert requirements.NAMES == ("closes_later", "rule_in_force", "grid_approved", "budget_asked")
    assert refusal.value.missing == requirements.missing_for_publication(call)
    assert len(refusal.value.missing) == 3


def test_every_requirement_of_publication_is_bound():
    assert requirements.check_bindings() == []


def test_a_requirement_is_bound_once_and_under_a_known_name():
    with pytest.raises(ValueError, match="twice"):
        requirements.bind_call_requirement("closes_later", lambda call: iter(()))
    with pytest.raises(LookupError):
        requirements.bind_call_requirement("other", lambda call: iter(()))


@pytest.mark.parametrize(
    "field, value",
    [
        ("slug", "With Capitals"),
        ("slug", "two--hyphens"),
        ("reference_prefix", "small"),
        ("title_fr", ""),
        ("presentation_fr", ""),
        ("opens_at", datetime(2027, 1, 1)),
        ("closes_at", OPENS),
        ("scorecards_needed", 0),
        ("appeal_days", True),
        ("contest_days", 1000),
    ],
)
def test_what_a_call_cannot_be_is_refused_by_field(world, field, value):
    with pytest.raises(Refused) as refusal:
        world.prepared_call(**{field: value})
    assert refusal.value.field == field
    assert not Call.objects.exists()


@pytest.mark.parametrize("field", ["slug", "reference_prefix"])
def test_addresses_and_prefixes_are_taken_once(world, field):
    first = world.prepared_call()
    with pytest.raises(Refused) as refusal:
        world.prepared_call(**{field: getattr(first, field)})
    assert refusal.value.field == field


def test_an_envelope_of_another_action_does_not_pay(world):
    other = calls_measure(world, "7.5")
    with pytest.raises(Refused) as refusal:
        calls.create_call(
            measure=other,
            envelope=world.envelope(),
            slug="x",
            reference_prefix="X1",
            title_fr="X",
            presentation_fr="X",
            opens_at=OPENS,
            closes_at=CLOSES,
            by=world.manager,
        )
    assert refusal.value.field == "envelope"


def test_a_call_in_preparation_changes_freely(world):
    call = world.prepared_call()
    calls.edit_call(call=call, changes={"needs_advice": False, "closes_at": CLOSES, "slug": "new"}, by=world.manager)

    call = fresh(call)
    assert (call.needs_advice, call.slug) == (False, "new")
    assert last_entry(call).data["former"] == {"needs_advice": True, "slug": f"call-{call.reference_prefix[1:]}"}


def test_an_open_call_changes_its_texts_with_a_reason(world):
    call = world.call()
    with pytest.raises(Refused) as refusal:
        calls.edit_call(call=call, changes={"title_fr": "Autre"}, by=world.manager)
    assert refusal.value.field == "reason"

    calls.edit_call(call=call, changes={"title_fr": "Autre"}, reason="A word was missing.", by=world.manager)
    assert (fresh(call).title_fr, last_entry(call).reason) == ("Autre", "A word was missing.")


@pytest.mark.parametrize("field, value", [("closes_at", CLOSES + timedelta(days=1)), ("allows_partial_awards", True)])
def test_what_applicants_count_on_does_not_change(world, field, value):
    call = world.call()
    with pytest.raises(Refused) as refusal:
        calls.edit_call(call=call, changes={field: value}, reason="Because.", by=world.manager)
    assert refusal.value.field == field


@pytest.mark.parametrize("field", ["state", "last_number", "programme", "published_at", "envelope"])
def test_no_other_field_is_set_by_a_form(world, field):
    with pytest.raises(Refused):
        calls.edit_call(call=world.prepared_call(), changes={field: 1}, by=world.manager)


def test_the_deadline_moves_with_a_reason(world):
    call = world.call()
    later = CLOSES + timedelta(days=7)
    calls.change_deadline(call=call, closes_at=later, reason="Elections.", by=world.manager)

    assert fresh(call).closes_at == later
    entry = last_entry(call)
    assert (entry.act, entry.reason) == ("call.deadline_changed", "Elections.")


@pytest.mark.parametrize(
    "field, change",
    [
        ("reason", {"reason": " "}),
        ("closes_at", {"closes_at": START}),
        ("closes_at", {"closes_at": CLOSES}),
        ("closes_at", {"closes_at": datetime(2027, 6, 1)}),
    ],
)
def test_a_deadline_needs_a_reason_and_an_instant_to_come(world, field, change):
    call = world.call()
    given = {"closes_at": CLOSES + timedelta(days=1), "reason": "Elections.", **change}
    with pytest.raises(Refused) as refusal:
        calls.change_deadline(call=call, **given, by=world.manager)
    assert refusal.value.field == field
    assert fresh(call).closes_at == CLOSES


def test_a_call_in_preparation_has_no_deadline_to_move(world):
    with pytest.raises(Refused):
        calls.change_deadline(
            call=world.prepared_call(), closes_at=CLOSES + timedelta(days=1), reason="X.", by=world.manager
        )


def test_a_call_in_preparation_is_seen_by_the_staff_alone(world):
    call = world.prepared_call()
    assert list(Call.objects.visible_to(None)) == []
    assert list(Call.objects.visible_to(world.person())) == []
    assert list(Call.objects.visible_to(world.officer)) == [call]
    with clock.at(START + timedelta(minutes=1)):
        calls.publish_call(call=call, by=world.manager)
    assert list(Call.objects.visible_to(None)) == [call]


def test_programmes_of_a_person_are_those_of_the_role(world):
    programme = world.programme
    assert list(programmes_of(world.manager, "programme_manager")) == [programme]
    assert list(programmes_of(world.manager, "auditor")) == []


def calls_measure(world, code):
    from programmes.actions import programmes

    return programmes.add_measure(
        programme=world.programme, code=code, step="project", title_fr="Autre", by=world.manager
    )


def test_a_form_without_a_budget_is_not_published(world):
    call = world.prepared_call()
    others = tuple(section for section in reference_form() if section.part != BUDGET)
    forms.edit_form(call=call, form=Form(others), by=world.manager)
    sentence = "The form has no part for the budget, without which nothing can be filed: add it."
    with pytest.raises(Unmet) as refusal:
        calls.publish_call(call=call, by=world.manager)
    assert refusal.value.missing == [sentence]

    forms.edit_form(call=call, form=reference_form(), by=world.manager)
    calls.publish_call(call=call, by=world.manager)
    forms.edit_form(call=call, form=Form(others), by=world.manager)
    with pytest.raises(Unmet) as refusal:
        forms.publish_form(call=call, reason="Shorter.", by=world.manager)
    assert refusal.value.missing == [sentence]
