"""What the viewer can do to a dossier now, as links to the pages that do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grants.lifecycle import UNDECIDED, State
from grants.models import Agreement, Dossier
from monitoring.models import Claim, ClaimKind, ClaimState, UsageState
from monitoring.queries import certificates
from people.permissions import may
from selection.models import Assessment, Mission, MissionState, Outcome
from selection.queries import deliberation
from web.shared.acts import PersonRequest


@dataclass(frozen=True)
class Act:
    """Something the viewer can do here: the action asked of the permission page, and the page that does it."""

    action: str
    page: str
    label: Any
    when: Callable[[Facts], bool] = lambda facts: True


@dataclass(frozen=True)
class Facts:
    """What decides which acts make sense now, read once."""

    dossier: Dossier
    mission: Mission | None
    agreement: Agreement | None

    @property
    def in_advice(self) -> bool:
        """An advice mission is open."""
        return self.mission is not None and self.mission.state == MissionState.OPEN

    @property
    def needs_mission(self) -> bool:
        """The call wants advice, and nothing settles it yet."""
        return self.dossier.call.needs_advice and self.mission is None

    @property
    def overpaid(self) -> bool:
        """A certificate shows a sum paid too much that is not claimed back yet."""
        if self.dossier.contracted_at is None:
            return False
        return bool(certificates.unclaimed(self.dossier))

    @property
    def hidden_marks(self) -> bool:
        """The marks are not revealed, on a dossier that is not decided on."""
        if self.dossier.state not in UNDECIDED:
            return False
        kept: Assessment | None = getattr(self.dossier, "assessment", None)
        return kept is None or kept.revealed_at is None

    @property
    def decided(self) -> bool:
        """A decision of the committee waits to take effect; a place on the reserve list is one."""
        if self.dossier.state == State.ON_RESERVE:
            return True
        found = deliberation.to_apply(self.dossier) if self.dossier.state in UNDECIDED else None
        return found is not None and found.outcome != Outcome.DEFER

    @property
    def unsigned(self) -> bool:
        """The agreement can still be written."""
        return self.agreement is None or self.agreement.beneficiary_signed_at is None


ACTS = (
    Act("dossier.advise", "officer:advise", _("Give the opinion")),
    Act("mission.open", "officer:open_mission", _("Open an advice mission"), lambda facts: facts.needs_mission),
    Act("mission.close", "officer:close_mission", _("Close the advice mission"), lambda facts: facts.in_advice),
    Act(
        "mission.waive",
        "officer:waive_mission",
        _("Waive the advice"),
        lambda facts: facts.needs_mission or facts.in_advice,
    ),
    Act("dossier.return_for_completion", "officer:return_for_completion", _("Ask for completion")),
    Act("dossier.extend_completion", "officer:extend_completion", _("Give more time")),
    Act("dossier.cancel_completion", "officer:cancel_completion", _("Drop the request")),
    Act("dossier.declare_ineligible", "officer:declare_ineligible", _("Declare ineligible")),
    Act("dossier.assign", "officer:assign", _("Choose the officer in charge")),
    Act("conflict.answer", "committee:conflict", _("Answer the conflict question")),
    Act("score.give", "committee:score", _("Score")),
    Act("assessor.assign", "committee:assign", _("Give to members to score")),
    Act("score.reveal", "committee:reveal", _("Reveal the marks"), lambda facts: facts.hidden_marks),
    Act("dossier.select", "committee:decide", _("Apply the committee’s decision"), lambda facts: facts.decided),
    Act("dossier.reject", "committee:decide", _("Apply the committee’s decision"), lambda facts: facts.decided),
    Act("dossier.reconsider", "committee:reconsider", _("Reconsider after the appeal")),
    Act("agreement.draft", "officer:agreement", _("Write the agreement"), lambda facts: facts.unsigned),
    Act("dossier.contract", "officer:contract", _("Sign for the programme")),
    Act("dossier.verify_service_fact", "officer:verify_service_fact", _("Verify the service fact")),
    Act("dossier.pay", "finance:pay", _("Settle the grant")),
    Act("dossier.close", "officer:close", _("Close the dossier")),
    Act("recovery.issue", "officer:recovery", _("Claim money back"), lambda facts: facts.overpaid),
    Act("dossier.cancel", "officer:cancel", _("End the agreement early")),
)


def facts_of(dossier: Dossier) -> Facts:
    """The mission that is not waived (or the waiver) and the agreement of the dossier."""
    mission = max(dossier.missions.all(), key=lambda mission: mission.pk, default=None)
    agreement: Agreement | None = getattr(dossier, "agreement", None)
    return Facts(dossier, mission, agreement)


def acts_for(request: PersonRequest, facts: Facts) -> list[dict[str, Any]]:
    """The pages of what the viewer can do now, each once: `url`, `label`, and the `actions` that it serves."""
    dossier, person = facts.dossier, request.user
    links = [
        (act.action, reverse(act.page, args=[dossier.reference]), act.label)
        for act in ACTS
        if act.when(facts) and may(person, act.action, dossier)
    ]
    if facts.agreement is not None and dossier.contracted_at is not None:
        links += [link for link in money_links(dossier) if may(person, link[0], dossier)]
    found: dict[str, dict[str, Any]] = {}
    for action, url, label in links:
        found.setdefault(url, {"url": url, "label": str(label), "actions": set()})["actions"].add(action)
    return list(found.values())


def money_links(dossier: Dossier) -> Iterator[tuple[str, str, Any]]:
    """What claims, certificates, orders and recoveries of the dossier wait for: action, address, label."""
    for claim in certificates.under_way(dossier):
        yield from _claim_links(claim)
    for certificate in certificates.to_pay(dossier):
        yield "payment.order", reverse("finance:order", args=[certificate.pk]), _("Order the payment")
    for order in certificates.in_flight(dossier):
        yield "payment.record", reverse("finance:record_payment", args=[order.pk]), _("Record the payment")
    for recovery in certificates.owed(dossier):
        yield "recovery.record", reverse("finance:recovery", args=[recovery.pk]), _("Record the money received")
    services = reverse("officer:dossier_tab", args=[dossier.reference, "services"])
    if any(service.confirmed_at is None for service in dossier.services.all()):
        yield "service.confirm", services, _("Confirm the services")
    if any(report.state == UsageState.FILLED for report in dossier.usage_reports.all()):
        yield "usage_report.accept", services, _("Read the usage reports")


def _claim_links(claim: Claim) -> Iterator[tuple[str, str, Any]]:
    advance = claim.kind == ClaimKind.ADVANCE
    if claim.state in (ClaimState.SUBMITTED, ClaimState.CONTESTED) and not advance:
        yield "claim.check", reverse("officer:claim", args=[claim.pk]), _("Check the claim")
    if claim.state == ClaimState.CHECKED or (advance and claim.state == ClaimState.SUBMITTED):
        yield "certificate.issue", reverse("officer:issue", args=[claim.pk]), _("Issue the certificate")
    if claim.state == ClaimState.ISSUED:
        pending = certificates.pending(claim)
        if pending is not None:
            yield "certificate.approve", reverse("officer:approve", args=[pending.pk]), _("Approve the certificate")
