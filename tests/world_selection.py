"""A programme with its committee, for tests of the selection: persons, call, grid, and dossiers that were filed.

Roles and dossiers are written as rows, as the floors below left them; everything of the selection goes through its
actions.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from grants.lifecycle import State
from grants.models import CostLine, Dossier, FinancingPlan, Resource
from kit import clock
from people.models import Mandate, Membership, Organisation, Person, RoleAssignment, standing
from programmes.actions import forms
from programmes.models import AidRule, Call, Decision, Envelope, Measure, Programme
from programmes.queries import current_form
from records.actions import ledger
from records.models import JournalEntry, OutboxMail
from records.queries.ledger import balance
from selection.actions import assessment, committees, meetings
from selection.models import Committee, DossierDecision, FrameworkContract, Meeting, Outcome

CODE = "TEST-27"
START = datetime(2027, 3, 1, 9, tzinfo=UTC)
CRITERIA = ("technical", "approach", "territorial", "services", "human", "financial")
_numbers = count(1)


class SelectionWorld:
    """One programme, a call of 20 000 € that needs no advice, a committee of three, two scorecards a dossier."""

    def __init__(self, *, amount: str = "20000", needs_advice: bool = False, partial: bool = False) -> None:
        now = clock.now()
        self.manager = self.person("Manager", "programme_manager")
        self.secretary = self.person("Secretary", "committee_secretary")
        self.officer = self.person("Officer", "instructing_officer")
        self.adviser = self.person("Adviser", "adviser")
        self.auditor = self.person("Auditor", "auditor")
        self.members = [self.person(f"Member {name}", "committee_member") for name in "ABC"]
        self.programme = Programme.objects.create(
            code=CODE,
            title_fr="Programme d’essai",
            title_en="Test programme",
            managing_body="Région",
            starts_on=date(2027, 1, 1),
            ends_on=date(2030, 12, 31),
            created_at=now,
        )
        self.steering = Decision.objects.create(
            programme=self.programme, reference="COPIL-1", body="steering", taken_on=date(2027, 1, 10), text="Adopté."
        )
        self.measure = Measure.objects.create(
            programme=self.programme, code="7.4", step="project", title_fr="Projets innovants"
        )
        AidRule.objects.create(
            measure=self.measure, rate=Decimal("0.5"), valid_from=date(2027, 1, 1), decision=self.steering
        )
        self.envelope = self.fund("7.4", amount)
        self.call = self.open_call(needs_advice=needs_advice, partial=partial)
        self.committee = self.sit(self.members)
        self.grid = committees.edit_grid(call=self.call, criteria=committees.REFERENCE_CRITERIA, by=self.manager)
        self.grid = committees.approve_grid(grid=self.grid, decision=self.steering, by=self.manager)

    # People

    def person(self, name: str, *roles: str, language: str = "en") -> Person:
        """A person who holds `roles` in the programme."""
        person = Person.objects.create_user(
            f"{name.lower().replace(' ', '.')}.{next(_numbers)}@example.org", None, full_name=name, language=language
        )
        for role in roles:
            self.give(person, role)
        return person

    def give(self, person: Person, role: str) -> None:
        """A role of the programme, proposed and confirmed."""
        proposer, confirmer = self._two_others()
        RoleAssignment.objects.create(
            person=person,
            role=role,
            scope=CODE,
            proposed_by=proposer,
            confirmed_by=confirmer,
            confirmed_at=clock.now(),
        )
        standing.changed()

    def town(self, name: str = "Catus") -> Organisation:
        """A commune whose mayor signs."""
        town = Organisation.objects.create(kind="commune", name=name, identifier_unknown=True, department="46")
        self.mandate(self.person(f"Mayor of {name}"), town)
        return town

    def mandate(self, person: Person, town: Organisation) -> Mandate:
        """`person` signs for `town`, as two others have settled."""
        requester, confirmer = self._two_others()
        mandate = Mandate.objects.create(
            organisation=town,
            person=person,
            function="Maire",
            status="confirmed",
            requested_by=requester,
            confirmed_by=confirmer,
            confirmed_at=clock.now(),
        )
        standing.changed()
        return mandate

    def tie(self, person: Person, town: Organisation) -> None:
        """`person` works for `town`."""
        Membership.objects.create(organisation=town, person=person, capacity="employee", since=date(2027, 1, 1))
        standing.changed()

    def mayor(self, dossier: Dossier) -> Person:
        """Who signs for the applicant."""
        return Mandate.objects.get(
            organisation=dossier.applicant, function="Maire", person__full_name__startswith="Mayor"
        ).person

    def _two_others(self) -> tuple[Person, Person]:
        others = getattr(self, "_others", None)
        if others is None:
            others = self._others = tuple(
                Person.objects.create_user(f"office.{next(_numbers)}@example.org", None, full_name="Office")
                for _ in range(2)
            )
        return others

    # Money and call

    def fund(self, code: str, amount: str) -> Envelope:
        """An envelope that holds `amount` euros."""
        source = ledger.open_account(f"source:{CODE}", "source", may_overdraw=True)
        account = ledger.open_account(f"envelope:{CODE}:{code}", "envelope")
        ledger.post("open", debit=source, credit=account, amount=Decimal(amount), key=f"open:{CODE}:{code}")
        return Envelope.objects.create(
            programme=self.programme,
            measure=self.measure,
            code=code,
            fund="FEDER",
            amount=Decimal(amount),
            decision=self.steering,
            account=account,
        )

    def open_call(self, *, needs_advice: bool = False, partial: bool = False, scorecards: int = 2) -> Call:
        """A published call that is closed at the clock's instant."""
        number = next(_numbers)
        call = Call.objects.create(
            programme=self.programme,
            measure=self.measure,
            envelope=self.envelope,
            slug=f"call-{number}",
            reference_prefix=f"T{number}",
            title_fr="Appel",
            title_en="Call",
            presentation_fr="Texte.",
            state="published",
            published_at=clock.now() - timedelta(days=90),
            opens_at=clock.now() - timedelta(days=80),
            closes_at=clock.now() - timedelta(days=1),
            needs_advice=needs_advice,
            allows_partial_awards=partial,
            scorecards_needed=scorecards,
        )
        forms.begin(call)
        return call

    def sit(self, members: list[Person], *, quorum: int = 2, name: str = "") -> Committee:
        """A selection committee of `members`, in office since January."""
        committee = committees.create_committee(
            programme=self.programme,
            body="selection",
            name=name or f"Committee {next(_numbers)}",
            quorum=quorum,
            by=self.manager,
        )
        for person in members:
            committees.appoint_member(committee=committee, person=person, since=date(2027, 1, 1), by=self.manager)
        return committee

    def framework(self, days: str = "10") -> FrameworkContract:
        """A framework contract of `days` days."""
        from selection.actions import advice

        provider = Organisation.objects.create(kind="provider", name="Conseil", identifier_unknown=True)
        return advice.open_framework(
            programme=self.programme,
            provider=provider,
            reference=f"AO-{next(_numbers)}",
            days=Decimal(days),
            day_price=Decimal("650.00"),
            starts_on=date(2027, 1, 1),
            ends_on=date(2029, 12, 31),
            by=self.manager,
        )

    # Dossiers

    def dossier(self, state: str = State.SUBMITTED, *, town: Organisation | None = None, **fields: Any) -> Dossier:
        """A dossier that was filed, 50 % of 36 209.96 € asked for up to 20 000 €, unless said otherwise."""
        now, call = clock.now(), fields.pop("call", self.call)
        eligible, requested = Decimal(fields.pop("eligible", "36209.96")), Decimal(fields.pop("requested", "20000"))
        town = town or self.town(f"Town {next(_numbers)}")
        plan = FinancingPlan.objects.create(created_at=now)
        CostLine.objects.create(plan=plan, post="Site", cost=eligible, eligible=eligible)
        Resource.objects.create(plan=plan, kind="grant", amount=requested)
        Resource.objects.create(plan=plan, kind="own", amount=eligible - requested)
        if state != State.DRAFT:
            signer = Mandate.objects.filter(organisation=town).order_by("pk").first().person
            fields = {"submitted_at": now - timedelta(days=5), "submitted_by": signer, **fields}
        if state == State.ADVISED:
            fields = {"advised_at": now, **fields}
        return Dossier.objects.create(
            programme=call.programme,
            call=call,
            form=current_form(call),
            applicant=town,
            reference=f"{call.reference_prefix}-{next(_numbers):04}",
            title=fields.pop("title", "Accueil numérique"),
            plan=plan,
            eligible=eligible,
            requested=requested,
            created_by=self.manager,
            created_at=now,
            state=state,
            **fields,
        )

    def assign(self, dossier: Dossier, *members: Person) -> None:
        """Give the dossier to `members` (the first two unless said otherwise), who declare no conflict."""
        for person in members or self.members[:2]:
            assessment.assign(dossier=dossier, person=person, by=self.secretary)
            assessment.answer_conflict(dossier=dossier, has_conflict=False, by=person)

    def score(self, dossier: Dossier, *members: Person, mark: int = 15) -> None:
        """Assign and mark: the same mark on every criterion."""
        chosen = members or tuple(self.members[:2])
        self.assign(dossier, *chosen)
        for person in chosen:
            assessment.file_scorecard(dossier=dossier, values=marks(mark), comment="", by=person)

    def meeting(self, *present: Person, committee: Committee | None = None, at: datetime | None = None) -> Meeting:
        """A meeting held now, attended by `present` (the first two members unless said otherwise)."""
        committee = committee or self.committee
        here = present or tuple(self.members[:2])
        meeting = meetings.plan_meeting(committee=committee, starts_at=at or clock.now(), by=self.secretary)
        seats = list(committee.members.filter(person__in=here))
        return meetings.hold_meeting(meeting=meeting, present=seats, by=self.secretary)

    def decision(
        self, dossier: Dossier, outcome: str = Outcome.SELECT, *, meeting: Meeting | None = None, **fields: Any
    ) -> DossierDecision:
        """The decision of a meeting (held now unless given) about the dossier."""
        if outcome == Outcome.REJECT:
            fields.setdefault("reasons", "Too little new.")
        return meetings.record_decision(
            meeting=meeting or self.meeting(), dossier=dossier, outcome=outcome, by=self.secretary, **fields
        )

    def selectable(self, **fields: Any) -> tuple[Dossier, DossierDecision]:
        """A scored dossier that a meeting decided to select."""
        dossier = self.dossier(**fields)
        self.score(dossier)
        return dossier, self.decision(dossier)


def marks(mark: int | str | Decimal = 15, **others: Any) -> dict[str, Any]:
    """The same mark on each criterion of the reference grid, save for `others`."""
    return {**dict.fromkeys(CRITERIA, Decimal(mark)), **others}


def balances(envelope: Envelope, *dossiers: Dossier) -> dict[str, Decimal]:
    """What the envelope holds and what is reserved for the dossiers, in euros."""
    reserved = sum((balance(f"reserved:{dossier.reference}") for dossier in dossiers), Decimal(0))
    return {"available": balance(envelope.account.code), "reserved": reserved}


def acts(subject: Any) -> list[str]:
    """The acts of the subject's journal chain, in order."""
    return list(JournalEntry.objects.filter(chain=subject.journal_chain).order_by("seq").values_list("act", flat=True))


def mails(subject: Any) -> list[str]:
    """The kinds of mails queued about the subject, in order."""
    return list(OutboxMail.objects.filter(chain=subject.journal_chain).order_by("pk").values_list("kind", flat=True))
