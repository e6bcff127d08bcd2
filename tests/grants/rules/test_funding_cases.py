"""Funding cases: every kept answer, every refusal by its line, and the shapes a file may have."""

import copy
import json
from pathlib import Path

import pytest

from grants.rules.funding_cases import answer_file
from kit.casefile import CasesRefused

CASES = Path(__file__).resolve().parents[2] / "cases" / "funding"
NAMES = sorted(path.name.removesuffix(".expected.json") for path in CASES.glob("*.expected.json"))
GOOD = json.loads((CASES / "instalments-nominal.json").read_text(encoding="utf-8"))
REMOVED = object()


def changed(*changes):
    """The good case with the values at some paths replaced or removed."""
    case = copy.deepcopy(GOOD)
    for path, value in changes:
        *parents, last = path
        place = case
        for step in parents:
            place = place[step]
        if value is REMOVED:
            del place[last]
        else:
            place[last] = value
    return case


def ask(document):
    return answer_file(json.dumps(document).encode())


def refusal(document):
    with pytest.raises(CasesRefused) as refused:
        ask(document)
    return list(refused.value.lines)


def test_the_kept_cases_are_there():
    assert len(NAMES) >= 5


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_case_has_its_kept_answer(name):
    expected = json.loads((CASES / f"{name}.expected.json").read_text(encoding="utf-8"))
    assert answer_file((CASES / f"{name}.json").read_bytes()) == expected


def test_a_list_is_answered_with_a_list_in_order():
    cases = [json.loads((CASES / f"{name}.json").read_bytes()) for name in NAMES]
    assert ask(cases) == [json.loads((CASES / f"{name}.expected.json").read_bytes()) for name in NAMES]
    assert ask([]) == []


# Every fault, by its line -------------------------------------------------------------------------------------------

MONEY = [
    ("envelope",),
    ("requested",),
    ("eligible",),
    ("rule", "ceiling"),
    ("rule", "floor"),
    ("events", 1, "verified"),
]
SHARES = [("rule", "rate"), ("rule", "advance_share"), ("rule", "interim_share")]
NOT_DECIMALS = [
    "1e3",
    "1E3",
    "NaN",
    "Infinity",
    "1/2",
    " 1",
    "1 ",
    "1 000",
    "1\n",
    "1,5",
    "1_0",
    "+1",
    ".5",
    "5.",
    "",
    "١",
]


def dotted(path):
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@pytest.mark.parametrize("path", [*MONEY, *SHARES, ("rule", "rounding_unit")], ids=dotted)
@pytest.mark.parametrize("value", [*NOT_DECIMALS, 1, 0.5, True, [], {}, "9" * 1001], ids=repr)
def test_what_is_no_decimal_in_a_string_is_refused(path, value):
    (line,) = refusal(changed((path, value)))
    assert line.startswith(f"case 0: {dotted(path)}: must ")
    assert "\n" not in line
    assert len(line) < 200


@pytest.mark.parametrize("path", [*MONEY[:3], *MONEY[5:], *SHARES, ("rule", "rounding_unit")], ids=dotted)
def test_null_is_refused_save_for_ceiling_and_floor(path):
    (line,) = refusal(changed((path, None)))
    assert line.startswith(f"case 0: {dotted(path)}: must be a string holding a decimal, not null")
    assert ask(changed((("rule", "ceiling"), None), (("rule", "floor"), None)))["grant"] == "50000.00"


@pytest.mark.parametrize("path", MONEY, ids=dotted)
@pytest.mark.parametrize("value", ["1.000", "0.001", "-0.01", "-5"])
def test_money_with_three_decimals_or_below_zero_is_refused(path, value):
    (line,) = refusal(changed((path, value)))
    assert line.startswith(f"case 0: {dotted(path)}: must be ")


@pytest.mark.parametrize("path", SHARES, ids=dotted)
@pytest.mark.parametrize("value", ["-0.1", "1.0000000000000000000000000000000001", "50"])
def test_a_share_outside_0_to_1_is_refused(path, value):
    (line,) = refusal(changed((path, value)))
    assert line.startswith(f"case 0: {dotted(path)}: must be ")


@pytest.mark.parametrize("unit", ["0", "10", "0.1", "0.001", "-1"])
def test_a_unit_other_than_a_euro_or_a_cent_is_refused(unit):
    assert refusal(changed((("rule", "rounding_unit"), unit))) == ["case 0: rule.rounding_unit: must be 1 or 0.01"]


