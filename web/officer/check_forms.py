"""Forms of the check of expenses and of what follows it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kit.money import MoneyFormField
from monitoring.models import Certificate, ExpenseItem
from programmes.models import Decision
from web.forms import CleanCharField, CleanTextarea, EscalierForm, choices_of


class CheckForm(EscalierForm):
    """The verdict on one expense; what is not accepted is rejected, with a reason."""

    accepted = MoneyFormField(label=_("Accepted"))
    reason = CleanCharField(label=_("Reason of the rejection"), max_length=300, required=False)

    def __init__(self, *args: Any, item: ExpenseItem, **kwargs: Any) -> None:
        given = item.claimed if item.accepted is None else item.accepted
        kwargs.setdefault("initial", {"accepted": given, "reason": item.reason})
        super().__init__(*args, **kwargs)
        self.item = item
        self.row_title = str(item)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}, {item}"
            css = field.widget.attrs.get("class", "")
            field.widget.attrs["class"] = f"form-control {css}".strip()

    def clean(self) -> dict[str, Any]:
        """Accepted within what was claimed; a reason for whatever is rejected."""
        found: dict[str, Any] = super().clean() or {}
        accepted = found.get("accepted")
        if accepted is None:
            return found
        if accepted > self.item.claimed:
            self.add_error("accepted", _t("No more can be accepted than was claimed."))
        elif accepted < self.item.claimed and not found.get("reason"):
            self.add_error("reason", _t("Say why; the certificate repeats it word for word."))
        return found

    def mark(self) -> None:
        """Tie each faulty field to its error, for those who look and those who listen."""
        for name in self.errors:
            if name in self.fields:
                attrs = self.fields[name].widget.attrs
                attrs |= {"aria-invalid": "true", "aria-describedby": f"{self[name].auto_id}_error"}
                attrs["class"] += " is-invalid"

    @property
    def verdict(self) -> tuple[Decimal, str]:
        """The sum accepted, in euros, and the reason of the rejection (empty when all is accepted)."""
        accepted = self.cleaned_data["accepted"]
        return accepted, "" if accepted == self.item.claimed else self.cleaned_data["reason"]


class CertificateForm(EscalierForm):
    """What the officer saw of the project."""

    deliverables_seen = CleanTextarea(
        label=_("What was seen"),
        max_length=5000,
        required=False,
        help_text=_("Sites, services, documents: what shows that the work was done. Needed for the final balance."),
    )


class CancelForm(EscalierForm):
    """The decision and the reason to end an agreement early."""

    decision = forms.ChoiceField(label=_("Decision"))
    reason = CleanTextarea(label=_("Reason"), max_length=5000)

    def __init__(self, *args: Any, decisions: Iterable[Decision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decisions = list(decisions)
        self.fields["decision"].choices = choices_of(self.decisions)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Decision:
        """The decision chosen."""
        return next(row for row in self.decisions if str(row.pk) == self.cleaned_data["decision"])


class RecoveryForm(EscalierForm):
    """The certificate that shows what was paid too much."""

    certificate = forms.ChoiceField(label=_("Certificate"))

    def __init__(self, *args: Any, certificates: Iterable[Certificate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.certificates = list(certificates)
        self.fields["certificate"].choices = choices_of(self.certificates)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Certificate:
        """The certificate chosen."""
        return next(row for row in self.certificates if str(row.pk) == self.cleaned_data["certificate"])
