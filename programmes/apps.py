"""Floor 3: the application `programmes`."""

from django.apps import AppConfig
from django.core.checks import register


class ProgrammesConfig(AppConfig):
    name = "programmes"

    def ready(self) -> None:
        """Bind what this floor computes of a call's requirements, and check that the rest is bound above."""
        from programmes import requirements  # reads models, which are loaded only now

        requirements.bind_own()
        register(requirements.check_bindings)
