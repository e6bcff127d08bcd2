"""The column of a state machine: moved by its transitions, by nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_fsm as fsm
from django.db import models

LOADING = "_state_is_loading"


class StateAttribute(fsm.FSMFieldDescriptor):
    """Refuses assignment once the object is built, except while the row itself is read from the database."""

    def __set__(self, instance: Any, value: Any) -> None:
        name = self.field.name
        if name in instance.__dict__:
            # Model.clean_fields() assigns what it has just read.
            open_ = instance.__dict__.get(LOADING) or instance.__dict__[name] == value
        else:
            # The constructor runs before the object knows its database; later, only a deferred load sets it.
            open_ = instance.__dict__.get(LOADING) or instance._state.adding
        if not open_:
            raise AttributeError(f"{type(instance).__name__}.{name} is moved by its transitions only.")
        self.field.set_state(instance, value)


class StateField(fsm.FSMField):
    """A state, protected per instance.

    The library protects by a flag on the field, which all threads share, and `refresh_from_db()` drops it for
    all of them; here the flag is on the one object that is being read. `terminal` names the states that end
    the machine's life; `default` is the one initial state.
    """

    descriptor_class = StateAttribute

    def __init__(self, *args: Any, terminal: Iterable[str] = (), **kwargs: Any) -> None:
        self.terminal = tuple(str(state) for state in terminal)
        if "default" in kwargs:
            # The bare value, so that a stored state and a fresh one compare and print alike.
            kwargs["default"] = str(kwargs["default"])
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("protected", None)
        return name, path, args, kwargs

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, private_only=private_only, **kwargs)
        _open_while_refreshing(cls)


def _open_while_refreshing(cls: type[models.Model]) -> None:
    """Let `refresh_from_db()`, which also loads deferred columns, set the state of the object that it reads."""
    if getattr(cls.refresh_from_db, "opens_state", False):
        return
    own = cls.__dict__.get("refresh_from_db")

    def refresh_from_db(self: Any, *args: Any, **kwargs: Any) -> None:
        outer = self.__dict__.get(LOADING, False)
        self.__dict__[LOADING] = True
        try:
            if own is not None:
                own(self, *args, **kwargs)
            else:
                super(cls, self).refresh_from_db(*args, **kwargs)
        finally:
            self.__dict__[LOADING] = outer
            if not outer:
                del self.__dict__[LOADING]

    refresh_from_db.opens_state = True  # type: ignore[attr-defined]
    refresh_from_db.alters_data = False  # type: ignore[attr-defined]
    cls.refresh_from_db = refresh_from_db  # type: ignore[method-assign]
