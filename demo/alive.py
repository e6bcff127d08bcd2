"""ESCALIER-2027: a programme that is running today, with a dossier in every state, its dates relative to the loading.

Everything is made up. The three calls are a finished one, one before its committee, and one that is open; the commune
of the demo accounts has a dossier wherever its secretary or its mayor has something to do.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from demo import letters
from demo.delivery import Road
from demo.stage import CODE, Stage
from grants.actions import appeals, instruction, submission
from monitoring.actions import endings
from monitoring.models import ClaimKind
from people.actions import accounts, mandates, roles
from people.models import Person, Role
from programmes.actions import programmes
from programmes.models import Programme
from selection.actions import meetings
from selection.models import Meeting, Outcome

__all__ = ["CODE", "load"]


def load(administrators: tuple[Person, Person]) -> Programme:
    """The running programme with a dossier in every state."""
    stage = Stage(administrators)
    _finished(stage)
    _current(stage)
    _open(stage)
    _asked(stage)
    return stage.programme


def _to_committee(stage: Stage, road: Road, filed: int, *, advised: bool = True) -> None:
    with stage.at(filed - 20):
        road.draft()
    with stage.at(filed):
        road.submit()
    if advised:
        with stage.at(filed + 10):
            road.waive_advice()
            road.advise()


def _to_marks(stage: Stage, road: Road, filed: int, marks: int) -> None:
    _to_committee(stage, road, filed)
    with stage.at(filed + 20):
        road.assign()
        road.answer_conflicts()
        road.score(marks)


def _finished(stage: Stage) -> None:
    """The first call: from signed agreements to closed dossiers."""
    meeting = stage.meeting(-740)
    endings_of: tuple[tuple[int, Callable[[Stage, Road], None]], ...] = (
        (0, _under_way),
        (1, _claimed),
        (2, _certified),
        (3, _due),
        (4, _ordered),
        (5, _verified),
        (0, _usage_due),
        (1, _closed),
        (3, _cancelled),
    )
    for number, (town, end) in enumerate(endings_of):
        road = stage.road(stage.finished, town)
        _to_marks(stage, road, -820 + number, 14 + number % 4)
        with stage.at(-740, 16):
            road.decide(meeting, Outcome.SELECT)
        with stage.at(-720):
            road.sign(stage.day(-730).date(), stage.day(200).date())
        with stage.at(-715):
            road.contract()
        end(stage, road)
    with stage.at(-740, 18):
        meetings.close_meeting(meeting=Meeting.objects.get(pk=meeting.pk), by=stage.cast.secretary)


def _under_way(stage: Stage, road: Road) -> None:
    """An advance is paid; the next claim is the beneficiary's."""
    with stage.at(-700):
        certificate = road.certify(road.claim(ClaimKind.ADVANCE, [], stage.day(-700).date()))
    with stage.at(-690):
        road.execute(road.order(certificate), stage.day(-690).date())


def _claimed(stage: Stage, road: Road) -> None:
    """An interim claim waits for its check."""
    with stage.at(-5):
        road.claim(ClaimKind.INTERIM, _part(road, "0.40"), stage.day(-12).date())


def _certified(stage: Stage, road: Road) -> None:
    """A certificate waits for its approval by another person."""
    with stage.at(-8):
        claim = road.claim(ClaimKind.INTERIM, _part(road, "0.30"), stage.day(-20).date())
    with stage.at(-4):
        road.check(claim)
        road.issue(claim)


def _due(stage: Stage, road: Road) -> None:
    """A sum is due and not ordered yet; one invoice was rejected in part."""
    with stage.at(-15):
        claim = road.claim(ClaimKind.INTERIM, _part(road, "0.50"), stage.day(-25).date())
    with stage.at(-6):
        first = claim.items.order_by("pk")[0]
        less = first.claimed - Decimal("150.00")
        road.certify(claim, {first.pk: (less, "Frais de déplacement non éligibles (illustration)")})


def _ordered(stage: Stage, road: Road) -> None:
    """A payment is ordered; its outcome is not recorded yet."""
    with stage.at(-18):
        certificate = road.certify(road.claim(ClaimKind.INTERIM, _part(road, "0.60"), stage.day(-30).date()))
    with stage.at(-3):
        road.order(certificate)


def _final(stage: Stage, road: Road, number: int) -> None:
    """The final claim is certified and paid, the project verified, `number` days after the loading."""
    with stage.at(number):
        road.deploy(stage.day(number - 30).date())
        certificate = road.final_balance(_part(road, "1"), stage.day(number - 10).date())
    with stage.at(number + 5):
        road.verify()
        order = road.order(certificate)
    with stage.at(number + 9):
        road.execute(order, stage.day(number + 9).date())


def _verified(stage: Stage, road: Road) -> None:
    """The balance is paid: the paying officer may declare the grant paid."""
    _final(stage, road, -20)


def _usage_due(stage: Stage, road: Road) -> None:
    """The grant is paid, and the first year of use is nearly over."""
    _final(stage, road, -330)
    with stage.at(-320):
        road.pay()


def _closed(stage: Stage, road: Road) -> None:
    """Everything is done."""
    _final(stage, road, -450)
    with stage.at(-440):
        road.pay()
    with stage.at(-110):
        road.report_usage()
        road.close()


