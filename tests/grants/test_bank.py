"""Bank details: confirmed by a code, hidden, replaced in the open."""

from datetime import timedelta

import pytest

from grants.actions import bank
from grants.lifecycle import State
from grants.models import BankDetails
from grants.queries import bank as bank_queries
from kit import clock
from kit.errors import Conflict, NotAllowed, Refused
from records.models import AccessLog, JournalEntry, JournalPersonal
from tests.world import IBAN, OTHER_IBAN, START, acts, code_in_mail, fresh, mails, recipients

pytestmark = pytest.mark.usefixtures("staged_draft")


def wrong(details):
    return f"{(int(code_in_mail(details)) + 1) % 1_000_000:06}"


def enter(world, dossier, iban=IBAN):
    return bank.enter_bank_details(dossier=dossier, iban=iban, holder="Town", by=world.signatory(dossier))


def test_an_account_counts_once_its_code_comes_back(world):
    dossier = world.dossier()
    details = enter(world, dossier, "FR76 3000 6000 0112 3456 7890 189")
    assert (details.iban, details.state, details.masked) == (IBAN, "pending", "•••• 0189")
    assert bank_queries.confirmed(dossier) is None
    assert bank_queries.pending(dossier) == details
    code = code_in_mail(details)
    assert code not in details.code_digest

    bank.confirm_bank_details(details=details, code=f" {code[:3]} {code[3:]} ", by=world.signatory(dossier))

    assert bank_queries.confirmed(dossier) == details
    assert not bank_queries.changed_recently(dossier)
    assert recipients(dossier, "bank_confirmed") == [world.signatory(dossier).full_name]
    assert acts(dossier)[-2:] == ["bank.entered", "bank.confirmed"]


def test_the_number_stands_nowhere_in_journal_or_mail(world):
    dossier = world.dossier()
    world.bank_details(dossier)
    kept = [str(row.data) for row in JournalEntry.objects.all()] + [
        str(row.data) for row in JournalPersonal.objects.all()
    ]
    assert not [text for text in kept if IBAN in text]
    assert not [mail for mail in mails(dossier) if IBAN in mail.text]


@pytest.mark.parametrize("iban", ["", "FR7630006000011234567890188", "not an iban", "FR76"])
def test_a_wrong_number_is_refused(world, iban):
    dossier = world.dossier()
    with pytest.raises(Refused) as refusal:
        enter(world, dossier, iban)
    assert refusal.value.field == "iban"


def test_five_wrong_codes_end_it_and_each_try_is_kept(world):
    dossier = world.dossier()
    details = enter(world, dossier)
    signatory = world.signatory(dossier)
    for tries in range(1, 6):
        with pytest.raises(Refused) as refusal:
            bank.confirm_bank_details(details=details, code=wrong(details), by=signatory)
        assert (refusal.value.field, fresh(details).tries) == ("code", tries)
    with pytest.raises(Refused):
        bank.confirm_bank_details(details=details, code=code_in_mail(details), by=signatory)
    assert (fresh(details).state, bank_queries.confirmed(dossier)) == ("pending", None)
    assert acts(dossier).count("bank.code_refused") == 5

    again = world.bank_details(dossier)
    assert (fresh(details).state, bank_queries.confirmed(dossier)) == ("replaced", again)


def test_a_code_is_for_its_own_account(world):
    dossier = world.dossier()
    first = enter(world, dossier)
    code = code_in_mail(first)
    second = enter(world, dossier, OTHER_IBAN)
    with pytest.raises(Conflict):
        bank.confirm_bank_details(details=first, code=code, by=world.signatory(dossier))
    if code != code_in_mail(second):
        with pytest.raises(Refused):
            bank.confirm_bank_details(details=second, code=code, by=world.signatory(dossier))


def test_a_new_account_replaces_the_old_one_in_the_agreement_and_is_marked_for_ninety_days(world):
    dossier = world.dossier(State.CONTRACTED)
    old = bank_queries.confirmed(dossier)
    later = START + timedelta(days=100)
    with clock.at(later):
        new = world.bank_details(dossier, OTHER_IBAN)

        assert (fresh(old).state, bank_queries.confirmed(dossier)) == ("replaced", new)
        assert fresh(dossier.agreement).bank_details == new
        assert mails(dossier, "bank_confirmed")[-1].subject == f"{dossier.reference}: bank details changed"
        assert bank_queries.changed_recently(dossier)
    with clock.at(later + timedelta(days=89)):
        assert bank_queries.changed_recently(dossier)
    with clock.at(later + timedelta(days=90)):
        assert not bank_queries.changed_recently(dossier)


def test_only_a_signatory_of_the_applicant_gives_an_account(world):
    dossier = world.dossier()
    details = enter(world, dossier)
    code = code_in_mail(details)
    for person in [*world.everyone().values(), world.editor(dossier), world.town().signatory]:
        with pytest.raises(NotAllowed):
            bank.enter_bank_details(dossier=dossier, iban=IBAN, holder="X", by=person)
        with pytest.raises(NotAllowed):
            bank.confirm_bank_details(details=details, code=code, by=person)
    assert BankDetails.objects.get().tries == 0


def test_the_whole_number_is_shown_to_payer_and_signatory_and_it_is_kept_who_read_it(world):
    dossier = world.dossier(State.CONTRACTED)
    for person in (world.payer, world.signatory(dossier)):
        assert bank.reveal_bank_details(dossier=dossier, by=person) == "FR76 3000 6000 0112 3456 7890 189"
        assert acts(dossier)[-1] == "bank.revealed"
        assert AccessLog.objects.latest("pk").actor_id == person.actor_id
    others = [person for role, person in world.everyone().items() if role != "paying_officer"]
    for person in [*others, world.editor(dossier)]:
        with pytest.raises(NotAllowed):
            bank.reveal_bank_details(dossier=dossier, by=person)
    assert AccessLog.objects.count() == 2


def test_there_is_nothing_to_show_before(world):
    dossier = world.dossier()
    with pytest.raises(Refused):
        bank.reveal_bank_details(dossier=dossier, by=world.signatory(dossier))


def test_new_codes_are_given_ten_times_a_day(world):
    dossier = world.dossier()
    for _ in range(10):
        enter(world, dossier)
    with pytest.raises(Refused):
        enter(world, dossier)
    with clock.at(START + timedelta(days=1)):
        enter(world, dossier)
    assert BankDetails.objects.count() == 11