@pytest.mark.parametrize(
    "path",
    [
        *[(key,) for key in GOOD],
        *[("rule", key) for key in GOOD["rule"]],
        ("events", 0, "kind"),
        *[("events", index, "verified") for index in range(1, 5)],
    ],
    ids=dotted,
)
def test_a_missing_key_is_refused(path):
    assert refusal(changed((path, REMOVED))) == [f"case 0: {dotted(path)}: missing"]


@pytest.mark.parametrize(
    "path", [("nom",), ("rule", "quota"), ("events", 0, "date"), ("events", 1, "amount")], ids=dotted
)
def test_an_unknown_key_is_refused(path):
    assert refusal(changed((path, "1"))) == [f"case 0: {dotted(path)}: unknown key"]


def test_a_strange_key_is_shown_on_one_line():
    assert refusal(changed((("a\nb\ud800",), "1"))) == [r'case 0: "a\nb\ud800": unknown key']


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("rule", "underspend"), "pro rata"),
        (("rule", "underspend"), "Nominal"),
        (("rule", "underspend"), None),
        (("events", 1, "kind"), "final"),
        (("events", 1, "kind"), ["interim"]),
        (("events", 1, "kind"), 1),
    ],
)
def test_an_unknown_word_is_refused(path, value):
    (line,) = refusal(changed((path, value)))
    assert line.startswith(f"case 0: {dotted(path)}: must be one of ")


@pytest.mark.parametrize(
    ("path", "value", "wanted"),
    [
        (("name",), 7, "a string"),
        (("name",), None, "a string"),
        (("rule",), None, "an object"),
        (("rule",), "0.5", "an object"),
        (("events",), {}, "a list"),
        (("events",), None, "a list"),
        (("events", 2), "balance", "an object"),
        (("events", 2), [], "an object"),
    ],
)
def test_a_value_of_another_shape_is_refused(path, value, wanted):
    assert f"case 0: {dotted(path)}: must be {wanted}, not " in refusal(changed((path, value)))[0]


ADVANCE = {"kind": "advance"}
INTERIM, BALANCE, CORRECTION = ({"kind": kind, "verified": "1.00"} for kind in ("interim", "balance", "correction"))


@pytest.mark.parametrize(
    ("events", "index", "fault"),
    [
        ([ADVANCE, ADVANCE], 1, "a second advance"),
        ([INTERIM, ADVANCE], 1, "an advance must be the first event"),
        ([BALANCE, ADVANCE], 1, "an advance must be the first event"),
        ([BALANCE, INTERIM], 1, "an interim payment after the balance"),
        ([BALANCE, CORRECTION, INTERIM], 2, "an interim payment after the balance"),
        ([BALANCE, BALANCE], 1, "a second balance"),
        ([CORRECTION], 0, "a correction without a balance before it"),
        ([ADVANCE, CORRECTION, BALANCE], 1, "a correction without a balance before it"),
    ],
)
def test_events_out_of_order_are_refused(events, index, fault):
    assert refusal(changed((("events",), events))) == [f"case 0: events[{index}].kind: {fault}"]


def test_an_advance_has_nothing_verified():
    (line,) = refusal(changed((("events", 0, "verified"), "1.00")))
    assert line.startswith("case 0: events[0].verified: unknown key")


def test_all_faults_of_all_cases_are_told_at_once_and_refuse_the_whole_file():
    bad = changed((("rule", "rate"), "2"), (("eligible",), 5), (("events", 1, "verified"), REMOVED))
    assert refusal([GOOD, bad, "case"]) == [
        'case 1: rule.rate: must be 1 or less, not "2"',
        "case 1: eligible: must be a string holding a decimal, not the number 5",
        "case 1: events[1].verified: missing",
        'case 2: must be an object, not "case"',
    ]


def test_faults_are_found_below_the_floor_too():
    low = (("eligible",), "1.00")
    assert ask(changed(low)) == {"grant": "0.00", "bound": "floor", "payments": []}
    assert refusal(changed(low, (("events", 3, "verified"), "x")))


