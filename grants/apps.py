"""Floor 4: the application `grants`."""

from functools import partial

from django.apps import AppConfig
from django.core.checks import register

from records.triggers import guard, protect


class GrantsConfig(AppConfig):
    name = "grants"

    def ready(self) -> None:
        """Bind the requirements and the relations that this floor answers for; keep what was sealed or sent."""
        from grants import requirements  # noqa: F401 - reads models, which are loaded only now
        from grants.models import messages
        from grants.models.dossier import bind_visibility
        from grants.queries import next_steps, visibility
        from people.permissions import bind_relation, bind_tie
        from people.permissions.table import OWN, PARTNER, SAMPLED

        bind_relation(OWN, visibility.is_own)
        bind_relation(PARTNER, visibility.is_partner)
        bind_relation(SAMPLED, visibility.is_sampled)
        bind_tie(visibility.is_tied)
        bind_visibility(visibility.visible)
        protect("grants_snapshot", messages.FILES)
        for table in messages.KEPT_TABLES:
            guard(table, partial(messages.made, table=table), partial(messages.taken, table=table))
        register(next_steps.check_steps)
