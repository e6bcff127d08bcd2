"""Case files: JSON read strictly, so that every fault is found at once and told with its path.

A case lets somebody try an engine on their own figures. Python's own reader is too kind for that: it turns numbers
into binary floats, keeps the last of two equal keys and accepts NaN.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

LONGEST_DECIMAL = 1000
"""Characters of the longest decimal that is read; arithmetic on two of them stays exact and instant."""

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_MISSING = object()


class CasesRefused(Exception):
    """A case file that breaks the rules; `lines` has one sentence for each fault."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Number:
    """A JSON number, as it was written."""

    text: str


class Record(dict[str, Any]):
    """A JSON object that remembers which of its keys were given more than once."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        times = Counter(name for name, _value in pairs)
        self.repeated = [name for name, count in times.items() if count > 1]


@dataclass(frozen=True)
class Node:
    """A value of a case with its path. Its readers note a fault and go on with a harmless value of their type.

    Nothing may be computed from a case once `faults` (shared by all the nodes of a case) has an entry.
    """

    value: Any
    path: str
    faults: list[tuple[str, str]]

    @property
    def missing(self) -> bool:
        """The key was not given; its object has noted that already, or it may be left out."""
        return self.value is _MISSING

    @property
    def is_null(self) -> bool:
        """The value is JSON's null."""
        return self.value is None

    def note(self, fault: str) -> None:
        """Remember that this value breaks a rule."""
        self.faults.append((self.path, fault))

    def fields(self, *required: str, optional: Sequence[str] = ()) -> dict[str, Node]:
        """The object's fields, all of `required` and `optional`; notes missing, unknown and repeated keys."""
        given = self.value if isinstance(self.value, Record) else Record([])
        if given is not self.value:
            self._expected("an object")
        else:
            for name in required:
                if name not in given:
                    self._field(name).note("missing")
            for name in given:
                if name not in required and name not in optional:
                    self._field(name).note("unknown key")
            for name in given.repeated:
                self._field(name).note("given twice")
        return {name: self._field(name, given.get(name, _MISSING)) for name in (*required, *optional)}

    def items(self) -> list[Node]:
        """The values of a list."""
        if isinstance(self.value, list):
            return [Node(value, f"{self.path}[{index}]", self.faults) for index, value in enumerate(self.value)]
        self._expected("a list")
        return []

    def text(self) -> str:
        """A string."""
        if isinstance(self.value, str):
            return self.value
        self._expected("a string")
        return ""

    def word(self, *known: str) -> str:
        """One of the `known` words."""
        if isinstance(self.value, str) and self.value in known:
            return self.value
        self._expected("one of " + ", ".join(json.dumps(word) for word in known))
        return ""

    def decimal(self, *, lowest: int | None = None, highest: int | None = None, places: int | None = None) -> Decimal:
        """A string that holds a decimal from `lowest` to `highest`, with at most `places` decimals; exact."""
        value = self.value
        if not isinstance(value, str):
            self._expected("a string holding a decimal")
        elif len(value) > LONGEST_DECIMAL:
            self.note(f"must have at most {LONGEST_DECIMAL} characters")
        elif not _DECIMAL.fullmatch(value):
            self._expected('a decimal such as "1234.50", without exponent, space or sign of fraction')
        elif places is not None and len(value.partition(".")[2]) > places:
            self._expected(f"a decimal with at most {places} decimals")
        elif lowest is not None and Decimal(value) < lowest:
            self._expected(f"{lowest} or more")
        elif highest is not None and Decimal(value) > highest:
            self._expected(f"{highest} or less")
        else:
            number = Decimal(value)
            return number if number else number.copy_abs()
        return Decimal(0)

    def money(self) -> Decimal:
        """A string that holds an amount in euros: zero or more, with at most two decimals."""
        return self.decimal(lowest=0, places=2)

    def share(self) -> Decimal:
        """A string that holds a share from 0 to 1."""
        return self.decimal(lowest=0, highest=1)

    def _field(self, name: str, value: Any = _MISSING) -> Node:
        shown = name if _PLAIN_KEY.fullmatch(name) else json.dumps(name)
        return Node(value, f"{self.path}.{shown}" if self.path else shown, self.faults)

    def _expected(self, what: str) -> None:
        if not self.missing:
            self.note(f"must be {what}, not {_shown(self.value)}")


def answer_all(raw: bytes, answer: Callable[[Node], Any]) -> Any:
    """What `answer` gives for the case in `raw`, or for each of a list of cases, in order.

    `answer` notes the faults it finds on the node. Raises `CasesRefused` with the faults of all the cases when there
    is one, and when `raw` is not JSON at all.
    """
    document = parse(raw)
    cases = document if isinstance(document, list) else [document]
    nodes = [Node(case, "", []) for case in cases]
    answers = [answer(node) for node in nodes]
    lines = [
        f"case {index}: {path}: {fault}" if path else f"case {index}: {fault}"
        for index, node in enumerate(nodes)
        for path, fault in node.faults
    ]
    if lines:
        raise CasesRefused(lines)
    return answers if isinstance(document, list) else answers[0]


def parse(raw: bytes) -> Any:
    """The JSON document in `raw`, its numbers as `Number` and its objects as `Record`.

    Raises `CasesRefused` with one line when the bytes are not UTF-8 or not JSON.
    """
    try:
        text = raw.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=Record, parse_int=Number, parse_float=Number, parse_constant=Number)
    except UnicodeDecodeError as error:
        _refuse(f"not UTF-8 text: byte {error.start} cannot be read", error)
    except json.JSONDecodeError as error:
        _refuse(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}", error)
    except RecursionError as error:
        _refuse("not a case: nested too deeply", error)


def _refuse(line: str, cause: Exception) -> NoReturn:
    raise CasesRefused([line]) from cause


def _shown(value: Any) -> str:
    """`value` in a few plain characters, for a message of one line."""
    if isinstance(value, Record):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, Number):
        return "the number " + _shortened(value.text)
    return _shortened(json.dumps(value))


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
