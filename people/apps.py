"""Floor 2: the application `people`."""

from django.apps import AppConfig
from django.core.checks import register


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        """Check at start that every relation of the permission page has an application to answer for it."""
        from people.permissions.check import check_bindings

        register(check_bindings)
