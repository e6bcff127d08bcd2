"""The mailbox of the embedded product."""

from people.actions import accounts
from records.models import OutboxMail
from tests.web.visits import text


def invited(world):
    return accounts.ensure_person(email="new@example.org", full_name="New Person", language="en", by=world.manager)


def test_everyone_reads_their_own_mails_and_no_other(world, visit, settings):
    settings.EMBEDDED = True
    person = invited(world)
    mail = OutboxMail.objects.get(person_id=person.actor_id)
    browser = visit(person)
    assert mail.subject in text(browser.get("/en/courrier"))
    page = text(browser.get(f"/en/courrier/{mail.pk}"))
    assert "account/password/reset/" in page
    assert "No mail yet" in text(visit(world.person()).get("/en/courrier"))
    assert visit(world.manager).get(f"/en/courrier/{mail.pk}").status_code == 404
    assert visit().get("/en/courrier").status_code == 302


def test_there_is_no_mailbox_where_mails_are_sent(world, visit, settings):
    settings.EMBEDDED = False
    person = invited(world)
    mail = OutboxMail.objects.get(person_id=person.actor_id)
    assert visit(person).get("/en/courrier").status_code == 404
    assert visit(person).get(f"/en/courrier/{mail.pk}").status_code == 404
