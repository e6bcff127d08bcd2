"""Forms of the paying officer: dates that the bank gives, and its refusals. No amount is ever typed again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kit import clock
from web.forms import CleanCharField, DayField, EscalierForm


class ExecutedForm(EscalierForm):
    """The day on which the bank paid."""

    executed_on = DayField(label=_("Paid on"), initial=clock.today)


class RefusedForm(EscalierForm):
    """Why the bank refused."""

    reason = CleanCharField(label=_("Reason given by the bank"), max_length=300)


class ReceivedForm(EscalierForm):
    """The day on which money came back."""

    received_on = DayField(label=_("Received on"), initial=clock.today)
