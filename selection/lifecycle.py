"""The life of an advice mission, on one page."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kit.lifecycle import StateField, transition


class MissionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("mission", "Open")
    CLOSED = "closed", pgettext_lazy("mission", "Closed")
    WAIVED = "waived", pgettext_lazy("mission", "Waived")


class MissionLifecycle(models.Model):
    """Open until its report is in and its days are countersigned; or waived with a reason."""

    state = StateField(
        _("state"),
        max_length=8,
        choices=MissionState.choices,
        default=MissionState.OPEN,
        terminal=(MissionState.CLOSED, MissionState.WAIVED),
    )

    class Meta:
        abstract = True

    @transition(
        state,
        source=MissionState.OPEN,
        target=MissionState.CLOSED,
        needs=("report_received", "days_countersigned"),
        actor="instructing_officer",
    )
    def close(self) -> None:
        """The report is received and every day countersigned by the community."""

    @transition(
        state,
        source=MissionState.OPEN,
        target=MissionState.WAIVED,
        needs=("reasons_given",),
        actor="instructing_officer",
    )
    def waive(self) -> None:
        """No advice is needed, and the reason is kept."""
