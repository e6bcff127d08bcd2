"""The road of one dossier, told in acts: the demo's scenarios and the acceptance tests walk it with their own clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from demo.cast import Cast
from grants.actions import agreements, bank, drafting, submission
from grants.models import Agreement, Dossier
from kit import clock
from people.models import Organisation, Person
from programmes.models import Call
from programmes.rules.reference import reference_form
from records.models import OutboxMail
from selection.actions import advice, assessment, deliberation, meetings
from selection.models import FrameworkContract, Meeting, Mission, Outcome

PARIS = ZoneInfo("Europe/Paris")
EXAMPLE_IBAN = "FR7630006000011234567890189"


def paris(year: int, month: int, day: int, hour: int = 10) -> datetime:
    """An instant of the story, in Paris time."""
    return datetime(year, month, day, hour, tzinfo=PARIS)


def paper(name: str, text: str) -> SimpleUploadedFile:
    """A one-page PDF that says it is an illustration."""
    line = text.encode("latin-1", "replace").replace(b"(", b"[").replace(b")", b"]")
    stream = b"BT /F1 12 Tf 60 760 Td (" + line + b") Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return SimpleUploadedFile(name, body + trailer % (table, len(body)), content_type="application/pdf")


@dataclass(frozen=True)
class Project:
    """What a community applies with; euros."""

    title: str
    eligible: Decimal
    requested: Decimal
    department: str = ""
    answers: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Application:
    """One dossier on its way: each method is one step, by the person whose step it is, at the instant of the clock."""

    cast: Cast
    call: Call
    organisation: Organisation
    editor: Person
    signatory: Person
    project: Project
    dossier: Dossier | None = None

    def _act(self, act: Callable[..., Any], **kwargs: Any) -> Any:
        result = act(**kwargs)
        if self.dossier is not None:
            self.dossier = Dossier.objects.get(pk=self.dossier.pk)
        return result

    @property
    def it(self) -> Dossier:
        """The dossier, which a step before has created."""
        assert self.dossier is not None
        return self.dossier

    def start(self) -> None:
        """The secretary begins a draft."""
        self.dossier = drafting.create_dossier(
            call=self.call, applicant=self.organisation, title=self.project.title, by=self.editor
        )

    def draft(self) -> None:
        """The secretary prepares every part of the dossier."""
        self.start()
        for section in reference_form():
            if section.fields:
                self._act(
                    drafting.edit_section,
                    dossier=self.it,
                    section=section.code,
                    answers=answers_to(section, self.project),
                    version=self.it.version,
                    by=self.editor,
                )
        own = self.project.eligible - self.project.requested
        self._act(
            drafting.set_plan,
            dossier=self.it,
            cost_lines=[
                {
                    "post": self.project.title,
                    "supplier": "",
                    "cost": self.project.eligible,
                    "eligible": self.project.eligible,
                }
            ],
            resources=[
                {"kind": "grant", "label": "", "amount": self.project.requested},
                {"kind": "own", "label": self.organisation.name, "amount": own},
            ],
            version=self.it.version,
            by=self.editor,
        )
        self._act(
            drafting.attach_document,
            dossier=self.it,
            upload=paper("deliberation.pdf", f"Délibération (illustration) : {self.project.title}"),
            kind="deliberation",
            label="Délibération (illustration)",
            by=self.editor,
        )

    def submit(self) -> None:
        self._act(submission.submit, dossier=self.it, by=self.signatory)

    def waive_advice(self) -> None:
        self._act(
            advice.waive_mission,
            dossier=self.it,
            reason="Projet déjà accompagné (illustration).",
            by=self.cast.officer,
        )

    def open_mission(self, contract: FrameworkContract, days: int) -> None:
        """The officer orders days of advice."""
        self._act(
            advice.open_mission,
            dossier=self.it,
            contract=contract,
            adviser=self.cast.adviser,
            days=Decimal(days),
            purpose="Cadrer le besoin et le calendrier (illustration).",
            by=self.cast.officer,
        )

    def log_days(self, days: int) -> None:
        """The adviser logs whole days, one a day up to yesterday."""
        for number in range(days):
            self._act(
                advice.log_day,
                mission=self.mission,
                worked_on=clock.today() - timedelta(days=days - number),
                days=Decimal(1),
                on_site=number % 2 == 0,
                deliverable="Atelier avec l’équipe élu-technicien (illustration)",
                by=self.cast.adviser,
            )

    def end_mission(self) -> None:
        """Report, countersignature by the community, closing by the officer."""
        self._act(
            advice.file_report,
            mission=self.mission,
            report="Le besoin est clair, le calendrier tenable (illustration).",
            by=self.cast.adviser,
        )
        self._act(advice.countersign, mission=self.mission, by=self.signatory)
        self._act(advice.close_mission, mission=self.mission, by=self.cast.officer)

    @property
    def mission(self) -> Mission:
        """The dossier's mission, as it stands now."""
        return Mission.objects.get(dossier=self.it)

    def advise(self) -> None:
        """The officer's opinion; the committee may deliberate."""
        self._act(
            advice.advise,
            dossier=self.it,
            favourable=True,
            opinion="Avis favorable : projet utile et réaliste (illustration).",
            by=self.cast.officer,
        )

    @property
    def assessors(self) -> tuple[Person, ...]:
        """The members who score this call."""
        return self.cast.members[: self.call.scorecards_needed]

    def assign(self) -> None:
        for member in self.assessors:
            self._act(assessment.assign, dossier=self.it, person=member, by=self.cast.secretary)

    def answer_conflicts(self, members: tuple[Person, ...] | None = None) -> None:
        for member in self.assessors if members is None else members:
            self._act(assessment.answer_conflict, dossier=self.it, has_conflict=False, by=member)

    def score(self, marks: int = 15, members: tuple[Person, ...] | None = None) -> None:
        values = {criterion.code: Decimal(marks) for criterion in self.call.grid.criteria.all()}
        for member in self.assessors if members is None else members:
            self._act(assessment.file_scorecard, dossier=self.it, values=values, comment="", by=member)

    def decide(self, meeting: Meeting, outcome: str, reasons: str = "", rank: int | None = None) -> None:
        """The meeting's decision is recorded and takes effect."""
        secretary = self.cast.secretary
        decision = self._act(
            meetings.record_decision,
            meeting=meeting,
            dossier=self.it,
            outcome=outcome,
            reasons=reasons,
            rank=rank,
            votes_for=len(self.cast.members),
            votes_against=0,
            abstentions=0,
            by=secretary,
        )
        # Who attends and was not assigned is asked the conflict question too.
        self.answer_conflicts(self.cast.members[self.call.scorecards_needed :])
        effects = {
            Outcome.SELECT: deliberation.select,
            Outcome.RESERVE: deliberation.place_on_reserve,
            Outcome.REJECT: deliberation.reject,
        }
        if outcome in effects:
            self._act(effects[Outcome(outcome)], dossier=self.it, decision=decision, by=secretary)

    def draft_agreement(self, starts_on: date, ends_on: date) -> None:
        """The officer writes the agreement on the award."""
        self._act(
            agreements.draft_agreement,
            dossier=self.it,
            number=f"CONV-{self.it.reference}",
            starts_on=starts_on,
            ends_on=ends_on,
            conditions=[{"text": "Faire mention du concours de l’Union européenne", "due_on": ends_on}],
            by=self.cast.officer,
        )

    def give_bank_details(self) -> None:
        """The signatory enters an account and returns the code received by mail."""
        details = self._act(
            bank.enter_bank_details,
            dossier=self.it,
            iban=EXAMPLE_IBAN,
            holder=self.organisation.name,
            by=self.signatory,
        )
        self._act(bank.confirm_bank_details, details=details, code=code_received(self.signatory), by=self.signatory)

    def sign(self, starts_on: date, ends_on: date) -> None:
        """Agreement drafted, bank details confirmed, beneficiary's signature."""
        self.draft_agreement(starts_on, ends_on)
        self.give_bank_details()
        agreement = Agreement.objects.get(dossier=self.it)
        self._act(agreements.sign_as_beneficiary, agreement=agreement, by=self.signatory)

    def contract(self) -> None:
        self._act(agreements.contract, dossier=self.it, by=self.cast.manager)


def answers_to(section: Any, project: Project) -> dict[str, str]:
    """Answers to every field of a section: the project's own, else a plain illustration."""
    given = project.answers.get(section.code, {})
    return {question.code: given.get(question.code) or illustration(question, project) for question in section.fields}


def illustration(question: Any, project: Project) -> str:
    """An answer that says it is one for the demo, in the form that the field asks for."""
    if question.kind == "date":
        return (clock.today() + timedelta(days=90 if "start" in question.code else 450)).isoformat()
    if question.kind == "email":
        return "equipe@demo.example"
    return f"{project.title} (illustration)"


def code_received(person: Person) -> str:
    """The code in the last mail about bank details that `person` received: they read their mail."""
    mail = OutboxMail.objects.filter(recipient=person.email, kind="bank_code").latest("pk")
    found = re.search(r"\b(\d{6})\b", mail.text)
    assert found is not None
    return found[1]
