"""The world that tests of the trade stand in: a programme, its staff, towns and their dossiers, made by the real acts.

Time stands still at `START`, by the house's clock; `clock.at` moves it. Whatever a test does not name is made when it
is first needed. Where only a committee could act, `select` does what its act does, without its meeting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from stdnum import luhn

from grants.actions import agreements, awards, bank, drafting, instruction, submission
from grants.lifecycle import State
from grants.models import Agreement, Award, BankDetails, Dossier, ResourceKind
from kit import clock
from kit.actors import INSTALLER
from people.acting import exempt_bulk_write
from people.actions import accounts, mandates, organisations, roles
from people.models import Organisation, Person, Role
from programmes.actions import calls, programmes
from programmes.models import Call, Decision, Envelope, Measure, Programme
from programmes.rules import form
from programmes.rules.reference import reference_form
from records.models import JournalEntry, OutboxMail
from records.queries.ledger import balance
from selection.actions import committees

CODE = "TEST-27"
START = datetime(2027, 3, 1, 9, tzinfo=UTC)
OPENS = datetime(2027, 2, 1, 8, tzinfo=UTC)
CLOSES = datetime(2027, 5, 31, 15, tzinfo=UTC)
PASSWORD = "correct-horse-battery-42"
IBAN = "FR7630006000011234567890189"
OTHER_IBAN = "FR7630004000031234567890143"
ANSWER = "A plain answer."
DATES = {"start": "2027-09-01", "end": "2028-06-30"}


@dataclass(frozen=True)
class Town:
    """A community with the two persons who act for it."""

    organisation: Organisation
    editor: Person
    signatory: Person


class World:
    """One programme, TEST-27, and all that a test asks of it."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.spare: Dossier | None = None

    # People

    def person(self, name: str = "", language: str = "en") -> Person:
        """A person without any role."""
        number = next(self._numbers)
        full_name = name or f"Person {number}"
        address = re.sub(r"[^a-z0-9]+", ".", full_name.lower()).strip(".")
        return Person.objects.create_user(
            f"{address}.{number}@example.org", PASSWORD, full_name=full_name, language=language
        )

    @cached_property
    def administrator(self) -> Person:
        return self._administrator("Ada Administrator")

    @cached_property
    def second_administrator(self) -> Person:
        return self._administrator("Bea Administrator")

    def _administrator(self, name: str) -> Person:
        address = name.lower().replace(" ", ".")
        return accounts.create_administrator(
            email=f"{address}@example.org", full_name=name, password=PASSWORD, language="en", by=INSTALLER
        )

    @cached_property
    def manager(self) -> Person:
        """The programme manager, who appoints the rest of the staff."""
        return self.give(self.person("Manager"), Role.PROGRAMME_MANAGER)

    @cached_property
    def other_manager(self) -> Person:
        return self.give(self.person("Other Manager"), Role.PROGRAMME_MANAGER)

    @cached_property
    def officer(self) -> Person:
        return self.staff(Role.INSTRUCTING_OFFICER, "Officer")

    @cached_property
    def other_officer(self) -> Person:
        return self.staff(Role.INSTRUCTING_OFFICER, "Other Officer")

    @cached_property
    def secretary(self) -> Person:
        return self.staff(Role.COMMITTEE_SECRETARY, "Secretary")

    @cached_property
    def payer(self) -> Person:
        return self.staff(Role.PAYING_OFFICER, "Payer")

    @cached_property
    def adviser(self) -> Person:
        return self.staff(Role.ADVISER, "Adviser")

    @cached_property
    def member(self) -> Person:
        return self.staff(Role.COMMITTEE_MEMBER, "Member")

    @cached_property
    def auditor(self) -> Person:
        return self.staff(Role.AUDITOR, "Auditor")

    @cached_property
    def controller(self) -> Person:
        return self.staff(Role.CONTROLLER, "Controller")

    @cached_property
    def follow_up_agent(self) -> Person:
        return self.staff(Role.FOLLOW_UP_AGENT, "Follower")

    def staff(self, role: str, name: str = "", language: str = "en") -> Person:
        """A new person who holds `role` in the programme."""
        return self.give(self.person(name, language), role)

    def give(self, person: Person, role: str, scope: str = CODE) -> Person:
        """Give `person` a role, proposed by one and confirmed by another."""
        by = self.administrator if role == Role.PROGRAMME_MANAGER else self.manager
        assignment = roles.propose_role(person=person, role=role, scope=scope, by=by)
        roles.confirm_role(assignment=assignment, by=self.second_administrator)
        return person

    def everyone(self) -> dict[str, Person]:
        """One person for each role of the staff of the programme."""
        return {
            "programme_manager": self.manager,
            "instructing_officer": self.officer,
            "committee_secretary": self.secretary,
            "paying_officer": self.payer,
            "adviser": self.adviser,
            "committee_member": self.member,
            "auditor": self.auditor,
            "controller": self.controller,
            "follow_up_agent": self.follow_up_agent,
            "administrator": self.administrator,
        }

    # Organisations

    def organisation(self, name: str = "", kind: str = "commune", by: Person | None = None) -> Organisation:
        """An organisation with a SIRET of its own; who registers it becomes its editor."""
        number = next(self._numbers)
        return organisations.register_organisation(
            kind=kind,
            name=name or f"Town {number}",
            siret=siret(number),
            department="46",
            by=by or self.person(),
        )

    def town(self, name: str = "", language: str = "en") -> Town:
        """A commune, its secretary who edits, its mayor who signs."""
        label = name or f"Town {next(self._numbers)}"
        editor, mayor = self.person(f"Editor of {label}", language), self.person(f"Mayor of {label}", language)
        organisation = self.organisation(label, by=editor)
        self.mandate(mayor, organisation)
        return Town(organisation, editor, mayor)

    def mandate(self, person: Person, organisation: Organisation) -> Person:
        """Let `person` sign for `organisation`."""
        asked = mandates.request_mandate(organisation=organisation, function="Mayor", by=person)
        mandates.confirm_mandate(mandate=asked, by=self.manager if person != self.manager else self.other_manager)
        return person

    def tie(self, person: Person, organisation: Organisation, capacity: str = "employee") -> Person:
        """Make `person` a member of `organisation`, by one of its signatories."""
        signatory = organisation.mandates.confirmed().order_by("pk").first()
        organisations.invite_member(
            organisation=organisation, email=person.email, capacity=capacity, by=signatory.person
        )
        return person

    # Programme and money

    @cached_property
    def programme(self) -> Programme:
        return programmes.create_programme(
            code=CODE,
            title_fr="Programme d’essai",
            title_en="Test programme",
            managing_body="Région",
            contact_email="contact@example.org",
            starts_on=date(2027, 1, 1),
            ends_on=date(2030, 12, 31),
            by=self.administrator,
        )

    @cached_property
    def steering(self) -> Decision:
        """The steering committee's decision that adopted the programme."""
        return self.decide("COPIL-1")

    def decide(self, reference: str = "", body: str = "steering", taken_on: date = date(2027, 1, 10)) -> Decision:
        """A decision on the programme."""
        return programmes.record_programme_decision(
            programme=self.programme,
            reference=reference or f"D-{next(self._numbers)}",
            body=body,
            taken_on=taken_on,
            text="Adopted.",
            by=self.manager,
        )

    @cached_property
    def measure(self) -> Measure:
        """Action 7.4, which aids half of the eligible costs, rounded down to the euro."""
        measure = programmes.add_measure(
            programme=self.programme, code="7.4", step="project", title_fr="Projets innovants", by=self.manager
        )
        self.rule(measure)
        return measure

    def rule(self, measure: Measure, **terms: Any) -> Any:
        """An aid rule of the measure: 50 % from 1 January 2027 unless said otherwise."""
        given = {"rate": Decimal("0.5"), "valid_from": date(2027, 1, 1), "decision": self.steering, **terms}
        return programmes.set_aid_rule(measure=measure, by=self.manager, **given)

    def envelope(self, amount: str = "100000") -> Envelope:
        """An envelope of action 7.4 that holds `amount` euros."""
        return programmes.open_envelope(
            measure=self.measure,
            code=f"E{next(self._numbers)}",
            amount=Decimal(amount),
            decision=self.steering,
            by=self.manager,
        )

    def prepared_call(self, envelope: Envelope | None = None, **fields: Any) -> Call:
        """A call in preparation, from 1 February to 31 May 2027 at 17:00 in Paris; its grid is approved."""
        number = next(self._numbers)
        given = {
            "slug": f"call-{number}",
            "reference_prefix": f"T{number}",
            "title_fr": "Appel",
            "title_en": "Call",
            "presentation_fr": "Texte.",
            "opens_at": OPENS,
            "closes_at": CLOSES,
            **fields,
        }
        call = calls.create_call(measure=self.measure, envelope=envelope or self.envelope(), by=self.manager, **given)
        grid = committees.edit_grid(call=call, criteria=committees.REFERENCE_CRITERIA, by=self.manager)
        committees.approve_grid(grid=grid, decision=self.steering, by=self.manager)
        return call

    def call(self, envelope: Envelope | None = None, **fields: Any) -> Call:
        """A published call."""
        return calls.publish_call(call=self.prepared_call(envelope, **fields), by=self.manager)

    @cached_property
    def any_call(self) -> Call:
        """The call of tests that do not care which."""
        return self.call()

    # Dossiers

    def draft(self, **fields: Any) -> Dossier:
        """A draft that lacks nothing but its filing."""
        return self._take_spare(State.DRAFT, fields) or self.new_draft(**fields)

    def _take_spare(self, state: str, fields: dict[str, Any]) -> Dossier | None:
        """The dossier that was made beforehand, once, for a test that asks for no more than its state."""
        spare = self.spare
        if spare is None or fields or spare.state != state or clock.now() != START:
            return None
        self.spare = None
        return fresh(spare)

    def new_draft(
        self,
        *,
        town: Town | None = None,
        call: Call | None = None,
        eligible: str = "36209.96",
        requested: str = "18104",
        title: str = "Digital welcome",
    ) -> Dossier:
        """A draft with these terms."""
        town = town or self.town()
        dossier = drafting.create_dossier(
            call=call or self.any_call, applicant=town.organisation, title=title, by=town.editor
        )
        for section in reference_form():
            if section.fields:
                dossier = drafting.edit_section(
                    dossier=dossier,
                    section=section.code,
                    answers=answers(section),
                    version=dossier.version,
                    by=town.editor,
                )
        dossier = self.plan(dossier, town.editor, eligible=eligible, requested=requested)
        drafting.attach_document(
            dossier=dossier, upload=pdf(dossier.reference), kind="deliberation", label="", by=town.editor
        )
        return fresh(dossier)

    def plan(self, dossier: Dossier, by: Person, *, eligible: str, requested: str) -> Dossier:
        """A plan of one expense, all of it eligible, that balances."""
        cost, grant = Decimal(eligible), Decimal(requested)
        return drafting.set_plan(
            dossier=dossier,
            cost_lines=[{"post": "Site", "supplier": "Web SARL", "cost": cost, "eligible": cost}],
            resources=[
                {"kind": ResourceKind.GRANT, "label": "", "amount": grant},
                {"kind": ResourceKind.OWN, "label": "", "amount": cost - grant},
            ],
            version=dossier.version,
            by=by,
        )

    def dossier(self, state: str = State.SUBMITTED, *, envelope: Envelope | None = None, **fields: Any) -> Dossier:
        """A dossier in `state`: draft, submitted, returned, ineligible, withdrawn, selected or contracted."""
        if envelope is not None:
            fields["call"] = self.call(envelope)
        if spare := self._take_spare(state, fields):
            return spare
        dossier = self.draft(**fields)
        if state == State.DRAFT:
            return dossier
        submission.submit(dossier=dossier, by=self.signatory(dossier))
        steps = {
            State.SUBMITTED: lambda: None,
            State.RETURNED: lambda: self.send_back(dossier),
            State.INELIGIBLE: lambda: self.refuse(dossier),
            State.WITHDRAWN: lambda: submission.withdraw(
                dossier=dossier, reason="Given up.", by=self.signatory(dossier)
            ),
            State.SELECTED: lambda: self.select(dossier),
            State.CONTRACTED: lambda: self.sign(dossier),
        }
        steps[State(state)]()
        return fresh(dossier)

    def send_back(self, dossier: Dossier, *sections: str, days: int = 15) -> Any:
        """Ask for sections of a submitted dossier (its project unless said otherwise), due in `days` days."""
        return instruction.return_for_completion(
            dossier=dossier,
            sections=list(sections or ("project",)),
            message="Say more.",
            due_at=clock.now() + timedelta(days=days),
            by=self.officer,
        )

    def refuse(self, dossier: Dossier) -> Dossier:
        """Declare a submitted dossier ineligible."""
        return instruction.declare_ineligible(
            dossier=dossier, reasons="Not in the region.", rule="Rule 2: place", by=self.officer
        )

    def select(self, dossier: Dossier) -> Award:
        """Select a dossier as a committee's decision of this day would: reserve its grant and move its state."""
        decision = self.decide(body="selection", taken_on=clock.today())
        with exempt_bulk_write():
            dossier = fresh(dossier)
            award = awards.reserve(dossier=dossier, decision=decision, by=self.secretary)
            dossier.select()
            dossier.decided_at = clock.now()
            dossier.save()
        return award

    def reject(self, dossier: Dossier) -> Dossier:
        """Reject a dossier as a committee would."""
        with exempt_bulk_write():
            dossier = fresh(dossier)
            dossier.reject()
            dossier.decided_at, dossier.decision_reasons = clock.now(), "Too little new."
            dossier.save()
        return dossier

    def agreement(self, dossier: Dossier, **fields: Any) -> Agreement:
        """The agreement of a selected dossier, drafted."""
        given = {
            "number": f"CONV-{dossier.reference}",
            "starts_on": date(2027, 3, 1),
            "ends_on": date(2028, 12, 31),
            **fields,
        }
        return agreements.draft_agreement(dossier=dossier, by=self.officer, **given)

    def bank_details(self, dossier: Dossier, iban: str = IBAN) -> BankDetails:
        """Bank details entered by the signatory, and confirmed with the code of the mail."""
        signatory = self.signatory(dossier)
        details = bank.enter_bank_details(dossier=dossier, iban=iban, holder="Trésor public", by=signatory)
        return bank.confirm_bank_details(details=details, code=code_in_mail(details), by=signatory)

    def sign(self, dossier: Dossier) -> Agreement:
        """From submitted to contracted."""
        self.select(dossier)
        dossier = fresh(dossier)
        agreement = self.agreement(dossier)
        self.bank_details(dossier)
        agreements.sign_as_beneficiary(agreement=agreement, by=self.signatory(dossier))
        return agreements.contract(dossier=dossier, by=self.manager)

    @staticmethod
    def signatory(dossier: Dossier) -> Person:
        """Who signs for the applicant."""
        return dossier.applicant.mandates.confirmed().order_by("pk").first().person

    @staticmethod
    def editor(dossier: Dossier) -> Person:
        """Who edits for the applicant."""
        return dossier.applicant.memberships.filter(capacity="editor").order_by("pk").first().person


