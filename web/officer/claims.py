"""Claims and certificates: each expense checked, the certificate issued by one person and approved by another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kit.lifecycle import allowed_now, missing
from kit.money import format_amount
from monitoring.actions import verification
from monitoring.models import Certificate, Claim, ClaimKind, ClaimState, ExpenseItem
from people.models import Role
from people.permissions import can_explain, may
from people.queries import holders
from web.officer.check_forms import CertificateForm, CheckForm
from web.officer.findings import findings
from web.officer.views import PLACE, ask, read
from web.pages import act, get_visible, page
from web.shared.acts import PersonRequest, confirmed, done
from web.shared.dossiers import paper
from web.shared.lists import by_key

WORK = (ClaimState.SUBMITTED, ClaimState.CONTESTED, ClaimState.CHECKED, ClaimState.ISSUED)


@page("claim.check", methods=["GET"])
def claims(request: PersonRequest) -> HttpResponse:
    """The claims that were filed, those to be worked on unless another state is asked for."""
    wanted = request.GET.get("state", "")
    scopes = request.user.standing.scopes_of("instructing_officer")
    rows = Claim.objects.visible_to(request.user).filter(dossier__programme__code__in=scopes)
    rows = rows.filter(state__in=[wanted] if wanted in ClaimState.values else WORK, submitted_at__isnull=False)
    rows = rows.select_related("dossier__applicant").prefetch_related("items")
    views = [{"label": _t("To do"), "url": request.path, "here": not wanted, "count": None}]
    for state in (*WORK, ClaimState.CERTIFIED, ClaimState.SETTLED):
        url = f"{request.path}?state={state}"
        views.append({"label": state.label, "url": url, "here": wanted == state, "count": None})
    return render(request, "officer/claims.html", {"rows": by_key(request, rows, "submitted_at"), "views": views})


def claim_of(request: PersonRequest, pk: int) -> Claim:
    """A filed claim that the person may see, or 404."""
    rows = Claim.objects.select_related("dossier__applicant", "dossier__programme", "dossier__call")
    found: Claim = get_visible(rows.exclude(state=ClaimState.DRAFT), request.user, pk=pk)
    return found


@page("claim.check")
def check(request: PersonRequest, pk: int) -> HttpResponse:
    """Each expense of a claim: claimed, accepted, rejected, and why."""
    claim = claim_of(request, pk)
    items = list(claim.items.select_related("document", "cost_line").order_by("pk"))
    data = request.POST if request.method == "POST" else None
    forms = [CheckForm(data, prefix=f"item-{item.pk}", item=item) for item in items]
    form = confirmed(request)
    if form.is_valid() and all(row.is_valid() for row in forms):
        verdicts = {item.pk: row.verdict for item, row in zip(items, forms, strict=True)}
        if act(request, form, verification.check_items, claim=claim, verdicts=verdicts):
            return done(request, _t("The check is recorded; the certificate can be issued."), "officer:claim", pk)
    for row in forms:
        row.mark()
    refused = can_explain(request.user, "claim.check", claim)
    context = {
        "claim": claim,
        "forms": forms,
        "form": form,
        "rows": [_row(item, row) for item, row in zip(items, forms, strict=True)],
        "findings": findings(claim, items),
        "contest": claim.contests.filter(settled_at=None).first(),
        "certificates": claim.certificates.order_by("version"),
        "editable": bool(items) and allowed_now(claim, "record_check") and not refused,
        "can_issue": _issuable(claim) and may(request.user, "certificate.issue", claim),
        "refused": refused,
    }
    return render(request, "officer/claim.html", context)


def _issuable(claim: Claim) -> bool:
    """The claim is checked; an advance has nothing to check."""
    asked = claim.kind == ClaimKind.ADVANCE and claim.state == ClaimState.SUBMITTED
    return asked or claim.state == ClaimState.CHECKED


def _row(item: ExpenseItem, form: CheckForm) -> dict[str, Any]:
    papers = []
    if item.document is not None:
        papers = [paper(item.document, reverse("officer:document", args=[item.document_id]))]
    return {"item": item, "form": form, "papers": papers}


@page("certificate.issue")
def issue(request: PersonRequest, pk: int) -> HttpResponse:
    """Issue the certificate of a checked claim."""
    claim = claim_of(request, pk)
    form = CertificateForm(request.POST or None)
    if form.is_valid() and act(request, form, verification.issue_certificate, claim=claim, **form.cleaned_data):
        return done(request, _t("The certificate is issued; another person approves it."), "officer:certificates")
    facts = [
        (_t("Claim"), str(claim)),
        (_t("Claimed"), format_amount(claim.claimed)),
        (_t("Accepted"), format_amount(claim.accepted)),
        (_t("Rejected"), format_amount(claim.claimed - claim.accepted)),
    ]
    lacking = [] if request.method == "POST" or _issuable(claim) else missing(claim, "issue")
    title, submit = _t("Issue the certificate"), _t("Issue the certificate")
    return ask(request, claim.dossier, form, title, submit, facts=facts, missing=lacking)


@page("certificate.approve", methods=["GET"])
def certificates(request: PersonRequest) -> HttpResponse:
    """Certificates, those to be approved first in their own list."""
    visible = Certificate.objects.visible_to(request.user).select_related("claim__dossier__applicant", "issued_by")
    scopes = request.user.standing.scopes_of("instructing_officer", "programme_manager")
    visible = visible.filter(dossier__programme__code__in=scopes)
    waiting = visible.filter(approved_at=None, superseded_at=None).order_by("issued_at", "pk")[:50]
    rows = by_key(request, visible.filter(approved_at__isnull=False), "-approved_at")
    return render(request, "officer/certificates.html", {"waiting": waiting, "rows": rows})


@page("certificate.approve")
def approve(request: PersonRequest, pk: int) -> HttpResponse:
    """Approve a certificate that another person issued."""
    rows = Certificate.objects.select_related("claim", "dossier__applicant", "dossier__programme", "issued_by")
    certificate: Certificate = get_visible(rows, request.user, pk=pk)
    if certificate.approved_at is not None or certificate.superseded_at is not None:
        return redirect("officer:claim", certificate.claim_id)
    form = confirmed(request)
    if form.is_valid() and act(request, form, verification.approve_certificate, certificate=certificate):
        return done(request, _t("The certificate is approved."), "officer:certificates")
    lead = _t("By approving, you confirm what was verified and the sum that follows from it.")
    title, submit = _t("Approve the certificate"), _t("Approve")
    lacking = missing(certificate.claim, "approve", approver=request.user)
    facts = _facts(certificate)
    if lacking:
        facts.append((_t("Who may approve it"), _approvers(certificate)))
    lacking = [] if request.method == "POST" else lacking
    return ask(request, certificate.dossier, form, title, submit, lead=lead, facts=facts, missing=lacking)


def _approvers(certificate: Certificate) -> str:
    """Who may approve the certificate now, by name; else what to do about it."""
    dossier, claim = certificate.dossier, certificate.claim
    roles = (Role.INSTRUCTING_OFFICER, Role.PROGRAMME_MANAGER)
    known = dict.fromkeys(person for role in roles for person in holders(role, dossier.programme_code))
    able = [row for row in known if may(row, "certificate.approve", dossier)]
    names = [row.full_name for row in able if not missing(claim, "approve", approver=row)]
    alone = _t("Nobody else for now: a programme manager proposes another officer, and an administrator confirms.")
    return ", ".join(names) or alone


def _facts(certificate: Certificate) -> list[tuple[str, Any]]:
    owed = [
        (_t("Sum due"), certificate.due),
        (_t("To recover"), certificate.to_recover),
    ]
    return [
        (_t("Claim"), str(certificate.claim)),
        (_t("Verified on this claim"), format_amount(certificate.verified)),
        (_t("Verified so far"), format_amount(certificate.verified_total)),
        *((name, format_amount(amount)) for name, amount in owed if amount != Decimal(0)),
        (_t("What was seen"), certificate.deliverables_seen),
        (_t("Issued by"), certificate.issued_by.full_name),
    ]


@page("dossier.verify_service_fact")
def verify_service_fact(request: PersonRequest, reference: str) -> HttpResponse:
    """What was promised was done, and the final expenses are certified."""
    dossier = read(request, reference)
    form = confirmed(request)
    if form.is_valid() and act(request, form, verification.verify_service_fact, dossier=dossier):
        return done(request, _t("The service fact is verified; the balance can be paid."), PLACE, reference)
    lacking = [] if request.method == "POST" else missing(dossier, "verify_service_fact")
    title = _t("Verify the service fact")
    lead = _t("You confirm that what the agreement promised was done.")
    return ask(request, dossier, form, title, title, lead=lead, missing=lacking)
