"""What each role has to do after the agreement, for the home pages: lazy querysets, to be sliced and counted there."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from grants.lifecycle import State
from grants.models import Dossier
from grants.queries import visibility
from kit import clock
from monitoring.models import (
    Certificate,
    Claim,
    ClaimKind,
    ClaimState,
    ExpenseItem,
    ItemCheck,
    OrderState,
    PaymentOrder,
    Recovery,
    Service,
    UsageReport,
    UsageState,
)
from monitoring.queries import certificates
from monitoring.rules import calendar
from people.models import Person, Role, RoleAssignment

IN_PROGRESS = (State.CONTRACTED, State.SERVICE_FACT_VERIFIED)
SINCE_CONTRACT = (*IN_PROGRESS, State.PAID)
SINCE_CONTRACT_TO_THE_END = (*SINCE_CONTRACT, State.CLOSED, State.CANCELLED)


# Instructing officer


def claims_to_check(person: Person) -> QuerySet[Claim]:
    """Claims whose expenses wait for a verdict, after a contest too; the oldest first."""
    waiting = Q(state=ClaimState.SUBMITTED) & ~Q(kind=ClaimKind.ADVANCE) | Q(state=ClaimState.CONTESTED)
    return _claims(person, Role.INSTRUCTING_OFFICER).filter(waiting).order_by("submitted_at", "pk")


def certificates_to_issue(person: Person) -> QuerySet[Claim]:
    """Claims that are checked, and advances that were asked for: their certificate comes next."""
    waiting = Q(state=ClaimState.CHECKED) | Q(state=ClaimState.SUBMITTED, kind=ClaimKind.ADVANCE)
    return _claims(person, Role.INSTRUCTING_OFFICER).filter(waiting).order_by("submitted_at", "pk")


def certificates_to_approve(person: Person) -> QuerySet[Certificate]:
    """Certificates that another officer issued; for a manager, those of a service of one officer."""
    pending = Certificate.objects.filter(
        approved_at=None, claim__state=ClaimState.ISSUED, version=F("claim__version")
    ).exclude(issued_by=person)
    officers = RoleAssignment.objects.live().filter(
        role=Role.INSTRUCTING_OFFICER, scope=OuterRef("dossier__programme__code"), person__is_active=True
    )
    alone = ~Exists(officers.exclude(person=OuterRef("issued_by")).order_by())
    as_officer = Q(dossier__in=_of(person, Role.INSTRUCTING_OFFICER, IN_PROGRESS))
    as_manager = Q(dossier__in=_of(person, Role.PROGRAMME_MANAGER, IN_PROGRESS)) & alone & ~Q(checked_by=person)
    never_paid = ~Exists(PaymentOrder.objects.filter(claim=OuterRef("claim"), payer=person).order_by())
    found = pending.filter(never_paid).filter(as_officer | as_manager)
    return found.select_related("claim__dossier", "dossier__applicant", "issued_by").order_by("issued_at", "pk")


def services_to_confirm(person: Person) -> QuerySet[Service]:
    """Services that the beneficiary named and no officer has seen."""
    mine = Service.objects.filter(confirmed_at=None, dossier__in=_of(person, Role.INSTRUCTING_OFFICER, SINCE_CONTRACT))
    return mine.select_related("dossier__applicant").order_by("recorded_at", "pk")


def dossiers_to_verify(person: Person) -> QuerySet[Dossier]:
    """Dossiers whose final claim is certified and whose services are confirmed: the service fact can be verified."""
    final = Claim.objects.filter(
        dossier=OuterRef("pk"), kind=ClaimKind.FINAL, state__in=[ClaimState.CERTIFIED, ClaimState.SETTLED]
    ).order_by()
    services = Service.objects.filter(dossier=OuterRef("pk")).order_by()
    ready = Exists(final) & Exists(services) & ~Exists(services.filter(confirmed_at=None))
    return _dossiers(person, Role.INSTRUCTING_OFFICER, State.CONTRACTED).filter(ready).order_by("contracted_at", "pk")


def usage_reports_to_accept(person: Person) -> QuerySet[UsageReport]:
    """Reports on a year of use that are in."""
    mine = UsageReport.objects.filter(
        state=UsageState.FILLED, dossier__in=_of(person, Role.INSTRUCTING_OFFICER, SINCE_CONTRACT)
    )
    return mine.select_related("service", "dossier__applicant").order_by("filled_at", "pk")


# Paying officer


def certificates_to_order(person: Person) -> QuerySet[Certificate]:
    """Certified sums without order, save those in whose verification the person had a hand."""
    checked = ItemCheck.objects.filter(item__claim=OuterRef("claim"), checked_by=person).order_by()
    signed = Certificate.objects.filter(claim=OuterRef("claim")).filter(
        Q(checked_by=person) | Q(issued_by=person) | Q(approved_by=person)
    )
    due = certificates.unordered(Certificate.objects.filter(dossier__in=_of(person, Role.PAYING_OFFICER, IN_PROGRESS)))
    return due.filter(~Exists(checked), ~Exists(signed.order_by())).select_related(
        "claim__dossier", "dossier__applicant"
    )


def orders_to_record(person: Person) -> QuerySet[PaymentOrder]:
    """Orders whose outcome is not recorded, the oldest first."""
    mine = PaymentOrder.objects.filter(
        state=OrderState.ORDERED, dossier__in=_of(person, Role.PAYING_OFFICER, SINCE_CONTRACT)
    )
    return mine.select_related("claim", "dossier__applicant").order_by("ordered_at", "pk")


def dossiers_to_settle(person: Person) -> QuerySet[Dossier]:
    """Verified dossiers of which every claim is settled: the grant can be settled."""
    open_claims = Claim.objects.filter(dossier=OuterRef("pk")).exclude(state__in=[ClaimState.DRAFT, ClaimState.SETTLED])
    found = _dossiers(person, Role.PAYING_OFFICER, State.SERVICE_FACT_VERIFIED)
    return found.filter(~Exists(open_claims.order_by())).order_by("verified_at", "pk")


def orders_to_audit(person: Person) -> QuerySet[PaymentOrder]:
    """What was paid last in the programmes that the auditor audits."""
    paid = PaymentOrder.objects.filter(
        state=OrderState.EXECUTED, dossier__programme__code__in=person.standing.scopes_of(Role.AUDITOR)
    )
    return paid.select_related("dossier__applicant").order_by("-executed_on", "-pk")


def recoveries_to_record(person: Person) -> QuerySet[Recovery]:
    """Sums claimed back that have not come in."""
    mine = Recovery.objects.open().filter(dossier__in=_of(person, Role.PAYING_OFFICER, SINCE_CONTRACT_TO_THE_END))
    return mine.select_related("dossier__applicant").order_by("issued_at", "pk")


# Programme manager


def recoveries_to_issue(person: Person) -> QuerySet[Certificate]:
    """Certificates that show a sum paid too much, not claimed back yet."""
    mine = Certificate.objects.filter(dossier__in=_of(person, Role.PROGRAMME_MANAGER, SINCE_CONTRACT_TO_THE_END))
    return certificates.to_claim_back(mine).select_related("claim__dossier", "dossier__applicant")


def dossiers_to_close(person: Person) -> QuerySet[Dossier]:
    """Paid dossiers with every usage report accepted and nothing to come back."""
    reports = UsageReport.objects.filter(dossier=OuterRef("pk")).exclude(state=UsageState.ACCEPTED).order_by()
    owed = Recovery.objects.open().filter(dossier=OuterRef("pk")).order_by()
    found = _dossiers(person, Role.PROGRAMME_MANAGER, State.PAID)
    return found.filter(~Exists(reports), ~Exists(owed)).order_by("paid_at", "pk")


# Applicant


def claims_to_finish(person: Person) -> QuerySet[Claim]:
    """Claims in preparation, of the organisations for which the person acts."""
    mine = Claim.objects.filter(
        state=ClaimState.DRAFT, dossier__state=State.CONTRACTED, dossier__applicant__in=person.standing.acts_for
    )
    return mine.select_related("dossier__applicant").order_by("created_at", "pk")


def dossiers_to_claim(person: Person) -> QuerySet[Dossier]:
    """Projects under agreement with no claim under way and no final claim: the next payment can be claimed."""
    busy = Claim.objects.filter(dossier=OuterRef("pk")).filter(~Q(state=ClaimState.SETTLED) | Q(kind=ClaimKind.FINAL))
    mine = Dossier.objects.filter(state=State.CONTRACTED, applicant__in=person.standing.acts_for)
    return mine.filter(~Exists(busy.order_by())).select_related("applicant").order_by("contracted_at", "pk")


def services_to_record(person: Person) -> QuerySet[Dossier]:
    """Projects whose final claim is settled and that name no service yet: the service fact waits for one."""
    final = Claim.objects.filter(dossier=OuterRef("pk"), kind=ClaimKind.FINAL, state=ClaimState.SETTLED).order_by()
    named = Service.objects.filter(dossier=OuterRef("pk")).order_by()
    mine = Dossier.objects.filter(state=State.CONTRACTED, applicant__in=person.standing.acts_for)
    return mine.filter(Exists(final), ~Exists(named)).select_related("applicant").order_by("contracted_at", "pk")


def claims_with_rejections(person: Person) -> QuerySet[Claim]:
    """Certified claims with a rejection, of the organisations for which the person signs, the last first.

    `monitoring.queries.deadlines.contest_ends_at` tells until when each may be contested.
    """
    rejected = ExpenseItem.objects.filter(claim=OuterRef("pk"), accepted__lt=F("claimed")).order_by()
    mine = Claim.objects.filter(
        state__in=[ClaimState.CERTIFIED, ClaimState.SETTLED],
        dossier__state__in=IN_PROGRESS,
        dossier__applicant__in=person.standing.signatory_of,
    )
    return mine.filter(Exists(rejected)).select_related("dossier__call").order_by("-certified_at", "-pk")


def usage_reports_to_fill(person: Person) -> QuerySet[UsageReport]:
    """Reports on a year of use that may be filled now, the first due first."""
    mine = UsageReport.objects.filter(
        state=UsageState.DUE,
        due_on__lte=clock.today() + calendar.FILLABLE_BEFORE,
        dossier__state__in=SINCE_CONTRACT,
        dossier__applicant__in=person.standing.acts_for,
    )
    return mine.select_related("service", "dossier__applicant").order_by("due_on", "pk")


def _dossiers(person: Person, role: str, *states: str) -> QuerySet[Dossier]:
    """The dossiers in `states` of the programmes in which the person has the role, save those they are tied to."""
    found: QuerySet[Dossier] = Dossier.objects.filter(
        programme__code__in=person.standing.scopes_of(role), state__in=states
    )
    if person.standing.organisations:
        found = found.exclude(visibility.tied(person))
    return found.select_related("applicant", "call", "programme")


def _of(person: Person, role: str, states: tuple[str, ...]) -> Any:
    """The keys of the same dossiers, for a sub-query."""
    return _dossiers(person, role, *states).order_by().values("pk")


def _claims(person: Person, role: str) -> QuerySet[Claim]:
    found = Claim.objects.filter(dossier__in=_of(person, role, IN_PROGRESS))
    return found.select_related("dossier__applicant")
