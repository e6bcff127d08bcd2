"""Floor 0: the application `kit`."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "kit"

    def ready(self) -> None:
        from kit.checks import register_checks  # models are loaded only now

        register_checks()
