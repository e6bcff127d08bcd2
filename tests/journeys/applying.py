"""Those who act for a community: the secretary who prepares, the mayor who signs; both also on a telephone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from monitoring.models import ClaimKind
from programmes.rules.form import BUDGET, DOCUMENTS, PARTNERS, Section, Words
from programmes.rules.reference import reference_form
from tests.journeys.actor import Actor

PHONE = 390


def title_of(part: str) -> Words:
    """The title of the section that is this part of the reference form."""
    return next(section.title for section in reference_form() if section.part == part)


class Applicant(Actor):
    """What everybody of a community does: opens the dossier and reads it."""

    title = ""

    def open_dossier(self) -> None:
        self.menu("My dossiers")
        self.follow(self.title)

    def open_expenses(self) -> None:
        self.open_dossier()
        self.follow("Expenses", within="main")


class TownSecretary(Applicant):
    """Registers the community, prepares the dossier and its claims."""

    def register_organisation(self, name: str, siret: str, city: str) -> None:
        self.menu("My dossiers")
        self.follow("Register an organisation")
        self.fill("SIRET", siret)
        self.press("Find")
        self.fill_all({"Kind of organisation": "Commune", "Name": name, "Town": city})
        self.fill("Département", "46")
        self.press("Register")
        self.told("The organisation is registered; you may prepare its applications.")

    def start_dossier(self, call: str, title: str) -> None:
        self.menu("Calls")
        self.follow(call)
        self.follow("Prepare an application")
        self.fill("Name of the project", title)
        self.press("Start")
        self.title = title

    def open_part(self, title: Any) -> None:
        self.open_dossier()
        if "/demande" not in self.page.url:
            self.follow("Go on with the dossier")
        self.follow(title, within="main")

    def answer_part(self, section: Section, answers: dict[str, Any]) -> None:
        """Answer every question of a part: as `answers` says, else in a sentence."""
        self.open_part(section.title)
        for question in section.fields:
            self.fill(question.label, answers.get(question.code) or f"{self.title} : {question.code}.")
        self.press("Save and go on")
        self.told("Saved.")

    def answer_all(self, starts_on: date, ends_on: date) -> None:
        """Answer every part that is made of questions."""
        own = {
            "elected_email": "maire@montcalm.example.org",
            "technician_email": "mairie@montcalm.example.org",
            "start": starts_on,
            "end": ends_on,
        }
        for section in reference_form():
            if section.fields:
                self.answer_part(section, own)

    def fill_budget(self, costs: list[tuple[str, str, Decimal]], grant: Decimal) -> None:
        """One line for each expense, then the grant asked for and the community's own share."""
        self.open_part(title_of(BUDGET))
        for _extra in costs[1:]:
            self.add_line("Add an expense", table=0)
        self.add_line("Add a resource", table=1)
        expenses, resources = (
            self.main.locator("tbody[data-lines]").nth(0),
            self.main.locator("tbody[data-lines]").nth(1),
        )
        for number, (post, supplier, cost) in enumerate(costs):
            cells = expenses.locator("tr").nth(number).locator("input")
            for position, value in enumerate((post, supplier, self.amount(cost), self.amount(cost))):
                cells.nth(position).fill(value)
        own = sum((cost for _post, _supplier, cost in costs), Decimal(0)) - grant
        kinds = (("Grant asked from the programme", "", grant), ("Own contribution", "Commune", own))
        for number, (kind, source, amount) in enumerate(kinds):
            row = resources.locator("tr").nth(number)
            row.locator("select").select_option(label=self.words(kind))
            row.locator("input").nth(0).fill(source)
            row.locator("input").nth(1).fill(self.amount(amount))
        self.press("Save and go on")
        self.told("Saved.")

    def add_line(self, label: str, table: int) -> None:
        """One more line of a table: by script at once, else by a page that comes back with it."""
        lines = self.main.locator("tbody[data-lines]").nth(table).locator("tr")
        before = lines.count()
        self.main.get_by_role("button", name=self.words(label), exact=True).click()
        lines.nth(before).wait_for()

    def attach(self, kind: str, file: Path) -> None:
        self.open_part(title_of(DOCUMENTS))
        piece = reference_form().piece(kind)
        assert piece is not None
        self.fill_all({"What it is": piece.label, "File": file})
        self.press("Attach")

    def invite_partner(self, name: str, part: str) -> None:
        self.open_part(title_of(PARTNERS))
        self.fill_all({"SIRET, RNA or name of the organisation": name, "Its part in the project": part})
        self.press("Ask")
        self.told("The organisation is asked to confirm.")

    def leave_out(self, name: str) -> None:
        self.open_part(title_of(PARTNERS))
        self.press("Leave out %(name)s", name=name)
        self.told("The organisation is no partner any more.")

    def record_service(self, name: str, kind: str, went_live_on: date) -> None:
        self.open_expenses()
        self.follow("Record a service")
        self.fill_all({"Kind of service": kind, "Name": name, "In operation since": went_live_on})
        self.press("Record")
        self.told("The service is recorded.")

    def claim(self, kind: str) -> None:
        self.open_expenses()
        self.follow("Claim a payment")
        self.choose("What you claim", kind)
        self.press("Go on")

    def add_invoice(self, number: str, amount: Decimal, paid_on: date, file: Path) -> None:
        self.follow("Add an invoice")
        self.fill_all({"Supplier": "Atelier des Causses", "Invoice number": number, "Amount claimed, in euros": amount})
        self.fill_all({"Date of the invoice": paid_on - timedelta(days=20), "Paid on": paid_on})
        self.fill("Invoice, with the proof of payment", file)
        self.press("Add")
        self.told("The invoice is added.")

    def report_on(self, service: str, *, visits: int, users: int, comment: str) -> None:
        self.open_expenses()
        self.follow("Report on %(name)s", name=service)
        self.fill_all({"Visits in the year": visits, "Users in the year": users, "What the service changed": comment})
        self.press("Send the report")
        self.told("The report is sent.")


