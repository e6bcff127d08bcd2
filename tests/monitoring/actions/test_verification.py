"""Checks, certificates and their approval; a contest and its new version; the service fact."""

from decimal import Decimal

import pytest

from grants.lifecycle import State
from kit import clock
from kit.errors import Conflict, NotAllowed, Refused, Unmet
from kit.lifecycle import missing
from monitoring.actions import claims, payments, services, verification
from monitoring.models import Certificate, ClaimKind, ClaimState, ItemCheck, OrderState, Recovery
from people.actions import roles
from people.models import Role
from records.queries.ledger import transfers
from tests.world import last_entry, mails, recipients, standing_money
from tests.world_monitoring import Road, after, again


def euros(**stages):
    return {stage: Decimal(amount) for stage, amount in stages.items()}


def verdicts(claim, *pairs):
    return {
        item.pk: (Decimal(amount), reason)
        for item, (amount, reason) in zip(claim.items.order_by("pk"), pairs, strict=True)
    }


# The check


def test_one_officer_gives_a_verdict_on_every_expense(road, world):
    claim = road.filed(ClaimKind.FINAL, ["1000", "500", "250"])
    given = verdicts(claim, ("1000", ""), ("400.50", "Partly outside."), ("0", "Not of the project."))

    checked = verification.check_items(claim=claim, verdicts=given, by=world.officer)

    assert (checked.state, checked.checked_by, checked.checked_at) == (ClaimState.CHECKED, world.officer, clock.now())
    assert [(item.accepted, item.rejected, item.reason) for item in claim.items.order_by("pk")] == [
        (1000, 0, ""),
        (Decimal("400.50"), Decimal("99.50"), "Partly outside."),
        (0, 250, "Not of the project."),
    ]
    assert list(ItemCheck.objects.order_by("pk").values_list("version", "accepted", "reason", "checked_by")) == [
        (1, 1000, "", world.officer.pk),
        (1, Decimal("400.50"), "Partly outside.", world.officer.pk),
        (1, 0, "Not of the project.", world.officer.pk),
    ]
    assert checked.accepted == Decimal("1400.50")
    assert [row[2] for row in last_entry(road.dossier).data["items"]] == ["1000.00", "400.50", "0.00"]


def test_no_expense_is_left_without_verdict(road, world):
    claim = road.filed(ClaimKind.FINAL, ["1000", "500"])
    first, second = claim.items.order_by("pk")
    with pytest.raises(Unmet) as unmet:
        verification.check_items(claim=claim, verdicts={first.pk: (Decimal(1000), "")}, by=world.officer)
    assert unmet.value.missing == [f"Check the invoice {second.invoice_number} of Web SARL."]
    assert again(first).accepted is None
    assert again(claim).state == ClaimState.SUBMITTED


@pytest.mark.parametrize(
    ("accepted", "reason", "field", "sentence"),
    [
        ("1000.01", "", "accepted", "accept €1,000.00 at most"),
        ("999.99", " ", "reason", "say why not all of it is accepted"),
        ("-1", "No.", "accepted", "zero or more"),
        ("0.001", "No.", "accepted", "two decimals at most"),
    ],
)
def test_a_verdict_that_cannot_be_is_refused(road, world, accepted, reason, field, sentence):
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    with pytest.raises(Refused, match=sentence) as refused:
        verification.check_items(claim=claim, verdicts=verdicts(claim, (accepted, reason)), by=world.officer)
    assert refused.value.field == f"{field}_{claim.items.get().pk}"
    assert not ItemCheck.objects.exists()


def test_an_expense_of_another_claim_is_refused(world, road):
    other = Road(world)
    stray = other.draft(ClaimKind.FINAL, ["10"]).items.get()
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    given = {**verdicts(claim, ("1000", "")), stray.pk: (Decimal(10), "")}
    with pytest.raises(Refused, match="belongs to another claim"):
        verification.check_items(claim=claim, verdicts=given, by=world.officer)
    assert again(stray).accepted is None


def test_a_check_may_be_done_again_until_the_approval_and_each_is_kept(road, world):
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    road.checked(claim, "0")
    certificate = road.issued(claim)
    road.checked(claim, "1000", by=world.other_officer)
    assert again(claim).state == ClaimState.CHECKED
    with pytest.raises(Unmet):
        verification.approve_certificate(certificate=certificate, by=world.other_officer)
    second = road.issued(claim)
    assert (second.pk, second.verified, second.checked_by) == (certificate.pk, 1000, world.other_officer)
    assert list(ItemCheck.objects.order_by("pk").values_list("accepted", flat=True)) == [0, 1000]
    verification.approve_certificate(certificate=second, by=world.other_officer)
    with pytest.raises(Unmet):
        road.checked(claim)


