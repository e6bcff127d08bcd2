"""Floor 5: the application `selection`."""

from django.apps import AppConfig


class SelectionConfig(AppConfig):
    name = "selection"
