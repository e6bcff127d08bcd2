"""Advice before selection: the framework contract, missions and their days, the officer's opinion (R13, F11)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _t

from grants.models import Capacity, Dossier, Participation
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, Refused
from kit.lifecycle import require
from kit.locks import locked
from people.acting import action, as_person
from people.models import Organisation, Person, Role
from people.permissions import permit
from programmes.models import Programme
from records.actions import documents, journal
from records.models import Document
from selection import mails
from selection.actions import inputs
from selection.models import FrameworkContract, Mission, MissionDay, MissionState, Opinion, Scorecard
from selection.queries.ties import tied_to

WHOLE_DAY = Decimal(1)
MOST_DAYS_OF_A_CONTRACT = Decimal("99999.5")
MOST_DAYS_OF_A_MISSION = Decimal("999.5")


@action("programme.edit")
def open_framework(
    *,
    programme: Programme,
    provider: Organisation,
    reference: str,
    days: Decimal,
    day_price: Decimal,
    starts_on: date,
    ends_on: date,
    by: Actor,
) -> FrameworkContract:
    """Enter a contract for `days` days of advice at `day_price` euros a day. Raises `Refused`."""
    permit(by, "programme.edit", programme)
    inputs.period(starts_on, ends_on)
    contract = FrameworkContract(
        programme=programme,
        provider=provider,
        reference=inputs.line(reference, "reference", longest=60),
        days=inputs.days(days, "days", most=MOST_DAYS_OF_A_CONTRACT),
        day_price=inputs.amount(day_price, "day_price"),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    try:
        with transaction.atomic():
            contract.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_t("The programme has a contract with this reference already."), field="reference") from error
    journal.write(
        by,
        "framework.opened",
        contract,
        provider=provider.name,
        days=contract.days,
        day_price=contract.day_price,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return contract


@action("mission.open")
def open_mission(
    *, dossier: Dossier, contract: FrameworkContract, adviser: Person, days: Decimal, purpose: str, by: Actor
) -> Mission:
    """Order `days` days of advice for the dossier from the framework contract, within what it has left (F11).

    Raises `Refused` beyond the days left, outside the contract's dates, or for a person who may not advise it.
    """
    with locked(contract, dossier) as (contract, dossier):
        permit(by, "mission.open", dossier)
        if dossier.missions.exclude(state=MissionState.WAIVED).exists():
            raise Refused(_t("This application has an advice mission already."))
        ordered = inputs.days(days, "days", most=MOST_DAYS_OF_A_MISSION)
        _within_contract(contract, dossier, ordered)
        _may_advise(adviser, dossier)
        now = clock.now()
        mission = Mission.objects.create(
            dossier=dossier,
            contract=contract,
            adviser=adviser,
            days_allotted=ordered,
            purpose=inputs.paragraph(purpose, "purpose"),
            opened_by=as_person(by),
            opened_at=now,
        )
        Participation.objects.create(dossier=dossier, person=adviser, capacity=Capacity.ADVISER, opened=True, since=now)
        journal.write(
            by,
            "mission.opened",
            dossier,
            to_state=mission.state,
            personal={"adviser": adviser.full_name},
            adviser=adviser.actor_id,
            contract=contract.reference,
            days=ordered,
        )
        mails.mission_opened(mission)
    return mission


@action("mission.log_day")
def log_day(
    *, mission: Mission, worked_on: date, days: Decimal, on_site: bool, deliverable: str, by: Actor
) -> MissionDay:
    """Log a day, or half a day, of advice; the community is asked to countersign it.

    Raises `Refused` for a day to come, more than one day a date, or more days than the mission has.
    """
    with locked(mission.dossier, mission) as (_dossier, mission):
        permit(by, "mission.log_day", mission)
        _still_open(mission)
        spent = inputs.days(days, "days", most=WHOLE_DAY)
        _within_mission(mission, worked_on, spent)
        day = MissionDay.objects.create(
            mission=mission,
            worked_on=worked_on,
            days=spent,
            on_site=bool(on_site),
            deliverable=inputs.line(deliverable, "deliverable", longest=300),
            logged_by=as_person(by),
            logged_at=clock.now(),
        )
        journal.write(by, "mission.day_logged", mission, worked_on=worked_on, days=spent, on_site=day.on_site)
        mails.days_to_countersign(day)
    return day


@action("mission.log_day")
def file_report(*, mission: Mission, report: str, by: Actor, document: Any = None) -> Mission:
    """File the adviser's report, with `document` (an uploaded file) if there is one; a new version replaces it."""
    with locked(mission.dossier, mission) as (dossier, mission):
        permit(by, "mission.log_day", mission)
        _still_open(mission)
        mission.report = inputs.paragraph(report, "report")
        mission.reported_at = clock.now()
        if document is not None:
            mission.report_document = _stored(document, dossier, by)
        mission.save(update_fields=["report", "reported_at", "report_document"])
        attached = mission.report_document.digest if mission.report_document is not None else ""
        journal.write(by, "mission.report_filed", mission, document=attached)
    return mission


