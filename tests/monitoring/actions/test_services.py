"""Services put into operation, and the report on their first year of use: each act, each refusal, all that changed."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from grants.lifecycle import State
from kit import clock
from kit.errors import Conflict, NotAllowed, Refused, Unmet
from kit.lifecycle import missing
from monitoring.actions import services
from monitoring.models import Service, UsageReport, UsageState
from people.acting import exempt_bulk_write
from people.models import Role
from tests.world import acts, last_entry, mails, recipients
from tests.world_monitoring import after, again


def record(road, **fields):
    given = {
        "kind": "site_or_extranet",
        "name": "Town site",
        "url": "https://town.example.org",
        "went_live_on": clock.today(),
        "by": road.editor,
        **fields,
    }
    return services.record_service(dossier=road.dossier, **given)


def on(day):
    """Noon of a day in Paris, more or less."""
    return clock.at(datetime(day.year, day.month, day.day, 11, tzinfo=clock.now().tzinfo))


def due_report(road, **fields):
    """The report of a service recorded today."""
    return record(road, **fields).usage_report


def fill(report, road, **fields):
    given = {"visits": 1200, "users": 340, "comment": "Useful.", "by": road.editor, **fields}
    return services.fill_usage_report(report=report, **given)


class TestRecording:
    def test_a_service_brings_a_report_that_falls_due_a_year_after_it_went_live(self, road):
        service = record(road, went_live_on=date(2027, 2, 10))

        report = UsageReport.objects.get()
        assert (service.name, service.kind, service.url, service.went_live_on) == (
            "Town site",
            "site_or_extranet",
            "https://town.example.org",
            date(2027, 2, 10),
        )
        assert (service.recorded_by, service.recorded_at, service.confirmed_at) == (road.editor, clock.now(), None)
        assert (report.service, report.dossier, report.due_on, report.state) == (
            service,
            road.dossier,
            date(2028, 2, 10),
            UsageState.DUE,
        )
        entry = last_entry(road.dossier)
        assert (entry.act, entry.on_behalf) == ("service.recorded", road.dossier.applicant.name)
        assert entry.data == {
            "service": "Town site",
            "kind": "site_or_extranet",
            "url": "https://town.example.org",
            "went_live_on": "2027-02-10",
            "report_due_on": "2028-02-10",
        }

    def test_a_service_of_the_29th_of_february_is_reported_on_the_28th(self, road):
        with on(date(2028, 3, 1)):
            assert record(road, went_live_on=date(2028, 2, 29)).usage_report.due_on == date(2029, 2, 28)

    def test_the_signatory_records_too_and_the_address_may_be_missing(self, road):
        assert record(road, by=road.signatory, url="").url == ""

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("went_live_on", date(2027, 3, 2)),
            ("went_live_on", date(2026, 12, 31)),
            ("went_live_on", "2027-03-01"),
            ("went_live_on", datetime(2027, 3, 1, tzinfo=clock.PARIS)),
            ("kind", "spaceship"),
            ("name", " "),
            ("name", "N" * 201),
            ("url", "town"),
            ("url", "javascript:alert(1)"),
            ("url", "ftp://town.example.org"),
        ],
    )
    def test_what_cannot_be_is_refused_by_the_name_of_its_field(self, road, field, value):
        before = acts(road.dossier)
        with pytest.raises(Refused) as refusal:
            record(road, **{field: value})
        assert refusal.value.field == field
        assert not Service.objects.exists()
        assert not UsageReport.objects.exists()
        assert acts(road.dossier) == before

    def test_a_project_names_fifty_services_at_most(self, road):
        with exempt_bulk_write():
            Service.objects.bulk_create(
                Service(
                    dossier=road.dossier,
                    kind="other",
                    name=f"Service {number}",
                    went_live_on=clock.today(),
                    recorded_by=road.editor,
                    recorded_at=clock.now(),
                )
                for number in range(services.MOST_SERVICES)
            )
        with pytest.raises(Refused, match="50 services at most"):
            record(road)
        assert road.dossier.services.count() == 50

    def test_another_town_staff_and_the_scheduler_record_nothing(self, road, world):
        for person in (world.town().editor, world.officer, world.manager, world.administrator):
            with pytest.raises(NotAllowed):
                record(road, by=person)
        assert not Service.objects.exists()

    def test_services_are_recorded_under_the_agreement_alone(self, road, world):
        road.finished()
        with pytest.raises(NotAllowed):
            record(road)
        submitted = world.dossier()
        with pytest.raises(NotAllowed):
            services.record_service(
                dossier=submitted, kind="other", name="Site", went_live_on=clock.today(), by=world.editor(submitted)
            )


class TestRemovingAndConfirming:
    def test_a_service_named_by_mistake_goes_with_its_report(self, road):
        service = record(road)
        services.remove_service(service=service, by=road.editor)
        assert not Service.objects.exists()
        assert not UsageReport.objects.exists()
        entry = last_entry(road.dossier)
        assert (entry.act, entry.data) == ("service.removed", {"service": "Town site"})

    def test_an_officer_confirms_what_they_saw(self, road, world):
        service = services.confirm_service(service=record(road), by=world.officer)
        assert (service.confirmed_by, service.confirmed_at) == (world.officer, clock.now())
        entry = last_entry(road.dossier)
        assert (entry.act, entry.data, entry.actor_id) == (
            "service.confirmed",
            {"service": "Town site"},
            world.officer.actor_id,
        )

    def test_what_is_confirmed_stays_and_is_confirmed_once(self, road, world):
        service = services.confirm_service(service=record(road), by=world.officer)
        with pytest.raises(Conflict, match="it stays"):
            services.remove_service(service=service, by=road.editor)
        with pytest.raises(Conflict, match="confirmed already"):
            services.confirm_service(service=service, by=world.other_officer)
        assert again(service).confirmed_by == world.officer

    def test_no_applicant_confirms_and_no_officer_removes(self, road, world):
        service = record(road)
        for person in (road.editor, road.signatory, world.payer, world.manager):
            with pytest.raises(NotAllowed):
                services.confirm_service(service=service, by=person)
        with pytest.raises(NotAllowed):
            services.remove_service(service=service, by=world.officer)
        assert again(service).confirmed_at is None

    def test_an_officer_who_works_for_the_beneficiary_confirms_nothing(self, road, world):
        service = record(road)
        tied = world.tie(world.staff(Role.INSTRUCTING_OFFICER, "Tied"), road.dossier.applicant)
        with pytest.raises(NotAllowed):
            services.confirm_service(service=service, by=tied)

    def test_an_unconfirmed_service_holds_the_verification_up(self, road):
        assert missing(road.dossier, "verify_service_fact") == [
            "The beneficiary has not claimed the final balance yet.",
            "No service is recorded: the beneficiary names what the project put into operation, and since when.",
        ]
        record(road)
        assert "Confirm that “Town site” is in operation." in missing(road.dossier, "verify_service_fact")


class TestFilling:
    def test_a_report_is_filled_from_thirty_days_before_it_is_due(self, road):
        report = due_report(road)
        with on(report.due_on - timedelta(days=31)), pytest.raises(Unmet) as unmet:
            fill(report, road)
        assert unmet.value.missing == [
            "The first year of use is not over: the report can be filled from 31 January 2028."
        ]
        with on(report.due_on - timedelta(days=30)):
            filled = fill(report, road)
            assert (filled.state, filled.visits, filled.users, filled.comment) == (
                UsageState.FILLED,
                1200,
                340,
                "Useful.",
            )
            assert (filled.filled_by, filled.filled_at) == (road.editor, clock.now())
        entry = last_entry(road.dossier)
        assert (entry.act, entry.on_behalf, entry.data) == (
            "usage_report.filled",
            road.dossier.applicant.name,
            {"service": "Town site", "visits": 1200, "users": 340},
        )

    def test_all_that_is_missing_is_told_at_once(self, road):
        report = due_report(road)
        with pytest.raises(Unmet) as unmet:
            fill(report, road, visits=None, users=None)
        assert unmet.value.missing == [
            "The first year of use is not over: the report can be filled from 31 January 2028.",
            "Give the number of visits in the year.",
            "Give the number of users in the year.",
        ]
        assert again(report).state == UsageState.DUE

    @pytest.mark.parametrize("field", ["visits", "users"])
    @pytest.mark.parametrize("value", [-1, 2_000_000_001, "12", True, 1.5])
    def test_a_figure_that_is_no_count_is_refused(self, road, field, value):
        report = due_report(road)
        with on(report.due_on), pytest.raises(Refused) as refusal:
            fill(report, road, **{field: value})
        assert refusal.value.field == field
        assert (again(report).state, again(report).visits) == (UsageState.DUE, None)

    def test_a_year_without_a_visit_is_a_report_too(self, road):
        report = due_report(road)
        with on(report.due_on):
            filled = fill(report, road, visits=0, users=0, comment="")
        assert (filled.state, filled.visits, filled.users, filled.comment) == (UsageState.FILLED, 0, 0, "")

    def test_it_is_filled_again_until_it_is_accepted(self, road, world):
        report = due_report(road)
        with on(report.due_on):
            fill(report, road)
            with clock.at(clock.now() + timedelta(hours=1)):
                fill(report, road, visits=1300, by=road.signatory)
            assert (again(report).visits, again(report).filled_by) == (1300, road.signatory)
            services.accept_usage_report(report=report, by=world.officer)
            with pytest.raises(Unmet):
                fill(report, road, visits=9)
        assert (again(report).visits, again(report).state) == (1300, UsageState.ACCEPTED)

    def test_staff_and_other_towns_fill_nothing(self, road, world):
        report = due_report(road)
        with on(report.due_on):
            for person in (world.officer, world.manager, world.town().editor):
                with pytest.raises(NotAllowed):
                    fill(report, road, by=person)
        assert again(report).state == UsageState.DUE

    def test_the_instructing_service_is_told_in_each_one_s_language(self, road, world):
        world.officer, world.staff(Role.INSTRUCTING_OFFICER, "Agent", "fr")
        report = due_report(road)
        with on(report.due_on):
            fill(report, road)
        assert recipients(road.dossier, "usage_report_to_read") == ["Agent", "Officer"]
        subjects = {mail.language: mail.subject for mail in mails(road.dossier, "usage_report_to_read")}
        assert subjects == {
            "en": f"{road.dossier.reference}: a usage report to read",
            "fr": f"{road.dossier.reference}\u00a0: un bilan d’usage à lire",
        }


class TestReading:
    @pytest.fixture
    def filled(self, road):
        """A report that waits for the officer, on the day it is due."""
        report = due_report(road)
        with on(report.due_on):
            yield fill(report, road)

    def test_it_is_accepted_by_an_officer(self, road, world, filled):
        report = services.accept_usage_report(report=filled, by=world.officer)
        assert (report.state, report.accepted_by, report.accepted_at) == (
            UsageState.ACCEPTED,
            world.officer,
            clock.now(),
        )
        entry = last_entry(road.dossier)
        assert (entry.act, entry.data) == (
            "usage_report.accepted",
            {"service": "Town site", "visits": 1200, "users": 340},
        )
        assert recipients(road.dossier, "usage_report_accepted") == sorted(
            [road.editor.full_name, road.signatory.full_name]
        )

    def test_it_is_sent_back_with_what_is_missing_and_filled_again(self, road, world, filled):
        report = services.send_back_usage_report(report=filled, reason="Count the users.", by=world.officer)
        assert (report.state, report.sent_back_reason, report.visits) == (UsageState.DUE, "Count the users.", 1200)
        entry = last_entry(road.dossier)
        assert (entry.act, entry.reason) == ("usage_report.sent_back", "Count the users.")
        told = mails(road.dossier, "usage_report_sent_back")
        assert len(told) == 2
        assert all("Count the users." in mail.text and "“Town site”" in mail.text for mail in told)

        with clock.at(after(2)):
            fresh = fill(report, road, users=350)
            assert (fresh.state, fresh.users, fresh.sent_back_reason) == (UsageState.FILLED, 350, "")
            assert services.accept_usage_report(report=fresh, by=world.officer).state == UsageState.ACCEPTED
        # Each filling is announced: the officer reads twice.
        assert len(mails(road.dossier, "usage_report_to_read")) == 2

    def test_a_report_is_not_sent_back_without_a_reason(self, world, filled):
        with pytest.raises(Unmet) as unmet:
            services.send_back_usage_report(report=filled, reason="  ", by=world.officer)
        assert unmet.value.missing == ["Give the reason."]
        assert again(filled).state == UsageState.FILLED

    def test_what_is_not_filled_is_neither_accepted_nor_sent_back(self, road, world):
        report = due_report(road)
        for act, fields in ((services.accept_usage_report, {}), (services.send_back_usage_report, {"reason": "No."})):
            with pytest.raises(Unmet):
                act(report=report, by=world.officer, **fields)
        assert again(report).state == UsageState.DUE

    def test_an_accepted_report_is_not_sent_back(self, world, filled):
        services.accept_usage_report(report=filled, by=world.officer)
        with pytest.raises(Unmet):
            services.send_back_usage_report(report=filled, reason="Late thought.", by=world.officer)
        assert again(filled).state == UsageState.ACCEPTED

    def test_nobody_but_an_officer_accepts(self, road, world, filled):
        for person in (road.editor, road.signatory, world.manager, world.payer, world.auditor):
            with pytest.raises(NotAllowed):
                services.accept_usage_report(report=filled, by=person)
        assert again(filled).state == UsageState.FILLED

    def test_an_accepted_year_lets_the_dossier_be_closed(self, road, world):
        road.finished()
        report = road.dossier.usage_reports.get()
        expected = "The usage report of “Town site”, due on 1 March 2028, is not accepted yet."
        assert missing(road.dossier, "close") == [expected]
        with on(report.due_on):
            fill(report, road)
            assert missing(road.dossier, "close") == [expected]
            services.accept_usage_report(report=report, by=world.officer)
            assert missing(road.dossier, "close") == []
            assert road.closed().state == State.CLOSED


def test_the_database_refuses_a_report_that_says_neither_who_nor_when(road):
    report = due_report(road)
    for state in (UsageState.FILLED, UsageState.ACCEPTED):
        with pytest.raises(IntegrityError), exempt_bulk_write(), transaction.atomic():
            UsageReport.objects.filter(pk=report.pk).update(state=state)


def test_each_one_sees_the_services_of_the_dossiers_they_open(road, world):
    service = record(road)
    for person in (road.editor, road.signatory, world.officer, world.manager, world.payer):
        assert list(Service.objects.visible_to(person)) == [service]
        assert list(UsageReport.objects.visible_to(person)) == [service.usage_report]
    for person in (world.town().editor, world.person(), None):
        assert not Service.objects.visible_to(person).exists()
        assert not UsageReport.objects.visible_to(person).exists()


def test_refusals_are_said_in_french_too(road):
    with translation.override("fr"), pytest.raises(Refused, match="une fois qu’il est en fonctionnement"):
        record(road, went_live_on=date(2027, 3, 2))
