"""Floor 1: the application `records`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    name = "records"

    def ready(self) -> None:
        from records.triggers import install_after_migrate  # app modules are read only now

        post_migrate.connect(install_after_migrate, sender=self)
