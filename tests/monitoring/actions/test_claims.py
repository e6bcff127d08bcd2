"""Claims: what may be listed, what is refused, what the signatory files, what can be contested."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from grants.lifecycle import State
from kit import clock
from kit.errors import Conflict, NotAllowed, Refused, Unmet
from monitoring.actions import claims
from monitoring.models import Claim, ClaimKind, ClaimState, Contest, ExpenseItem
from records.models import Document
from tests.world import START, Town, acts, last_entry, mails, pdf, recipients
from tests.world_monitoring import Road, after, again


def test_an_editor_prepares_a_claim_and_the_signatory_files_it(road):
    claim = road.draft(ClaimKind.FINAL, ["1200.50", "800"])
    assert (claim.number, claim.kind, claim.state, claim.created_by) == (1, "final", ClaimState.DRAFT, road.editor)

    filed = claims.submit_claim(claim=claim, by=road.signatory)

    assert (filed.state, filed.submitted_by, filed.submitted_at) == (
        ClaimState.SUBMITTED,
        road.signatory,
        clock.now(),
    )
    assert filed.claimed == Decimal("2000.50")
    entry = last_entry(road.dossier)
    assert (entry.act, entry.data["claimed"], entry.data["state"]) == ("claim.submitted", "2000.50", "submitted")
    assert recipients(road.dossier, "claim_received") == sorted([road.editor.full_name, road.signatory.full_name])
    assert recipients(road.dossier, "claim_to_check") == ["Officer"]
    assert "€2,000.50" in mails(road.dossier, "claim_received")[0].text


def test_filing_twice_answers_the_same_claim(road):
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    assert claims.submit_claim(claim=claim, by=road.signatory) == claim
    assert acts(road.dossier).count("claim.submitted") == 1


def test_the_editor_does_not_file(road):
    claim = road.draft(ClaimKind.FINAL, ["1000"])
    with pytest.raises(NotAllowed):
        claims.submit_claim(claim=claim, by=road.editor)
    assert again(claim).state == ClaimState.DRAFT


def test_a_stranger_touches_nothing(road, world):
    claim = road.draft(ClaimKind.FINAL, ["1000"])
    stranger = world.town().signatory
    for act in (
        lambda: claims.open_claim(dossier=road.dossier, kind="interim", by=stranger),
        lambda: road.item(claim, by=stranger),
        lambda: claims.remove_item(item=claim.items.get(), by=stranger),
        lambda: claims.drop_claim(claim=claim, by=stranger),
        lambda: claims.attach_invoice(item=claim.items.get(), upload=pdf(), by=stranger),
        lambda: claims.submit_claim(claim=claim, by=stranger),
        lambda: claims.contest(claim=claim, text="No.", by=stranger),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_everything_that_is_missing_is_told_at_once(road):
    claim = road.draft(ClaimKind.FINAL)
    with pytest.raises(Unmet) as unmet:
        claims.submit_claim(claim=claim, by=road.signatory)
    assert unmet.value.missing == ["List the expenses that you claim."]
    first = road.item(claim, invoice_number="A1", documented=False)
    road.item(claim, invoice_number="A2", documented=False)
    with pytest.raises(Unmet) as unmet:
        claims.submit_claim(claim=claim, by=road.signatory)
    assert unmet.value.missing == [
        "Attach the invoice A1 of Web SARL.",
        "Attach the invoice A2 of Web SARL.",
    ]
    claims.attach_invoice(item=first, upload=pdf("A1"), by=road.editor)
    claims.remove_item(item=claim.items.get(invoice_number="A2"), by=road.editor)
    assert claims.submit_claim(claim=claim, by=road.signatory).state == ClaimState.SUBMITTED


def test_an_invoice_keeps_its_document_under_the_dossier(road):
    item = road.item(road.draft())
    assert (item.document.kind, item.document.chain) == ("invoice", road.dossier.journal_chain)
    assert item.document.label == f"Web SARL {item.invoice_number}"
    former = item.document
    claims.attach_invoice(item=item, upload=pdf("another"), by=road.editor)
    assert again(item).document != former
    assert Document.objects.filter(pk=former.pk).exists()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"amount": "0"}, "claimed", "Write the amount of the invoice, above zero."),
        ({"amount": "-5"}, "claimed", "Write an amount of zero or more."),
        ({"claimed": Decimal("1.001")}, "claimed", "Write an amount such as 1234.50, with two decimals at most."),
        (
            {"invoiced_on": date(2027, 2, 28)},
            "invoiced_on",
            "The agreement covers expenses made and paid from 1 March 2027 to 31 December 2028.",
        ),
        (
            {"paid_on": date(2029, 1, 1)},
            "paid_on",
            "The agreement covers expenses made and paid from 1 March 2027 to 31 December 2028.",
        ),
        ({"paid_on": date(2027, 3, 2)}, "paid_on", "List invoices once they are paid."),
        ({"supplier": " "}, "supplier", "Fill in this field."),
        ({"invoice_number": ""}, "invoice_number", "Fill in this field."),
    ],
)
def test_an_expense_that_cannot_belong_to_the_agreement_is_refused(road, fields, field, sentence):
    claim = road.draft()
    with pytest.raises(Refused) as refused:
        road.item(claim, **fields)
    assert (refused.value.field, str(refused.value)) == (field, sentence)
    assert not claim.items.exists()


def test_an_invoice_is_not_paid_before_its_date(road):
    with clock.at(after(10)), pytest.raises(Refused, match="paid on its date or later"):
        road.item(road.draft(), invoiced_on=date(2027, 3, 5), paid_on=date(2027, 3, 4))


def test_the_last_day_of_the_agreement_counts(road):
    with clock.at(after(700)):
        assert road.item(road.draft(), invoiced_on=date(2028, 12, 31), paid_on=date(2028, 12, 31)).pk


def test_a_cost_line_of_another_plan_is_refused(road):
    claim = road.draft()
    own = road.dossier.agreement.plan.cost_lines.get()
    assert road.item(claim, cost_line=own).cost_line == own
    with pytest.raises(Refused, match="belongs to another plan"):
        road.item(claim, cost_line=road.dossier.plan.cost_lines.get())


@pytest.mark.parametrize(("supplier", "number"), [("Web SARL", "F 77"), ("web sarl", "f77"), ("WEB  SARL", "F77")])
def test_one_invoice_is_claimed_once_by_the_same_beneficiary_in_the_programme(road, supplier, number):
    claim = road.draft()
    road.item(claim, invoice_number="F77")
    with pytest.raises(Refused) as refused:
        road.item(claim, supplier=supplier, invoice_number=number)
    assert refused.value.field == "invoice_number"
    assert str(refused.value) == (
        f"The invoice {number} of {' '.join(supplier.split())} is claimed already, in claim no. 1 of "
        f"{road.dossier.reference}."
    )


def test_the_same_invoice_in_another_project_of_the_beneficiary_is_refused(world, road):
    town = Town(road.dossier.applicant, road.editor, road.signatory)
    other = Road(world, town=town)
    road.item(road.draft(), invoice_number="É-1")
    with pytest.raises(Refused, match=f"in claim no. 1 of {road.dossier.reference}"):
        other.item(other.draft(), invoice_number="é-1")


def test_another_beneficiary_may_have_an_invoice_of_the_same_number(world, road):
    other = Road(world)
    road.item(road.draft(), invoice_number="F1")
    assert other.item(other.draft(), invoice_number="F1").pk


def test_a_claim_that_was_filed_no_longer_changes(road):
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    item = claim.items.get()
    for act in (
        lambda: road.item(claim),
        lambda: claims.remove_item(item=item, by=road.editor),
        lambda: claims.attach_invoice(item=item, upload=pdf(), by=road.editor),
        lambda: claims.drop_claim(claim=claim, by=road.editor),
    ):
        with pytest.raises(Conflict, match="no longer change"):
            act()
    assert ExpenseItem.objects.get() == item


def test_a_draft_can_be_dropped(road):
    claim = road.draft(ClaimKind.ADVANCE)
    claims.drop_claim(claim=claim, by=road.editor)
    assert not Claim.objects.exists()
    assert last_entry(road.dossier).act == "claim.dropped"
    assert road.draft(ClaimKind.ADVANCE).number == 1


def test_one_advance_before_all_and_one_final_claim_after_all(road):
    road.draft(ClaimKind.ADVANCE)
    with pytest.raises(Refused, match="one advance and one final"):
        road.draft(ClaimKind.ADVANCE)
    with pytest.raises(Refused, match="Finish or drop"):
        road.draft(ClaimKind.INTERIM)
    claims.drop_claim(claim=Claim.objects.get(), by=road.editor)
    road.paid(road.claimed(ClaimKind.INTERIM, "1000"))
    with pytest.raises(Refused, match="before any other claim"):
        road.draft(ClaimKind.ADVANCE)
    road.draft(ClaimKind.FINAL)
    with pytest.raises(Refused, match="nothing is claimed after it"):
        road.draft(ClaimKind.INTERIM)
    with pytest.raises(Refused):
        road.draft("whatever")


def test_one_claim_at_a_time_is_checked_and_paid(road):
    first = road.claimed(ClaimKind.INTERIM, "1000")
    second = road.draft(ClaimKind.INTERIM, ["2000"])
    with pytest.raises(Unmet) as unmet:
        claims.submit_claim(claim=second, by=road.signatory)
    assert unmet.value.missing == ["Claim no. 1 is not settled yet (Certified)."]
    road.paid(first)
    assert claims.submit_claim(claim=second, by=road.signatory).state == ClaimState.SUBMITTED


def test_an_advance_lists_no_expense(road):
    claim = road.draft(ClaimKind.ADVANCE)
    with pytest.raises(Refused, match="lists no expense"):
        road.item(claim)
    assert claims.submit_claim(claim=claim, by=road.signatory).state == ClaimState.SUBMITTED


def test_an_action_without_advance_pays_none(world):
    world.rule(world.measure, advance_share=Decimal(0), valid_from=START.date())
    road = Road(world)
    claim = road.draft(ClaimKind.ADVANCE)
    with pytest.raises(Unmet) as unmet:
        claims.submit_claim(claim=claim, by=road.signatory)
    assert unmet.value.missing == ["This action pays no advance."]


def test_no_advance_after_the_end_of_the_project(road):
    claim = road.draft(ClaimKind.ADVANCE)
    with clock.at(after(700)), pytest.raises(Unmet) as unmet:
        claims.submit_claim(claim=claim, by=road.signatory)
    assert unmet.value.missing == ["The project ended on 31 December 2028: claim the balance instead of an advance."]


def test_nothing_is_claimed_before_the_agreement(world):
    dossier = world.dossier(State.SELECTED)
    with pytest.raises(NotAllowed):
        claims.open_claim(dossier=dossier, kind="advance", by=world.editor(dossier))


def test_a_rejection_is_contested_within_the_period(road):
    certificate = road.claimed(ClaimKind.FINAL, "60000", "40000", accepted=["60000", "0"])
    claim = certificate.claim
    with clock.at(after(29)):
        contest = claims.contest(claim=claim, text="It was needed.", by=road.signatory)
    assert (contest.text, contest.settled_at) == ("It was needed.", None)
    assert (again(claim).state, again(claim).version) == (ClaimState.CONTESTED, 2)
    entry = last_entry(road.dossier)
    assert (entry.act, entry.reason, entry.data["version"]) == ("claim.contested", "It was needed.", 2)
    assert recipients(road.dossier, "claim_contested") == ["Officer", "Other Officer"]


def test_the_last_day_to_contest_counts_whole_in_paris(road):
    claim = road.claimed(ClaimKind.FINAL, "1000", accepted=["900"]).claim
    with clock.at(clock.now().replace(hour=21, minute=59) + timedelta(days=30)):
        assert claims.contest(claim=claim, text="No.", by=road.signatory).pk


def test_after_the_period_nothing_is_contested(road):
    claim = road.claimed(ClaimKind.FINAL, "1000", accepted=["900"]).claim
    with clock.at(clock.now().replace(hour=22, minute=0) + timedelta(days=30)), pytest.raises(Unmet) as unmet:
        claims.contest(claim=claim, text="No.", by=road.signatory)
    assert unmet.value.missing == ["The period to contest ended on 31 March 2027."]


def test_what_was_accepted_whole_cannot_be_contested(road):
    claim = road.claimed(ClaimKind.FINAL, "1000").claim
    with pytest.raises(Unmet, match="Nothing was rejected"):
        claims.contest(claim=claim, text="No.", by=road.signatory)


def test_a_contest_waits_for_the_bank(road):
    certificate = road.claimed(ClaimKind.FINAL, "10000", accepted=["9000"])
    order = road.ordered(certificate)
    with pytest.raises(Unmet) as unmet:
        claims.contest(claim=certificate.claim, text="No.", by=road.signatory)
    assert unmet.value.missing == [
        f"The bank has not executed the order {order.number} of €4,500.00 yet; record what it did first."
    ]


def test_only_a_signatory_contests_and_once_at_a_time(road):
    claim = road.claimed(ClaimKind.FINAL, "1000", accepted=["900"]).claim
    with pytest.raises(NotAllowed):
        claims.contest(claim=claim, text="No.", by=road.editor)
    with pytest.raises(Refused):
        claims.contest(claim=claim, text="  ", by=road.signatory)
    claims.contest(claim=claim, text="No.", by=road.signatory)
    with pytest.raises(Conflict):
        claims.contest(claim=claim, text="No!", by=road.signatory)
    assert Contest.objects.count() == 1
