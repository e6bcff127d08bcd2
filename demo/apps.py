"""Floor 8: the application `demo`."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
