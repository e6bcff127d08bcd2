"""The instructing service: two officers, since who issues a certificate never approves it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.journeys.actor import Actor


class Officer(Actor):
    """Examines dossiers, orders advice, writes agreements, checks claims and certifies."""

    def open_dossier(self, title: str) -> None:
        self.menu("Dossiers")
        self.follow_row(title)

    def ask_completion(self, title: str, *, parts: list[Any], message: str, last_day: date) -> None:
        self.open_dossier(title)
        self.follow("Ask for completion")
        for part in parts:
            self.choose("Parts to complete", part)
        self.fill_all({"What is missing": message, "Last day to answer": last_day})
        self.press("Send to the applicant")
        self.told("The applicant is asked to complete the dossier.")

    def give_more_time(self, title: str, last_day: date) -> None:
        self.open_dossier(title)
        self.follow("Give more time")
        self.fill("Last day to answer", last_day)
        self.press("Give more time")
        self.told("The applicant has more time, and is told so.")

    def open_mission(self, title: str, adviser: Actor, days: str, purpose: str) -> None:
        self.open_dossier(title)
        self.follow("Open an advice mission")
        self.fill_all({"Adviser": adviser.name, "Days": days, "What the mission is for": purpose})
        self.press("Open the mission")
        self.told("The mission is open; the adviser is told.")

    def close_mission(self, title: str) -> None:
        self.menu("To do")
        self.take(title)
        self.press("Close the mission")
        self.told("The mission is closed; the days left return to the contract.")

    def advise(self, title: str, opinion: str) -> None:
        self.menu("To do")
        self.take(title)
        self.choose("Is your opinion favourable?", "Yes")
        self.fill("Reasoned opinion", opinion)
        self.press("Record the opinion")
        self.told("The opinion is recorded; the committee can deliberate.")

    def write_agreement(self, title: str, *, number: str, starts_on: date, ends_on: date, condition: str) -> None:
        self.menu("To do")
        self.take(title)
        self.fill("Number of the agreement", number)
        self.fill_all({"Expenses eligible from": starts_on, "Project ends on": ends_on})
        row = self.main.locator("tbody[data-lines] tr").first.locator("input")
        row.nth(0).fill(condition)
        row.nth(1).fill(ends_on.isoformat())
        self.press("Write and send to sign")
        self.told("The agreement is written; the beneficiary is asked to sign it.")

    def meet_condition(self, title: str, proof: str) -> None:
        self.open_dossier(title)
        self.follow("Agreement and payments", within="main")
        self.follow("Record that it is met")
        self.fill("Proof", proof)
        self.press("Record")
        self.told("The condition is recorded as met.")

    def check_claim(self, organisation: str, accepted: dict[str, tuple[Decimal, str]] | None = None) -> None:
        """Accept every expense whole, except those in `accepted`: invoice number → euros accepted and the reason."""
        self.menu("To do")
        self.take(organisation)
        for invoice, (amount, reason) in (accepted or {}).items():
            cells = self.main.locator("tr", has_text=invoice).locator("input")
            cells.nth(0).fill(self.amount(amount))
            cells.nth(1).fill(reason)
        self.press("Record the check")
        self.told("The check is recorded; the certificate can be issued.")

    def issue_certificate(self, organisation: str, seen: str = "") -> None:
        self.menu("To do")
        self.take(organisation)
        self.fill("What was seen", seen)
        self.press("Issue the certificate")
        self.told("The certificate is issued; another person approves it.")

    def approve_certificate(self, organisation: str) -> None:
        self.menu("To do")
        self.take(organisation)
        self.press("Approve")
        self.told("The certificate is approved.")

    def confirm_service(self, title: str) -> None:
        self.open_dossier(title)
        self.follow("Confirm the services")
        self.press("Confirm")
        self.told("The service is confirmed.")

    def verify_service_fact(self, title: str) -> None:
        self.menu("To do")
        self.take(title)
        self.press("Verify the service fact")
        self.told("The service fact is verified; the balance can be paid.")

    def accept_report(self, title: str) -> None:
        self.menu("To do")
        self.take(title)
        self.press("Accept")
        self.told("The report is accepted.")
