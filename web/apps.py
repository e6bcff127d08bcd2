"""Floor 7: the application `web`."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "web"
