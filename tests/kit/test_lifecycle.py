"""State machines: a small one of a door, and the faults that a page may have."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps
from django.utils import translation

from kit import lifecycle
from kit.checks import check_machine
from kit.errors import Unmet
from kit.lifecycle import StateField, Transition, bind, missing, require, transition, transitions_of


class State(models.TextChoices):
    OPEN = "open", "Open"
    SHUT = "shut", "Shut"
    GONE = "gone", "Gone"


def door(**kinds):
    """A machine of a door; `kinds` replaces arguments of its state field."""

    class Door(models.Model):
        state = StateField(**{"choices": State.choices, "default": State.OPEN, "terminal": [State.GONE], **kinds})
        note = models.CharField(max_length=10, default="", blank=True)

        class Meta:
            app_label = "kit"
            constraints = (lifecycle.state_check(State, name="door_state"),)

        @transition(
            state, source=State.OPEN, target=State.SHUT, needs=["quiet", "dry"], actor="porter", label="Shut it"
        )
        def shut(self):
            """Close it for the night.

            And more that no table shows.
            """

        @transition(state, source=State.OPEN, target=State.GONE)
        @transition(state, source=State.SHUT, target=State.GONE, needs=["dry"])
        def remove(self):
            """Take it away."""

    return Door


@pytest.fixture
def machine(monkeypatch):
    monkeypatch.setattr(lifecycle, "_bound", {})
    with isolate_apps("kit"):
        yield door()


@pytest.fixture
def stored(machine, db):
    sql, _parameters = connection.SchemaEditorClass(connection).table_sql(machine)
    with connection.cursor() as cursor:  # the end of the test rolls the table back
        cursor.execute(sql)
    return machine


def test_the_page_is_data(machine):
    assert transitions_of(machine) == [
        Transition("shut", ("open",), "shut", ("quiet", "dry"), "porter", "Close it for the night.", "Shut it"),
        Transition("remove", ("open",), "gone", (), "", "Take it away."),
        Transition("remove", ("shut",), "gone", ("dry",), "", "Take it away."),
    ]


def test_the_page_is_documentation(machine):
    assert "| `shut` | `open` | `shut` | porter | `quiet`, `dry` | Close it for the night. |" in lifecycle.markdown(
        machine
    )
    assert "| `gone` | Gone | yes |" in lifecycle.markdown(machine)
    assert lifecycle.mermaid(machine).splitlines()[:3] == [
        "stateDiagram-v2",
        "    [*] --> open",
        "    open --> shut: shut",
    ]


def test_the_state_is_moved_by_its_transitions_only(machine):
    item = machine()
    item.state = "open"
    with pytest.raises(AttributeError, match="transitions only"):
        item.state = "shut"
    item.shut()
    assert item.state == "shut"


def test_a_move_that_the_state_forbids_says_so(machine):
    item = machine(state="gone")
    with translation.override("en"), pytest.raises(Unmet) as refusal:
        item.shut()
    assert refusal.value.missing == [
        "The state is now “Gone”, and this act is possible only from: “Open”. Reload the page."
    ]
    assert item.state == "gone"
    assert lifecycle.allowed_now(item, "shut") is False


def test_reading_the_row_again_sets_the_state_and_nothing_else_does(stored):
    item = stored.objects.create()
    assert stored.objects.filter(pk=item.pk).update(state="shut") == 1
    item.refresh_from_db()
    assert item.state == "shut"
    with pytest.raises(AttributeError):
        item.state = "open"
    item.full_clean()


def test_a_deferred_state_is_loaded_and_protected(stored):
    stored.objects.create()
    item = stored.objects.defer("state").get()
    with pytest.raises(AttributeError):
        item.state = "gone"
    assert item.state == "open"
    item = stored.objects.defer("state").get()
    item.shut()
    item.save()
    assert stored.objects.get().state == "shut"
    partly = stored.objects.get()
    partly.refresh_from_db(fields=["note"])
    assert (partly.state, lifecycle.StateField.__name__) == ("shut", "StateField")


def test_all_that_is_missing_is_told_at_once(machine):
    def quiet(obj, *, hour, **_):
        yield f"It is {hour} o'clock."
        yield "The band still plays."

    bind("kit.Door", "quiet", quiet)
    bind("kit.Door", "dry", lambda obj, **_: iter(["Rain."]))
    assert missing(machine(), "shut", hour=10) == ["It is 10 o'clock.", "The band still plays.", "Rain."]
    assert missing(machine(), "remove") == []
    assert missing(machine(state="shut"), "remove") == ["Rain."]
    with pytest.raises(Unmet) as refusal:
        require(machine(), "shut", hour=9)
    assert len(refusal.value.missing) == 3
    require(machine(), "remove")


def test_an_unbound_or_doubly_bound_requirement_is_an_error(machine):
    with pytest.raises(LookupError):
        missing(machine(), "shut")
    with pytest.raises(LookupError):
        missing(machine(), "dance")

    @lifecycle.requirement("kit.Door")
    def dry(obj, **_):
        yield from ()

    assert bind("kit.Door", "dry", dry) is dry
    with pytest.raises(ValueError):
        bind("kit.Door", "dry", lambda obj: iter(()))


def test_checks_find_missing_and_surplus_names(machine):
    bind("kit.Door", "quiet", lambda obj: iter(()))
    bind("kit.Door", "tall", lambda obj: iter(()))
    assert [(fault.id, fault.msg) for fault in check_machine(machine)] == [
        ("kit.E001", "kit.Door needs dry, which no app binds."),
        ("kit.E002", "tall is bound for kit.Door, which names no such requirement."),
    ]


@pytest.mark.parametrize(
    "kinds, faults",
    [
        ({}, []),
        ({"terminal": []}, ["the state gone is a dead end that is not declared terminal"]),
        ({"terminal": ["gone", "shut"]}, ["the terminal state shut is left by a transition"]),
        ({"default": "shut"}, ["the state open is never reached from shut"]),
        ({"default": "ajar"}, ["its initial state 'ajar' is not one of its states"]),
        (
            {"choices": [*State.choices, ("lost", "Lost")], "terminal": ["gone", "lost"]},
            ["the state lost is never reached from open"],
        ),
        ({"choices": State.choices[:2], "terminal": []}, ["the transition remove names the unknown state 'gone'"] * 2),
    ],
)
@isolate_apps("kit")
def test_a_faulty_graph_is_told(kinds, faults):
    assert lifecycle.graph_faults(door(**kinds)) == faults


@isolate_apps("kit")
def test_what_is_no_machine_has_no_page():
    class Stone(models.Model):
        class Meta:
            app_label = "kit"

    assert transitions_of(Stone) == []
    with pytest.raises(LookupError):
        lifecycle.markdown(Stone)


@pytest.mark.django_db
def test_the_database_knows_the_states(stored):
    with pytest.raises(IntegrityError), transaction.atomic():
        stored.objects.create(state="ajar")
