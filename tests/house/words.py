"""Words that stand nowhere else: each tells which private thing a page or a mail has shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from stdnum.iso7064 import mod_97_10

PATTERN = re.compile(r"zq[a-z]+\d\d\d")


@dataclass(frozen=True)
class Secret:
    """One word: what it stands in (`kind`), and whose it is: the key of a dossier or of an organisation."""

    kind: str
    owner: str
    by: str = ""
    """Who wrote it, where that decides who reads it: the name of a visitor."""


class Words:
    """The words of a world. A word is lower case, letters and digits, so that no page writes it otherwise."""

    def __init__(self) -> None:
        self.known: dict[str, Secret] = {}
        self.accounts: dict[str, Secret] = {}

    def mint(self, kind: str, owner: str, by: str = "") -> str:
        """A new word of this kind."""
        word = f"zq{re.sub('[^a-z]', '', kind)}{len(self.known):03}"
        self.known[word] = Secret(kind, owner, by)
        return word

    def iban(self, owner: str) -> str:
        """A valid IBAN of its own; the whole number is what only few may read."""
        body = f"3000600001{len(self.accounts):011}89"
        check = 98 - mod_97_10.checksum(f"{body}152700")
        number = f"FR{check:02}{body}"
        self.accounts[number] = Secret("iban", owner)
        return number

    def found_in(self, text: str) -> set[Secret]:
        """The secrets that a text shows."""
        found = {self.known[word] for word in set(PATTERN.findall(text.lower())) if word in self.known}
        if "FR" in text:
            compact = re.sub(r"\s|&nbsp;|&#160;", "", text)
            found |= {secret for number, secret in self.accounts.items() if number in compact}
        return found

    def of(self, kinds: Iterable[str]) -> set[Secret]:
        """Every secret of some kinds."""
        wanted = set(kinds)
        return {secret for secret in self.known.values() if secret.kind in wanted}
