"""The dossier's page for the applicant and its partners: where it stands, who acts next, what was filed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.actions.bank import MOST_TRIES
from grants.models import Dossier
from grants.queries import bank, completion
from grants.queries import parts as reading
from grants.queries.next_steps import next_step
from kit.text import format_datetime
from people.permissions import may
from programmes.rules.reading import answered
from records.queries import journal
from web.applicant.access import WHOLE, own_dossier
from web.applicant.pieces import listed
from web.pages import page
from web.shared.acts import PersonRequest
from web.shared.dossiers import paper, step_dates
from web.shared.journal_words import WORDS

BUTTONS: dict[str, tuple[str, Any]] = {
    "dossier.submit": ("applicant:check", _("Check and file")),
    "dossier.edit": ("applicant:application", _("Go on with the dossier")),
    "mission.countersign": ("applicant:countersign", _("Countersign the adviser’s days")),
    "dossier.appeal": ("applicant:appeal", _("Appeal against the decision")),
    "bank.edit": ("applicant:bank", _("Give the bank details")),
    "claim.submit": ("applicant:expenses", _("Claim payments")),
    "service.record": ("applicant:record_service", _("Record a service")),
    "claim.edit": ("applicant:expenses", _("Claim payments")),
    "usage_report.fill": ("applicant:expenses", _("Report on the services")),
    "agreement.sign_as_beneficiary": ("applicant:sign", _("Sign the agreement")),
}
"""What the viewer can do next: the action of the permission page → the page that does it, and its words."""

TYPE_CODE: tuple[str, Any] = ("applicant:confirm_bank", _("Enter the code"))
"""What takes the place of giving the account while one waits for its code."""

TOLD: tuple[str, ...] = (
    "dossier.created",
    "dossier.submitted",
    "dossier.returned",
    "dossier.completion_extended",
    "dossier.completion_cancelled",
    "dossier.declared_ineligible",
    "dossier.advised",
    "dossier.selected",
    "dossier.placed_on_reserve",
    "dossier.rejected",
    "dossier.appealed",
    "dossier.reconsidered",
    "dossier.withdrawn",
    "partner.confirmed",
    "partner.declined",
    "mission.opened",
    "mission.closed",
    "agreement.drafted",
    "agreement.signed_by_beneficiary",
    "dossier.contracted",
    "claim.submitted",
    "claim.contested",
    "certificate.approved",
    "payment.recorded",
    "recovery.issued",
    "recovery.received",
    "service.recorded",
    "usage_report.filled",
    "usage_report.accepted",
    "dossier.cancelled",
    "dossier.service_fact_verified",
    "dossier.paid",
    "dossier.closed",
)
"""The acts of the journal that an applicant is told of."""


@page("dossier.view", methods=["GET"])
def dossier(request: PersonRequest, reference: str) -> HttpResponse:
    """Where the dossier stands."""
    found = own_dossier(request, reference)
    return render(request, "applicant/follow.html", {**frame(request, found), **_follow(request, found)})


@page("dossier.view", methods=["GET"])
def filed(request: PersonRequest, reference: str) -> HttpResponse:
    """What the dossier asks: the answers, the budget, the partners."""
    found = own_dossier(request, reference, *WHOLE)
    return render(request, "applicant/filed.html", {**frame(request, found), **contents_of(found)})


@page("dossier.view", methods=["GET"])
def papers(request: PersonRequest, reference: str) -> HttpResponse:
    """The documents of the dossier, and the sealed versions that were filed."""
    found = own_dossier(request, reference)
    readable = reading.parts(request.user, found)
    if reading.DOCUMENTS not in readable:
        raise Http404(reference)
    kept = [
        paper(item.document, reverse("applicant:download", args=[reference, item.pk]), kind)
        for item, kind in listed(found)
        if item.kind != "bank_identity" or reading.BANK in readable
    ]
    context = {**frame(request, found), "papers": kept, "snapshots": found.snapshots.order_by("number")}
    return render(request, "applicant/papers.html", context)


def frame(request: PersonRequest, found: Dossier) -> dict[str, Any]:
    """What every tab shows."""
    readable = reading.parts(request.user, found)
    return {"dossier": found, "tabs": list(_tabs(found, readable))}


def _tabs(found: Dossier, readable: frozenset[str]) -> Iterator[dict[str, Any]]:
    args = [found.reference]
    yield {"label": _t("Follow-up"), "url": reverse("applicant:dossier", args=args)}
    yield {"label": _t("Application"), "url": reverse("applicant:filed", args=args)}
    if reading.MESSAGES in readable:
        waiting = found.unread  # type: ignore[attr-defined]
        url = reverse("applicant:messages", args=args)
        yield {"label": _t("Messages"), "url": url, "count": waiting, "counted": _t("to read")}
    if reading.DOCUMENTS in readable:
        yield {"label": _t("Documents"), "url": reverse("applicant:papers", args=args)}
    if reading.PAYMENTS in readable:
        yield {"label": _t("Expenses"), "url": reverse("applicant:expenses", args=args)}


def contents_of(found: Dossier) -> dict[str, Any]:
    """The answers with their questions, the plan and the partners."""
    sections = answered(found.questions, found.answers)
    return {
        "sections": [{"title": title, "rows": rows} for title, rows in sections],
        "plan": found.plan,
        "cost_lines": found.plan.cost_lines.all(),
        "resources": found.plan.resources.all(),
        "partners": found.partners.select_related("organisation").order_by("pk"),
    }


def _follow(request: PersonRequest, found: Dossier) -> dict[str, Any]:
    step = next_step(found, request.user)
    # A partner reads the dossier without what the service and the applicant write to each other.
    readable = reading.parts(request.user, found)
    url, button = "", ""
    coded = may(request.user, "bank.edit", found) and awaits_code(found)
    if step.action in BUTTONS:
        name, words = TYPE_CODE if coded and step.action == "bank.edit" else BUTTONS[step.action]
        url, button = reverse(name, args=[found.reference]), str(words)
    return {
        "step": step,
        "url": url,
        "button": button,
        "others": [*(_of_code(found, step.action) if coded else ()), *_others(request, found, step.action)],
        "dates": step_dates(found),
        "timeline": list(_timeline(found)),
        "completion": completion.open_request(found) if reading.MESSAGES in readable else None,
    }


def awaits_code(found: Dossier) -> bool:
    """Whether an account waits for its code, which was not wrong too often to be typed again."""
    details = bank.pending(found)
    return details is not None and details.tries < MOST_TRIES


def _of_code(found: Dossier, main: str | None) -> Iterator[tuple[str, str]]:
    """The mail of the code leads here: beside the code, the account can be entered again."""
    name, words = BUTTONS["bank.edit"] if main == "bank.edit" else TYPE_CODE
    yield reverse(name, args=[found.reference]), str(words)


def _others(request: PersonRequest, found: Dossier, main: str | None) -> Iterator[tuple[str, str]]:
    """What else the viewer may do now, beside the next step: address and words."""
    args = [found.reference]
    if main == "dossier.submit":
        yield reverse("applicant:application", args=args), _t("Go on with the dossier")
    if found.submitted_at is not None:
        yield reverse("applicant:receipt", args=args), _t("See the receipt")
    waiting = found.missions.filter(state="open", days_log__isnull=False, days_log__countersigned_at=None)
    if main != "mission.countersign" and may(request.user, "mission.countersign", found) and waiting.exists():
        yield reverse("applicant:countersign", args=args), _t("Countersign the adviser’s days")
    if may(request.user, "dossier.withdraw", found):
        yield reverse("applicant:withdraw", args=args), _t("Withdraw the dossier")


def _timeline(found: Dossier) -> Iterator[dict[str, Any]]:
    """What happened, from the journal, in the order it happened; what is expected stands in the next step."""
    for entry in journal.entries(found.journal_chain).filter(act__in=TOLD).order_by("seq"):
        yield {
            "when": format_datetime(entry.occurred_at),
            "title": WORDS[entry.act],
            "text": entry.on_behalf,
            "mark": "past",
        }
