"""The life of a dossier, on one page: its states, its transitions, who makes them and what each needs.

Only actions call these methods. Requirements named here are functions of `grants.requirements`, or of the floors
above, which bind them when they start; a system check fails on a missing or surplus name.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kit.lifecycle import StateField, transition


class State(models.TextChoices):
    """Where a dossier stands, in the words of the staff."""

    DRAFT = "draft", pgettext_lazy("state", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("state", "Submitted")
    RETURNED = "returned", pgettext_lazy("state", "To be completed")
    INELIGIBLE = "ineligible", pgettext_lazy("state", "Ineligible")
    ADVISED = "advised", pgettext_lazy("state", "Advised")
    SELECTED = "selected", pgettext_lazy("state", "Selected")
    ON_RESERVE = "on_reserve", pgettext_lazy("state", "Reserve list")
    REJECTED = "rejected", pgettext_lazy("state", "Not selected")
    CONTRACTED = "contracted", pgettext_lazy("state", "Contracted")
    SERVICE_FACT_VERIFIED = "service_fact_verified", pgettext_lazy("state", "Service fact verified")
    PAID = "paid", pgettext_lazy("state", "Paid")
    CLOSED = "closed", pgettext_lazy("state", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("state", "Withdrawn")
    CANCELLED = "cancelled", pgettext_lazy("state", "Cancelled")


PUBLIC_LABELS = {
    State.DRAFT: _("In preparation by the applicant"),
    State.SUBMITTED: _("Received, being examined"),
    State.RETURNED: _("Waiting for the applicant to complete it"),
    State.INELIGIBLE: _("Does not meet the conditions of the call"),
    State.ADVISED: _("Examined, waiting for the committee"),
    State.SELECTED: _("Selected, agreement to be signed"),
    State.ON_RESERVE: _("On the reserve list"),
    State.REJECTED: _("Not selected by the committee"),
    State.CONTRACTED: _("Agreement signed, project under way"),
    State.SERVICE_FACT_VERIFIED: _("Expenses verified, balance to be paid"),
    State.PAID: _("Grant paid, usage report to come"),
    State.CLOSED: _("Finished"),
    State.WITHDRAWN: _("Withdrawn by the applicant"),
    State.CANCELLED: _("Agreement ended early"),
}
"""The same states in public words, for applicants and the public."""

UNDECIDED = (State.SUBMITTED, State.ADVISED)
BEFORE_CONTRACT = (State.SUBMITTED, State.RETURNED, State.ADVISED, State.SELECTED, State.ON_RESERVE)
AFTER_CONTRACT = (State.CONTRACTED, State.SERVICE_FACT_VERIFIED, State.PAID, State.CLOSED, State.CANCELLED)
TERMINAL = (State.CLOSED, State.WITHDRAWN, State.CANCELLED)


class DossierLifecycle(models.Model):
    """The states of a dossier and the ways between them."""

    state = StateField(_("state"), max_length=22, choices=State.choices, default=State.DRAFT, terminal=TERMINAL)

    class Meta:
        abstract = True

    @transition(
        state,
        source=[State.DRAFT, State.RETURNED],
        target=State.SUBMITTED,
        needs=("answers_complete", "plan_balanced", "partners_confirmed", "within_deadline"),
        actor="applicant_signatory",
    )
    def submit(self) -> None:
        """The applicant's signatory files the dossier, or files it again once completed."""

    @transition(
        state,
        source=[State.SUBMITTED, State.ADVISED],
        target=State.RETURNED,
        needs=("missing_parts_listed",),
        actor="instructing_officer",
    )
    def return_for_completion(self) -> None:
        """Whole sections go back to the applicant, with a due date."""

    @transition(state, source=State.RETURNED, target=State.SUBMITTED, actor="instructing_officer")
    def cancel_completion(self) -> None:
        """The request for completion is dropped; its message is kept."""

    @transition(
        state,
        source=[State.SUBMITTED, State.RETURNED],
        target=State.INELIGIBLE,
        needs=("reasons_given",),
        actor="instructing_officer",
    )
    def declare_ineligible(self) -> None:
        """The dossier breaks a named rule of the call."""

    @transition(
        state,
        source=State.SUBMITTED,
        target=State.ADVISED,
        needs=("advice_settled", "opinion_recorded"),
        actor="instructing_officer",
    )
    def advise(self) -> None:
        """Advice is settled and the officer's opinion recorded: the committee may deliberate."""

    @transition(
        state,
        source=[State.SUBMITTED, State.ADVISED, State.ON_RESERVE],
        target=State.SELECTED,
        needs=(
            "advice_settled",
            "quorum_reached",
            "conflicts_answered",
            "decided_in_meeting",
            "reserve_order",
            "money_left",
        ),
        actor="committee_secretary",
    )
    def select(self) -> None:
        """The committee retains the dossier; its grant is reserved in the envelope."""

    @transition(
        state,
        source=[State.SUBMITTED, State.ADVISED],
        target=State.ON_RESERVE,
        needs=("advice_settled", "quorum_reached", "conflicts_answered", "decided_in_meeting"),
        actor="committee_secretary",
    )
    def place_on_reserve(self) -> None:
        """The committee would retain the dossier if money came back; it waits at its rank."""

    @transition(
        state,
        source=[State.SUBMITTED, State.ADVISED, State.ON_RESERVE],
        target=State.REJECTED,
        needs=("advice_settled", "quorum_reached", "conflicts_answered", "decided_in_meeting", "reasons_given"),
        actor="committee_secretary",
    )
    def reject(self) -> None:
        """The committee does not retain the dossier, and says why."""

    @transition(
        state,
        source=[State.REJECTED, State.INELIGIBLE],
        target=State.SUBMITTED,
        needs=("appeal_filed",),
        actor="committee_secretary",
    )
    def reconsider(self) -> None:
        """An appeal filed in time opens the dossier again."""

    @transition(
        state,
        source=State.SELECTED,
        target=State.CONTRACTED,
        needs=("beneficiary_signed", "agreement_balanced"),
        actor="programme_manager",
    )
    def contract(self) -> None:
        """The programme signs; the reservation becomes a commitment."""

    @transition(
        state,
        source=State.CONTRACTED,
        target=State.SERVICE_FACT_VERIFIED,
        needs=("final_claim_certified", "services_recorded"),
        actor="instructing_officer",
    )
    def verify_service_fact(self) -> None:
        """What was promised was done, and the final expenses are certified."""

    @transition(
        state,
        source=State.SERVICE_FACT_VERIFIED,
        target=State.PAID,
        needs=("balance_settled", "no_open_contest"),
        actor="paying_officer",
    )
    def pay(self) -> None:
        """The balance is paid, nothing, or recovered; what was not spent is released."""

    @transition(
        state,
        source=State.PAID,
        target=State.CLOSED,
        needs=("usage_reports_accepted", "nothing_to_recover"),
        actor="programme_manager",
    )
    def close(self) -> None:
        """A year of use was reported for every service; nothing is owed."""

    @transition(state, source=BEFORE_CONTRACT, target=State.WITHDRAWN, actor="applicant_signatory")
    def withdraw(self) -> None:
        """The applicant gives up; a reservation returns to the envelope."""

    @transition(
        state,
        source=[State.CONTRACTED, State.SERVICE_FACT_VERIFIED],
        target=State.CANCELLED,
        needs=("reasons_given", "decision_named", "no_order_in_flight"),
        actor="programme_manager",
    )
    def cancel(self) -> None:
        """The agreement ends early; the remainder is released and what was paid is claimed back."""