def siret(number: int) -> str:
    """A valid SIRET, one for each number."""
    siren = f"2{number:07}"
    siren += luhn.calc_check_digit(siren)
    short = f"{siren}0001"
    return short + luhn.calc_check_digit(short)


def answers(section: form.Section) -> dict[str, str]:
    """An answer to each question of the section, in the form it asks for."""
    by_kind = {form.LINE: ANSWER, form.LONG: ANSWER, form.EMAIL: "team@example.org"}
    return {item.code: DATES.get(item.code) or by_kind[item.kind] for item in section.fields}


def pdf(text: str = "A page", name: str = "page.pdf") -> SimpleUploadedFile:
    """A small file that begins and ends as a PDF does."""
    return SimpleUploadedFile(name, f"%PDF-1.4\n{text}\n%%EOF\n".encode(), content_type="application/pdf")


def code_in_mail(details: BankDetails) -> str:
    """The code that was mailed for these bank details."""
    mail = OutboxMail.objects.get(key__startswith=f"bank_code:{details.dossier.reference}:{details.pk}:")
    found = re.search(r"\b\d{6}\b", mail.text)
    assert found is not None
    return found[0]


def fresh(row: Any) -> Any:
    """The same row, read again."""
    return type(row).objects.get(pk=row.pk)


