"""What must be true before a call is published: named here, computed here or by the floor that can.

As for the lifecycles, each function yields a sentence for whatever is missing; a system check fails when a name
has no function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.utils.translation import gettext as _t

from kit import clock
from kit.errors import Unmet
from programmes.models import Call
from programmes.rules import deadlines
from programmes.rules.form import BUDGET

CallRequirement = Callable[[Call], Iterator[str]]

NAMES = ("closes_later", "rule_in_force", "grid_approved", "budget_asked")
_bound: dict[str, CallRequirement] = {}


def bind_call_requirement(name: str, function: CallRequirement) -> CallRequirement:
    """Give the requirement `name` of publication its function, when the app that computes it starts.

    Raises `LookupError` for a name that publication does not ask for, `ValueError` for one that is bound otherwise.
    """
    if name not in NAMES:
        raise LookupError(f"Publishing a call does not require {name}.")
    if _bound.setdefault(name, function) is not function:
        raise ValueError(f"The requirement {name} of a call is bound twice.")
    return function


def missing_for_publication(call: Call) -> list[str]:
    """All that is missing before `call` can be published, each a sentence to act on."""
    return [sentence for name in NAMES for sentence in _bound[name](call)]


def require_publication(call: Call) -> None:
    """Raise `Unmet` with everything that is missing, or return."""
    sentences = missing_for_publication(call)
    if sentences:
        raise Unmet(sentences)


def closes_later(call: Call) -> Iterator[str]:
    """A call that nobody could answer is not published."""
    if not deadlines.before(clock.now(), call.closes_at):
        yield _t("The call closes in the past; choose a later closing date.")


def rule_in_force(call: Call) -> Iterator[str]:
    """Applicants read on the call how the grant is computed (R20)."""
    closing_day = call.closes_at.astimezone(clock.PARIS).date()
    if not call.measure.aid_rules.in_force(closing_day).exists():
        yield _t("No aid rule is in force for action {measure} on the closing date; set one first.").format(
            measure=call.measure.code
        )


def budget_asked(call: Call) -> Iterator[str]:
    """Nothing is filed without a financing plan (R14): the form asks for it."""
    version = call.form_versions.order_by("-number").first()
    if version is None or version.form.part(BUDGET) is None:
        yield _t("The form has no part for the budget, without which nothing can be filed: add it.")


def bind_own() -> None:
    """Called once, when the app is ready."""
    bind_call_requirement("closes_later", closes_later)
    bind_call_requirement("rule_in_force", rule_in_force)
    bind_call_requirement("budget_asked", budget_asked)


def check_bindings(app_configs: Any = None, **_options: Any) -> list[CheckMessage]:
    """The system check: every requirement of publication has a function."""
    hint = "Call programmes.requirements.bind_call_requirement in ready() of the app that computes it."
    return [
        Error(f"No application binds the requirement {name} of a call.", hint=hint, id="programmes.E001")
        for name in NAMES
        if name not in _bound
    ]