def _cancelled(stage: Stage, road: Road) -> None:
    """The agreement ended early after an advance, which is claimed back."""
    _under_way(stage, road)
    with stage.at(-40):
        decision = programmes.record_programme_decision(
            programme=stage.programme,
            reference="COPIL-R1",
            body="steering",
            taken_on=stage.day(-41).date(),
            text="Résiliation d’une convention (illustration).",
            by=stage.cast.manager,
        )
        endings.cancel(
            dossier=road.it, decision=decision, reason="Projet abandonné (illustration).", by=stage.cast.manager
        )


def _current(stage: Stage) -> None:
    """The second call: from filed dossiers to decisions."""
    past = stage.meeting(-12)
    stage.meeting(9, held=False)
    _before_the_committee(stage)
    _decided(stage, past)


def _before_the_committee(stage: Stage) -> None:
    fresh = stage.road(stage.current, 1)
    _to_committee(stage, fresh, -70, advised=False)

    advised_now = stage.road(stage.current, 0)
    _to_committee(stage, advised_now, -68, advised=False)
    with stage.at(-30):
        advised_now.open_mission(stage.contract, days=8)
    with stage.at(-2):
        advised_now.log_days(4)
    letters.of_an_advised_one(stage, advised_now)

    returned = stage.road(stage.current, 0)
    _to_committee(stage, returned, -66, advised=False)
    with stage.at(-4):
        instruction.return_for_completion(
            dossier=returned.it,
            sections=["budget", "documents"],
            message="Joignez le devis de l’hébergement et précisez le poste « formation » du budget (illustration).",
            due_at=stage.day(17, 17),
            by=stage.cast.officer,
        )
    letters.of_a_returned_one(stage, returned)

    ineligible = stage.road(stage.current, 4)
    _to_committee(stage, ineligible, -65, advised=False)
    with stage.at(-50):
        instruction.declare_ineligible(
            dossier=ineligible.it,
            reasons="Le service existait déjà à l’ouverture de l’appel (illustration).",
            rule="Article 3 du règlement de l’appel : projet non commencé",
            by=stage.cast.officer,
        )

    withdrawn = stage.road(stage.current, 5)
    _to_committee(stage, withdrawn, -64, advised=False)
    with stage.at(-40):
        submission.withdraw(dossier=withdrawn.it, reason="Projet reporté (illustration).", by=withdrawn.signatory)

    unassigned = stage.road(stage.current, 2)
    _to_committee(stage, unassigned, -63)

    asked = stage.road(stage.current, 3)
    _to_committee(stage, asked, -62)
    with stage.at(-20):
        asked.assign()

    half_scored = stage.road(stage.current, 4)
    _to_committee(stage, half_scored, -61)
    with stage.at(-20):
        half_scored.assign()
        half_scored.answer_conflicts()
        half_scored.score(16, half_scored.assessors[1:])

    scored = stage.road(stage.current, 5)
    _to_marks(stage, scored, -61, 17)


def _decided(stage: Stage, past: Meeting) -> None:
    outcomes: tuple[tuple[int, int, str, str, int | None], ...] = (
        (1, 9, Outcome.REJECT, "Le calendrier n’est pas réaliste (illustration).", None),
        (2, 12, Outcome.RESERVE, "", 1),
        (3, 16, Outcome.SELECT, "", None),
        (0, 18, Outcome.SELECT, "", None),
        (1, 17, Outcome.SELECT, "", None),
    )
    roads = []
    for town, marks, outcome, reasons, rank in outcomes:
        road = stage.road(stage.current, town)
        _to_marks(stage, road, -62, marks)
        with stage.at(-12, 16):
            road.decide(past, outcome, reasons, rank)
        roads.append(road)
    with stage.at(-12, 18):
        meetings.close_meeting(meeting=Meeting.objects.get(pk=past.pk), by=stage.cast.secretary)
    rejected, _reserve, _selected, to_sign, signed = roads
    with stage.at(-7):
        appeals.appeal(
            dossier=rejected.it,
            text="Le calendrier a été revu avec le prestataire (illustration).",
            by=rejected.signatory,
        )
        to_sign.draft_agreement(stage.day(5).date(), stage.day(500).date())
        to_sign.give_bank_details()
        signed.sign(stage.day(5).date(), stage.day(500).date())


def _open(stage: Stage) -> None:
    """The open call: drafts, and a first dossier filed."""
    own = stage.road(stage.open, 0)
    with stage.at(-6):
        own.draft()
        begun = stage.road(stage.open, 2)
        begun.start()
    letters.of_a_draft(stage, own)
    filed = stage.road(stage.open, 3)
    with stage.at(-5):
        filed.draft()
    with stage.at(-1):
        filed.submit()


def _part(road: Road, share: str) -> list[Decimal]:
    """Two invoices that make `share` of the eligible base, to the cent."""
    total = (road.project.eligible * Decimal(share)).quantize(Decimal("0.01"))
    first = (total / 2).quantize(Decimal("0.01"))
    return [first, total - first]


def _asked(stage: Stage) -> None:
    """A role and a mandate were asked for, and wait for whoever confirms them."""
    with stage.at(-3):
        roles.propose_role_by_email(
            email="suivi@demo.example",
            full_name="Élise Roumieu",
            role=Role.FOLLOW_UP_AGENT,
            scope=CODE,
            by=stage.cast.manager,
        )
        deputy = accounts.ensure_person(
            email="adjointe@demo.example", full_name="Laure Estève", language="fr", by=stage.cast.manager
        )
        mandates.request_mandate(
            organisation=stage.towns[1].organisation, function="Vice-présidente (illustration)", by=deputy
        )
