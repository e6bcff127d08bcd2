"""The machines of payment claims, payment orders and usage reports, each on its own part of the page."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kit.lifecycle import StateField, transition


class ClaimState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("claim", "In preparation")
    SUBMITTED = "submitted", pgettext_lazy("claim", "To be checked")
    CHECKED = "checked", pgettext_lazy("claim", "Checked")
    ISSUED = "issued", pgettext_lazy("claim", "Certificate to be approved")
    CERTIFIED = "certified", pgettext_lazy("claim", "Certified")
    CONTESTED = "contested", pgettext_lazy("claim", "Contested")
    SETTLED = "settled", pgettext_lazy("claim", "Settled")


class ClaimLifecycle(models.Model):
    """A payment claim, from the first invoice to its payment."""

    state = StateField(_("state"), max_length=9, choices=ClaimState.choices, default=ClaimState.DRAFT)

    class Meta:
        abstract = True

    @transition(
        state,
        source=ClaimState.DRAFT,
        target=ClaimState.SUBMITTED,
        needs=("items_documented", "advance_allowed", "no_other_claim_open"),
        actor="applicant_signatory",
    )
    def submit(self) -> None:
        """The signatory certifies the expenses and files the claim."""

    @transition(
        state,
        source=[ClaimState.SUBMITTED, ClaimState.CHECKED, ClaimState.ISSUED, ClaimState.CONTESTED],
        target=ClaimState.CHECKED,
        needs=("every_item_checked",),
        actor="instructing_officer",
    )
    def record_check(self) -> None:
        """One officer has checked every item: claimed, accepted, rejected, why; again until it is certified."""

    @transition(
        state,
        source=[ClaimState.CHECKED, ClaimState.ISSUED],
        target=ClaimState.ISSUED,
        actor="instructing_officer",
    )
    def issue(self) -> None:
        """The certificate of service fait is issued, or issued again before it is approved."""

    @transition(
        state,
        source=ClaimState.ISSUED,
        target=ClaimState.CERTIFIED,
        needs=("approver_is_another_person",),
        actor="instructing_officer",
    )
    def approve(self) -> None:
        """Another person approves the certificate; the sum due is verified in the ledger."""

    @transition(
        state,
        source=[ClaimState.CERTIFIED, ClaimState.SETTLED],
        target=ClaimState.CONTESTED,
        needs=("contest_in_time", "something_was_rejected", "no_order_in_flight"),
        actor="applicant_signatory",
    )
    def contest(self) -> None:
        """The beneficiary contests a rejection: a new version of the check follows."""

    @transition(
        state, source=ClaimState.CERTIFIED, target=ClaimState.SETTLED, needs=("sum_settled",), actor="paying_officer"
    )
    def settle(self) -> None:
        """What was due is paid, or claimed back, or nothing was due."""


class OrderState(models.TextChoices):
    ORDERED = "ordered", pgettext_lazy("order", "Ordered")
    EXECUTED = "executed", pgettext_lazy("order", "Paid")
    REFUSED = "refused", pgettext_lazy("order", "Refused by the bank")


class OrderLifecycle(models.Model):
    """A payment order: issued by the product, executed elsewhere, recorded here."""

    state = StateField(
        _("state"),
        max_length=8,
        choices=OrderState.choices,
        default=OrderState.ORDERED,
        terminal=(OrderState.EXECUTED, OrderState.REFUSED),
    )

    class Meta:
        abstract = True

    @transition(state, source=OrderState.ORDERED, target=OrderState.EXECUTED, actor="paying_officer")
    def execute(self) -> None:
        """The bank paid on a date."""

    @transition(
        state, source=OrderState.ORDERED, target=OrderState.REFUSED, needs=("reasons_given",), actor="paying_officer"
    )
    def refuse(self) -> None:
        """The bank refused: the sum is due again."""


class UsageState(models.TextChoices):
    DUE = "due", pgettext_lazy("usage", "To be filled in")
    FILLED = "filled", pgettext_lazy("usage", "To be accepted")
    ACCEPTED = "accepted", pgettext_lazy("usage", "Accepted")


class UsageReportLifecycle(models.Model):
    """The report on one year of use of a service (R28)."""

    state = StateField(
        _("state"), max_length=8, choices=UsageState.choices, default=UsageState.DUE, terminal=(UsageState.ACCEPTED,)
    )

    class Meta:
        abstract = True

    @transition(
        state,
        source=[UsageState.DUE, UsageState.FILLED],
        target=UsageState.FILLED,
        needs=("year_is_over", "figures_given"),
        actor="applicant_editor",
    )
    def fill(self) -> None:
        """The beneficiary reports the figures of the year."""

    @transition(
        state, source=UsageState.FILLED, target=UsageState.DUE, needs=("reasons_given",), actor="instructing_officer"
    )
    def send_back(self) -> None:
        """The officer asks for better figures, and says which."""

    @transition(state, source=UsageState.FILLED, target=UsageState.ACCEPTED, actor="instructing_officer")
    def accept(self) -> None:
        """The officer accepts the report."""
