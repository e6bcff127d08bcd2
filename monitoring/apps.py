"""Floor 6: the application `monitoring`."""

from functools import partial

from django.apps import AppConfig

from records.triggers import guard, protect


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self) -> None:
        """Answer for what the floors below only name, and keep the four persons of a payment apart."""
        from grants.queries.next_steps import bind_next_step
        from kit.lifecycle import bind
        from monitoring.models import separation
        from monitoring.queries.next_steps import FINDERS
        from monitoring.requirements import BOUND

        for machine, functions in BOUND.items():
            for name, function in functions.items():
                bind(machine, name, function)
        for state, finder in FINDERS.items():
            bind_next_step(state, finder)
        protect(separation.CHECK)
        for table in separation.TABLES:
            guard(table, partial(separation.made, table=table), partial(separation.taken, table=table))
