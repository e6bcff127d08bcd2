"""System checks of the house: every machine is a sound graph, and every requirement it names has a function."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from kit import lifecycle


def check_machines(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E001 a requirement without function, E002 the reverse, E003 no such machine, E004 a faulty graph."""
    models = lifecycle.machines()
    faults: list[CheckMessage] = [fault for model in models for fault in check_machine(model)]
    known = {model._meta.label for model in models}
    for machine in sorted(lifecycle.bound_machines() - known):
        faults.append(Error(f"Requirements are bound for {machine}, which is not a state machine.", id="kit.E003"))
    return faults


def check_machine(model: Any) -> list[CheckMessage]:
    """The faults of one machine."""
    label = model._meta.label
    named = {name for item in lifecycle.transitions_of(model) for name in item.needs}
    bound = lifecycle.bound_names(label)
    faults: list[CheckMessage] = []
    for name in sorted(named - bound):
        hint = f'Call kit.lifecycle.bind("{label}", "{name}", function) in ready() of the app that computes it.'
        faults.append(Error(f"{label} needs {name}, which no app binds.", hint=hint, obj=model, id="kit.E001"))
    for name in sorted(bound - named):
        faults.append(Error(f"{name} is bound for {label}, which names no such requirement.", obj=model, id="kit.E002"))
    faults += [Error(f"{label}: {fault}.", obj=model, id="kit.E004") for fault in lifecycle.graph_faults(model)]
    return faults


def register_checks() -> None:
    """Called once, when the app is ready."""
    register(check_machines, Tags.models)