def acts(subject: Any) -> list[str]:
    """The acts of the subject's journal chain, in order."""
    return list(JournalEntry.objects.filter(chain=subject.journal_chain).order_by("seq").values_list("act", flat=True))


def last_entry(subject: Any) -> JournalEntry:
    """The last act of the subject's journal chain."""
    return JournalEntry.objects.filter(chain=subject.journal_chain).order_by("-seq").first()


def mails(subject: Any, kind: str = "") -> list[OutboxMail]:
    """The mails queued about the subject, in order."""
    found = OutboxMail.objects.filter(chain=subject.journal_chain)
    return list((found.filter(kind=kind) if kind else found).order_by("pk"))


def recipients(subject: Any, kind: str) -> list[str]:
    """The names of those to whom mails of this kind about the subject are written."""
    ids = [mail.person_id.removeprefix("person:") for mail in mails(subject, kind)]
    names = dict(Person.objects.filter(pk__in=ids).order_by().values_list("pk", "full_name"))
    return sorted(names[int(pk)] for pk in ids)


def standing_money(dossier: Dossier) -> dict[str, Decimal]:
    """The euros left in the envelope, and those at each stage of the dossier that holds some."""
    from grants.queries import money

    left = balance(dossier.call.envelope.account.code)
    return {"left": left, **{stage: amount for stage, amount in money.stages(dossier).items() if amount}}


@pytest.fixture
def world(db: None, starting_point: Any) -> Iterator[World]:
    """The world, its clock held at `START`; where the test stands on a stage, that of the stage."""
    with clock.at(START):
        yield World() if starting_point is None else getattr(starting_point, "world", starting_point)
