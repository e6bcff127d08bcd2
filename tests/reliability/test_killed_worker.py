"""A worker killed in the middle of sending: no mail is left unsent, none goes out twice under its key (I5, I7)."""

from collections import Counter

from django.db.models import F

from records.actions.outbox import queue
from records.models import OutboxMail
from records.rules.mailing import LEASE, key_digest
from tests.reliability.processes import House, kill, sent

MAILS = 24
KEYS = {key: f"{key_digest(key)}.eml" for key in (f"killed:{place}" for place in range(MAILS))}
State = OutboxMail.State


def queue_all() -> None:
    for key in KEYS:
        queue("test", recipient="mairie@example.org", language="fr", subject="Avis", text="Bonjour", key=key)


def held(house: House, *names: str) -> bool:
    """Whether these workers stand still."""
    return all((house.folder / f"{name}.held").exists() for name in names)


def files(house: House) -> dict[str, int]:
    """The mails that are out, each with what tells it from one written again."""
    return {path.name: path.stat().st_ino for path in (house.folder / "mails").iterdir() if path.suffix == ".eml"}


def five_minutes_later() -> None:
    """The leases of the dead have run out."""
    assert set(OutboxMail.objects.filter(state=State.SENDING).values_list("attempts", flat=True)) == {1}
    OutboxMail.objects.filter(state=State.SENDING).update(lease_until=F("lease_until") - LEASE)


def test_killed_in_the_middle_no_mail_is_lost_and_none_goes_out_twice(house):
    queue_all()
    # One dies with mails that were not out yet, the other with mails that were out and not yet noted as sent.
    workers = house.worker("first", WORKER_HOLD="before"), house.worker("second", WORKER_HOLD="after")
    house.until(lambda: held(house, "first", "second"))
    for worker in workers:
        kill(worker)
    out = files(house)
    cut = set(OutboxMail.objects.filter(state=State.SENDING).values_list("key", flat=True))
    assert {KEYS[key] in out for key in cut} == {True, False}, "some were cut before their file, some after"
    assert 0 < sent() < MAILS - len(cut), "the workers died in the middle"

    five_minutes_later()
    house.worker("third")
    house.until(lambda: sent() == MAILS)

    assert sorted(files(house)) == sorted(KEYS.values()), "a file a key"
    assert files(house).items() >= out.items(), "what was out was left as it was"
    attempts = Counter(line.strip("<>").partition("@")[0] for line in (house.folder / "attempts").read_text().split())
    again = {key for key in KEYS if attempts[key_digest(key)] > 1}
    assert again <= cut, "only what was cut was tried again"
    assert set(attempts.values()) == {1, 2}


def test_control_a_mail_noted_before_it_is_sent_is_lost(house):
    queue_all()
    worker = house.worker("first", WORKER_HOLD="before", WORKER_NOTES_FIRST="1")
    house.until(lambda: held(house, "first"))
    kill(worker)
    assert sent() > len(files(house))
