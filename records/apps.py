"""Floor 1: the application `records`."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"
