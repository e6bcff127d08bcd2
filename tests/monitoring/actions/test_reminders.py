"""What falls due is reminded of once: drafts, scorecards, usage reports (I5)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.lifecycle import State
from kit import clock
from kit.actors import DEMO
from kit.errors import Busy, NotAllowed
from monitoring.actions import reminders, services
from monitoring.models import UsageReport
from monitoring.queries import reminders as due
from monitoring.tasks import send_due_reminders
from records.models import OutboxMail
from tests.world import CLOSES, acts, mails, recipients
from tests.world_selection import SelectionWorld


def tick(instant):
    """How many reminders the scheduler queues at `instant`; a second tick queues none."""
    with clock.at(instant):
        sent = reminders.send_due_reminders()
        assert reminders.send_due_reminders() == 0
    return sent


def test_a_draft_is_reminded_of_a_week_and_a_day_before_the_deadline(world):
    dossier = world.draft()
    assert tick(CLOSES - timedelta(days=7, seconds=1)) == 0
    assert tick(CLOSES - timedelta(days=7)) == 2
    assert tick(CLOSES - timedelta(days=3)) == 0
    assert tick(CLOSES - timedelta(days=1)) == 2
    assert tick(CLOSES) == 0
    sent = mails(dossier, "draft_left")
    town = {world.editor(dossier).pk, world.signatory(dossier).pk}
    assert {mail.key for mail in sent} == {
        f"draft_left:{dossier.reference}:{day}:{person}" for day in ("2027-05-24", "2027-05-30") for person in town
    }
    assert "31 May 2027 at 17:00" in sent[0].text
    assert acts(dossier).count("reminder.sent") == 4


def test_a_call_names_its_own_days_or_none(world):
    early = world.draft(call=world.call(reminder_days=[30, 2]))
    world.draft(call=world.call(reminder_days=[]))
    assert tick(CLOSES - timedelta(days=31)) == 0
    assert tick(CLOSES - timedelta(days=30)) == 2
    assert tick(CLOSES - timedelta(days=7)) == 0
    assert tick(CLOSES - timedelta(days=1)) == 2
    assert {mail.key.split(":")[2] for mail in mails(early, "draft_left")} == {"2027-05-01", "2027-05-29"}


def test_a_scheduler_that_slept_sends_the_latest_reminder_alone(world):
    dossier = world.draft()
    assert tick(CLOSES - timedelta(hours=2)) == 2
    assert {mail.key.split(":")[2] for mail in mails(dossier, "draft_left")} == {"2027-05-30"}


def test_a_deadline_that_moves_is_reminded_of_again(world):
    from grants.actions import deadlines

    dossier = world.draft()
    tick(CLOSES - timedelta(days=1))
    later = CLOSES + timedelta(days=20)
    with clock.at(CLOSES - timedelta(hours=1)):
        deadlines.change_deadline(call=dossier.call, closes_at=later, reason="More time.", by=world.manager)
    assert tick(later - timedelta(days=7)) == 2
    assert len(mails(dossier, "draft_left")) == 4


def test_what_was_filed_is_not_reminded_of(world):
    world.dossier(State.SUBMITTED)
    assert tick(CLOSES - timedelta(days=1)) == 0


@pytest.mark.parametrize(
    ("day", "sent"),
    [
        (date(2028, 1, 30), 0),
        (date(2028, 1, 31), 2),
        (date(2028, 2, 23), 2),
        (date(2028, 3, 1), 2),
        (date(2028, 3, 16), 2),
        (date(2028, 5, 1), 0),
    ],
)
def test_a_usage_report_is_reminded_of_around_its_date(road, day, sent):
    road.service()
    assert tick(datetime(day.year, day.month, day.day, 9, tzinfo=UTC)) == sent


def test_a_usage_report_has_four_reminders_in_all(road):
    road.service()
    first = datetime(2028, 1, 1, 9, tzinfo=UTC)
    assert sum(tick(first + timedelta(days=day)) for day in range(0, 150, 3)) == 8
    keys = sorted({mail.key.split(":")[3] for mail in mails(road.dossier, "usage_report_due")})
    assert keys == ["2028-01-31", "2028-02-23", "2028-03-01", "2028-03-16"]
    subjects = [mail.subject for mail in mails(road.dossier, "usage_report_due")]
    assert subjects.count(f"{road.dossier.reference}: your usage report is late") == 2


def test_a_filled_report_is_not_reminded_of(road):
    road.service()
    with clock.at(datetime(2028, 2, 25, 9, tzinfo=UTC)):
        services.fill_usage_report(report=UsageReport.objects.get(), visits=1, users=1, by=road.editor)
    assert tick(datetime(2028, 3, 1, 9, tzinfo=UTC)) == 0


@pytest.mark.usefixtures("bare")
def test_members_are_reminded_a_week_before_the_meeting(world, db):
    """Once for the call, however many dossiers wait."""
    from selection.actions import meetings

    with clock.at(datetime(2027, 9, 1, 9, tzinfo=UTC)):
        there = SelectionWorld()
        dossiers = [there.dossier() for _ in range(2)]
        for dossier in dossiers:
            there.assign(dossier)
        meetings.plan_meeting(
            committee=there.committee, starts_at=datetime(2027, 9, 20, 9, tzinfo=UTC), by=there.secretary
        )
    assert tick(datetime(2027, 9, 13, 8, tzinfo=UTC)) == 0
    with clock.at(datetime(2027, 9, 13, 8, tzinfo=UTC)):
        from selection.actions import assessment
        from tests.world_selection import marks

        assessment.file_scorecard(dossier=dossiers[0], values=marks(), comment="", by=there.members[0])
        for dossier in dossiers:
            assessment.file_scorecard(dossier=dossier, values=marks(), comment="", by=there.members[1])
    assert tick(datetime(2027, 9, 13, 9, tzinfo=UTC)) == 1
    mail = OutboxMail.objects.get(kind="scoring_open")
    assert mail.person_id == there.members[0].actor_id
    assert "wait for your scorecard: 1" in mail.text
    assert mail.key == f"scoring_open:{there.call.slug}:2027-09-13:{there.members[0].pk}"


def test_without_a_meeting_members_are_reminded_a_week_after(db):
    with clock.at(datetime(2027, 9, 1, 9, tzinfo=UTC)):
        there = SelectionWorld()
        there.assign(there.dossier())
    assert tick(datetime(2027, 9, 8, 8, tzinfo=UTC)) == 0
    assert tick(datetime(2027, 9, 8, 9, tzinfo=UTC)) == 2


def test_a_reminder_that_is_no_longer_due_is_not_sent(world):
    from grants.actions import submission

    dossier = world.draft()
    with clock.at(CLOSES - timedelta(days=1)):
        found = due.due()
        assert len(found) == 2
        submission.submit(dossier=dossier, by=world.signatory(dossier))
        assert not reminders.send_reminder(reminder=found[0], by=reminders.SCHEDULER)
    assert mails(dossier, "draft_left") == []


def test_a_busy_row_leaves_its_reminder_to_the_next_tick(world, monkeypatch):
    dossier = world.draft()
    calls = []

    def busy(*, reminder, by):
        calls.append(reminder)
        raise Busy

    with clock.at(CLOSES - timedelta(days=1)):
        with monkeypatch.context() as patch:
            patch.setattr(reminders, "send_reminder", busy)
            assert reminders.send_due_reminders() == 0
        assert len(calls) == 2
        assert reminders.send_due_reminders() == 2
    assert len(recipients(dossier, "draft_left")) == 2


def test_only_the_scheduler_sends_reminders(world):
    world.draft()
    with clock.at(CLOSES - timedelta(days=1)):
        for actor in (DEMO, world.administrator, world.manager):
            with pytest.raises(NotAllowed):
                reminders.send_reminder(reminder=due.due()[0], by=actor)


def test_the_task_does_it(world):
    dossier = world.draft()
    with clock.at(CLOSES - timedelta(days=1)):
        assert send_due_reminders() == 2
        assert send_due_reminders() == 0
    assert send_due_reminders.name == "monitoring.send_due_reminders"
    assert len(mails(dossier, "draft_left")) == 2


def test_a_draft_begun_after_the_reminder_s_day_waits_for_the_next_one(world):
    with clock.at(CLOSES - timedelta(days=3)):
        dossier = world.draft()
        assert reminders.send_due_reminders() == 0
    assert tick(CLOSES - timedelta(days=1)) == 2
    with clock.at(CLOSES - timedelta(hours=2)):
        late = world.draft()
        assert reminders.send_due_reminders() == 0
    assert (len(mails(dossier, "draft_left")), mails(late, "draft_left")) == (2, [])


def test_what_is_due_takes_the_same_queries_for_one_draft_and_for_many(world, django_assert_num_queries):
    world.draft()
    with clock.at(CLOSES - timedelta(days=1)):
        with CaptureQueriesContext(connection) as first:
            assert len(due.due()) == 2
    for _ in range(4):
        world.draft()
    with clock.at(CLOSES - timedelta(days=1)), django_assert_num_queries(len(first)):
        assert len(due.due()) == 10
