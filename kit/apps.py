"""Floor 0: the application `kit`."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "kit"
