"""Forms of the adviser: a day of work, the report of a mission."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kit import clock
from web.forms import CleanCharField, CleanTextarea, DayField, EscalierForm, PaperField, YesNoField

LONGEST_REPORT = 50_000


class DayForm(EscalierForm):
    """A day, or half a day, of advice."""

    worked_on = DayField(label=_("Date"))
    days = forms.TypedChoiceField(
        label=_("How long"),
        choices=[("1", _("One day")), ("0.5", _("Half a day"))],
        coerce=Decimal,
        widget=forms.RadioSelect,
        initial="1",
    )
    on_site = YesNoField(label=_("On site"))
    deliverable = CleanCharField(label=_("What was done"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worked_on"].initial = clock.today()
        self.fields["worked_on"].widget.attrs["max"] = clock.today().isoformat()


class ReportForm(EscalierForm):
    """The report of a mission; a new one replaces it until the mission is closed."""

    report = CleanTextarea(label=_("Report"), max_length=LONGEST_REPORT, widget=forms.Textarea(attrs={"rows": 16}))
    document = PaperField(label=_("Document"), required=False)