class Mayor(Applicant):
    """Asks for the mandate, files, countersigns, gives the account, signs the agreement, certifies claims."""

    def request_mandate(self, number: str, function: str, deed: Path) -> None:
        """Ask to sign for the organisation with this SIRET."""
        self.home()
        self.follow("Ask for a mandate")
        self.fill("SIRET or RNA number of the organisation", number)
        self.fill_all({"Your function": function, "Deed that gives you this mandate": deed})
        self.press("Ask for the mandate")
        self.told("Your mandate is asked for; a programme manager answers, and a mail tells you.")

    def file(self) -> None:
        """Check and file, as often as the dossier was sent back."""
        self.open_dossier()
        preparing = "/demande" in self.page.url
        everything = self.main.get_by_role("link", name=self.words("Check and file")).count()
        self.follow("Check the answers" if preparing and not everything else "Check and file", within="main")
        self.sign_and_file()

    def sign_and_file(self) -> None:
        """Declare and file, on the page that shows everything."""
        self.tick("I certify, for the organisation, that what this dossier says is true and that I may commit it.")
        self.press("Sign and file")

    def countersign(self) -> None:
        self.open_dossier()
        self.follow("Countersign the adviser’s days")
        self.press("Countersign")
        self.told("The days are countersigned.")

    def give_account(self, iban: str, holder: str) -> None:
        """Enter the account, then the code that came by mail."""
        self.open_expenses()
        self.follow("Give the account")
        self.fill_all({"IBAN": iban, "Account holder": holder})
        self.press("Receive the code")
        self.told("A code of six digits was mailed to you.")
        place = self.page.url
        code = self.read_code()
        self.page.goto(place)
        self.fill("Code received by mail", code)
        self.press("Confirm")
        self.told("The account is confirmed.")

    def read_code(self) -> str:
        """The six digits of the last mail, on the page of mails; where mails are really sent, in the mail itself."""
        digits = r"\b(\d{6})\b"
        if not settings.EMBEDDED:
            return self.mailed(digits)
        self.menu("Mail")
        self.click(self.main.locator("tbody th a").first)
        found = re.search(digits, self.said)
        assert found is not None, self.said
        return found[1]

    def sign_agreement(self) -> None:
        self.open_expenses()
        self.follow("Sign the agreement")
        self.tick("I sign this agreement for the beneficiary.")
        self.press("Sign")
        self.told("The agreement is signed for the beneficiary.")

    def open_claim(self, kind: str) -> None:
        self.open_expenses()
        self.click(self.main.locator("th a", has_text=self.words(kind)).last)

    def file_claim(self, kind: str) -> None:
        self.open_claim(kind)
        self.follow("File the claim")
        certified = "I certify, for the beneficiary, that these expenses were made for the project and are paid."
        asked = "I ask, for the beneficiary, for the advance that the agreement allows."
        self.tick(asked if kind == ClaimKind.ADVANCE.label else certified)
        self.press("Certify and file")
        self.told("The claim is filed.")

    def contest(self, kind: str, text: str) -> None:
        self.open_claim(kind)
        self.follow("Contest the check")
        self.fill("What you contest", text)
        self.press("Contest")
        self.told("The check is contested.")

    def join_project(self, title: str) -> None:
        """Answer yes to another community, which asks to be joined."""
        self.home()
        self.take(title)
        self.choose("Does your organisation take this part in the project?", "Yes")
        self.press("Send the answer")
        self.told("Your organisation is a partner.")

    def withdraw(self, reason: str) -> None:
        self.open_dossier()
        self.follow("Withdraw the dossier")
        self.fill("Reason", reason)
        self.tick("I withdraw this dossier; it cannot be opened again.")
        self.press("Withdraw")
        self.told("The dossier is withdrawn.")
