"""Each role's lists: what waits for it appears, and goes when it is done; ties and hands are left out."""

from kit import clock
from monitoring.actions import claims, payments, services, verification
from monitoring.models import ClaimKind, UsageReport
from monitoring.queries import todo
from people.models import Role
from tests.world_monitoring import after


def waiting(person):
    """The lists of a person that hold something, with how many."""
    lists = {
        name: getattr(todo, name)(person).count()
        for name in (
            "claims_to_check",
            "certificates_to_issue",
            "certificates_to_approve",
            "services_to_confirm",
            "dossiers_to_verify",
            "usage_reports_to_accept",
            "certificates_to_order",
            "orders_to_record",
            "dossiers_to_settle",
            "recoveries_to_record",
            "recoveries_to_issue",
            "dossiers_to_close",
            "claims_to_finish",
            "dossiers_to_claim",
            "services_to_record",
            "claims_with_rejections",
            "usage_reports_to_fill",
        )
    }
    return {name: count for name, count in lists.items() if count}


def test_work_moves_from_list_to_list(road, world):
    officer, other, payer, manager = world.officer, world.other_officer, world.payer, world.manager
    assert waiting(road.editor) == {"dossiers_to_claim": 1}
    claim = road.draft(ClaimKind.FINAL, ["30000", "1000"])
    assert waiting(road.editor) == {"claims_to_finish": 1}
    claims.submit_claim(claim=claim, by=road.signatory)
    assert waiting(road.editor) == {}
    assert waiting(officer) == waiting(other) == {"claims_to_check": 1}
    road.checked(claim, "30000", "0")
    assert waiting(officer) == {"certificates_to_issue": 1}
    certificate = road.issued(claim)
    assert (waiting(officer), waiting(other), waiting(manager)) == ({}, {"certificates_to_approve": 1}, {})
    verification.approve_certificate(certificate=certificate, by=other)
    assert (waiting(officer), waiting(other), waiting(payer)) == ({}, {}, {"certificates_to_order": 1})
    assert waiting(road.signatory) == {"claims_with_rejections": 1}
    order = road.ordered(certificate)
    assert waiting(payer) == {"orders_to_record": 1}
    assert "services_to_record" not in waiting(road.editor)
    payments.record_payment(order=order, executed_on=clock.today(), by=payer)
    assert (waiting(payer), waiting(road.editor)) == ({}, {"services_to_record": 1})
    assert waiting(road.signatory) == {"claims_with_rejections": 1, "services_to_record": 1}
    service = road.service(confirmed=False)
    assert (waiting(payer), waiting(officer)) == ({}, {"services_to_confirm": 1})
    assert waiting(road.editor) == {}
    services.confirm_service(service=service, by=officer)
    assert waiting(officer) == {"dossiers_to_verify": 1}
    road.verified()
    assert (waiting(officer), waiting(payer)) == ({}, {"dossiers_to_settle": 1})
    road.settled()
    assert (waiting(payer), waiting(manager), waiting(road.editor)) == ({}, {}, {})
    with clock.at(after(366)):
        assert waiting(road.editor) == {"usage_reports_to_fill": 1}
        services.fill_usage_report(report=UsageReport.objects.get(), visits=1, users=1, by=road.editor)
        assert (waiting(road.editor), waiting(officer)) == ({}, {"usage_reports_to_accept": 1})
        services.accept_usage_report(report=UsageReport.objects.get(), by=officer)
        assert (waiting(officer), waiting(manager)) == ({}, {"dossiers_to_close": 1})
        road.closed()
        assert waiting(manager) == {}


def test_an_advance_waits_for_its_certificate_at_once(road, world):
    road.filed(ClaimKind.ADVANCE)
    assert waiting(world.officer) == {"certificates_to_issue": 1}


def test_a_contested_claim_is_to_be_checked_again(road, world):
    certificate = road.claimed(ClaimKind.FINAL, "30000", accepted=["20000"])
    claims.contest(claim=certificate.claim, text="No.", by=road.signatory)
    assert waiting(world.officer) == {"claims_to_check": 1}


def test_the_manager_of_a_single_officer_approves(road, world):
    claim = road.filed(ClaimKind.ADVANCE)
    road.issued(claim)
    assert waiting(world.manager) == {"certificates_to_approve": 1}
    world.other_officer  # appointed
    assert waiting(world.manager) == {}


def test_a_payer_does_not_see_what_they_verified(road, world):
    road.claimed(ClaimKind.FINAL, "30000")
    both = world.give(world.other_officer, Role.PAYING_OFFICER)
    assert waiting(both) == {}
    assert waiting(world.payer) == {"certificates_to_order": 1}


def test_a_refused_order_is_to_be_ordered_again(road, world):
    order = road.ordered(road.claimed(ClaimKind.FINAL, "30000"))
    payments.record_refusal(order=order, reason="No.", by=world.payer)
    assert waiting(world.payer) == {"certificates_to_order": 1}


def test_recoveries_are_issued_then_recorded(road, world):
    road.paid(road.claimed(ClaimKind.ADVANCE))
    certificate = road.claimed(ClaimKind.FINAL, "100", accepted=["0"])
    assert waiting(world.manager) == {"recoveries_to_issue": 1}
    recovery = payments.issue_recovery(certificate=certificate, by=world.manager)
    assert (waiting(world.manager), waiting(world.payer)) == ({}, {"recoveries_to_record": 1})
    payments.record_recovery(recovery=recovery, received_on=clock.today(), by=world.payer)
    assert waiting(world.payer) == {}


def test_the_cancelled_dossier_leaves_every_list_but_the_recovery(road, world):
    road.paid(road.claimed(ClaimKind.ADVANCE))
    road.filed(ClaimKind.FINAL, ["100"])
    decision = world.decide(body="management")
    payments.cancel(dossier=road.dossier, decision=decision, reason="Stopped.", by=world.manager)
    assert (waiting(world.officer), waiting(world.payer), waiting(road.editor)) == (
        {},
        {"recoveries_to_record": 1},
        {},
    )


def test_a_tie_and_another_programme_hide_the_work(road, world):
    road.filed(ClaimKind.FINAL, ["100"])
    stranger = world.give(world.person("Elsewhere"), Role.PROGRAMME_MANAGER, scope="OTHER-1")
    world.tie(world.officer, road.dossier.applicant)
    assert (waiting(stranger), waiting(world.officer)) == ({}, {})
    assert waiting(world.town().editor) == {}


def test_lists_cost_one_query_each(road, world, django_assert_num_queries):
    road.claimed(ClaimKind.FINAL, "30000")
    world.payer.standing  # read once a request
    with django_assert_num_queries(1):
        [(item.claim.number, item.dossier.applicant.name) for item in todo.certificates_to_order(world.payer)]
    road.paid(road.dossier.certificates.get())
    road.editor.standing  # read once a request
    with django_assert_num_queries(1):
        [(str(item), item.applicant.name) for item in todo.services_to_record(road.editor)]
