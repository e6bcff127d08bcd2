"""A person at a window: they read words and press, fill and choose by words, in their own language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core import mail
from django.utils.translation import gettext, override
from playwright.sync_api import Locator
from stdnum import luhn

from kit.text import format_datetime
from records.tasks import send_outbox
from tests.browser.conftest import Window
from tests.journeys.finding import focus, texts

PASSWORD = "seven quiet ladders"
OpenWindow = Callable[..., Window]


def spaced(words: str) -> str:
    """A pattern of these words, whatever the spaces between them: French has several."""
    return r"\s+".join(re.escape(word) for word in words.split())


def pattern_of(words: str) -> str:
    """The words as a pattern of the page's own language, between single spaces."""
    return re.sub(r"([.*+?^${}()|\[\]\\/])", r"\\\1", " ".join(words.split()))


@dataclass
class Name:
    """Who someone is on the pages."""

    email: str
    full_name: str


class Actor:
    """One person in one window. Every word given to it is the English one; it looks for that of its language."""

    def __init__(self, open_window: OpenWindow, who: Name, *, language: str = "fr", width: int = 1280) -> None:
        self.email, self.name, self.language = who.email, who.full_name, language
        self.window = open_window(width=width, language=language)
        self.page = self.window.page
        self.password = PASSWORD

    def words(self, english: Any, **values: Any) -> str:
        """The words of a page in the person's language; lazy words are the same words."""
        with override(self.language):
            text = gettext(english) if isinstance(english, str) else str(english)
        return text % values if "%(" in text else text.format(**values)

    @property
    def main(self) -> Locator:
        """What the page says, without header and footer."""
        return self.page.locator("main")

    def open(self, path: str) -> None:
        """Open an address known from a mail or a bookmark."""
        status = self.window.open(path)
        assert status == 200, f"{path}: {status}"

    def follow(self, label: Any, *, within: str = "body", row: str = "", **values: Any) -> None:
        """Follow the first link with this label, of the parts with this selector, of the row that holds this text."""
        self._press("link", self.words(label, **values), within, ("tr", row) if row else None)

    def press(self, label: Any, *, within: str = "body", **values: Any) -> None:
        """Press the button with this label."""
        self._press("button", self.words(label, **values), within)

    def _press(self, kind: str, label: str, within: str, row: tuple[str, str] | None = None) -> None:
        # The label itself, or else the label that what is said to those who listen follows.
        exactly, followed = f"^{pattern_of(label)}$", f"^{pattern_of(label)}(?!\\p{{L}})"
        self._go(kind, [exactly, followed], f"{kind} {label!r}", within, row)

    def _go(self, kind: str, patterns: list[str], wanted: str, place: str, row: tuple[str, str] | None = None) -> None:
        """Follow a link or press a button by keyboard, and wait for the page that it leads to."""
        others = focus(self.page, kind, patterns, place=place, row=row)
        if others is not None:
            raise AssertionError(f"{self.name} finds no {wanted} on {self.page.url} among {others}: {self.said}")
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.keyboard.press("Enter")

    def click(self, link: Locator) -> None:
        """The same with a link or a button that is found already."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            link.press("Enter")

    def field(self, label: Any) -> Locator:
        """The field with this label, "(optional)" or not."""
        optional = spaced(self.words("(optional)"))
        pattern = re.compile(rf"^\s*{spaced(self.words(label))}(\s+{optional})?\s*$")
        found = self.main.get_by_label(pattern).first
        if found.count() == 0:
            shown = self.main.locator("label, legend").all_inner_texts()
            raise AssertionError(f"{self.name} finds no field {self.words(label)!r} among {shown}")
        return found

    def fill(self, label: Any, value: Any) -> None:
        """Fill a field, or choose in a list; dates and amounts are written as the language writes them."""
        found = self.field(label)
        if isinstance(value, Path):
            found.set_input_files(value)
        elif found.evaluate("field => field.tagName") == "SELECT":
            found.select_option(label=self.words(value))
        else:
            found.fill(value.isoformat() if isinstance(value, date) else self.amount(value))

    def fill_all(self, values: dict[str, Any]) -> None:
        """Fill several fields."""
        for label, value in values.items():
            self.fill(label, value)

    def amount(self, value: Any) -> str:
        """A number as people write it: with a comma in French."""
        text = str(value)
        return text.replace(".", ",") if isinstance(value, Decimal) and self.language == "fr" else text

    def choose(self, question: Any, answer: Any) -> None:
        """Choose an answer of a question with radio buttons or boxes."""
        group = self.page.get_by_role("group", name=re.compile(rf"^\s*{spaced(self.words(question))}"))
        pattern = re.compile(rf"^\s*{spaced(self.words(answer))}\s*$")
        group.get_by_label(pattern).check()

    def tick(self, label: Any) -> None:
        """Tick a box."""
        self.field(label).check()

    def told(self, sentence: str, **values: Any) -> None:
        """The page says so, and no error, in its messages."""
        shown = [" ".join(text.split()) for text in texts(self.page, ".es-messages p")]
        assert shown == [" ".join(self.words(sentence, **values).split())], (shown, self.said)

    def refused(self, *sentences: str) -> None:
        """The page shows these sentences, and no other, as what keeps the act from being done."""
        shown = [" ".join(text.split()) for text in texts(self.page, ".es-errors li")]
        assert shown == [" ".join(sentence.split()) for sentence in sentences], (shown, self.said)

    def reads(self, sentence: Any, **values: Any) -> bool:
        """Whether the page says this."""
        return " ".join(self.words(sentence, **values).split()) in " ".join(self.said.split())

    @property
    def said(self) -> str:
        """The whole text of the page."""
        return "\n".join(texts(self.page, "main"))

    def instant(self, when: datetime) -> str:
        """An instant as this person's pages write it."""
        with override(self.language):
            return format_datetime(when)

    def facts(self) -> dict[str, str]:
        """What the page lists as facts: each name with its value, spaces made plain."""
        names, values = texts(self.page, "main dl.es-facts dt"), texts(self.page, "main dl.es-facts dd")
        return {name: " ".join(value.split()) for name, value in zip(names, values, strict=True)}

    def home(self) -> None:
        """Go to the home page, by the name of the site."""
        self._go("link", [""], "name of the site", "header :has(> .es-brand)")

    def menu(self, label: str) -> None:
        """Follow a link of the header."""
        self.follow(label, within="header")

    def take(self, text: str) -> None:
        """Follow the first line of a to-do list whose title or hint holds this text."""
        self._go("link", [""], f"task {text!r}", "main", ("li", text))

    def follow_row(self, title: str) -> None:
        """Open the row of the list that names this project."""
        self._go("link", [""], f"row {title!r}", "main", ("tr", title))

    def start(self) -> None:
        """Sign in for the first time, by the link of a mail: accounts opened by others have no password."""
        self.open(f"/{self.language}/account/password/reset/")
        self.fill("Email", self.email)
        self.press("Send the link")
        self.open_mailed_link("password/reset/key")
        self.fill("New Password", PASSWORD)
        self.fill("New Password (again)", PASSWORD)
        self.press("Keep this password")
        self.sign_in()

    def sign_in(self, password: str = PASSWORD) -> None:
        """Sign in with the password."""
        self.password = password
        self.window.sign_in(self.email, password)
        if "confirm-email" in self.page.url:
            self.confirm_address()

    def confirm_address(self) -> None:
        """Follow the link that confirms the address, where mails are really sent; then one signs in again."""
        self.open_mailed_link("confirm-email")
        self.press("Yes, confirm")
        if self.page.locator("input[name=login]").count():
            self.window.sign_in(self.email, self.password)

    def speak(self, language: str) -> None:
        """Choose a language, on the page of the account."""
        self.open(f"/{self.language}/account/")
        self.main.locator(f"input[name=language][value={language}]").check()
        self.press("Save")
        self.language = language
        self.told("Your account was changed.")

    def sign_up(self) -> None:
        """Open an account of one's own; where mails are really sent, the address is confirmed by the mail's link."""
        self.open(f"/{self.language}/")
        self.menu("Sign in")
        self.follow("Create an account")
        self.fill_all({"First and last name": self.name, "Email": self.email})
        self.fill("Password", PASSWORD)
        self.fill("Password (again)", PASSWORD)
        self.press("Create the account")
        if "confirm-email" in self.page.url:
            self.confirm_address()

    def confirm_password(self) -> None:
        """Sign in again, as acts on money ask; the act goes on by itself."""
        self.fill("Password", self.password)
        self.press("Confirm")

    def open_mailed_link(self, part: str) -> None:
        """Follow the link of the last mail to this person whose address holds `part`; the worker sends the mails."""
        self.window.page.goto(self.window.base + path_of(last_mail(self.email, part), part))

    def mailed(self, pattern: str) -> str:
        """What the last mail to this person says in place of `pattern`'s group."""
        found = re.search(pattern, last_mail(self.email))
        assert found is not None, last_mail(self.email)
        return found[1]


def siret(number: int) -> str:
    """A number that is well made and belongs to nobody: those that begin with 000 are not given."""
    siren = f"{number:08}"
    siren += luhn.calc_check_digit(siren)
    return siren + "0001" + luhn.calc_check_digit(siren + "0001")


def last_mail(email: str, part: str = "") -> str:
    """The text of the last mail delivered to an address that holds `part`, once the worker has sent all that is due."""
    while send_outbox():
        pass
    texts = [str(message.body) for message in mail.outbox if email in message.to and part in str(message.body)]
    assert texts, f"no mail to {email} with {part!r}"
    return texts[-1]


def path_of(text: str, part: str) -> str:
    """The path of the link in a mail that holds `part`."""
    found = re.search(rf"https?://[^/\s]+(/\S*{re.escape(part)}\S*)", text)
    assert found is not None, text
    return found[1]
