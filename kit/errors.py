"""What an action may answer instead of its result. `str()` of each is a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _t


class EscalierError(Exception):
    """An act that was not done, for a reason its actor can understand."""

    def __init__(self, message: str = "") -> None:
        self.message = message or self.default_message()
        super().__init__(self.message)

    @staticmethod
    def default_message() -> str:
        """The sentence when the raiser gives none."""
        return _t("This could not be done; try again, and write to the programme team if it fails again.")

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(EscalierError):
    """The actor may not do this act on this object."""

    @staticmethod
    def default_message() -> str:
        return _t("Your role does not allow this; ask the programme manager who can do it.")


class Unmet(EscalierError):
    """Requirements that are missing, all of them at once, each a sentence to act on."""

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = [str(sentence) for sentence in missing]
        super().__init__(" ".join(self.missing))

    @staticmethod
    def default_message() -> str:
        return _t("Something is still missing before this can be done.")


class Busy(EscalierError):
    """Another act holds the rows that this one needs."""

    @staticmethod
    def default_message() -> str:
        return _t("Someone else is changing the same thing at this moment; try again in a few seconds.")


class Conflict(EscalierError):
    """What the actor looked at has changed since the page was opened."""

    @staticmethod
    def default_message() -> str:
        return _t("This was changed since you opened the page; reload it, check, and do it again.")


class Refused(EscalierError):
    """Input that an action cannot take. `field` names the form field at fault, if one is."""

    def __init__(self, message: str, field: str | None = None) -> None:
        self.field = field
        super().__init__(message)

    @staticmethod
    def default_message() -> str:
        return _t("This value is not accepted; correct it and send the form again.")
