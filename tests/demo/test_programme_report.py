"""The report on the reference programme equals its published table, and finds where the table and the report differ."""

import csv
import json
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from demo import prai
from kit import clock
from monitoring.models import ExpenseItem, PaymentOrder, Recovery
from people.acting import exempt_bulk_write
from programmes.models import DeclaredResult, Measure

pytestmark = pytest.mark.usefixtures("demo")

DIFFERENCES = [("projects_count", 20, 19, 1), ("eligible_total", "1138557.64", "1021904.81", "116652.83")]


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("programme_report", prai.CODE, *arguments, stdout=out)
    return out.getvalue()


def report(*arguments: str) -> dict[str, Any]:
    """The report on action 7.4, as the command prints it."""
    return json.loads(told("--action", "7.4", "--format", "json", *arguments))


def differences(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("code", "declared", "computed", "difference")
    return [tuple(finding[name] for name in names) for finding in found["findings"]]


def published() -> list[dict[str, str]]:
    with (prai.DATA / "projects.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_each_line_and_the_totals_are_those_of_the_published_table() -> None:
    found, table = report(), published()

    assert [
        (line["beneficiary"], line["object"], line["kind"], line["department"], line["eligible"], line["erdf"])
        for line in found["projects"]
    ] == [
        (
            row["beneficiary"],
            row["object_fr"],
            row["beneficiary_kind"],
            row["department"],
            row["eligible_eur"],
            f"{Decimal(row['erdf_eur']):.2f}",
        )
        for row in table
    ]
    assert found["totals"] == {"projects": 19, "eligible": "1021904.81", "erdf": "502791.00"}
    assert (found["programme"], found["action"], found["under_way"]) == (prai.CODE, "7.4", [])


def test_what_is_paid_is_what_the_ledger_says() -> None:
    lines = report()["projects"]

    assert [line["erdf"] for line in lines] == [line["ledger"]["paid"] for line in lines]
    assert {amount for line in lines for stage, amount in line["ledger"].items() if stage != "paid"} == {"0.00"}


def test_it_finds_by_itself_that_two_declared_figures_do_not_agree() -> None:
    assert differences(report()) == DIFFERENCES
    assert [finding["text"] for finding in report("--lang", "en")["findings"]] == [
        "20 projects were declared; the list holds 19: a difference of 1.",
        "Expenses of €1,138,557.64 were declared; those accepted in the list make €1,021,904.81: "
        "a difference of €116,652.83.",
    ]


def test_the_envelope_adds_up_to_what_was_programmed() -> None:
    envelope = report()["envelope"]

    assert (envelope["planned_total_cost"], envelope["programmed"]) == ("1160649.00", "580324.50")
    assert (envelope["paid"], envelope["remaining"]) == ("502791.00", "77533.50")


def test_changing_one_accepted_amount_changes_its_line_the_total_and_the_finding() -> None:
    before = report()
    item = ExpenseItem.objects.filter(claim__dossier__reference=before["projects"][0]["reference"]).order_by("pk")[0]
    with exempt_bulk_write():
        ExpenseItem.objects.filter(pk=item.pk).update(accepted=item.accepted - Decimal("0.01"), reason="A cent.")
    after = report()

    assert (before["projects"][0]["eligible"], after["projects"][0]["eligible"]) == ("36209.96", "36209.95")
    assert after["projects"][1:] == before["projects"][1:]
    assert after["totals"] == {"projects": 19, "eligible": "1021904.80", "erdf": "502791.00"}
    assert differences(after) == [
        ("projects_count", 20, 19, 1),
        ("eligible_total", "1138557.64", "1021904.80", "116652.84"),
    ]


def test_a_declared_contribution_that_agrees_is_no_finding_until_a_sum_is_claimed_back() -> None:
    with exempt_bulk_write():
        DeclaredResult.objects.create(
            measure=Measure.objects.get(programme__code=prai.CODE, code="7.4"),
            indicator="erdf",
            label_fr="Contribution du FEDER",
            value=Decimal("502791.00"),
            unit="EUR",
            source=prai.SOURCE,
            declared_on=date(2009, 3, 31),
        )
    assert differences(report()) == DIFFERENCES

    order = PaymentOrder.objects.get(dossier__reference=report()["projects"][0]["reference"])
    with exempt_bulk_write():
        Recovery.objects.create(
            dossier=order.dossier,
            number="TR-1",
            amount=Decimal("104.00"),
            reason="Found in a control.",
            issued_by=order.issuer,
            issued_at=clock.now(),
        )
    found = report()

    assert (order.amount, found["projects"][0]["erdf"]) == (Decimal("18104.00"), "18000.00")
    assert found["totals"] == {"projects": 19, "eligible": "1021904.81", "erdf": "502687.00"}
    assert differences(found) == [*DIFFERENCES, ("erdf_total", "502791.00", "502687.00", "104.00")]


def test_the_published_files_are_not_needed_once_they_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    read = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, *args, **kwargs: opened.append(str(path)) or read(path, *args, **kwargs)
    )
    monkeypatch.setattr(prai, "DATA", Path("nowhere"))

    assert report()["totals"] == {"projects": 19, "eligible": "1021904.81", "erdf": "502791.00"}
    assert [path for path in opened if path.endswith(".csv")] == []


def test_actions_that_are_run_elsewhere_show_what_they_declared_and_are_not_compared() -> None:
    found = json.loads(told("--format", "json"))

    assert [item["action"] for item in found["actions"] if item["managed"]] == ["7.4"]
    assert [item["action"] for item in found["actions"] if item["findings"]] == ["7.4"]
    assert all(item["declared"] for item in found["actions"])
    assert found["totals"] == {"projects": 19, "eligible": "1021904.81", "erdf": "502791.00"}


def test_before_the_first_payment_no_project_is_realised() -> None:
    found = report("--at", "2008-10-19")

    assert (found["projects"], found["totals"]) == ([], {"projects": 0, "eligible": "0.00", "erdf": "0.00"})
    assert found["totals_under_way"] == {"projects": 19, "eligible": "1021904.81", "erdf": "0.00"}
    assert report("--at", "2009-12-31")["projects"] == report()["projects"]


def test_the_page_shows_the_same_figures() -> None:
    page = told("--action", "7.4", "--format", "html", "--lang", "fr")

    for figure in ("1\u202f021\u202f904,81", "502\u202f791,00", "Communauté de Communes de l&#x27;Arize"):
        assert figure in page
    assert page.count('class="finding"') == 2
