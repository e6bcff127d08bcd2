"""State machines on one page each: states, transitions, who may, what is needed.

A lifecycle page is an abstract model with a `StateField` and `@transition` methods; the thin model inherits it,
and buttons, diagrams, checks and documentation are derived from it. The machine is named by its model's label,
such as `grants.Dossier`; a requirement is named there and bound by the app that can compute it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from inspect import unwrap
from typing import Any

import django_fsm as fsm
from django.db import models
from django.utils.translation import gettext as _t

from kit.errors import Unmet
from kit.statefield import StateField

__all__ = [
    "Requirement",
    "StateField",
    "Transition",
    "allowed_now",
    "bind",
    "bound_names",
    "machines",
    "markdown",
    "mermaid",
    "missing",
    "require",
    "requirement",
    "state_check",
    "state_field",
    "transition",
    "transitions_of",
]

Requirement = Callable[..., Iterator[str]]


@dataclass(frozen=True)
class Transition:
    """One arrow family of a machine: the same act, from `sources` to `target`, on the same conditions."""

    name: str
    sources: tuple[str, ...]
    target: str
    needs: tuple[str, ...]
    actor: str
    doc: str
    label: Any = ""


_bound: dict[str, dict[str, Requirement]] = {}


def transition(
    field: Any,
    *,
    source: Any,
    target: Any,
    needs: Iterable[str] = (),
    actor: str = "",
    label: Any = "",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a method as the move from `source` (a state or a list of them) to `target`.

    `needs` names requirements, `actor` says who acts, for the reader; `label` is the verb on the button.
    The same method may carry several of these, from different sources on different conditions.
    Calling the method from another state raises `Unmet`; it checks no requirement itself: `require` does.
    """
    custom = {"needs": tuple(needs), "actor": actor, "label": label}
    sources = list(source) if isinstance(source, list | tuple | set | frozenset) else [source]

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        moved = fsm.transition(field, source=[str(state) for state in sources], target=str(target), custom=custom)(
            method
        )

        @wraps(moved)
        def move(self: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                return moved(self, *args, **kwargs)
            except fsm.TransitionNotAllowed as error:
                raise Unmet([_not_from_here(self, method.__name__)]) from error

        return move

    return decorate


def bind(machine: str, name: str, function: Requirement) -> Requirement:
    """Give the requirement `name` of `machine` its function, in the `ready()` of the app that can compute it.

    `function(obj, **context)` yields a translated sentence for each thing that is missing.
    Raises `ValueError` when another function already answers to that name.
    """
    known = _bound.setdefault(machine, {})
    if known.get(name, function) is not function:
        raise ValueError(f"The requirement {name} of {machine} is bound twice.")
    known[name] = function
    return function


def requirement(machine: str, name: str = "") -> Callable[[Requirement], Requirement]:
    """Decorator form of `bind`; the name is the function's own unless given."""
    return lambda function: bind(machine, name or function.__name__, function)


def bound_names(machine: str) -> set[str]:
    """The requirements of `machine` that have a function."""
    return set(_bound.get(machine, ()))


def bound_machines() -> set[str]:
    """The machines for which something is bound, whether or not such a model exists."""
    return {machine for machine, names in _bound.items() if names}


def missing(obj: Any, transition_name: str, **context: Any) -> list[str]:
    """All that is missing before `obj` can make the transition, each a sentence to act on; empty when it can.

    When the state itself forbids it, that is the only answer: the other conditions mean nothing there.
    Raises `LookupError` for an unknown transition or an unbound requirement (both also found by a check).
    """
    found = _transition_from(obj, transition_name)
    if found is None:
        return [_not_from_here(obj, transition_name)]
    machine = obj._meta.label
    sentences: list[str] = []
    for name in found.custom.get("needs", ()):
        if name not in _bound.get(machine, {}):
            raise LookupError(f"The requirement {name} of {machine} is bound to no function.")
        sentences.extend(str(sentence) for sentence in _bound[machine][name](obj, **context))
    return sentences


def require(obj: Any, transition_name: str, **context: Any) -> None:
    """Raise `Unmet` with everything that is missing, or return."""
    sentences = missing(obj, transition_name, **context)
    if sentences:
        raise Unmet(sentences)


def allowed_now(obj: Any, transition_name: str) -> bool:
    """Whether the state of `obj` has this transition at all: which buttons a page considers."""
    return _transition_from(obj, transition_name) is not None


def state_field(model: type[models.Model]) -> StateField | None:
    """The state column of `model`, or `None` when it is no machine."""
    return next((field for field in model._meta.concrete_fields if isinstance(field, StateField)), None)


def machines() -> list[type[models.Model]]:
    """Every installed model that is a state machine, by label."""
    from django.apps import apps  # the registry is not ready when the models that import this page are loaded

    found = [model for model in apps.get_models() if state_field(model) is not None]
    return sorted(found, key=lambda model: model._meta.label)


def transitions_of(model: type[models.Model]) -> list[Transition]:
    """The machine of `model` as data, in the order of its page: for buttons, diagrams, documentation."""
    field = state_field(model)
    if field is None:
        return []
    order = _states(field)
    found = []
    for name, method in field.transitions.get(model, {}).items():
        doc = " ".join((method.__doc__ or "").split("\n\n")[0].split())
        families: dict[tuple[Any, ...], list[str]] = {}
        labels: dict[tuple[Any, ...], Any] = {}
        for move in method._django_fsm.transitions.values():
            family = (move.target, move.custom.get("needs", ()), move.custom.get("actor", ""))
            families.setdefault(family, []).append(move.source)
            labels[family] = move.custom.get("label", "")
        for family, sources in families.items():
            target, needs, actor = family
            ordered = tuple(sorted(sources, key=lambda state: order.get(state, len(order))))
            found.append(Transition(name, ordered, target, needs, actor, doc, labels[family]))
    line = {name: unwrap(method).__code__.co_firstlineno for name, method in field.transitions.get(model, {}).items()}
    return sorted(found, key=lambda item: (line[item.name], order.get(item.sources[0], 0)))


def state_check(choices: type[models.TextChoices], *, name: str, field: str = "state") -> models.CheckConstraint:
    """The CHECK that keeps the column among its states: neither constructor nor `update()` asks the field."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": list(choices.values)}), name=name)


def markdown(model: type[models.Model]) -> str:
    """The machine of `model` as two markdown tables, states and transitions: generated documentation."""
    field = _field_of(model)
    lines = ["| state | label | end |", "|---|---|---|"]
    for state, label in field.flatchoices:
        lines.append(f"| `{state}` | {label} | {'yes' if state in field.terminal else ''} |")
    lines += ["", "| act | from | to | actor | needs | meaning |", "|---|---|---|---|---|---|"]
    for item in transitions_of(model):
        sources = ", ".join(f"`{state}`" for state in item.sources)
        needs = ", ".join(f"`{name}`" for name in item.needs)
        lines.append(f"| `{item.name}` | {sources} | `{item.target}` | {item.actor} | {needs} | {item.doc} |")
    return "\n".join(lines) + "\n"


def mermaid(model: type[models.Model]) -> str:
    """The machine of `model` as a Mermaid state diagram."""
    field = _field_of(model)
    lines = ["stateDiagram-v2", f"    [*] --> {field.get_default()}"]
    for item in transitions_of(model):
        lines += [f"    {source} --> {item.target}: {item.name}" for source in item.sources]
    lines += [f"    {state} --> [*]" for state in field.terminal]
    return "\n".join(lines) + "\n"


def graph_faults(model: type[models.Model]) -> list[str]:
    """What is wrong with the graph of `model`: no single start, a state never reached, a dead end not declared."""
    field = _field_of(model)
    states = set(_states(field))
    start = str(field.get_default())
    if start not in states:
        return [f"its initial state {start!r} is not one of its states"]
    arrows: dict[str, set[str]] = {state: set() for state in states}
    faults = []
    for item in transitions_of(model):
        for state in sorted({*item.sources, item.target} - states):
            faults.append(f"the transition {item.name} names the unknown state {state!r}")
        for source in item.sources:
            arrows.setdefault(source, set()).add(item.target)
    reached, waiting = {start}, [start]
    while waiting:
        onward = arrows[waiting.pop()] - reached
        reached |= onward
        waiting += [state for state in onward if state in arrows]
    faults += [f"the state {state} is never reached from {start}" for state in sorted(states - reached)]
    ends = {state for state in states if not arrows[state] - {state}}
    faults += [
        f"the state {state} is a dead end that is not declared terminal" for state in sorted(ends - set(field.terminal))
    ]
    faults += [f"the terminal state {state} is left by a transition" for state in sorted(set(field.terminal) - ends)]
    return faults


def _field_of(model: type[models.Model]) -> StateField:
    field = state_field(model)
    if field is None:
        raise LookupError(f"{model._meta.label} is not a state machine.")
    return field


def _states(field: StateField) -> dict[str, int]:
    return {str(state): place for place, (state, _label) in enumerate(field.flatchoices)}


def _transition_from(obj: Any, transition_name: str) -> Any:
    field = _field_of(type(obj))
    methods = field.transitions.get(type(obj), {})
    if transition_name not in methods:
        raise LookupError(f"{obj._meta.label} has no transition {transition_name}.")
    return methods[transition_name]._django_fsm.transitions.get(str(field.get_state(obj)))


def _not_from_here(obj: Any, transition_name: str) -> str:
    field = _field_of(type(obj))
    labels = {str(state): str(label) for state, label in field.flatchoices}
    moves = field.transitions[type(obj)][transition_name]._django_fsm.transitions
    state = str(field.get_state(obj))
    sources = sorted(moves, key=lambda source: list(labels).index(source) if source in labels else len(labels))
    return _t("The state is now “{state}”, and this act is possible only from: {sources}. Reload the page.").format(
        state=labels.get(state, state),
        sources=", ".join(_t("“{state}”").format(state=labels.get(source, source)) for source in sources),
    )
