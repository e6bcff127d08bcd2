"""The report: every line, total and finding follows from accepted expenses and payments."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kit import clock
from monitoring import documents
from monitoring.actions import claims, payments, verification
from monitoring.models import ClaimKind, ExpenseItem
from monitoring.queries import programme_report
from programmes.actions import programmes
from tests.monitoring.conftest import money_holds
from tests.staging import stage
from tests.world import CODE, START, World
from tests.world_monitoring import Road, after


def build(action="7.4", at=None, language="en"):
    return programme_report.build(CODE, action, at, language)


def declare(world, indicator, value, unit="EUR", day=date(2027, 3, 1)):
    return programmes.declare_result(
        measure=world.measure,
        indicator=indicator,
        label_fr=f"{indicator} en français",
        label_en=f"{indicator} in English",
        value=Decimal(value),
        unit=unit,
        source="Final report",
        declared_on=day,
        by=world.manager,
    )


class Two:
    """Two projects settled in the order in which they were filed: 60 000.50 and 30 000.25 € of expenses."""

    def __init__(self):
        self.world = World()
        self.road = Road(self.world)
        with clock.at(after(1)):
            self.other = Road(self.world, title="Town portal")
        with clock.at(after(2)):
            self.other.finished("30000.25")
            self.road.finished("50000", "10000.50")


staged_two = stage("two", Two, start=START)


@pytest.fixture
def two(world, staged_two, starting_point):
    yield starting_point.road, starting_point.other
    money_holds()


def test_each_line_follows_from_expenses_and_payments(two):
    road, other = two
    report = build()
    assert (report["programme"], report["action"], report["at"]) == (CODE, "7.4", None)
    assert [
        (line["reference"], line["object"], line["eligible"], line["erdf"], line["state"])
        for line in report["projects"]
    ] == [
        (road.dossier.reference, "Digital welcome", "60000.50", "30000.00", "paid"),
        (other.dossier.reference, "Town portal", "30000.25", "15000.00", "paid"),
    ]
    first = report["projects"][0]
    assert (first["beneficiary"], first["kind"], first["department"], first["granted"]) == (
        road.dossier.applicant.name,
        "commune",
        "46",
        "40000.00",
    )
    assert first["ledger"]["paid"] == "30000.00"
    assert report["totals"] == {"projects": 2, "eligible": "90000.75", "erdf": "45000.00"}
    assert report["under_way"] == []
    assert report["findings"] == []
    json.dumps(report)


def test_changing_one_accepted_amount_changes_line_total_and_finding(two, world):
    declare(world, "total_cost", "90000.75")
    assert build()["findings"] == []
    ExpenseItem.objects.filter(claimed=Decimal("10000.50")).update(accepted=Decimal("9000.00"), reason="Less.")
    report = build()
    assert [line["eligible"] for line in report["projects"]] == ["59000.00", "30000.25"]
    assert report["totals"]["eligible"] == "89000.25"
    assert report["findings"] == [
        {
            "code": "eligible_total",
            "declared": "90000.75",
            "computed": "89000.25",
            "difference": "1000.50",
            "text": "Expenses of €90,000.75 were declared; those accepted in the list make €89,000.25: "
            "a difference of €1,000.50.",
        }
    ]
    ExpenseItem.objects.filter(claimed=Decimal("10000.50")).update(accepted=Decimal("10000.50"), reason="")


def test_figures_that_agree_give_no_finding_and_the_others_their_difference(two, world):
    declare(world, "projects_retained", "3", "projects")
    declare(world, "total_cost", "90000.75")
    declare(world, "erdf", "44999.50")
    assert [(item["code"], item["declared"], item["computed"], item["difference"]) for item in build()["findings"]] == [
        ("projects_count", 3, 2, 1),
        ("erdf_total", "44999.50", "45000.00", "-0.50"),
    ]
    texts = [item["text"] for item in build(language="fr")["findings"]]
    assert all("déclar" in text for text in texts)
    assert len(texts) == 2


def test_the_last_declaration_counts(two, world):
    declare(world, "projects_retained", "5", "projects")
    declare(world, "projects_retained", "2", "projects", day=date(2027, 2, 1))
    assert [item["declared"] for item in build()["findings"]] == [5]
    assert [item["value"] for item in build()["declared"]] == ["5"]


def test_projects_under_way_and_cancelled_stand_apart(road, world):
    with clock.at(after(1)):
        running = Road(world)
    running.paid(running.claimed(ClaimKind.ADVANCE))
    running.claimed(ClaimKind.INTERIM, "50000")
    with clock.at(after(2)):
        ended = Road(world)
    ended.paid(ended.claimed(ClaimKind.ADVANCE))
    payments.cancel(
        dossier=ended.dossier, decision=world.decide(body="management"), reason="Stopped.", by=world.manager
    )
    world.dossier("submitted")
    report = build()
    assert report["projects"] == []
    assert [(line["state"], line["eligible"], line["erdf"]) for line in report["under_way"]] == [
        ("contracted", "0.00", "0.00"),
        ("contracted", "50000.00", "12000.00"),
        ("cancelled", "0.00", "0.00"),
    ]
    assert report["totals_under_way"] == {"projects": 3, "eligible": "50000.00", "erdf": "12000.00"}
    assert report["envelope"] == {
        "planned_total_cost": None,
        "programmed": "400000.00",
        "reserved": "0.00",
        "committed": "55000.00",
        "advanced": "0.00",
        "verified": "13000.00",
        "ordered": "0.00",
        "paid": "12000.00",
        "recovered": "12000.00",
        "remaining": "308000.00",
    }


def test_the_stages_and_what_remains_make_what_was_programmed(two, world):
    with clock.at(after(3)):
        world.dossier("selected", eligible="1000.00", requested="500.00")
    envelope = build()["envelope"]
    stages = {
        name: Decimal(value) for name, value in envelope.items() if name not in ("programmed", "planned_total_cost")
    }
    assert (envelope["reserved"], envelope["paid"], envelope["remaining"]) == ("500.00", "45000.00", "254500.00")
    assert sum(stages.values()) == Decimal(envelope["programmed"])
    assert build(at=date(2027, 3, 2))["envelope"]["reserved"] == "0.00"


def test_an_expense_under_contest_counts_as_it_was_certified(road):
    certificate = road.claimed(ClaimKind.INTERIM, "1000", "500", accepted=["1000", "0"])
    claims.contest(claim=certificate.claim, text="No.", by=road.signatory)
    road.checked(certificate.claim, "1000", "500")
    assert build()["under_way"][0]["eligible"] == "1000.00"

    verification.approve_certificate(certificate=road.issued(certificate.claim), by=road.world.other_officer)
    assert build()["under_way"][0]["eligible"] == "1500.00"


def test_a_recovery_lowers_what_was_paid(road, world):
    road.paid(road.claimed(ClaimKind.ADVANCE))
    certificate = road.claimed(ClaimKind.FINAL, "20000")
    payments.issue_recovery(certificate=certificate, by=world.manager)
    road.service()
    road.verified()
    road.settled()
    assert build()["totals"] == {"projects": 1, "eligible": "20000.00", "erdf": "10000.00"}


def test_the_report_of_a_past_day_shows_what_was_known_then(road, world):
    with clock.at(after(10)):
        certificate = road.claimed(ClaimKind.FINAL, "30000", "10000", accepted=["30000", "0"])
    with clock.at(after(12)):
        road.paid(certificate)
    with clock.at(after(14)):
        claims.contest(claim=certificate.claim, text="No.", by=road.signatory)
        second = road.certified(certificate.claim, "30000", "10000")
    with clock.at(after(16)):
        road.paid(second)
        road.service()
        road.verified()
        road.settled()

    def under_way(day):
        report = build(at=day)
        return [(line["state"], line["eligible"], line["erdf"]) for line in report["under_way"]], report["totals"]

    nothing = {"projects": 0, "eligible": "0.00", "erdf": "0.00"}
    assert build(at=date(2027, 2, 28))["under_way"] == []
    assert under_way(date(2027, 3, 1)) == ([("contracted", "0.00", "0.00")], nothing)
    assert under_way(date(2027, 3, 11)) == ([("contracted", "30000.00", "0.00")], nothing)
    assert under_way(date(2027, 3, 13)) == ([("contracted", "30000.00", "15000.00")], nothing)
    assert under_way(date(2027, 3, 15)) == ([("contracted", "40000.00", "15000.00")], nothing)
    assert under_way(date(2027, 3, 17)) == ([], {"projects": 1, "eligible": "40000.00", "erdf": "20000.00"})
    assert build(at=date(2027, 3, 15))["envelope"]["paid"] == "15000.00"
    assert build(at=date(2027, 3, 15))["envelope"]["verified"] == "5000.00"
    assert build()["totals"] == build(at=date(2027, 3, 17))["totals"]
    assert build(at=date(2027, 3, 17))["at"] == "2027-03-17"


def test_without_action_every_action_of_the_programme_is_reported(two, world):
    measure = programmes.add_measure(
        programme=world.programme, code="7.2.1", step="awareness", title_fr="Sensibilisation", by=world.manager
    )
    programmes.declare_result(
        measure=measure,
        indicator="total_cost",
        label_fr="Dépenses",
        value=Decimal("134691.62"),
        unit="EUR",
        source="Final report",
        declared_on=date(2027, 3, 1),
        by=world.manager,
    )
    report = build(action=None)
    assert [(item["action"], item["managed"], item["findings"]) for item in report["actions"]] == [
        ("7.2.1", False, []),
        ("7.4", True, []),
    ]
    assert report["totals"] == {"projects": 2, "eligible": "90000.75", "erdf": "45000.00"}
    assert report["actions"][0]["declared"][0]["value"] == "134691.62"
    assert report["actions"][0]["envelope"] is None


def test_an_unknown_programme_or_action_is_said(road):
    with pytest.raises(LookupError, match="There is no programme NO-1"):
        programme_report.build("NO-1")
    with pytest.raises(LookupError, match="TEST-27 has no action 9"):
        programme_report.build(CODE, "9.9")


def test_the_report_costs_the_same_queries_whatever_the_number_of_projects(two, world, django_assert_num_queries):
    with django_assert_num_queries(11):
        build()
    Road(world)
    with django_assert_num_queries(11):
        build()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ['lang="en"', "Realised projects", "60,000.50", "Town portal", "a difference of 1"]),
        ("fr", ['lang="fr"', "Projets réalisés", "60\u202f000,50", "Town portal", "Soit un écart de 1"]),
    ],
)
def test_the_page_says_the_same_in_both_languages(two, world, language, words):
    declare(world, "projects_retained", "3", "projects")
    page = documents.programme_report(build(language=language), language)
    assert [word for word in words if word not in page] == []
    assert "http" not in page


def test_the_page_of_a_whole_programme_escapes_what_people_typed(world):
    road = Road(world, title="<script>alert(1)</script>")
    road.finished("30000")
    page = documents.programme_report(build(action=None, at=date(2027, 3, 2)), "en")
    assert "<script>" not in page
    assert "as of 2 March 2027" in page
    assert datetime(2027, 3, 1, tzinfo=UTC).date() == clock.today()


@pytest.mark.usefixtures("bare")
def test_a_programme_without_action_has_an_empty_report(world):
    assert world.programme.code == CODE
    report = programme_report.build(CODE)
    assert (report["actions"], report["totals"]["projects"]) == ([], 0)
    with pytest.raises(LookupError):
        programme_report.build(CODE, "7.4")
