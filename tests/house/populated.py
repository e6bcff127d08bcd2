"""The house with people in it: every role, three communities, dossiers in every state and at every desk.

Made by the real acts, once for all gates; every text that somebody wrote carries a word that stands nowhere else.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from grants.actions import instruction, submission, worklist
from grants.lifecycle import State
from grants.models import SavedView
from kit import clock
from monitoring.actions import payments
from monitoring.models import ClaimKind
from people.actions import mandates, roles
from people.models import Mandate, Person, Role, RoleAssignment
from programmes.actions import programmes
from programmes.actions.forms import edit_form
from programmes.models import Call, Programme
from programmes.rules import form_edit
from programmes.rules.reference import reference_form
from selection.actions import advice, assessment, committees, meetings
from selection.models import Committee, FrameworkContract, Meeting, Outcome
from tests.house import letters
from tests.house.case import Case
from tests.house.words import Words
from tests.world import CODE, Town, World, pdf

ELSEWHERE = "ELSEWHERE-27"

# What stands there before the first dossier, in this order.
PREPARED = (
    *("committee", "framework", "next_call", "planned_meeting", "finished_meeting"),
    *("auditor", "controller", "follow_up_agent", "idle_adviser", "idle_member"),
    *("stranger", "tied_officer", "employee", "asked_mandate", "asked_role"),
    *("shared_view", "private_view"),
)


class House(World):
    """One programme in full work, and another one whose staff has no business here."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Words()
        self.cases: dict[str, Case] = {}
        self.criteria = [item["code"] for item in committees.REFERENCE_CRITERIA]

    def number(self) -> int:
        """A number that was not used yet."""
        return next(self._numbers)

    # People beside those of the world

    @cached_property
    def alpha(self) -> Town:
        return self.community("alpha")

    @cached_property
    def beta(self) -> Town:
        return self.community("beta")

    @cached_property
    def gamma(self) -> Town:
        return self.community("gamma")

    def community(self, key: str) -> Town:
        """A commune whose name is a word of its own."""
        return self.town(f"Commune {self.words.mint('name', key)}")

    @cached_property
    def employee(self) -> Person:
        """Works for alpha, and acts for nobody."""
        return self.tie(self.person("Employee"), self.alpha.organisation)

    @cached_property
    def tied_officer(self) -> Person:
        """An officer who works for alpha."""
        return self.tie(self.staff(Role.INSTRUCTING_OFFICER, "Tied Officer"), self.alpha.organisation)

    @cached_property
    def idle_adviser(self) -> Person:
        return self.staff(Role.ADVISER, "Idle Adviser")

    @cached_property
    def second_member(self) -> Person:
        return self.staff(Role.COMMITTEE_MEMBER, "Second Member")

    @cached_property
    def asked_member(self) -> Person:
        """Has dossiers to score, and has not answered the conflict question."""
        return self.staff(Role.COMMITTEE_MEMBER, "Asked Member")

    @cached_property
    def conflicted_member(self) -> Person:
        return self.staff(Role.COMMITTEE_MEMBER, "Conflicted Member")

    @cached_property
    def idle_member(self) -> Person:
        return self.staff(Role.COMMITTEE_MEMBER, "Idle Member")

    @cached_property
    def newcomer(self) -> Person:
        """Signed in, and nothing else; asks for a mandate of alpha."""
        return self.person("Newcomer")

    @cached_property
    def stranger(self) -> Person:
        """Holds every role that a person can hold together, in another programme."""
        person = self.person("Stranger")
        given = [role for role in Role if role != Role.ADMINISTRATOR]
        for role in given:
            by = self.administrator if role == Role.PROGRAMME_MANAGER else self.far_manager
            found = roles.propose_role(person=person, role=role, scope=ELSEWHERE, by=by)
            roles.confirm_role(assignment=found, by=self.second_administrator)
        return person

    @cached_property
    def shared_view(self) -> SavedView:
        """A view of the work list that the whole staff finds above it."""
        return self.view("Shared", shared=True)

    @cached_property
    def private_view(self) -> SavedView:
        return self.view("Private", shared=False)

    def view(self, name: str, *, shared: bool) -> SavedView:
        query = "state=submitted&columns=project,waiting"
        return worklist.save_view(programme=self.programme, name=name, query=query, shared=shared, by=self.officer)

    @cached_property
    def far_manager(self) -> Person:
        self.far_programme.refresh_from_db()
        return self.give(self.person("Far Manager"), Role.PROGRAMME_MANAGER, ELSEWHERE)

    @property
    def assessors(self) -> tuple[Person, Person]:
        return self.member, self.second_member

    def name_of(self, person: Person) -> str:
        """The attribute by which a person is known here."""
        names = ("member", "second_member", "asked_member", "conflicted_member", "idle_member")
        return next(name for name in names if getattr(self, name) == person)

    # Programme

    @cached_property
    def programme(self) -> Programme:
        """Begun a year ago, so that a service can have been used for a year."""
        return programmes.create_programme(
            code=CODE,
            title_fr="Programme d’essai",
            title_en="Test programme",
            managing_body="Région",
            contact_email="contact@example.org",
            starts_on=date(2026, 1, 1),
            ends_on=date(2030, 12, 31),
            by=self.administrator,
        )

    @cached_property
    def far_programme(self) -> Programme:
        return programmes.create_programme(
            code=ELSEWHERE,
            title_fr="Ailleurs",
            managing_body="Région",
            starts_on=date(2027, 1, 1),
            ends_on=date(2030, 12, 31),
            by=self.administrator,
        )

    @cached_property
    def main_call(self) -> Call:
        """Open; the next version of its form is in preparation, with a question that others can hang on."""
        made = self.call(self.envelope("1000000"), slug="main")
        asked = form_edit.item(reference_form(), form_edit.Place("fields", "project"), "need")
        next_form = form_edit.replace(
            reference_form(),
            form_edit.Place("fields", "project"),
            "need",
            replace(asked, kind="yes_no", max_words=None),
        )
        edit_form(call=made, form=next_form, by=self.manager)
        return made

    @cached_property
    def next_call(self) -> Call:
        """In preparation."""
        return self.prepared_call(slug="next", title_en=f"Call {self.words.mint('nextcall', 'call')}")

    @cached_property
    def framework(self) -> FrameworkContract:
        provider = self.organisation("Conseil", kind="provider", by=self.manager)
        return advice.open_framework(
            programme=self.programme,
            provider=provider,
            reference="AO-1",
            days=Decimal(50),
            day_price=Decimal(650),
            starts_on=date(2027, 1, 1),
            ends_on=date(2029, 12, 31),
            by=self.manager,
        )

    @cached_property
    def committee(self) -> Committee:
        found = committees.create_committee(
            programme=self.programme, body="selection", name="Committee", quorum=2, by=self.manager
        )
        for person in (*self.assessors, self.asked_member, self.conflicted_member):
            committees.appoint_member(committee=found, person=person, since=date(2027, 1, 1), by=self.manager)
        return found

    @cached_property
    def meeting(self) -> Meeting:
        """Held, with the two who score."""
        planned = meetings.plan_meeting(committee=self.committee, starts_at=clock.now(), by=self.secretary)
        seats = list(self.committee.members.filter(person__in=self.assessors).order_by("pk"))
        return meetings.hold_meeting(meeting=planned, present=seats, by=self.secretary)

    @cached_property
    def planned_meeting(self) -> Meeting:
        return meetings.plan_meeting(committee=self.committee, starts_at=clock.now(), by=self.secretary)

    @cached_property
    def finished_meeting(self) -> Meeting:
        """Held, with nothing left to do but to close it."""
        planned = meetings.plan_meeting(committee=self.committee, starts_at=clock.now(), by=self.secretary)
        seats = list(self.committee.members.filter(person__in=self.assessors).order_by("pk"))
        return meetings.hold_meeting(meeting=planned, present=seats, by=self.secretary)

    # What waits for an answer

    @cached_property
    def asked_mandate(self) -> Mandate:
        return mandates.request_mandate(
            organisation=self.alpha.organisation,
            function=f"Deputy {self.words.mint('function', 'alpha')}",
            upload=pdf(self.words.mint("deed", "alpha")),
            by=self.newcomer,
        )

    @cached_property
    def asked_role(self) -> RoleAssignment:
        return roles.propose_role(person=self.newcomer, role=Role.AUDITOR, scope=CODE, by=self.manager)

    # All of it

    def case(self, key: str, town: Town | None = None, *, short: bool = False) -> Case:
        """A new dossier, of alpha unless said otherwise."""
        return Case(self, key, town or self.alpha, short=short)

    def populate(self) -> House:
        """Build everything; states are keys of `cases`, and so are the desks where something waits."""
        for name in PREPARED:
            getattr(self, name)
        self._being_filed()
        self._before_the_committee()
        self._decided()
        self._under_agreement()
        self._ended()
        for state in State.values:
            self.cases[state].in_state(state)
        return self

    def _being_filed(self) -> None:
        letters.ask(self.case("draft").draft(self.gamma), "question")
        self.case("ready", self.beta).draft()
        returned = self.case("returned").draft(self.gamma).submit()
        instruction.return_for_completion(
            dossier=returned.dossier,
            sections=["project", "budget", "documents", "partners"],
            message=returned.word("message"),
            due_at=clock.now() + timedelta(days=20),
            by=self.officer,
        )
        refused = self.case("ineligible").draft().submit()
        instruction.declare_ineligible(
            dossier=refused.dossier, reasons=refused.word("reasons"), rule="Rule 2", by=self.officer
        )
        gone = self.case("withdrawn").draft().submit()
        submission.withdraw(dossier=gone.dossier, reason=gone.word("leaving"), by=self.alpha.signatory)

    def _before_the_committee(self) -> None:
        letters.ask(self.case("submitted").draft().submit())
        self.case("fresh", self.beta).draft(self.gamma).submit()
        self.case("missioned").draft().submit().mission(countersigned=False)
        self.case("mission_done", self.beta).draft().submit().mission()
        self.case("waived", self.beta).draft().submit().waive()
        advised = self.case("advised").draft().submit().mission().close_mission().advise()
        letters.ask(advised)
        letters.note(advised)
        advised.assign(*self.assessors, self.asked_member, self.conflicted_member).answer(*self.assessors)
        assessment.answer_conflict(
            dossier=advised.dossier,
            has_conflict=True,
            explanation=advised.word("conflict", by="conflicted_member"),
            by=self.conflicted_member,
        )
        # One has scored, the other has not, and neither may know.
        marks = dict.fromkeys(self.criteria, Decimal(12))
        comment = advised.word("comment", by="second_member")
        assessment.file_scorecard(dossier=advised.dossier, values=marks, comment=comment, by=self.second_member)
        self.case("scored", self.beta).advised().score()
        self.case("revealed", self.beta).advised().score().reveal()
        waiting = self.case("deciding", self.beta).advised().score()
        waiting.decide(Outcome.SELECT)

    def _decided(self) -> None:
        self.case("selected").selected(self.gamma).bank().agreement()
        self.case("chosen", self.beta, short=True).selected()
        self.case("banking", self.beta, short=True).selected().enter_bank()
        self.case("signed", self.beta, short=True).signed()
        self.case("on_reserve").decided(Outcome.RESERVE, 1)
        self.case("rejected").decided(Outcome.REJECT)
        self.case("appealed", self.beta).decided(Outcome.REJECT).appeal()

    def _under_agreement(self) -> None:
        talked = self.case("contracted").contracted(self.gamma)
        letters.ask(talked)
        letters.reply(talked)
        letters.note(talked)
        talked.open_claim(ClaimKind.FINAL, "15000").service(confirmed=False)
        self.case("empty", self.beta, short=True).contracted().service()
        self.case("claimed", self.beta, short=True).contracted().file_claim(ClaimKind.FINAL, "15000")
        self.case("checked", self.beta, short=True).contracted().file_claim(ClaimKind.FINAL, "15000").check("14000")
        issued = self.case("issued", self.beta, short=True).contracted().file_claim(ClaimKind.FINAL, "15000")
        issued.check("14000").issue()
        self.case("certified", short=True).contracted().certified(amounts=["15000"], accepted=["14000"])
        contested = self.case("contested", self.beta, short=True).contracted()
        contested.certified(amounts=["15000"], accepted=["14000"]).contest()
        self.case("ordered", short=True).contracted().certified(amounts=["15000"]).order_payment()
        bounced = self.case("bounced", self.beta, short=True).contracted().certified(amounts=["15000"])
        bounced.order_payment().refuse_payment()
        self.case("verifiable", self.beta, short=True).verifiable()
        overpaid = self.case("overpaid", short=True).contracted().certified(ClaimKind.ADVANCE).paid()
        overpaid.certified(amounts=["15000"], accepted=["100"])

    def _ended(self) -> None:
        self.case("service_fact_verified", short=True).verified().report()
        self.case("paid", short=True).settled().report().send_back_report()
        self.case("closable", self.beta, short=True).settled().report().accept_report()
        closed = self.case("closed", short=True).settled().report().accept_report()
        payments.close(dossier=closed.dossier, by=self.manager)
        self.case("cancelled", short=True).cancelled()
