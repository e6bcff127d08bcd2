"""Floor 2: the application `people`."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"
