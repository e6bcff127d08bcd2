"""Floor 3: the application `programmes`."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
