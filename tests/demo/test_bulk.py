"""Synthetic dossiers in bulk: as coherent as if each had walked its road, and every verification passes."""

import re
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import prefetch_related_objects
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from demo.bulk import Bench
from demo.bulk.register import communities
from demo.bulk.stage import DOMAIN
from grants.actions import submission
from grants.lifecycle import State
from grants.models import Agreement, Award, Dossier, Snapshot
from grants.queries import contents, money
from grants.queries.next_steps import next_step
from grants.rules import funding
from kit import clock
from monitoring.actions import payments, verification
from monitoring.models import Certificate, Claim, ClaimState, OrderState, PaymentOrder
from monitoring.queries import along as following
from people.models import Organisation, Person, Role, RoleAssignment
from people.rules.identifiers import is_siret
from programmes.models import Programme
from records.models import JournalEntry, OutboxMail
from records.queries import journal, ledger
from records.queries.ledger import balance
from selection.actions import assessment
from selection.models import Assessment, Scorecard
from selection.queries import along as selecting
from selection.queries import ranking
from selection.queries.verification import first_wrong_row
from web.officer import dossier as sheet
from web.officer import steps

COUNT = 260
LINKS = re.compile(r'href="(/en/[^"?#]+)"')


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Bench]:
    """A bench of `COUNT` dossiers; what a test changes is undone after it."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            bench = Bench(most=COUNT, seed=3)
            bench.add(COUNT)
            with django_db_blocker.block():
                yield bench
            transaction.set_rollback(True)


@pytest.fixture
def bench(made: Bench, db: None) -> Bench:
    return made


def dossiers(bench: Bench):
    return Dossier.objects.filter(programme=bench.stage.programme)


def copies(bench: Bench):
    """Those that did not walk the road themselves."""
    exemplar = bench.pool.known[0].organisation
    return dossiers(bench).exclude(applicant=exemplar).order_by("pk")


def verify_everything() -> None:
    assert journal.verify().first_bad is None
    assert ledger.verify().first_bad is None
    assert first_wrong_row()[1] is None


class TestWhatIsMade:
    def test_as_many_as_were_asked_for_in_every_state(self, bench: Bench) -> None:
        assert bench.made == dossiers(bench).count() == COUNT
        assert set(copies(bench).values_list("state", flat=True)) == set(State.values)

    def test_every_verification_passes(self, bench: Bench) -> None:
        verify_everything()

    def test_nothing_of_an_exemplar_is_left_in_a_copy(self, bench: Bench) -> None:
        told = set(dossiers(bench).exclude(pk__in=copies(bench)).values_list("reference", flat=True))
        wrong = [
            f"{entry} {word}"
            for entry in JournalEntry.objects.filter(chain__in=[item.journal_chain for item in copies(bench)])
            for word in told
            if f"{word} " in f"{entry.subject} {entry.on_behalf} {entry.reason} {entry.data} "
        ]
        assert wrong == []

    def test_references_follow_each_other(self, bench: Bench) -> None:
        for call in bench.stage.programme.calls.order_by("pk"):
            numbers = sorted(
                int(reference.rpartition("-")[2]) for (reference,) in call.dossiers.values_list("reference")
            )
            assert numbers == list(range(1, call.last_number + 1))

    def test_copies_differ_in_applicant_amount_and_day(self, bench: Bench) -> None:
        rows = list(copies(bench).filter(submitted_at__isnull=False))
        assert len({row.applicant_id for row in rows}) > COUNT / 4
        assert len({row.requested for row in rows}) > COUNT / 3
        assert len({row.submitted_at for row in rows}) == len(rows)

    def test_the_same_seed_draws_the_same_dossiers(self, bench: Bench) -> None:
        again = Bench(most=20, seed=3, only=("drafted",))
        again.add(20)
        assert [item.organisation for item in again.pool.known] == [
            item.organisation for item in bench.pool.known[: len(again.pool.known)]
        ]
        assert again.stage.code != bench.stage.code
        verify_everything()


class TestApplicants:
    def test_they_are_real_communities_with_establishments_that_nobody_has(self, bench: Bench) -> None:
        real = {community.siren: community for community in communities()}
        applicants = Organisation.objects.filter(dossiers__in=dossiers(bench)).distinct()
        assert {item.kind for item in applicants} == {"commune", "epci"}
        for item in applicants:
            assert is_siret(item.siret)
            assert item.siret[9:].startswith("999")
            assert (item.name, item.department) == (real[item.siren].name, real[item.siren].department)

    def test_their_secretary_sees_them_and_signs_for_them(self, bench: Bench) -> None:
        item = bench.pool.known[-1]
        assert item.person.standing.signatory_of == item.person.standing.editor_of == {item.organisation.pk}
        seen = Dossier.objects.visible_to(item.person)
        assert {dossier.applicant for dossier in seen} <= {item.organisation}

    def test_nobody_invented_administers_the_site_or_gets_a_mail(self, bench: Bench) -> None:
        roles = RoleAssignment.objects.live().filter(person__email__endswith=f"@{DOMAIN}")
        assert roles.filter(role=Role.ADMINISTRATOR).count() == 0
        assert OutboxMail.objects.filter(recipient__endswith=f"@{DOMAIN}", state="queued").count() == 0


class TestMoney:
    def test_plans_balance(self, bench: Bench) -> None:
        filed = copies(bench).filter(submitted_at__isnull=False).select_related("plan")
        for dossier in filed.prefetch_related("plan__cost_lines", "plan__resources"):
            assert dossier.plan.gap == 0
            assert (dossier.plan.eligible, dossier.plan.requested) == (dossier.eligible, dossier.requested)
        for agreement in Agreement.objects.filter(dossier__in=copies(bench)).select_related("plan", "award"):
            assert agreement.plan.gap == 0
            assert agreement.plan.requested == agreement.grant == agreement.award.amount

    def test_grants_are_those_of_the_rule(self, bench: Bench) -> None:
        awards = Award.objects.filter(dossier__in=copies(bench)).select_related("aid_rule", "dossier")
        assert awards.count() > 50
        for award in awards:
            grant = funding.grant(
                funding.AidRule.of(award.aid_rule),
                eligible=award.eligible,
                requested=award.dossier.requested,
                left=Decimal(award.operands["envelope"]),
            )
            assert (grant.amount, grant.bound, grant.record()) == (award.amount, award.bound_by, award.operands)

    def test_what_is_certified_is_what_was_accepted_and_what_is_paid_was_ordered(self, bench: Bench) -> None:
        for certificate in Certificate.objects.filter(dossier__in=copies(bench)).select_related("claim"):
            assert certificate.verified == certificate.claim.accepted
        for dossier in copies(bench).filter(state__in=[State.PAID, State.CLOSED]):
            orders = PaymentOrder.objects.filter(dossier=dossier, state=OrderState.EXECUTED)
            assert sum(order.amount for order in orders) == balance(f"paid:{dossier.reference}") == dossier.granted

    def test_every_euro_stands_somewhere(self, bench: Bench) -> None:
        envelope = bench.stage.programme.envelopes.get()
        stages = [sum(money.stages(dossier).values()) for dossier in dossiers(bench)]
        assert envelope.left + sum(stages) == envelope.amount


class TestRecords:
    def test_what_was_filed_is_what_the_dossier_holds(self, bench: Bench) -> None:
        unchanged = copies(bench).exclude(state__in=[State.DRAFT, State.RETURNED]).select_related("applicant", "plan")
        for dossier in unchanged[:60]:
            snapshot = Snapshot.objects.filter(dossier=dossier).latest("number")
            content = contents.canonical_content(dossier, number=snapshot.number, taken_at=snapshot.taken_at)
            assert snapshot.content == content
            assert contents.is_whole(snapshot)
            filed = JournalEntry.objects.filter(chain=dossier.journal_chain, act="dossier.submitted").latest("seq")
            assert filed.data["digest"] == snapshot.digest

    def test_the_journal_goes_forward_and_ends_in_the_state_of_the_dossier(self, bench: Bench) -> None:
        for dossier in copies(bench)[:120]:
            entries = list(journal.entries(dossier.journal_chain))
            instants = [entry.occurred_at for entry in entries]
            assert instants == sorted(instants)
            assert [entry.to_state for entry in entries if entry.to_state in State.values][-1] == dossier.state

    def test_documents_are_joined_under_the_copy_s_own_chain(self, bench: Bench) -> None:
        for dossier in copies(bench).filter(submitted_at__isnull=False)[:20]:
            assert {item.document.chain for item in contents.attachments(dossier)} == {dossier.journal_chain}


class TestScores:
    def test_means_differ_and_are_ranked(self, bench: Bench) -> None:
        call = bench.stage.calls["B"]
        found = ranking.ranking(call)
        assert found.ranked == Assessment.objects.filter(call=call, mean__isnull=False).count() > 50
        assert len({row.mean for row in found.rows}) > 20

    def test_ranks_on_the_reserve_list_are_each_given_once(self, bench: Bench) -> None:
        ranks = list(dossiers(bench).filter(state=State.ON_RESERVE).values_list("reserve_rank", flat=True))
        assert len(ranks) > 5
        assert sorted(ranks) == list(range(1, len(ranks) + 1))


class TestCopiesGoOnByTheRealActs:
    def test_a_draft_is_filed(self, bench: Bench) -> None:
        drafts = copies(bench).filter(state=State.DRAFT, plan__cost_lines__isnull=False, answers__has_key="project")
        dossier = drafts.distinct()[0]
        signatory = dossier.created_by
        submission.submit(dossier=dossier, by=signatory)
        dossier.refresh_from_db()
        assert dossier.state == State.SUBMITTED

    def test_a_member_scores(self, bench: Bench) -> None:
        member = bench.stage.cast.members[0]
        waiting = Dossier.objects.filter(
            assignments__person=member, conflict_answers__person=member, assessment__scorecards=2
        ).latest("pk")
        codes = bench.stage.calls["B"].grid.criteria.values_list("code", flat=True)
        assessment.file_scorecard(dossier=waiting, values=dict.fromkeys(codes, "12"), comment="", by=member)
        assert Scorecard.objects.live().filter(dossier=waiting, person=member).exists()

    def test_a_certificate_is_approved_then_ordered_and_paid(self, bench: Bench) -> None:
        claim = Claim.objects.filter(dossier__in=copies(bench), state=ClaimState.ISSUED)[0]
        cast = bench.stage.cast
        certificate = verification.approve_certificate(certificate=claim.certificates.get(), by=cast.other_officer)
        order = payments.order_payment(certificate=certificate, by=cast.payer)
        payments.record_payment(order=order, executed_on=clock.today(), by=cast.payer)
        assert balance(f"paid:{claim.dossier.reference}") == certificate.due > 0
        verify_everything()

    def test_a_verified_project_is_declared_paid(self, bench: Bench) -> None:
        dossier = copies(bench).filter(state=State.SERVICE_FACT_VERIFIED)[0]
        assert payments.pay(dossier=dossier, by=bench.stage.cast.payer).state == State.PAID


def one_of_each_role(bench: Bench) -> list[Person]:
    cast = bench.stage.cast
    return [cast.manager, cast.secretary, cast.officer, cast.payer, cast.adviser, cast.members[0], cast.auditor]


class TestThePageOfADossier:
    """The staff's page asks much about one dossier; it reads it along, and at most fifteen times."""

    def one_of_each(self, bench: Bench) -> list[Dossier]:
        """One dossier of each exemplar's kind: the exemplars themselves, with those that a copy went on from."""
        return list(dossiers(bench).exclude(pk__in=copies(bench)).order_by("pk")[:40])

    def test_it_takes_everyone_at_most_fifteen_queries_and_its_links_lead_somewhere(self, bench: Bench) -> None:
        spent: dict[str, int] = {}
        led: dict[tuple[str, str, str], str] = {}
        nowhere: list[str] = []
        for person in one_of_each_role(bench):
            browser = Client()
            browser.force_login(person)
            for dossier in self.one_of_each(bench):
                with CaptureQueriesContext(connection) as seen:
                    answer = browser.get(f"/en/instruction/dossiers/{dossier.reference}")
                if answer.status_code != 200:
                    continue
                spent[f"{person} {dossier.reference} {dossier.state}"] = len(seen)
                for url in LINKS.findall(answer.content.decode().partition("<main")[2]):
                    led.setdefault((person.email, dossier.state, resolve(url).view_name), url)
            for (email, state, _view), url in led.items():
                if email == person.email and browser.get(url).status_code not in (200, 302):
                    nowhere.append(f"{person} {state} {url}")
        assert len(spent) > 100
        assert (len(led) > 100, nowhere) == (True, [])
        assert {name: count for name, count in spent.items() if count > 15} == {}

    def test_what_is_read_along_answers_as_what_is_asked_one_by_one(self, bench: Bench) -> None:
        def answers(dossier: Dossier, person: Person) -> tuple[object, ...]:
            return next_step(dossier, person), sheet.checklist(dossier), list(steps.money_links(dossier))

        for dossier in self.one_of_each(bench):
            along = Dossier.objects.get(pk=dossier.pk)
            selecting.read_along(along)
            following.read_along(along)
            prefetch_related_objects([along], "participations")
            for person in one_of_each_role(bench):
                assert answers(along, person) == answers(dossier, person), dossier


class TestTheCommand:
    def test_it_makes_them_and_says_where(self, bench: Bench) -> None:
        out = StringIO()
        call_command("make_dossiers", "2", "--seed", "5", stdout=out)
        programme = Programme.objects.latest("pk")
        assert f"Made 2 dossiers of 2 applicants in {programme.code}" in out.getvalue()
        assert programme.illustrative
        assert programme.dossiers.count() == 2

    def test_it_refuses_to_make_none(self, db: None) -> None:
        with pytest.raises(CommandError, match="1 or more"):
            call_command("make_dossiers", "0")

    def test_a_bench_does_not_outgrow_its_envelope(self, bench: Bench) -> None:
        with pytest.raises(ValueError, match="was made for"):
            bench.add(1)
