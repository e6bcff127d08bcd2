"""Floor 4: the application `grants`."""

from django.apps import AppConfig


class GrantsConfig(AppConfig):
    name = "grants"
