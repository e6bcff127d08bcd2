"""The frame of every write: who acts, in one transaction, and a plain answer when the rows are taken.

    @action("dossier.select")
    def select(*, dossier: Dossier, decision: Decision, by: Actor) -> Award: ...

The frame checks the role (does any role of `by` grant this act at all?) before it opens the transaction; the
body locks, then asks `permit(by, name, obj)` about the object itself.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, transaction

from kit.actors import SystemActor
from kit.errors import Busy, NotAllowed
from kit.locks import is_busy, one_order
from people.models import Person, standing
from people.permissions import permit
from people.permissions.table import ACTIONS as NAMES

P = ParamSpec("P")
R = TypeVar("R")

ACTIONS: dict[str, list[Callable[..., Any]]] = {}
_acting: ContextVar[tuple[str, ...]] = ContextVar("acting", default=())


def action(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a keyword-only function, with a parameter `by`, the act `name` of the permission page.

    The act raises `NotAllowed` when `by` is nobody, is no longer active, or has no role for it, and `Busy` when
    another transaction holds its rows. An act called by another joins its transaction.
    Raises `LookupError` and `TypeError` at import for an unknown name or a function of another form.
    """
    if name not in NAMES:
        raise LookupError(f"{name!r} does not stand on the permission page.")

    def frame(function: Callable[P, R]) -> Callable[P, R]:
        _check_form(function)

        @functools.wraps(function)
        def act(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{function.__qualname__}() takes keyword arguments only.")
            _check_actor(kwargs.get("by"), name)
            token = _acting.set((*_acting.get(), name))
            try:
                return _in_transaction(function, kwargs)
            finally:
                _acting.reset(token)

        act.action_name = name  # type: ignore[attr-defined]
        ACTIONS.setdefault(name, []).append(act)
        return act

    return frame


def in_action() -> bool:
    """Whether an action, or the exempt bulk maker, is running here: the only places that write."""
    return bool(_acting.get())


def acting() -> tuple[str, ...]:
    """The names of the acts under way here, the outermost first."""
    return _acting.get()


def as_person(by: Any) -> Person:
    """`by`, where the act's row names a person. Raises `NotAllowed` for a part of the product."""
    if not isinstance(by, Person):
        raise NotAllowed
    return by


@contextmanager
def exempt_bulk_write() -> Iterator[None]:
    """The one exemption by name: the bulk maker of synthetic dossiers, after which every `verify_…` must pass."""
    token = _acting.set((*_acting.get(), "bulk"))
    try:
        with transaction.atomic():
            yield
    finally:
        _acting.reset(token)


def _check_form(function: Callable[..., Any]) -> None:
    parameters = inspect.signature(function).parameters
    if "by" not in parameters or any(p.kind is not p.KEYWORD_ONLY for p in parameters.values()):
        raise TypeError(f"{function.__qualname__}() must take keyword arguments only, `by` among them.")


def _check_actor(by: Any, name: str) -> None:
    if not isinstance(by, Person | SystemActor) or (isinstance(by, Person) and by.pk is None):
        raise NotAllowed
    permit(by, name)


def _in_transaction(function: Callable[..., R], kwargs: dict[str, Any]) -> R:
    # An inner act needs no savepoint: when it fails, the act that called it fails as a whole.
    inner = len(_acting.get()) > 1
    try:
        with transaction.atomic(savepoint=not inner), one_order():
            return function(**kwargs)
    except OperationalError as error:
        standing.changed()
        if is_busy(error):
            raise Busy from error
        raise
    except BaseException:
        # What the failed act had given was rolled back: nobody keeps it in memory.
        standing.changed()
        raise
