"""One dossier on its road, each step by the person whose step it is, each text with a word of its own.

A `short` road leaves the committee out: what comes after it is the same, and a dozen acts are saved.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from grants.actions import agreements, appeals, bank, drafting, submission
from grants.lifecycle import State
from grants.models import Agreement, BankDetails, Dossier
from kit import clock
from monitoring.actions import claims, payments, services, verification
from monitoring.models import Certificate, Claim, ClaimKind, PaymentOrder
from people.acting import exempt_bulk_write
from people.models import Person
from programmes.rules.reference import reference_form
from selection.actions import advice, assessment, deliberation, meetings
from selection.models import DossierDecision, Mission, Outcome
from tests.world import Town, answers, code_in_mail, pdf

if TYPE_CHECKING:
    from tests.house.populated import House

ELIGIBLE, REQUESTED = "20000", "8000"
EFFECTS = {
    Outcome.SELECT: deliberation.select,
    Outcome.RESERVE: deliberation.place_on_reserve,
    Outcome.REJECT: deliberation.reject,
}


class Case:
    """A dossier of `town`, known in the tests by `key`."""

    def __init__(self, house: House, key: str, town: Town, call: Any = None, *, short: bool = False) -> None:
        self.house, self.key, self.town, self.short = house, key, town, short
        self.call = call or house.main_call
        self.pk = 0
        house.cases[key] = self

    def word(self, kind: str, by: str = "") -> str:
        """A word that stands in one text of this dossier."""
        return self.house.words.mint(kind, self.key, by)

    @property
    def dossier(self) -> Dossier:
        """The dossier as it stands now."""
        return Dossier.objects.get(pk=self.pk)

    # Filing

    def draft(self, *partners: Town) -> Case:
        """Everything that a filing needs, and the partners asked."""
        by = self.town.editor
        dossier = drafting.create_dossier(
            call=self.call, applicant=self.town.organisation, title=f"Site {self.word('title')}", by=by
        )
        self.pk = dossier.pk
        self._answer()
        dossier = drafting.edit_section(
            dossier=self.dossier,
            section="project",
            answers={**answers(reference_form().sections[0]), "need": self.word("answer")},
            version=dossier.version,
            by=by,
        )
        cost, grant = Decimal(ELIGIBLE), Decimal(REQUESTED)
        drafting.set_plan(
            dossier=dossier,
            cost_lines=[
                {"post": self.word("post"), "supplier": self.word("quoter"), "cost": cost, "eligible": cost},
            ],
            resources=[
                {"kind": "grant", "label": "", "amount": grant},
                {"kind": "own", "label": "", "amount": cost - grant},
            ],
            version=dossier.version,
            by=by,
        )
        self.attach("deliberation", "file")
        self.attach("bank_identity", "bankpaper")
        for partner in partners:
            part = self.word("part")
            drafting.invite_partner(dossier=self.dossier, organisation=partner.organisation, part=part, by=by)
        return self

    def _answer(self) -> None:
        """Every question at once: thirty-six dossiers by one act a section would double the time of the gates."""
        given = {section.code: answers(section) for section in reference_form() if section.fields}
        with exempt_bulk_write():
            Dossier.objects.filter(pk=self.pk).update(answers=given)

    def attach(self, kind: str, word: str) -> Any:
        """A document, its label and its content in words of their own."""
        return drafting.attach_document(
            dossier=self.dossier,
            upload=pdf(self.word(f"{word}text")),
            kind=kind,
            label=self.word(word),
            by=self.town.editor,
        )

    def submit(self) -> Case:
        """Partners confirm, the signatory files."""
        for partner in self.dossier.partners.filter(state="invited").order_by("pk"):
            by = partner.organisation.mandates.confirmed().order_by("pk").first().person
            drafting.confirm_partner(partner=partner, accepted=True, by=by)
        submission.submit(dossier=self.dossier, by=self.town.signatory)
        return self

    # Advice

    def waive(self) -> Case:
        advice.waive_mission(dossier=self.dossier, reason=self.word("waiver"), by=self.house.officer)
        return self

    def mission(self, *, countersigned: bool = True, reported: bool = True) -> Case:
        """An advice mission with one day logged."""
        house = self.house
        mission = advice.open_mission(
            dossier=self.dossier,
            contract=house.framework,
            adviser=house.adviser,
            days=Decimal(3),
            purpose=self.word("purpose"),
            by=house.officer,
        )
        advice.log_day(
            mission=mission,
            worked_on=clock.today(),
            days=Decimal(1),
            on_site=True,
            deliverable=self.word("deliverable"),
            by=house.adviser,
        )
        if countersigned:
            advice.countersign(mission=mission, by=self.town.signatory)
        if reported:
            paper = pdf(self.word("reporttext"))
            advice.file_report(mission=mission, report=self.word("report"), document=paper, by=house.adviser)
        return self

    def close_mission(self) -> Case:
        advice.close_mission(mission=Mission.objects.get(dossier=self.pk), by=self.house.officer)
        return self

    def advise(self) -> Case:
        """Submitted, advice waived unless settled, the officer's opinion."""
        if not self.dossier.missions.exists():
            self.waive()
        advice.advise(dossier=self.dossier, favourable=True, opinion=self.word("opinion"), by=self.house.officer)
        return self

    def advised(self, *partners: Town) -> Case:
        return self.draft(*partners).submit().advise()

    # Committee

    def assign(self, *members: Person) -> Case:
        for person in members or self.house.assessors:
            assessment.assign(dossier=self.dossier, person=person, by=self.house.secretary)
        return self

    def answer(self, *members: Person) -> Case:
        for person in members or self.house.assessors:
            assessment.answer_conflict(dossier=self.dossier, has_conflict=False, by=person)
        return self

    def score(self, members: Iterable[Person] = (), mark: int = 15) -> Case:
        """Given to the members, no conflict, marked, each with a comment."""
        chosen = tuple(members) or self.house.assessors
        self.assign(*chosen).answer(*chosen)
        for person in chosen:
            comment = self.word("comment", by=self.house.name_of(person))
            marks = dict.fromkeys(self.house.criteria, Decimal(mark))
            assessment.file_scorecard(dossier=self.dossier, values=marks, comment=comment, by=person)
        return self

    def reveal(self) -> Case:
        assessment.reveal(dossier=self.dossier, by=self.house.secretary)
        return self

    def decide(self, outcome: str, rank: int | None = None) -> DossierDecision:
        """The decision of the meeting that was held; it does not take effect yet."""
        return meetings.record_decision(
            meeting=self.house.meeting,
            dossier=self.dossier,
            outcome=outcome,
            reasons=self.word("reasons"),
            rank=rank,
            votes_for=2,
            by=self.house.secretary,
        )

    def decided(self, outcome: str, rank: int | None = None, *partners: Town) -> Case:
        """From nothing to the committee's decision in effect."""
        self.advised(*partners).score()
        if outcome != Outcome.RESERVE:
            self.reveal()
        decision = self.decide(outcome, rank)
        EFFECTS[Outcome(outcome)](dossier=self.dossier, decision=decision, by=self.house.secretary)
        return self

    def selected(self, *partners: Town) -> Case:
        if self.short:
            self.draft(*partners).submit()
            self.house.select(self.dossier)
            return self
        return self.decided(Outcome.SELECT, None, *partners)

    def appeal(self) -> Case:
        appeals.appeal(dossier=self.dossier, text=self.word("appeal"), by=self.town.signatory)
        return self

    # Agreement

    def enter_bank(self) -> BankDetails:
        """An account that waits for the code of the mail."""
        return bank.enter_bank_details(
            dossier=self.dossier,
            iban=self.house.words.iban(self.key),
            holder=self.word("holder"),
            by=self.town.signatory,
        )

    def bank(self) -> Case:
        details = self.enter_bank()
        bank.confirm_bank_details(details=details, code=code_in_mail(details), by=self.town.signatory)
        return self

    def agreement(self) -> Case:
        agreements.draft_agreement(
            dossier=self.dossier,
            number=f"CONV-{self.dossier.reference}",
            starts_on=date(2027, 1, 1),
            ends_on=date(2028, 12, 31),
            conditions=[{"text": self.word("condition"), "due_on": date(2028, 1, 1)}],
            by=self.house.officer,
        )
        return self

    def signed(self, *partners: Town) -> Case:
        self.selected(*partners).bank().agreement()
        agreement = Agreement.objects.get(dossier=self.pk)
        agreements.sign_as_beneficiary(agreement=agreement, by=self.town.signatory)
        return self

    def contracted(self, *partners: Town) -> Case:
        self.signed(*partners)
        agreements.contract(dossier=self.dossier, by=self.house.manager)
        return self

    # Money

    @property
    def claim(self) -> Claim:
        """The last claim."""
        return Claim.objects.filter(dossier=self.pk).latest("number")

    @property
    def certificate(self) -> Certificate:
        """The last certificate."""
        return Certificate.objects.filter(dossier=self.pk).latest("pk")

    @property
    def order(self) -> PaymentOrder:
        """The last payment order."""
        return PaymentOrder.objects.filter(dossier=self.pk).latest("pk")

    def open_claim(self, kind: str = ClaimKind.FINAL, *amounts: str) -> Case:
        claim = claims.open_claim(dossier=self.dossier, kind=kind, by=self.town.editor)
        for amount in amounts:
            claims.add_item(
                claim=claim,
                supplier=self.word("supplier"),
                invoice_number=f"F-{self.house.number()}",
                invoiced_on=date(2027, 2, 1),
                paid_on=date(2027, 2, 2),
                claimed=Decimal(amount),
                upload=pdf(self.word("invoicetext")),
                by=self.town.editor,
            )
        return self

    def file_claim(self, kind: str = ClaimKind.FINAL, *amounts: str) -> Case:
        self.open_claim(kind, *amounts)
        claims.submit_claim(claim=self.claim, by=self.town.signatory)
        return self

    def check(self, *accepted: str) -> Case:
        """Each item of the last claim checked: what is not accepted whole has a reason."""
        items = list(self.claim.items.order_by("pk"))
        amounts = [Decimal(text) for text in accepted] or [item.claimed for item in items]
        verdicts = {
            item.pk: (amount, "" if amount == item.claimed else self.word("verdict"))
            for item, amount in zip(items, amounts, strict=True)
        }
        verification.check_items(claim=self.claim, verdicts=verdicts, by=self.house.officer)
        return self

    def issue(self) -> Case:
        seen = self.word("seen")
        verification.issue_certificate(claim=self.claim, deliverables_seen=seen, by=self.house.officer)
        return self

    def approve(self) -> Case:
        verification.approve_certificate(certificate=self.certificate, by=self.house.other_officer)
        return self

    def certified(self, kind: str = ClaimKind.FINAL, amounts: Iterable[str] = (), accepted: Iterable[str] = ()) -> Case:
        self.file_claim(kind, *amounts)
        if kind != ClaimKind.ADVANCE:
            self.check(*accepted)
        return self.issue().approve()

    def contest(self) -> Case:
        claims.contest(claim=self.claim, text=self.word("contest"), by=self.town.signatory)
        return self

    def order_payment(self) -> Case:
        payments.order_payment(certificate=self.certificate, by=self.house.payer)
        return self

    def refuse_payment(self) -> Case:
        payments.record_refusal(order=self.order, reason=self.word("refusal"), by=self.house.payer)
        return self

    def paid(self) -> Case:
        self.order_payment()
        payments.record_payment(order=self.order, executed_on=clock.today(), by=self.house.payer)
        return self

    # Use, and the end

    def service(self, *, confirmed: bool = True, ago: int = 380) -> Case:
        """A service in operation for `ago` days: after a year its report may be filled."""
        service = services.record_service(
            dossier=self.dossier,
            kind="teleservice",
            name=self.word("service"),
            url="https://example.org/",
            went_live_on=clock.today() - timedelta(days=ago),
            by=self.town.editor,
        )
        if confirmed:
            services.confirm_service(service=service, by=self.house.officer)
        return self

    def report(self) -> Case:
        for report in self.dossier.usage_reports.order_by("pk"):
            comment = self.word("usage")
            services.fill_usage_report(report=report, visits=12, users=3, comment=comment, by=self.town.editor)
        return self

    def send_back_report(self) -> Case:
        report = self.dossier.usage_reports.get()
        services.send_back_usage_report(report=report, reason=self.word("better"), by=self.house.officer)
        return self

    def accept_report(self) -> Case:
        for report in self.dossier.usage_reports.order_by("pk"):
            services.accept_usage_report(report=report, by=self.house.officer)
        return self

    def verifiable(self) -> Case:
        """The final claim paid, the service seen."""
        return self.contracted().certified(amounts=["20000"]).paid().service()

    def verified(self) -> Case:
        self.verifiable()
        verification.verify_service_fact(dossier=self.dossier, by=self.house.officer)
        return self

    def settled(self) -> Case:
        self.verified()
        payments.pay(dossier=self.dossier, by=self.house.payer)
        return self

    def cancelled(self) -> Case:
        """Ended early after an advance: what was paid is claimed back."""
        self.contracted().certified(ClaimKind.ADVANCE).paid()
        decision, reason = self.house.decide(), self.word("cancelling")
        payments.cancel(dossier=self.dossier, decision=decision, reason=reason, by=self.house.manager)
        return self

    def in_state(self, state: str) -> Case:
        """Check where the road has led."""
        assert self.dossier.state == state, f"{self.key} is {self.dossier.state}, not {State(state).value}"
        return self