def test_a_person_tied_to_the_beneficiary_checks_nothing(road, world):
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    world.tie(world.officer, road.dossier.applicant)
    with pytest.raises(NotAllowed):
        road.checked(claim)


@pytest.mark.parametrize("who", ["manager", "payer", "secretary", "auditor", "other_manager", "administrator"])
def test_only_officers_check_and_issue(road, world, who):
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    with pytest.raises(NotAllowed):
        road.checked(claim, by=getattr(world, who))
    road.checked(claim)
    with pytest.raises(NotAllowed):
        road.issued(claim, by=getattr(world, who))


# The certificate


def test_a_certificate_says_what_is_verified_and_due(road, world):
    claim = road.filed(ClaimKind.INTERIM, ["30000"])
    road.checked(claim)
    certificate = road.issued(claim)
    assert (certificate.verified, certificate.verified_total, certificate.due) == (30000, 30000, 15000)
    assert (certificate.checked_by, certificate.issued_by, certificate.approved_by) == (
        world.officer,
        world.officer,
        None,
    )
    assert (certificate.version, again(claim).state) == (1, ClaimState.ISSUED)
    assert standing_money(road.dossier) == euros(left=60000, committed=40000)


def test_those_who_may_approve_are_told(road, world):
    world.other_officer  # appointed before the certificate is issued
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    road.checked(claim)
    road.issued(claim)
    assert recipients(road.dossier, "certificate_to_approve") == ["Other Officer"]


def test_in_a_service_of_one_officer_the_manager_is_told(world):
    road = Road(world)
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    road.checked(claim)
    road.issued(claim)
    assert recipients(road.dossier, "certificate_to_approve") == ["Manager"]


def test_the_final_certificate_says_what_was_seen(road, world):
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    road.checked(claim)
    with pytest.raises(Refused) as refused:
        verification.issue_certificate(claim=claim, deliverables_seen=" ", by=world.officer)
    assert refused.value.field == "deliverables_seen"


def test_nothing_is_issued_before_the_check(road):
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    with pytest.raises(Unmet):
        road.issued(claim)


def test_another_officer_approves_and_the_sum_is_verified(road, world):
    claim = road.filed(ClaimKind.FINAL, ["1000", "500"])
    road.checked(claim, "1000", "300")
    certificate = verification.approve_certificate(certificate=road.issued(claim), by=world.other_officer)

    assert (certificate.approved_by, certificate.approved_at) == (world.other_officer, clock.now())
    assert (again(claim).state, again(claim).certified_at) == (ClaimState.CERTIFIED, clock.now())
    assert standing_money(road.dossier) == euros(left=60000, committed=39350, verified=650)
    mail = mails(road.dossier, "certified")[0]
    rejected = claim.items.order_by("pk")[1]
    assert "Accepted: €1,300.00\nRejected: €200.00\nTo be paid to you: €650.00" in mail.text
    assert f"- invoice {rejected.invoice_number} of Web SARL, €200.00: Not eligible." in mail.text
    assert "contest it until 31 March 2027, included" in mail.text
    with pytest.raises(Conflict):
        verification.approve_certificate(certificate=certificate, by=world.other_officer)


def test_who_issued_does_not_approve(road, world):
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    road.checked(claim)
    certificate = road.issued(claim)
    with pytest.raises(Unmet) as unmet:
        verification.approve_certificate(certificate=certificate, by=world.officer)
    assert unmet.value.missing == ["You issued this certificate, so another person approves it."]
    assert standing_money(road.dossier) == euros(left=60000, committed=40000)


def test_the_manager_approves_only_where_the_service_has_one_officer(road, world):
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    road.checked(claim)
    certificate = road.issued(claim)
    assert missing(again(claim), "approve", approver=world.manager) == []
    world.other_officer  # a second officer is appointed
    with pytest.raises(Unmet) as unmet:
        verification.approve_certificate(certificate=certificate, by=world.manager)
    assert unmet.value.missing == ["The service has another officer who approves: Other Officer."]
    world.tie(world.other_officer, road.dossier.applicant)
    approved = verification.approve_certificate(certificate=certificate, by=world.manager)
    assert approved.approved_by == world.manager


def test_a_manager_who_checked_does_not_approve(road, world):
    both = world.give(world.manager, Role.INSTRUCTING_OFFICER)
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    road.checked(claim, by=both)
    certificate = road.issued(claim)
    held = both.role_assignments.get(role=Role.INSTRUCTING_OFFICER)
    roles.end_role(assignment=held, reason="Left the service.", by=world.other_manager)
    with pytest.raises(Unmet) as unmet:
        verification.approve_certificate(certificate=certificate, by=both)
    assert unmet.value.missing == ["You checked this claim, so another person approves the certificate."]


