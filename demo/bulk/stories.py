"""The exemplars: for every state, one dossier that walks there by the real acts. The copies multiply their amounts.

All amounts are multiples of 200 euros, so that half of any of them, times a whole number of hundredths, is a whole
number of euros: then a grant and what follows from it grow exactly with the plan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from demo.bulk.stage import CURRENT, FINISHED, OPEN, Stage
from demo.delivery import Road
from grants.actions import agreements, appeals, drafting, instruction, submission
from grants.models import Agreement, Partner
from monitoring.actions import endings
from monitoring.models import Certificate, ClaimKind
from people.models import Organisation, Person
from programmes.actions import programmes
from selection.models import Outcome

ELIGIBLE = Decimal(20_000)
REQUESTED = Decimal(10_000)
COSTS = (
    ("Conception et développement", "9000.00", "9000.00"),
    ("Matériel et installation", "6000.00", "6000.00"),
    ("Formation des agents et des élus", "3400.00", "3000.00"),
    ("Communication et accompagnement des habitants", "2600.00", "2000.00"),
)
RESOURCES = (("grant", "", "10000.00"), ("public", "Département", "3000.00"), ("own", "", "8000.00"))


@dataclass(frozen=True)
class Story:
    """One exemplar: its call, the share of the copies that follow it, and the acts that bring it where it stands.

    One that comes `after` another begins as a copy of it, so that no act is told twice.
    """

    name: str
    call: str
    weight: int
    tell: Callable[[Stage, Road], None]
    after: str = ""


@dataclass(frozen=True)
class PartnerTown:
    """Another community that carries a project with its applicant, and who signs for it."""

    organisation: Organisation
    signatory: Person


def prepare(road: Road) -> None:
    """A draft that is ready to be filed, with a plan of several lines that balances."""
    road.draft()
    road.dossier = drafting.set_plan(
        dossier=road.it,
        cost_lines=[{"post": post, "supplier": "", "cost": cost, "eligible": part} for post, cost, part in COSTS],
        resources=[{"kind": kind, "label": label, "amount": amount} for kind, label, amount in RESOURCES],
        version=road.it.version,
        by=road.editor,
    )


# The open call -----------------------------------------------------------------------------------------------------
def begun(stage: Stage, road: Road) -> None:
    with stage.at(-6):
        road.start()


def drafted(stage: Stage, road: Road) -> None:
    with stage.at(-6):
        prepare(road)


def just_filed(stage: Stage, road: Road) -> None:
    with stage.at(-4):
        road.submit()


# The current call: filed, advised, scored, decided --------------------------------------------------------------------
def filed(stage: Stage, road: Road) -> None:
    with stage.at(-90):
        prepare(road)
    with stage.at(-80):
        road.submit()


def under_advice(stage: Stage, road: Road) -> None:
    with stage.at(-76):
        road.open_mission(stage.contract, days=4)
    with stage.at(-70):
        road.log_days(3)


def advised_after_mission(stage: Stage, road: Road) -> None:
    with stage.at(-66):
        road.end_mission()
    with stage.at(-64):
        road.advise()


def advised(stage: Stage, road: Road) -> None:
    with stage.at(-64):
        road.waive_advice()
        road.advise()


def returned(stage: Stage, road: Road) -> None:
    with stage.at(-20):
        _send_back(stage, road, 20)


def completed(stage: Stage, road: Road) -> None:
    with stage.at(-76):
        _send_back(stage, road, -62)
    with stage.at(-66):
        road.submit()


def ineligible(stage: Stage, road: Road) -> None:
    with stage.at(-50):
        instruction.declare_ineligible(
            dossier=road.it,
            reasons="Le service existait déjà à l’ouverture de l’appel.",
            rule="Article 3 du règlement de l’appel : projet non commencé",
            by=stage.cast.officer,
        )


def withdrawn(stage: Stage, road: Road) -> None:
    with stage.at(-40):
        submission.withdraw(dossier=road.it, reason="Projet reporté.", by=road.signatory)


def assigned(stage: Stage, road: Road) -> None:
    with stage.at(-40):
        road.assign()


def half_scored(stage: Stage, road: Road) -> None:
    """Every member has answered the conflict question; the first one still has to score."""
    with stage.at(-30):
        road.answer_conflicts()
        road.score(14, road.assessors[1:])


def scored(stage: Stage, road: Road) -> None:
    with stage.at(-29):
        road.score(15, road.assessors[:1])


def with_partner(partner: PartnerTown) -> Callable[[Stage, Road], None]:
    """Carried by two communities, and filed again once completed."""

    def tell(stage: Stage, road: Road) -> None:
        with stage.at(-90):
            prepare(road)
            invited: Partner = drafting.invite_partner(
                dossier=road.it, organisation=partner.organisation, part="Héberge le service", by=road.editor
            )
            drafting.confirm_partner(partner=invited, accepted=True, by=partner.signatory)
        with stage.at(-80):
            road.submit()

    return tell


def selected(stage: Stage, road: Road) -> None:
    _decided(stage, road, Outcome.SELECT)


def on_reserve(stage: Stage, road: Road) -> None:
    _decided(stage, road, Outcome.RESERVE, rank=1)


def rejected(stage: Stage, road: Road) -> None:
    _decided(stage, road, Outcome.REJECT, "Le calendrier n’est pas réaliste.")


def _decided(stage: Stage, road: Road, outcome: str, reasons: str = "", rank: int | None = None) -> None:
    with stage.at(-12, 16):
        road.decide(stage.meetings[CURRENT], outcome, reasons, rank)


def appealed(stage: Stage, road: Road) -> None:
    with stage.at(-7):
        appeals.appeal(dossier=road.it, text="Le calendrier a été revu avec le prestataire.", by=road.signatory)


def to_sign(stage: Stage, road: Road) -> None:
    with stage.at(-7):
        road.draft_agreement(stage.day(5).date(), stage.day(500).date())
        road.give_bank_details()


def signed(stage: Stage, road: Road) -> None:
    with stage.at(-6):
        agreements.sign_as_beneficiary(agreement=Agreement.objects.get(dossier=road.it), by=road.signatory)


# The finished call: agreements, claims, payments, endings -------------------------------------------------------------
def selected_long_ago(stage: Stage, road: Road) -> None:
    with stage.at(-1250):
        prepare(road)
    with stage.at(-1240):
        road.submit()
    with stage.at(-1210):
        road.waive_advice()
        road.advise()
    with stage.at(-1150):
        road.assign()
        road.answer_conflicts()
        road.score(16)
    with stage.at(-1100, 16):
        road.decide(stage.meetings[FINISHED], Outcome.SELECT)


def withdrawn_after_selection(stage: Stage, road: Road) -> None:
    with stage.at(-1080):
        submission.withdraw(dossier=road.it, reason="La commune renonce.", by=road.signatory)


def contracted(stage: Stage, road: Road) -> None:
    with stage.at(-1070):
        road.sign(stage.day(-1090).date(), stage.day(200).date())
    with stage.at(-1065):
        road.contract()


def advance_paid(stage: Stage, road: Road) -> None:
    with stage.at(-1040):
        certificate = road.certify(road.claim(ClaimKind.ADVANCE, [], stage.day(-1040).date()))
    with stage.at(-1030):
        road.execute(road.order(certificate), stage.day(-1030).date())


def claimed(stage: Stage, road: Road) -> None:
    with stage.at(-15):
        road.claim(ClaimKind.INTERIM, _invoices(4000, 4000), stage.day(-22).date())


def certificate_issued(stage: Stage, road: Road) -> None:
    with stage.at(-18):
        claim = road.claim(ClaimKind.INTERIM, _invoices(3000, 3000), stage.day(-30).date())
    with stage.at(-14):
        road.check(claim)
        road.issue(claim)


def partly_rejected(stage: Stage, road: Road) -> None:
    """A sum is due and not ordered yet; one invoice was rejected in part."""
    with stage.at(-25):
        claim = road.claim(ClaimKind.INTERIM, _invoices(5000, 5000), stage.day(-35).date())
    with stage.at(-16):
        first = claim.items.order_by("pk")[0]
        why = "Frais de déplacement non éligibles"
        road.certify(claim, {first.pk: (first.claimed - Decimal(200), why)})


def ordered(stage: Stage, road: Road) -> None:
    with stage.at(-13):
        road.order(Certificate.objects.get(dossier=road.it))


def verified(stage: Stage, road: Road) -> None:
    _final(stage, road, -40)


def paid(stage: Stage, road: Road) -> None:
    _final(stage, road, -600)
    with stage.at(-580):
        road.pay()


def _final(stage: Stage, road: Road, number: int) -> None:
    """The final claim is certified and paid, the project verified, `number` days after the making."""
    with stage.at(number):
        road.deploy(stage.day(number - 30).date())
        certificate = road.final_balance(_invoices(9000, 6000, 5000), stage.day(number - 10).date())
    with stage.at(number + 5):
        road.verify()
        order = road.order(certificate)
    with stage.at(number + 9):
        road.execute(order, stage.day(number + 9).date())


def closed(stage: Stage, road: Road) -> None:
    with stage.at(-220):
        road.report_usage()
        road.close()


def cancelled(stage: Stage, road: Road) -> None:
    """The agreement ended early after an advance, which is claimed back."""
    with stage.at(-100):
        decision = programmes.record_programme_decision(
            programme=stage.programme,
            reference="BANC-R1",
            body="steering",
            taken_on=stage.day(-101).date(),
            text="Résiliation d’une convention.",
            by=stage.cast.manager,
        )
        endings.cancel(dossier=road.it, decision=decision, reason="Projet abandonné.", by=stage.cast.manager)


def stories(partner: PartnerTown) -> tuple[Story, ...]:
    """Every exemplar, each behind the one that it comes after."""
    return (
        Story("drafted", OPEN, 14, drafted),
        Story("filed", CURRENT, 8, filed),
        Story("advised", CURRENT, 6, advised, "filed"),
        Story("assigned", CURRENT, 6, assigned, "advised"),
        Story("half scored", CURRENT, 12, half_scored, "assigned"),
        Story("scored", CURRENT, 16, scored, "half scored"),
        Story("rejected", CURRENT, 20, rejected, "scored"),
        Story("selected", CURRENT, 8, selected, "scored"),
        Story("on reserve", CURRENT, 12, on_reserve, "scored"),
        Story("returned", CURRENT, 8, returned, "filed"),
        Story("ineligible", CURRENT, 6, ineligible, "filed"),
        Story("withdrawn", CURRENT, 4, withdrawn, "filed"),
        Story("selected long ago", FINISHED, 1, selected_long_ago),
        Story("contracted", FINISHED, 4, contracted, "selected long ago"),
        Story("advance paid", FINISHED, 5, advance_paid, "contracted"),
        Story("verified", FINISHED, 6, verified, "advance paid"),
        Story("paid", FINISHED, 12, paid, "advance paid"),
        Story("closed", FINISHED, 8, closed, "paid"),
        Story("cancelled", FINISHED, 2, cancelled, "advance paid"),
        Story("begun", OPEN, 3, begun),
        Story("just filed", OPEN, 8, just_filed, "drafted"),
        Story("under advice", CURRENT, 6, under_advice, "filed"),
        Story("advised after a mission", CURRENT, 5, advised_after_mission, "under advice"),
        Story("completed", CURRENT, 4, completed, "filed"),
        Story("with a partner", CURRENT, 3, with_partner(partner)),
        Story("appealed", CURRENT, 2, appealed, "rejected"),
        Story("to sign", CURRENT, 4, to_sign, "selected"),
        Story("signed", CURRENT, 4, signed, "to sign"),
        Story("withdrawn after selection", FINISHED, 1, withdrawn_after_selection, "selected long ago"),
        Story("claimed", FINISHED, 3, claimed, "advance paid"),
        Story("certificate issued", FINISHED, 2, certificate_issued, "contracted"),
        Story("partly rejected", FINISHED, 2, partly_rejected, "contracted"),
        Story("ordered", FINISHED, 1, ordered, "partly rejected"),
    )


def _send_back(stage: Stage, road: Road, due: int) -> None:
    instruction.return_for_completion(
        dossier=road.it,
        sections=["budget", "documents"],
        message="Joignez le devis de l’hébergement et précisez le poste « formation » du budget.",
        due_at=stage.day(due) + timedelta(hours=7),
        by=stage.cast.officer,
    )


def _invoices(*euros: int) -> list[Decimal]:
    return [Decimal(amount) for amount in euros]
