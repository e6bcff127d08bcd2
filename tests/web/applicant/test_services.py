"""Services in operation and the report on their first year, from the beneficiary's pages."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import translation

from kit import clock
from monitoring.actions import services
from monitoring.models import UsageState
from tests.world import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def dossier(project):
    return project.dossier


def at(name, dossier, *more):
    return reverse(f"applicant:{name}", args=[dossier.reference, *more])


SERVICE = {"kind": "site_or_extranet", "name": "Town site", "url": "https://www.town.fr", "went_live_on": "2027-02-20"}


def recorded(world, dossier):
    given = {**SERVICE, "went_live_on": date(2027, 2, 20)}
    return services.record_service(dossier=dossier, by=world.editor(dossier), **given)


def test_a_service_is_recorded_and_its_report_falls_due_a_year_later(world, browse, dossier):
    client = browse(world.editor(dossier))
    assert (
        "went_live_on"
        in client.post(at("record_service", dossier), {**SERVICE, "went_live_on": ""}).context["form"].errors
    )
    client.post(at("record_service", dossier), SERVICE)
    service = dossier.services.get()
    assert (service.name, service.usage_report.due_on) == ("Town site", date(2028, 2, 20))
    assert "Town site" in client.get(at("expenses", dossier)).content.decode()


def test_the_home_asks_for_the_services_once_the_balance_is_paid(world, browse, project, dossier):
    project.paid(project.certified())
    link = f'href="{at("record_service", dossier)}"'
    for person in (world.editor(dossier), world.signatory(dossier)):
        home = browse(person).get(reverse("public:home")).content.decode()
        assert "Services to record" in home
        assert link in home
    recorded(world, dossier)
    assert link not in browse(world.editor(dossier)).get(reverse("public:home")).content.decode()


def test_the_figures_of_the_year_are_given_once_it_is_over(world, browse, dossier):
    report = recorded(world, dossier).usage_report
    client = browse(world.editor(dossier))
    figures = {"visits": "1200", "users": "300", "comment": "Fewer queues."}
    client.post(at("usage_report", dossier, report.pk), figures)
    assert fresh(report).state == UsageState.DUE
    with clock.at(datetime(2028, 3, 1, 9, tzinfo=UTC)):
        client.post(at("usage_report", dossier, report.pk), figures)
    report = fresh(report)
    assert (report.state, report.comment) == (UsageState.FILLED, "Fewer queues.")
    assert (report.visits, report.users) == (1200, 300)


def test_the_pages_of_services_are_the_beneficiary_s_alone(world, browse, dossier):
    report = recorded(world, dossier).usage_report
    for address in (at("record_service", dossier), at("usage_report", dossier, report.pk)):
        for stranger in (world.town().signatory, world.officer, world.adviser):
            assert browse(stranger).get(address).status_code == 404
            assert browse(stranger).post(address, SERVICE).status_code == 404
        with translation.override("fr"):
            assert browse(world.signatory(dossier)).get(address).status_code == 200
    assert browse(world.signatory(dossier)).get(at("usage_report", dossier, report.pk + 1)).status_code == 404
    assert dossier.services.count() == 1
