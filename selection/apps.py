"""Floor 5: the application `selection`."""

from django.apps import AppConfig


class SelectionConfig(AppConfig):
    name = "selection"

    def ready(self) -> None:
        """Answer for what the floors below only name: requirements, relations, the grid of a call."""
        from grants.actions.submission import after_release
        from grants.queries.next_steps import bind_next_step
        from kit.lifecycle import bind
        from people.permissions import bind_relation
        from programmes.requirements import bind_call_requirement
        from selection import requirements
        from selection.actions.deliberation import propose_next
        from selection.queries import relations
        from selection.queries.next_steps import FINDERS

        for name in (
            "advice_settled",
            "opinion_recorded",
            "quorum_reached",
            "conflicts_answered",
            "decided_in_meeting",
            "reserve_order",
        ):
            bind("grants.Dossier", name, getattr(requirements, name))
        for name in ("report_received", "days_countersigned", "reasons_given"):
            bind("selection.Mission", name, getattr(requirements, name))
        bind_call_requirement("grid_approved", requirements.grid_approved)
        bind_relation("assigned", relations.assigned)
        bind_relation("own mission", relations.own_mission)
        bind_relation("own committee", relations.own_committee)
        for state, finder in FINDERS.items():
            bind_next_step(state, finder)
        after_release(propose_next)