def test_a_payer_or_an_outsider_approves_nothing(road, world):
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    road.checked(claim)
    certificate = road.issued(claim)
    for person in (world.payer, road.signatory, world.secretary):
        with pytest.raises(NotAllowed):
            verification.approve_certificate(certificate=certificate, by=person)


def test_figures_that_moved_since_the_issue_are_not_approved(road, world):
    certificate = road.claimed(ClaimKind.FINAL, "10000", accepted=["8000"])
    claim = certificate.claim
    claims.contest(claim=claim, text="No.", by=road.signatory)
    road.checked(claim, "10000")
    second = road.issued(claim)
    assert second.due == 5000
    order = road.ordered(certificate)
    with pytest.raises(Unmet) as unmet:
        verification.approve_certificate(certificate=second, by=world.other_officer)
    assert unmet.value.missing == [f"Record first what the bank did with the order {order.number}."]
    payments.record_payment(order=order, executed_on=clock.today(), by=world.payer)
    with pytest.raises(Conflict, match="issue it again"):
        verification.approve_certificate(certificate=second, by=world.other_officer)
    assert verification.approve_certificate(certificate=road.issued(claim), by=world.other_officer).due == 1000


# An advance


def test_an_advance_is_certified_without_expenses(road, world):
    claim = road.filed(ClaimKind.ADVANCE)
    certificate = road.issued(claim)
    assert (certificate.due, certificate.verified, certificate.checked_by) == (12000, 0, world.officer)
    verification.approve_certificate(certificate=certificate, by=world.other_officer)
    assert standing_money(road.dossier) == euros(left=60000, committed=28000, advanced=12000)
    assert "Accepted" not in mails(road.dossier, "certified")[0].text


# A contest


def test_a_contest_before_the_payment_makes_the_whole_new_sum_due(road):
    certificate = road.claimed(ClaimKind.FINAL, "60000", "20000", accepted=["60000", "0"])
    claim = certificate.claim
    assert standing_money(road.dossier) == euros(left=60000, committed=10000, verified=30000)
    contest = claims.contest(claim=claim, text="It was needed.", by=road.signatory)
    second = road.certified(claim, "60000", "20000")

    assert (second.version, second.verified, second.due) == (2, 80000, 40000)
    assert again(certificate).superseded_at == second.approved_at == again(contest).settled_at
    assert (again(certificate).verified, again(certificate).due) == (60000, 30000)
    assert standing_money(road.dossier) == euros(left=60000, verified=40000)
    moved = [(item.kind, item.amount) for item in transfers(f"verified:{road.dossier.reference}")]
    assert moved == [("verify", 30000), ("unverify", 30000), ("verify", 40000)]
    assert list(ItemCheck.objects.order_by("pk").values_list("version", "accepted")) == [
        (1, 60000),
        (1, 0),
        (2, 60000),
        (2, 20000),
    ]
    road.paid(second)
    assert standing_money(road.dossier) == euros(left=60000, paid=40000)


def test_a_contest_after_the_payment_pays_the_difference(road):
    certificate = road.claimed(ClaimKind.FINAL, "60000", "20000", accepted=["60000", "0"])
    road.paid(certificate)
    claim = certificate.claim
    assert again(claim).state == ClaimState.SETTLED
    claims.contest(claim=claim, text="It was needed.", by=road.signatory)
    second = road.certified(claim, "60000", "10000")
    assert (second.verified, second.due) == (70000, 5000)
    assert standing_money(road.dossier) == euros(left=60000, committed=5000, verified=5000, paid=30000)
    road.paid(second)
    assert standing_money(road.dossier) == euros(left=60000, committed=5000, paid=35000)
    assert again(claim).state == ClaimState.SETTLED


def test_what_nobody_disputes_is_paid_while_the_contest_runs(road, world):
    certificate = road.claimed(ClaimKind.FINAL, "60000", "20000", accepted=["60000", "0"])
    claim = certificate.claim
    claims.contest(claim=claim, text="It was needed.", by=road.signatory)
    order = road.paid(certificate)
    assert (order.state, again(claim).state) == (OrderState.EXECUTED, ClaimState.CONTESTED)
    second = road.certified(claim, "60000", "20000")
    assert second.due == 10000
    assert again(claim).state == ClaimState.CERTIFIED


