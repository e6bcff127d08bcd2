"""The community countersigns the days that its adviser logged."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from grants.lifecycle import State
from selection.actions import advice

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission(world):
    dossier = world.dossier(State.SUBMITTED)
    contract = advice.open_framework(
        programme=world.programme,
        provider=world.organisation("Adviser SARL", kind="provider"),
        reference="F-1",
        days=Decimal(100),
        day_price=Decimal(600),
        starts_on=date(2027, 1, 1),
        ends_on=date(2029, 1, 1),
        by=world.manager,
    )
    mission = advice.open_mission(
        dossier=dossier, contract=contract, adviser=world.adviser, days=Decimal(5), purpose="Help.", by=world.officer
    )
    advice.log_day(
        mission=mission,
        worked_on=date(2027, 3, 1),
        days=Decimal("0.5"),
        on_site=True,
        deliverable="Met the mayor.",
        by=world.adviser,
    )
    return mission


def test_a_signatory_reads_the_days_and_countersigns_them(world, browse, mission):
    with translation.override("en"):
        address = reverse("applicant:countersign", args=[mission.dossier.reference])
        client = browse(world.signatory(mission.dossier))
        assert browse(world.editor(mission.dossier)).get(address).status_code == 404
        assert browse(world.adviser).get(address).status_code == 404
        page = client.get(address).content.decode()
        assert "Met the mayor." in page
        assert "0.5 day, on site" in page
        client.post(address)
        day = mission.days_log.get()
        assert day.countersigned_by == world.signatory(mission.dossier)
        assert "No day waits to be countersigned." in client.get(address).content.decode()


def test_there_is_nothing_to_countersign_without_a_mission(world, browse):
    dossier = world.dossier(State.SUBMITTED)
    address = reverse("applicant:countersign", args=[dossier.reference])
    assert browse(world.signatory(dossier)).get(address).status_code == 404
