"""`manage.py flush`: Django's own, for which the append-only triggers step aside: it empties everything."""

from typing import Any

from django.core.management.commands.flush import Command as Flush
from django.db import connections

from records.triggers import removed


class Command(Flush):
    def handle(self, **options: Any) -> None:
        with removed(connections[options["database"]]):
            super().handle(**options)
