"""Who runs the programme: administrators, manager, committee, its secretary, the adviser, the paying officer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kit import clock
from tests.journeys.actor import Actor, siret

SET_UP = "Set-up"


class Administrator(Actor):
    """Opens programmes, proposes their managers, confirms roles that others proposed."""

    def open_programme(self, code: str, title: str, starts_on: date, ends_on: date) -> None:
        self.menu("Programmes")
        self.follow("Open a programme")
        self.fill_all(
            {"Code": code, "Title in French": title, "Title in English": title, "Managing body": "Région Exemple"}
        )
        self.fill_all({"Contact e-mail": "escalier@example.org", "Starts on": starts_on, "Ends on": ends_on})
        self.press("Open the programme")
        self.told("The programme is open; propose its manager.")

    def propose_manager(self, who: Actor, programme: str) -> None:
        self.menu("Roles")
        self.follow("Propose a role")
        propose(self, who, "Programme manager", programme)

    def confirm_every_role(self) -> int:
        """Confirm each role that waits; how many there were."""
        confirmed = 0
        while True:
            self.menu("Roles")
            self.follow("To be confirmed", within="main")
            waiting = self.main.locator("tbody th a")
            if waiting.count() == 0:
                return confirmed
            self.click(waiting.first)
            self.follow("Confirm the role")
            self.press("Confirm the role")
            self.told("The role is confirmed; the person is told.")
            confirmed += 1


def propose(actor: Actor, who: Actor, role: str, programme: str) -> None:
    """Fill and send the proposal of a role; the account is opened with it."""
    actor.fill("Role", role)
    actor.field("Programme").select_option(value=programme)
    actor.fill_all({"E-mail address": who.email, "First and last name": who.name})
    actor.field("Language of the mails").select_option(value=who.language)
    actor.press("Propose a role")
    actor.told("The role is proposed; an administrator confirms it.")


class Manager(Actor):
    """Sets the programme up, confirms mandates, signs agreements, closes dossiers."""

    programme = ""

    def propose_role(self, who: Actor, role: str) -> None:
        self.home()
        self.follow("Roles")
        self.follow("Propose a role")
        propose(self, who, role, self.programme)

    def end_role(self, name: str, reason: str) -> None:
        self.home()
        self.follow("Roles")
        self.follow(name, within="main")
        self.follow("End the role")
        self.fill("Reason", reason)
        self.press("End the role")
        self.told("The role is ended.")

    def open_committee(self, name: str) -> None:
        self.menu(SET_UP)
        self.follow("Committees", within="main")
        self.follow(name)

    def add_action(self, code: str, title: str) -> None:
        self.menu(SET_UP)
        self.follow("Add an action")
        self.fill_all({"Code": code, "Step that it serves": "Innovative project", "Title in French": title})
        self.fill("Who runs it", "Région Exemple")
        self.press("Add an action")
        self.told("The action is added; open its envelope next.")

    def record_decision(self, reference: str, body: str, text: str) -> None:
        self.menu(SET_UP)
        self.follow("Decisions", within="main")
        self.follow("Record a decision")
        self.fill_all({"Reference": reference, "Body": body, "Text": text})
        self.press("Record a decision")
        self.told("The decision is recorded.")

    def open_action(self, title: str) -> None:
        self.menu(SET_UP)
        self.follow(title)

    def open_envelope(self, action: str, amount: Decimal) -> None:
        self.open_action(action)
        self.follow("Open an envelope")
        self.fill_all({"Amount of the envelope": amount, "Planned total cost of the action": amount * 2})
        self.press("Open an envelope")
        self.told("The envelope is open.")

    def set_rule(self, action: str, *, rate: Decimal, ceiling: Decimal, floor: Decimal) -> None:
        self.open_action(action)
        self.follow("Set the aid rule")
        self.fill_all({"Rate, in % of the eligible base": rate, "Grant, at most": ceiling, "Grant, at least": floor})
        self.choose("When less is spent than planned", "Grant in proportion to verified expenses")
        self.press("Set the aid rule")
        self.told("The rule is set.")

    def prepare_call(self, action: str, *, slug: str, prefix: str, title: str, opens_on: date, closes_on: date) -> None:
        self.open_action(action)
        self.follow("Prepare a call")
        self.fill_all({"Title in French": title, "Title in English": title})
        self.fill_all({"Presentation in French": "Des services utiles aux habitants.", "Opens on": opens_on})
        self.fill_all({"Opening hour, in Paris": "09:00", "Closes on": closes_on, "Closing hour, in Paris": "17:00"})
        self.fill_all({"Address of the page": slug, "Prefix of the references": prefix})
        self.press("Prepare a call")
        self.told("The call is in preparation; write its grid next.")
        self.follow("Write the grid")
        self.press("Save the grid")
        self.told("The grid is written; a committee’s decision approves it next.")
        self.follow("Approve the grid")
        self.press("Approve the grid")
        self.told("The grid is approved.")

    def publish_call(self) -> None:
        self.follow("Publish the call")
        self.press("Publish the call")
        self.told("The call is public.")

    def create_committee(self, name: str, quorum: int) -> None:
        self.menu(SET_UP)
        self.follow("Committees", within="main")
        self.follow("Create a committee")
        self.fill_all({"Name": name, "Kind": "Selection committee", "Members needed for a meeting to decide": quorum})
        self.press("Create a committee")

    def appoint(self, who: Actor) -> None:
        self.follow("Appoint a member")
        self.fill("Person", who.name)
        self.press("Appoint a member")

    def enter_contract(self, provider: str, *, days: int, price: Decimal, ends_on: date) -> None:
        """A contract of advice: its provider is registered first."""
        self.menu(SET_UP)
        self.follow("Contracts of advice", within="main")
        self.follow("Enter a contract of advice")
        if self.reads("No service provider is registered: register the organisation first."):
            self.follow("Register an organisation", within="main")
            self.fill("SIRET", siret(900))
            self.press("Find")
            self.fill_all({"Kind of organisation": "Service provider", "Name": provider})
            self.press("Register")
            self.told("The organisation is registered; you may prepare its applications.")
            self.menu(SET_UP)
            self.follow("Contracts of advice", within="main")
            self.follow("Enter a contract of advice")
        self.fill_all({"Reference": "MARCHE-01", "Days bought": Decimal(days), "Price of a day": price})
        self.fill_all({"Starts on": clock.today(), "Ends on": ends_on})
        self.press("Enter a contract of advice")
        self.told("The contract is entered.")

    def confirm_mandate(self, who: Actor) -> None:
        self.home()
        self.take(who.name)
        self.follow("Confirm the mandate")
        self.press("Confirm the mandate")
        self.told("The mandate is confirmed; the person is told.")

    def approve_certificate(self, organisation: str) -> None:
        self.menu("To do")
        self.take(organisation)
        self.press("Approve")
        self.told("The certificate is approved.")

    def sign_agreement(self, title: str) -> None:
        self.menu("To do")
        self.take(title)
        self.press("Sign the agreement")
        self.told("The agreement is signed; the grant is committed.")

    def end_agreement(self, title: str, decision: str, reason: str) -> None:
        self.menu("Dossiers")
        self.follow_row(title)
        self.follow("End the agreement early")
        choices = self.field("Decision").locator("option", has_text=decision)
        self.field("Decision").select_option(value=choices.get_attribute("value"))
        self.fill("Reason", reason)
        self.press("End the agreement early")
        self.told("The agreement is ended; what is left returns to the envelope.")

    def close_dossier(self, title: str) -> None:
        self.menu("To do")
        self.take(title)
        self.press("Close the dossier")
        self.told("The dossier is closed.")


class Secretary(Actor):
    """Gives dossiers to members, holds meetings, records and applies what they decide."""

    def give_to(self, title: str, *members: Actor) -> None:
        self.menu("Decisions")
        self.take(title)
        for member in members:
            self.fill("Committee member", member.name)
            self.press("Give the dossier")
            self.told("The dossier is given to this member, who is told.")

    def give_in_vain(self, title: str, member: Actor) -> None:
        """Try to give a dossier to someone who may not score it."""
        self.menu("Decisions")
        self.take(title)
        self.fill("Committee member", member.name)
        self.press("Give the dossier")

    def plan_meeting(self, day: date, hour: str, place: str) -> None:
        self.menu("Meetings")
        self.follow("Plan a meeting")
        self.fill_all({"Day": day, "Hour": hour, "Place": place})
        self.press("Plan the meeting")
        self.told("The meeting is planned.")

    def open_meeting(self) -> None:
        """Open the latest meeting."""
        self.menu("Meetings")
        self.click(self.main.locator("tbody th a").first)

    def record_attendance(self, *names: str) -> None:
        self.open_meeting()
        self.follow("Record the attendance")
        for name in names:
            self.choose("Members present", name)
        self.press("Record the attendance")
        self.told("The attendance is recorded.")

    def record_decision(self, title: str, outcome: Any, **given: Any) -> None:
        self.fill_decision(title, outcome, **given)
        self.told("The decision is recorded; apply it for it to take effect.")

    def fill_decision(self, title: str, outcome: Any, *, votes: int, reasons: str = "", rank: int = 0) -> None:
        """Fill and send the form of a decision."""
        self.open_meeting()
        self.follow_line(title)
        self.choose("Decision", outcome)
        self.fill_all({"Reasons": reasons, "Votes for": votes})
        if rank:
            self.fill("Rank on the reserve list", rank)
        self.press("Record the decision")

    def follow_line(self, title: str) -> None:
        """Follow the last link of the line that names a project."""
        line = self.main.locator("li, tr", has_text=title).first
        self.click(line.get_by_role("link").last)

    def apply_decision(self, title: str) -> None:
        self.menu("Decisions")
        self.take(title)
        self.press("Apply the decision")
        self.told("The decision has taken effect; the applicant is told.")

    def close_meeting(self) -> None:
        self.open_meeting()
        self.follow("Close the meeting")
        self.press("Close the meeting")
        self.told("The meeting is closed.")


class Member(Actor):
    """Answers the conflict question, scores."""

    @classmethod
    def at(cls, actor: Actor) -> Member:
        """The same person at the same window, as a member."""
        member = cls.__new__(cls)
        member.__dict__ = actor.__dict__
        return member

    def answer_no_conflict(self, title: str) -> None:
        self.menu("My session")
        self.take(title)
        self.press("No conflict, open")

    def score(self, mark: str, total: str) -> None:
        """Give each criterion of the open grid the same mark; the total is what the page says."""
        fields = self.main.locator("input[inputmode=decimal]")
        for position in range(fields.count()):
            fields.nth(position).fill(mark)
        self.press("Save and next")
        self.told("Your marks are saved; their total is {total}.", total=total)


class Adviser(Actor):
    """Logs days, writes the report."""

    def log_days(self, organisation: str, first: date, days: int) -> None:
        self.menu("Missions")
        self.follow(organisation, within="main")
        for number in range(days):
            self.fill("Date", first + timedelta(days=number))
            self.choose("How long", "One day")
            self.choose("On site", "Yes" if number % 2 == 0 else "No")
            self.fill("What was done", f"Atelier {number + 1} avec l’équipe")
            self.press("Log the day")
            self.told("The day is logged; the community is asked to countersign it.")

    def file_report(self, organisation: str, report: str) -> None:
        self.menu("Missions")
        self.follow(organisation, within="main")
        self.follow("Write the report")
        self.fill("Report", report)
        self.press("File the report")
        self.told("The report is filed.")


class Payer(Actor):
    """Orders payments, having signed in again, and records what the bank did."""

    def order_payment(self, due: str) -> None:
        self.menu("To pay")
        self.follow("Order the payment", within="main", row=due)
        self.press("Order the payment")
        if self.reads("Confirm that it is you"):
            self.confirm_password()
        self.told("The payment is ordered.")

    def record_payment(self, executed_on: date) -> None:
        self.menu("To pay")
        self.follow("Record the payment")
        self.fill("Paid on", executed_on)
        self.press("Record the payment")
        self.told("The payment is recorded; the beneficiary is told.")

    def settle(self, title: str) -> None:
        self.menu("To pay")
        self.take(title)
        self.press("Settle the grant")
        self.told("The grant is settled; what was not spent returns to the envelope.")

    def record_money_back(self, organisation: str, received_on: date) -> None:
        self.menu("To pay")
        self.take(organisation)
        self.fill("Received on", received_on)
        self.press("Record")
        self.told("The money is recorded as received.")