@action("mission.countersign")
def countersign(*, mission: Mission, by: Actor) -> list[MissionDay]:
    """Countersign every day that waits for it, for the community. Raises `Conflict` when none does."""
    with locked(mission.dossier, mission) as (dossier, mission):
        permit(by, "mission.countersign", mission)
        _still_open(mission)
        signatory = as_person(by)
        waiting = list(mission.days_log.filter(countersigned_at=None).order_by("worked_on", "pk"))
        if not waiting:
            raise Conflict(_t("No day waits to be countersigned."))
        if any(day.logged_by_id == signatory.pk for day in waiting):
            raise Refused(_t("You logged some of these days yourself, so another signatory countersigns them."))
        now = clock.now()
        for day in waiting:
            day.countersigned_by, day.countersigned_at = signatory, now
            day.save(update_fields=["countersigned_by", "countersigned_at"])
        journal.write(
            by,
            "mission.days_countersigned",
            mission,
            on_behalf=dossier.applicant.name,
            days=sum((day.days for day in waiting), Decimal(0)),
            dates=[day.worked_on for day in waiting],
        )
    return waiting


@action("mission.close")
def close_mission(*, mission: Mission, by: Actor) -> Mission:
    """Close the mission: what it did not use returns to the framework contract (F11). Raises `Unmet`."""
    with locked(mission.dossier, mission) as (_dossier, mission):
        permit(by, "mission.close", mission)
        require(mission, "close")
        mission.close()
        mission.closed_by, mission.closed_at = as_person(by), clock.now()
        mission.save(update_fields=["state", "closed_by", "closed_at"])
        journal.write(
            by,
            "mission.closed",
            mission,
            from_state=MissionState.OPEN,
            to_state=mission.state,
            allotted=mission.days_allotted,
            used=mission.days_used,
        )
    return mission


@action("mission.waive")
def waive_mission(*, dossier: Dossier, reason: str, by: Actor) -> Mission:
    """No advice, or no more of it, is needed: the reason is kept, and an open mission ends.

    Raises `Conflict` when advice is settled already.
    """
    with locked(dossier) as dossier:
        permit(by, "mission.waive", dossier)
        found = dossier.missions.order_by("pk").first()
        if found is not None and found.state != MissionState.OPEN:
            raise Conflict(_t("Advice on this application is settled already."))
        if found is None:
            mission = Mission(dossier=dossier, opened_by=as_person(by), opened_at=clock.now())
        else:
            with locked(found) as mission:
                _end_participation(mission)
        mission.reason = inputs.paragraph(reason, "reason", needed=False)
        require(mission, "waive")
        mission.waive()
        mission.closed_by, mission.closed_at = as_person(by), clock.now()
        mission.save()
        journal.write(
            by,
            "mission.waived",
            mission,
            from_state=MissionState.OPEN if found is not None else "",
            to_state=mission.state,
            reason=mission.reason,
        )
    return mission


