"""Advice: days of the framework contract, missions, their countersigned log, and the officer's opinion."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grants.actions import submission
from grants.lifecycle import State
from grants.models import Dossier, Participation
from kit import clock
from kit.errors import Conflict, NotAllowed, Refused, Unmet
from selection.actions import advice, assessment
from selection.models import FrameworkContract, Mission, MissionDay, MissionState
from tests.world_selection import START, acts, mails

HALF, ONE, TWO = Decimal("0.5"), Decimal(1), Decimal(2)
PDF = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture
def world(advised_world):
    return advised_world


def ordered(world, contract, dossier=None, days=TWO):
    dossier = dossier or world.dossier()
    return advice.open_mission(
        dossier=dossier, contract=contract, adviser=world.adviser, days=days, purpose="Cadrer.", by=world.officer
    )


def logged(world, mission, days=ONE, worked_on=date(2027, 3, 1)):
    return advice.log_day(
        mission=mission, worked_on=worked_on, days=days, on_site=True, deliverable="Atelier", by=world.adviser
    )


def test_a_mission_goes_from_its_order_to_the_officer_s_opinion(world):
    contract, dossier = world.framework("10"), world.dossier()
    mission = ordered(world, contract, dossier)
    assert contract.days_left == Decimal(8)
    assert Participation.objects.get(dossier=dossier, person=world.adviser).opened is True
    assert list(Dossier.objects.visible_to(world.adviser)) == [dossier]

    logged(world, mission, ONE)
    logged(world, mission, HALF, date(2027, 2, 26))
    advice.file_report(mission=mission, report="Le besoin est clair.", by=world.adviser)
    with pytest.raises(Unmet, match="countersigned"):
        advice.close_mission(mission=mission, by=world.officer)
    signed = advice.countersign(mission=mission, by=world.mayor(dossier))
    assert [day.days for day in signed] == [HALF, ONE]
    closed = advice.close_mission(mission=mission, by=world.officer)

    assert (closed.state, closed.closed_by, closed.days_used) == (MissionState.CLOSED, world.officer, Decimal("1.5"))
    assert contract.days_left == Decimal("8.5")
    opinion = advice.advise(dossier=dossier, favourable=True, opinion="Utile et réaliste.", by=world.officer)
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert (dossier.state, opinion.favourable, opinion.text) == (State.ADVISED, True, "Utile et réaliste.")
    assert acts(dossier) == [
        "mission.opened",
        "mission.day_logged",
        "mission.day_logged",
        "mission.report_filed",
        "mission.days_countersigned",
        "mission.closed",
        "dossier.advised",
    ]
    assert mails(dossier) == [
        "mission_opened",
        "mission_opened_applicant",
        "days_to_countersign",
        "days_to_countersign",
    ]


def test_no_day_beyond_the_framework_contract(world):
    contract = world.framework("3")
    ordered(world, contract, days=TWO)
    with pytest.raises(Refused) as error:
        ordered(world, contract, days=Decimal("1.5"))
    assert (error.value.field, Mission.objects.count()) == ("days", 1)
    ordered(world, contract, days=ONE)
    assert contract.days_left == Decimal(0)


def test_a_withdrawn_dossier_gives_its_days_back(world):
    contract, dossier = world.framework("3"), world.dossier()
    logged(world, ordered(world, contract, dossier, days=TWO), HALF)
    submission.withdraw(dossier=dossier, reason="Abandon.", by=world.mayor(dossier))
    assert FrameworkContract.objects.get().days_left == Decimal("2.5")


@pytest.mark.parametrize(
    "days", [0, Decimal("-1"), Decimal("0.3"), 1.0, "1", True, Decimal("NaN"), Decimal("1e9"), Decimal("1000")]
)
def test_days_are_whole_or_half(world, days):
    with pytest.raises(Refused) as error:
        ordered(world, world.framework("99999"), days=days)
    assert error.value.field == "days"


def test_a_contract_serves_its_own_dates(world):
    contract = world.framework()
    with clock.at(START.replace(year=2030)), pytest.raises(Refused) as error:
        ordered(world, contract)
    assert error.value.field == "contract"


def test_the_adviser_is_one_of_the_programme_and_free_of_ties(world):
    contract, dossier = world.framework(), world.dossier()
    for person in (world.members[0], world.person("Stranger")):
        with pytest.raises(Refused) as error:
            advice.open_mission(
                dossier=dossier, contract=contract, adviser=person, days=ONE, purpose="Cadrer.", by=world.officer
            )
        assert error.value.field == "adviser"
    world.tie(world.adviser, dossier.applicant)
    with pytest.raises(Refused, match="tied"):
        ordered(world, contract, dossier)


def test_who_scores_does_not_advise_and_who_advised_does_not_score(world):
    both = world.members[0]
    world.give(both, "adviser")
    contract, scored = world.framework(), world.dossier()
    world.assign(scored, both)
    with pytest.raises(Refused, match="scores the application"):
        advice.open_mission(
            dossier=scored, contract=contract, adviser=both, days=ONE, purpose="Cadrer.", by=world.officer
        )
    advised = world.dossier()
    advice.open_mission(dossier=advised, contract=contract, adviser=both, days=ONE, purpose="Cadrer.", by=world.officer)
    with pytest.raises(Refused, match="advised the application"):
        assessment.assign(dossier=advised, person=both, by=world.secretary)


def test_a_dossier_has_one_mission(world):
    contract, dossier = world.framework(), world.dossier()
    ordered(world, contract, dossier)
    with pytest.raises(Refused, match="already"):
        ordered(world, contract, dossier)


@pytest.mark.parametrize(
    ("worked_on", "days", "field"),
    [
        (date(2027, 3, 2), ONE, "worked_on"),
        (date(2026, 12, 31), ONE, "worked_on"),
        (date(2027, 3, 1), Decimal("1.5"), "days"),
        (date(2027, 3, 1), Decimal("0.25"), "days"),
        ("2027-03-01", ONE, "worked_on"),
    ],
)
def test_a_day_to_come_or_too_long_is_not_logged(world, worked_on, days, field):
    mission = ordered(world, world.framework())
    with pytest.raises(Refused) as error:
        logged(world, mission, days, worked_on)
    assert (error.value.field, MissionDay.objects.count()) == (field, 0)


def test_no_more_days_than_the_mission_has(world):
    mission = ordered(world, world.framework(), days=ONE)
    logged(world, mission, HALF)
    with pytest.raises(Refused) as error:
        logged(world, mission, ONE)
    assert error.value.field == "worked_on"
    with pytest.raises(Refused) as error:
        logged(world, mission, ONE, date(2027, 2, 26))
    assert error.value.field == "days"
    logged(world, mission, HALF)
    assert mission.days_used == ONE


def test_days_are_countersigned_by_the_community_alone(world):
    dossier = world.dossier()
    mission = ordered(world, world.framework(), dossier)
    mayor = world.mayor(dossier)
    with pytest.raises(Conflict, match="No day waits"):
        advice.countersign(mission=mission, by=mayor)
    logged(world, mission)
    for person in (world.adviser, world.officer, world.mayor(world.dossier())):
        with pytest.raises(NotAllowed):
            advice.countersign(mission=mission, by=person)
    advice.countersign(mission=mission, by=mayor)
    with pytest.raises(Conflict):
        advice.countersign(mission=mission, by=mayor)


def test_a_mission_without_days_or_report_does_not_close(world):
    mission = ordered(world, world.framework())
    with pytest.raises(Unmet) as error:
        advice.close_mission(mission=mission, by=world.officer)
    assert len(error.value.missing) == 2


def test_a_report_may_carry_a_file(world):
    mission = ordered(world, world.framework())
    upload = SimpleUploadedFile("rapport.pdf", PDF, content_type="application/pdf")
    filed = advice.file_report(mission=mission, report="Voir la pièce.", document=upload, by=world.adviser)
    assert (filed.report_document.kind, filed.report_document.chain) == ("mission_report", mission.journal_chain)
    assert filed.reported_at == clock.now()
    with pytest.raises(Refused) as error:
        advice.file_report(mission=mission, report=" ", by=world.adviser)
    assert error.value.field == "report"


def test_advice_is_waived_with_a_reason(world):
    dossier = world.dossier()
    with pytest.raises(Unmet, match="reason"):
        advice.waive_mission(dossier=dossier, reason="  ", by=world.officer)
    mission = advice.waive_mission(dossier=dossier, reason="Projet déjà accompagné.", by=world.officer)
    assert (mission.state, mission.reason, mission.closed_by) == (
        MissionState.WAIVED,
        "Projet déjà accompagné.",
        world.officer,
    )
    with pytest.raises(Conflict, match="settled"):
        advice.waive_mission(dossier=dossier, reason="Encore.", by=world.officer)
    advice.advise(dossier=dossier, favourable=False, opinion="Trop vague.", by=world.officer)
    assert Dossier.objects.get(pk=dossier.pk).state == State.ADVISED


def test_waiving_an_open_mission_ends_it_and_keeps_its_days(world):
    contract, dossier = world.framework("5"), world.dossier()
    mission = ordered(world, contract, dossier)
    logged(world, mission, HALF)
    waived = advice.waive_mission(dossier=dossier, reason="Adviser ill.", by=world.officer)
    assert (waived.pk, waived.state, contract.days_left) == (mission.pk, MissionState.WAIVED, Decimal("4.5"))
    assert list(Dossier.objects.visible_to(world.adviser)) == []
    for act in (
        lambda: logged(world, mission),
        lambda: advice.file_report(mission=mission, report="X", by=world.adviser),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_advice_is_settled_before_the_opinion(world):
    dossier = world.dossier()
    with pytest.raises(Unmet) as error:
        advice.advise(dossier=dossier, favourable=True, opinion="", by=world.officer)
    assert [sentence.split(":")[0] for sentence in error.value.missing] == [
        "Advice is not settled",
        "The instructing officer's opinion is not recorded",
    ]
    ordered(world, world.framework(), dossier)
    with pytest.raises(Unmet, match="still open"):
        advice.advise(dossier=dossier, favourable=True, opinion="Oui.", by=world.officer)


def test_each_act_of_advice_is_refused_to_the_wrong_role(world):
    contract, dossier = world.framework(), world.dossier()
    mission = ordered(world, contract, dossier)
    logged(world, mission)
    before = acts(dossier)
    mayor = world.mayor(dossier)
    refused = [
        lambda by: ordered_by(contract, world, by),
        lambda by: advice.log_day(
            mission=mission, worked_on=date(2027, 2, 26), days=ONE, on_site=False, deliverable="X", by=by
        ),
        lambda by: advice.file_report(mission=mission, report="X", by=by),
        lambda by: advice.close_mission(mission=mission, by=by),
        lambda by: advice.waive_mission(dossier=dossier, reason="X", by=by),
        lambda by: advice.advise(dossier=dossier, favourable=True, opinion="X", by=by),
    ]
    for act in refused:
        for person in (world.secretary, world.members[0], mayor, world.auditor):
            with pytest.raises(NotAllowed):
                act(person)
    assert acts(dossier) == before


def ordered_by(contract, world, by):
    return advice.open_mission(
        dossier=world.dossier(), contract=contract, adviser=world.adviser, days=ONE, purpose="X", by=by
    )


def test_an_officer_tied_to_the_applicant_advises_nothing(world):
    dossier = world.dossier()
    world.tie(world.officer, dossier.applicant)
    with pytest.raises(NotAllowed, match="tied"):
        advice.waive_mission(dossier=dossier, reason="X", by=world.officer)


def test_a_framework_contract_is_entered_once_by_the_manager(world):
    contract = world.framework()
    assert (contract.days, contract.day_price, contract.days_left) == (Decimal(10), Decimal(650), Decimal(10))
    entered = {
        "programme": world.programme,
        "provider": contract.provider,
        "reference": contract.reference,
        "days": Decimal(1),
        "day_price": Decimal(600),
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2028, 1, 1),
    }
    with pytest.raises(Refused) as error:
        advice.open_framework(**entered, by=world.manager)
    assert error.value.field == "reference"
    with pytest.raises(Refused) as error:
        advice.open_framework(**{**entered, "ends_on": date(2026, 1, 1)}, by=world.manager)
    assert error.value.field == "ends_on"
    with pytest.raises(Refused) as error:
        advice.open_framework(**{**entered, "day_price": 600.5}, by=world.manager)
    assert error.value.field == "day_price"
    with pytest.raises(NotAllowed):
        advice.open_framework(**entered, by=world.officer)


def test_every_day_waits_for_one_mail_a_signatory(world):
    dossier = world.dossier()
    second = world.person("Deputy")
    world.mandate(second, dossier.applicant)
    mission = ordered(world, world.framework(), dossier)
    logged(world, mission, HALF, date(2027, 2, 25))
    assert mails(dossier).count("days_to_countersign") == 2
    with clock.at(START + timedelta(days=1)):
        advice.countersign(mission=mission, by=second)
    assert MissionDay.objects.get().countersigned_by == second