def test_a_contest_that_changes_nothing_settles_the_claim_again(road):
    certificate = road.claimed(ClaimKind.FINAL, "60000", "20000", accepted=["60000", "0"])
    road.paid(certificate)
    claims.contest(claim=certificate.claim, text="It was needed.", by=road.signatory)
    second = road.certified(certificate.claim, "60000", "0")
    assert (second.due, second.to_recover, again(certificate.claim).state) == (0, 0, ClaimState.SETTLED)


def test_a_recovery_that_a_new_certificate_undoes_is_cancelled(road, world):
    road.paid(road.claimed(ClaimKind.ADVANCE))
    certificate = road.claimed(ClaimKind.FINAL, "80000", accepted=["0"])
    assert (certificate.due, certificate.to_recover) == (0, 12000)
    recovery = payments.issue_recovery(certificate=certificate, by=world.manager)
    assert standing_money(road.dossier) == euros(left=60000, committed=28000, recovered=12000)
    claims.contest(claim=certificate.claim, text="All of it was needed.", by=road.signatory)
    second = road.certified(certificate.claim, "80000")
    assert (second.due, second.to_recover) == (28000, 0)
    assert again(recovery).cancelled_at == second.approved_at
    assert list(Recovery.objects.live()) == []
    assert standing_money(road.dossier) == euros(left=60000, verified=28000, paid=12000)


def test_a_recovery_that_came_in_is_committed_again(road, world):
    road.paid(road.claimed(ClaimKind.ADVANCE))
    certificate = road.claimed(ClaimKind.FINAL, "80000", accepted=["0"])
    recovery = payments.issue_recovery(certificate=certificate, by=world.manager)
    payments.record_recovery(recovery=recovery, received_on=clock.today(), by=world.payer)
    assert standing_money(road.dossier) == euros(left=72000, committed=28000)
    claims.contest(claim=certificate.claim, text="All of it was needed.", by=road.signatory)
    second = road.certified(certificate.claim, "80000")
    assert second.due == 40000
    assert standing_money(road.dossier) == euros(left=60000, verified=40000)
    road.paid(second)
    assert standing_money(road.dossier) == euros(left=60000, paid=40000)


def test_an_interim_claim_contested_after_the_final_one_is_balanced(road):
    first = road.claimed(ClaimKind.INTERIM, "40000", "20000", accepted=["40000", "0"])
    road.paid(first)
    road.paid(road.claimed(ClaimKind.FINAL, "10000"))
    claims.contest(claim=first.claim, text="It was needed.", by=road.signatory)
    second = road.certified(first.claim, "40000", "20000")
    assert (second.verified, second.verified_total, second.due) == (60000, 70000, 10000)


# The service fact


def test_the_service_fact_needs_the_final_certificate_and_the_services(road, world):
    assert missing(road.dossier, "verify_service_fact") == [
        "The beneficiary has not claimed the final balance yet.",
        "No service is recorded: the beneficiary names what the project put into operation, and since when.",
    ]
    claim = road.filed(ClaimKind.FINAL, ["1000"])
    road.service(confirmed=False)
    assert missing(road.dossier, "verify_service_fact") == [
        "The certificate of the final claim is not approved yet (To be checked).",
        "Confirm that “Town site” is in operation.",
    ]
    with pytest.raises(Unmet):
        road.verified()
    road.certified(claim)
    services.confirm_service(service=road.dossier.services.get(), by=world.officer)
    dossier = road.verified()
    assert (dossier.state, dossier.verified_at) == (State.SERVICE_FACT_VERIFIED, clock.now())
    assert last_entry(dossier).data == {"services": [["Town site", "2027-03-01"]]}
    with pytest.raises(NotAllowed):
        road.verified()


def test_a_contested_final_claim_is_not_certified(road):
    certificate = road.claimed(ClaimKind.FINAL, "1000", accepted=["900"])
    road.service()
    claims.contest(claim=certificate.claim, text="No.", by=road.signatory)
    with pytest.raises(Unmet, match=r"not approved yet \(Contested\)"):
        road.verified()


def test_a_final_claim_can_be_contested_after_the_service_fact(road):
    certificate = road.claimed(ClaimKind.FINAL, "1000", "500", accepted=["1000", "0"])
    road.paid(certificate)
    road.service()
    road.verified()
    with clock.at(after(10)):
        claims.contest(claim=certificate.claim, text="No.", by=road.signatory)
        assert missing(road.dossier, "pay") == [
            "Claim no. 1 is not settled yet (Contested).",
            "The check of claim no. 1 is contested; answer the contest first.",
        ]
        with pytest.raises(Unmet):
            road.settled()
        road.paid(road.certified(certificate.claim, "1000", "500"))
        assert road.settled().state == State.PAID
    assert Certificate.objects.in_force().get().version == 2