@action("dossier.advise")
def advise(*, dossier: Dossier, favourable: bool, opinion: str, by: Actor) -> Opinion:
    """Record the officer's reasoned opinion and pass the dossier to the committee. Raises `Unmet`."""
    with locked(dossier) as dossier:
        permit(by, "dossier.advise", dossier)
        text = inputs.paragraph(opinion, "opinion", needed=False)
        require(dossier, "advise", opinion=text)
        was, now = dossier.state, clock.now()
        given = Opinion.objects.create(
            dossier=dossier, favourable=bool(favourable), text=text, given_by=as_person(by), given_at=now
        )
        dossier.advise()
        dossier.advised_at = now
        dossier.save(update_fields=["state", "advised_at"])
        journal.write(
            by, "dossier.advised", dossier, from_state=was, to_state=dossier.state, favourable=given.favourable
        )
    return given


def _within_contract(contract: FrameworkContract, dossier: Dossier, ordered: Decimal) -> None:
    if contract.programme_id != dossier.programme_id:
        raise Refused(_t("This contract belongs to another programme."), field="contract")
    if not contract.starts_on <= clock.today() <= contract.ends_on:
        raise Refused(_t("This contract is not in force today; choose another one."), field="contract")
    left = contract.days_left
    if ordered > left:
        sentence = _t("The contract {contract} has {left} days left: order fewer days, or use another contract.")
        raise Refused(sentence.format(contract=contract.reference, left=f"{left:.1f}"), field="days")


def _may_advise(adviser: Person, dossier: Dossier) -> None:
    """An adviser of the programme, free of ties, who does not score the dossier."""
    if not adviser.is_active or not adviser.standing.has_role(Role.ADVISER, dossier.programme_code):
        raise Refused(_t("This person is not an adviser of the programme; choose another one."), field="adviser")
    if tied_to(adviser, dossier):
        raise Refused(
            _t("This person is tied to the applicant or to a partner; choose another adviser."), field="adviser"
        )
    scores = dossier.assignments.filter(person=adviser, ended_at=None).exists()
    if scores or Scorecard.objects.live().filter(dossier=dossier, person=adviser).exists():
        raise Refused(_t("This person scores the application; choose another adviser."), field="adviser")


def _still_open(mission: Mission) -> None:
    if mission.state != MissionState.OPEN:
        raise Conflict(_t("This mission is over; reload the page to see where it stands."))


def _within_mission(mission: Mission, worked_on: date, spent: Decimal) -> None:
    if inputs.day(worked_on, "worked_on") > clock.today():
        raise Refused(_t("A day is logged once it is over, not before; correct the date."), field="worked_on")
    if mission.contract is not None and worked_on < mission.contract.starts_on:
        raise Refused(_t("This date is before the contract of the mission; correct it."), field="worked_on")
    same = mission.days_log.filter(worked_on=worked_on).aggregate(days=Sum("days"))["days"] or Decimal(0)
    if same + spent > WHOLE_DAY:
        raise Refused(_t("One date holds one day at most; correct the date or the days."), field="worked_on")
    left = mission.days_allotted - mission.days_used
    if spent > left:
        sentence = _t("The mission has {left} days left; ask the instructing officer if more are needed.")
        raise Refused(sentence.format(left=f"{left:.1f}"), field="days")


def _stored(upload: Any, dossier: Dossier, by: Actor) -> Document:
    return documents.store(upload, by=by, chain=dossier.journal_chain, kind="mission_report")


def _end_participation(mission: Mission) -> None:
    Participation.objects.filter(
        dossier=mission.dossier_id, person=mission.adviser_id, capacity=Capacity.ADVISER, until=None
    ).update(until=clock.now())
