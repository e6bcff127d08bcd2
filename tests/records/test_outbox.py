"""The outbox: queued with the act, claimed by one, sent outside, seen through crashes."""

import contextlib
import email
import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction

from kit import clock
from kit.errors import Refused
from records import broker, mail_backend
from records.actions import outbox
from records.actions.outbox import deliver, queue
from records.models import OutboxMail
from records.rules.mailing import LEASE, MOST_ATTEMPTS, MOST_REFUSALS, key_digest, one_line, pause
from records.tasks import send_outbox

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
State = OutboxMail.State


@pytest.fixture(autouse=True)
def mail_files(settings, tmp_path):
    """The embedded mail server, in a folder of the test's own."""
    settings.EMAIL_BACKEND = "records.mail_backend.FileByKeyBackend"
    settings.MAIL_DIR = tmp_path / "mails"
    return settings.MAIL_DIR


class AtOnce:
    """In the place of the thread that wakes workers."""

    def submit(self, tell):
        tell()


@pytest.fixture(autouse=True)
def quiet_broker(monkeypatch):
    """How often a worker was woken; no broker is asked."""
    calls = []
    monkeypatch.setattr(broker, "_quiet_until", 0.0)
    monkeypatch.setattr(broker, "_aside", AtOnce())
    monkeypatch.setattr(broker.current_app, "send_task", lambda name, **options: calls.append((name, options)))
    return calls


@pytest.fixture
def noon():
    with clock.at(NOON):
        yield NOON


def put(key="k1", **changes):
    """Queue a mail."""
    content = {"recipient": "mairie@example.org", "language": "fr", "subject": "Votre dossier", "text": "Bonjour"}
    return queue("selected", key=key, **{**content, **changes})


@pytest.mark.django_db
def test_a_mail_is_sent_once_to_a_file_named_by_its_key(noon, mail_files):
    put(html="<p>Bonjour</p>", chain="dossier:D-1", person_id="person:1")
    assert (send_outbox(), send_outbox()) == (1, 0)
    row = OutboxMail.objects.get()
    assert (row.state, row.sent_at, row.attempts, row.lease_until) == (State.SENT, NOON, 1, None)
    assert [path.name for path in mail_files.iterdir()] == [f"{key_digest('k1')}.eml"]
    message = email.message_from_bytes((mail_files / f"{key_digest('k1')}.eml").read_bytes())
    assert (message["Message-ID"], message["To"], message["Subject"]) == (
        f"<{key_digest('k1')}@127.0.0.1>",
        "mairie@example.org",
        "Votre dossier",
    )
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]


@pytest.mark.django_db
def test_a_key_queues_one_mail():
    assert put().pk == put(subject="Autre").pk
    assert OutboxMail.objects.get().subject == "Votre dossier"


@pytest.mark.django_db
def test_headers_cannot_be_added(noon, mail_files):
    put(subject="Avis\r\nBcc: all@example.org\0", recipient=" mairie@example.org\r\n")
    assert (OutboxMail.objects.get().subject, deliver()) == ("Avis Bcc: all@example.org", 1)
    message = email.message_from_bytes(next(mail_files.iterdir()).read_bytes())
    assert message["Bcc"] is None
    for recipient in ("nobody", "a@example.org\r\nBcc: b@example.org", ""):
        with pytest.raises(Refused):
            put(key="other", recipient=recipient)
    assert one_line("Prêt\u202f!\u00a0: oui") == "Prêt\u202f!\u00a0: oui"


@pytest.mark.django_db
def test_a_mail_waits_until_it_is_due(noon):
    put(due=NOON + timedelta(hours=1))
    assert deliver() == 0
    with clock.at(NOON + timedelta(hours=1)):
        assert deliver() == 1


@pytest.mark.django_db
def test_two_senders_never_send_the_same_mail(noon):
    pk = put().pk
    first, second = outbox._claim(pk), outbox._claim(pk)
    assert (first.pk, second) == (pk, None)
    assert deliver() == 0


@pytest.mark.django_db
def test_a_sender_that_died_is_replaced_after_its_lease(noon, mail_files):
    dead = outbox._claim(put().pk)
    with clock.at(NOON + LEASE - timedelta(seconds=1)):
        assert deliver() == 0
    with clock.at(NOON + LEASE):
        assert deliver() == 1
    outbox._settle(dead, OSError())
    row = OutboxMail.objects.get()
    assert (row.state, row.attempts, len(list(mail_files.iterdir()))) == (State.SENT, 2, 1)