# Files that are no cases --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "start"),
    [
        (b"", "not JSON: "),
        (b'{"name": ', "not JSON: "),
        (b"{} {}", "not JSON: "),
        (b"{'name': 1}", "not JSON: "),
        (b'{"name": "caf\xe9"}', "not UTF-8 text: byte 13 "),
        ("{}".encode("utf-16"), "not UTF-8 text: "),
        (b"[" * 100_000, "not a case: nested too deeply"),
        (b"null", "case 0: must be an object, not null"),
        (b"[[]]", "case 0: must be an object, not a list"),
        (b"1" * 100_000, "case 0: must be an object, not the number 1"),
        (b"NaN", "case 0: must be an object, not the number NaN"),
        (b"-1e999999999", "case 0: must be an object, not the number -1e999999999"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_what_is_no_case_is_refused_in_one_line(raw, start):
    with pytest.raises(CasesRefused) as refused:
        answer_file(raw)
    (line,) = refused.value.lines
    assert line.startswith(start)
    assert "\n" not in line
    assert len(line) < 200


def test_a_key_given_twice_is_refused_at_any_depth():
    raw = json.dumps(GOOD)
    twice = raw.replace('"rate": "0.5"', '"rate": "0.5", "rate": "0.6"').replace(
        '"kind": "balance"', '"kind": "balance", "kind": "balance"'
    )
    with pytest.raises(CasesRefused) as refused:
        answer_file(twice.encode())
    assert refused.value.lines == ("case 0: rule.rate: given twice", "case 0: events[3].kind: given twice")


def test_a_byte_order_mark_is_harmless():
    assert answer_file(b"\xef\xbb\xbf" + json.dumps(GOOD).encode())["grant"] == "40000.00"


# What is odd and allowed --------------------------------------------------------------------------------------------


def test_amounts_of_any_size_are_answered_exactly():
    huge = "123456789012345678901234567890123456789012345678901234567890"
    case = changed(
        (("rule",), {**GOOD["rule"], "rate": "1", "ceiling": None, "underspend": "effective", "rounding_unit": "0.01"}),
        *[((key,), f"{huge}.99") for key in ("envelope", "requested", "eligible")],
        (("events",), [{"kind": "balance", "verified": f"{huge}.98"}]),
    )
    answer = ask(case)
    assert answer["grant"] == f"{huge}.99"
    assert answer["payments"][0]["paid_total"] == f"{huge}.98"


def test_the_longest_decimals_are_answered():
    longest = "9" * 1000
    case = changed(
        (("rule", "rate"), "0." + "9" * 998),
        (("rule", "ceiling"), None),
        (("rule", "underspend"), "effective"),
        *[((key,), longest) for key in ("envelope", "requested", "eligible")],
        (("events",), [{"kind": "interim", "verified": longest}, {"kind": "balance", "verified": longest}]),
    )
    answer = ask(case)
    assert int(answer["grant"][:-3]) == (10**1000 - 1) * (10**998 - 1) // 10**998
    assert answer["payments"][-1]["paid_total"] == answer["grant"]


def test_zeros_are_answered_without_a_sign():
    zeros = [((key,), "-0.00") for key in ("envelope", "requested", "eligible")]
    answer = ask(changed(*zeros, (("rule", "floor"), None), (("rule", "rate"), "-0")))
    assert answer["grant"] == "0.00"
    assert answer["bound"] == "rate"
    assert {text for payment in answer["payments"] for text in list(payment.values())[1:]} == {"0.00"}


def test_a_case_without_events_has_no_payments():
    assert ask(changed((("events",), [])))["payments"] == []


def test_a_second_correction_follows_the_first():
    events = [BALANCE, {"kind": "correction", "verified": "0"}, {"kind": "correction", "verified": "200"}]
    payments = ask(changed((("events",), [{**BALANCE, "verified": "100.00"}, *events[1:]])))["payments"]
    assert [(line["amount"], line["recovery"], line["paid_total"]) for line in payments] == [
        ("50.00", "0.00", "50.00"),
        ("0.00", "50.00", "0.00"),
        ("100.00", "0.00", "100.00"),
    ]


# The page that describes all this -----------------------------------------------------------------------------------


def test_the_example_of_the_documentation_has_the_answer_it_shows():
    page = (CASES.parents[2] / "docs" / "funding-case.md").read_text(encoding="utf-8")
    case, answer = (block.split("```")[0] for block in page.split("```json\n")[1:])
    assert answer_file(case.encode()) == json.loads(answer)
