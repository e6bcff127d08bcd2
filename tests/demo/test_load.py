"""The demo goes through the real acts: its books, its journal and its states hold, and everyone finds work."""

import csv
from collections import Counter
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from demo import alive, prai
from demo.cast import PASSWORD, STAFF
from grants.lifecycle import State
from grants.models import Award, Dossier
from people.models import Person
from programmes.models import AidRule, Envelope, Programme
from records.queries import journal, ledger
from records.queries.ledger import balance


def published() -> list[dict[str, str]]:
    with (prai.DATA / "projects.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


@pytest.mark.usefixtures("demo")
class TestTheReferenceProgramme:
    def test_each_listed_project_is_paid_to_the_euro(self) -> None:
        dossiers = Dossier.objects.filter(programme__code=prai.CODE).select_related("applicant").order_by("reference")

        assert [
            (
                dossier.applicant.name,
                dossier.title,
                dossier.eligible,
                balance(f"paid:{dossier.reference}"),
                dossier.state,
            )
            for dossier in dossiers
        ] == [
            (row["beneficiary"], row["object_fr"], Decimal(row["eligible_eur"]), Decimal(row["erdf_eur"]), State.PAID)
            for row in published()
        ]

    def test_five_grants_were_bound_by_the_request_and_the_others_by_the_rate(self) -> None:
        awards = Award.objects.filter(dossier__programme__code=prai.CODE)
        lower = [row["beneficiary"] for row in published() if int(row["erdf_eur"]) < Decimal(row["eligible_eur"]) // 2]

        assert len(lower) == 5
        assert Counter(award.operands["rate"] == f"{award.amount}" for award in awards) == {True: 14, False: 5}

    def test_the_envelope_keeps_what_was_not_granted(self) -> None:
        envelope = Envelope.objects.get(programme__code=prai.CODE, code="7.4")

        assert (envelope.amount, envelope.planned_total_cost) == (Decimal("580324.50"), Decimal("1160649.00"))
        assert envelope.left == Decimal("580324.50") - Decimal("502791.00")

    def test_rounding_is_in_whole_euros_save_for_two_actions(self) -> None:
        units = AidRule.objects.filter(measure__programme__code=prai.CODE).values_list("measure__code", "rounding_unit")

        assert {code for code, unit in units if unit == Decimal("0.01")} == {"7.2.2", "7.6"}


@pytest.mark.usefixtures("demo")
class TestTheRunningProgramme:
    def test_there_is_a_dossier_in_every_state(self) -> None:
        states = set(Dossier.objects.filter(programme__code=alive.CODE).order_by().values_list("state", flat=True))

        assert states == set(State.values)

    def test_every_account_of_the_staff_signs_in_with_the_password_that_is_printed(self) -> None:
        people = Person.objects.in_bulk([part.address for part in STAFF], field_name="email")

        assert {address for address, person in people.items() if not person.check_password(PASSWORD)} == set()
        assert len(people) == len(STAFF)


@pytest.mark.usefixtures("demo")
def test_the_books_and_the_journal_hold() -> None:
    assert journal.verify().sound
    assert ledger.verify().sound


@pytest.mark.usefixtures("demo")
def test_the_demo_is_not_loaded_twice() -> None:
    before = Programme.objects.count()

    with pytest.raises(CommandError, match="loaded already"):
        call_command("load_demo")

    assert Programme.objects.count() == before