@pytest.mark.django_db
def test_a_sender_that_died_after_sending_leaves_one_file(noon, mail_files):
    row = outbox._claim(put().pk)
    assert outbox._send(row, django_mail.get_connection()) is None
    with clock.at(NOON + LEASE):
        assert deliver() == 1
    assert len(list(mail_files.iterdir())) == 1


def failing(monkeypatch, error):
    """Let the mail server answer with `error`; the recipients that were tried."""
    tried = []

    def send_messages(self, messages):
        tried.extend(message.to[0] for message in messages)
        raise error

    monkeypatch.setattr(mail_backend.FileByKeyBackend, "send_messages", send_messages)
    return tried


@pytest.mark.django_db
def test_a_server_that_is_down_is_tried_again_without_end_of_patience(noon, monkeypatch):
    put("k1", recipient="a@example.org")
    put("k2", recipient="b@example.org")
    with monkeypatch.context() as down:
        tried = failing(down, ConnectionRefusedError("secret@example.org"))
        assert deliver() == 0
        assert len(tried) == 1
    row = OutboxMail.objects.get(recipient=tried[0])
    assert (row.state, row.last_error, row.due) == (State.QUEUED, "ConnectionRefusedError", NOON + pause(1))
    with clock.at(NOON + pause(1)):
        assert deliver() == 2


@pytest.mark.django_db
def test_one_refused_recipient_stops_nobody_else(noon, monkeypatch):
    put("k1", recipient="a@example.org")
    put("k2", recipient="b@example.org")
    tried = failing(monkeypatch, smtplib.SMTPRecipientsRefused({}))
    for attempt in range(MOST_REFUSALS):
        with clock.at(NOON + timedelta(hours=attempt)):
            assert deliver() == 0
    assert (len(tried), set(OutboxMail.objects.values_list("state", flat=True))) == (6, {State.FAILED})
    with clock.at(NOON + timedelta(days=9)):
        assert deliver() == 0


@pytest.mark.django_db
def test_a_failed_mail_can_be_sent_again_by_hand(noon, monkeypatch):
    row = put()
    OutboxMail.objects.update(attempts=MOST_ATTEMPTS - 1)
    with monkeypatch.context() as down:
        failing(down, TimeoutError())
        deliver()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.FAILED, MOST_ATTEMPTS)
    outbox.retry(row)
    assert deliver() == 1


def test_pauses_grow_to_ten_minutes():
    assert [pause(attempts).total_seconds() for attempts in (1, 2, 3, 6, 7, 500)] == [15, 30, 60, 480, 600, 600]


@pytest.mark.django_db(transaction=True)
def test_sending_inside_a_transaction_is_refused():
    put()
    with pytest.raises(RuntimeError), transaction.atomic():
        deliver()
    assert deliver() == 1


@pytest.mark.django_db(transaction=True)
def test_a_transaction_wakes_the_worker_once_and_only_when_it_is_kept(quiet_broker):
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        put("lost")
        raise ZeroDivisionError
    assert (OutboxMail.objects.count(), quiet_broker) == (0, [])
    with transaction.atomic():
        put("k1")
        put("k2")
        assert quiet_broker == []
    assert [name for name, _options in quiet_broker] == ["records.send_outbox"]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_fails_no_act(monkeypatch):
    asked = []

    def down(name, **options):
        asked.append(name)
        raise ConnectionError("down")

    monkeypatch.setattr(broker.current_app, "send_task", down)
    for place in range(3):
        put(f"k{place}")
    assert (OutboxMail.objects.count(), len(asked)) == (3, 1)


@pytest.mark.django_db(transaction=True)
def test_a_replay_wakes_nobody(noon, quiet_broker):
    put()
    assert quiet_broker == []


@pytest.mark.django_db
def test_the_database_ties_each_state_to_its_facts():
    row = put()
    for change in ({"state": "lost"}, {"state": "sent"}, {"sent_at": NOON}, {"state": "sending"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OutboxMail.objects.filter(pk=row.pk).update(**change)


@pytest.mark.django_db
def test_a_person_sees_their_own_mails(clerk):
    mine = put(person_id="system:clerk")
    put("k2")
    assert list(OutboxMail.objects.visible_to(clerk)) == [mine]
    assert list(OutboxMail.objects.visible_to(object())) == []
    assert str(mine) == "selected (k1)"


def test_a_mail_from_elsewhere_has_a_file_too(settings, mail_files):
    message = EmailMessage("s", "b", to=["a@example.org"])
    assert message.send() == 1
    assert len(list(mail_files.iterdir())) == 1
    settings.MAIL_DIR = ""
    assert mail_backend.mail_folder() == settings.VAR_DIR / "mails"
