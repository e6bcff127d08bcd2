"""Floor 6: the application `monitoring`."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"
