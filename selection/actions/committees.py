"""Committees, who sits on them, and the grid that they approve for a call (R16, R36)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, Refused
from kit.locks import locked
from people.acting import action
from people.models import Person, Role
from people.permissions import permit
from programmes.models import Call, Decision, DecisionBody, Programme
from records.actions import journal
from selection.actions import inputs
from selection.models import Committee, CommitteeMember, Criterion, Grid, Group, MeetingState, Score
from selection.rules import scoring
from selection.rules.scoring import Scale

INNOVATION_WEIGHT = Decimal("0.75")
FEASIBILITY_WEIGHT = Decimal(1)


def _of_reference(code: str, group: Group, label_fr: str, label_en: str) -> dict[str, Any]:
    weight = INNOVATION_WEIGHT if group == Group.INNOVATION else FEASIBILITY_WEIGHT
    return {
        "code": code,
        "group": group.value,
        "label_fr": label_fr,
        "label_en": label_en,
        "weight": weight,
        "minimum": Decimal(0),
        "maximum": Decimal(20),
        "step": Decimal(1),
    }


REFERENCE_CRITERIA: tuple[dict[str, Any], ...] = (
    _of_reference("technical", Group.INNOVATION, "Innovation technique", "Technical innovation"),
    _of_reference("approach", Group.INNOVATION, "Démarche", "Approach"),
    _of_reference("territorial", Group.INNOVATION, "Innovation territoriale", "Territorial innovation"),
    _of_reference("services", Group.INNOVATION, "Services rendus", "Services rendered"),
    _of_reference("human", Group.FEASIBILITY, "Moyens humains", "Human means"),
    _of_reference("financial", Group.FEASIBILITY, "Moyens financiers", "Financial means"),
)
"""The grid of the reference programme: innovation for 60, feasibility for 40, each marked out of 20; 100 in all."""


@action("committee.edit")
def create_committee(*, programme: Programme, body: str, name: str, quorum: int, by: Actor) -> Committee:
    """Create a committee whose meetings need `quorum` members. Raises `Refused` for a name that is taken."""
    permit(by, "committee.edit", programme)
    committee = Committee(
        programme=programme,
        body=inputs.choice(body, DecisionBody.values, "body"),
        name=inputs.line(name, "name", longest=200),
        quorum=inputs.whole(quorum, "quorum", least=1, most=999),
    )
    try:
        with transaction.atomic():
            committee.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_t("The programme has a committee with this name already."), field="name") from error
    journal.write(by, "committee.created", committee, body=committee.body, name=committee.name, quorum=committee.quorum)
    return committee


@action("committee.edit")
def appoint_member(*, committee: Committee, person: Person, since: date, by: Actor) -> CommitteeMember:
    """Appoint to the committee a person who has the role of a member in the programme. Raises `Refused`."""
    with locked(committee) as committee:
        permit(by, "committee.edit", committee)
        if not person.is_active or not person.standing.has_role(Role.COMMITTEE_MEMBER, committee.programme_code):
            raise Refused(
                _t("This person has no role of committee member in the programme; propose it first."), field="person"
            )
        if committee.members.filter(person=person, until=None).exists():
            raise Refused(_t("This person sits on the committee already."), field="person")
        member = CommitteeMember.objects.create(committee=committee, person=person, since=since)
        journal.write(
            by,
            "committee.member_appointed",
            member,
            personal={"person": person.full_name},
            person=person.actor_id,
            since=since,
        )
    return member


@action("committee.edit")
def end_membership(*, member: CommitteeMember, until: date, by: Actor) -> CommitteeMember:
    """End a membership: `until` is the first day without it. Meetings held before keep their attendance."""
    with locked(member.committee, member) as (_committee, member):
        permit(by, "committee.edit", member)
        if member.until is not None:
            raise Conflict
        if until < member.since:
            raise Refused(_t("A membership ends after it began; correct the date."), field="until")
        attended = member.attendances.filter(present=True).exclude(meeting__state=MeetingState.PLANNED)
        if any(item.meeting.day >= until for item in attended.select_related("meeting")):
            raise Refused(_t("This person attended a meeting after that date; choose a later one."), field="until")
        member.until = until
        member.save(update_fields=["until"])
        journal.write(by, "committee.member_ended", member, person=f"person:{member.person_id}", until=until)
    return member


@action("grid.edit")
def edit_grid(*, call: Call, criteria: Sequence[Mapping[str, Any]], by: Actor) -> Grid:
    """Write the criteria of the call's grid anew; what was approved is to be approved again.

    Each criterion gives `code`, `group`, `label_fr`, and if need be `label_en`, `weight`, `minimum`, `maximum`,
    `step` (exact numbers). Raises `Refused` for a scale that cannot be, and `Conflict` once a mark was given.
    """
    with locked(call) as call:
        permit(by, "grid.edit", call)
        grid, _created = Grid.objects.get_or_create(call=call)
        with locked(grid) as grid:
            _unlocked(grid)
            rows = [_criterion(grid, number, given) for number, given in enumerate(criteria)]
            _whole(rows)
            grid.criteria.all().delete()
            Criterion.objects.bulk_create(rows)
            grid.decision, grid.approved_at = None, None
            grid.save(update_fields=["decision", "approved_at"])
            journal.write(by, "grid.edited", grid, criteria=[_described(row) for row in rows])
    return grid


@action("grid.edit")
def approve_grid(*, grid: Grid, decision: Decision, by: Actor) -> Grid:
    """Record the committee's decision that approves the grid: the call may then be published. Raises `Refused`."""
    with locked(grid) as grid:
        permit(by, "grid.edit", grid)
        _unlocked(grid)
        if decision.programme_id != grid.call.programme_id:
            raise Refused(_t("This decision belongs to another programme."), field="decision")
        if not grid.criteria.exists():
            raise Refused(_t("The grid has no criteria; write them first."))
        grid.decision, grid.approved_at = decision, clock.now()
        grid.save(update_fields=["decision", "approved_at"])
        journal.write(by, "grid.approved", grid, decision=decision.reference)
    return grid


def _unlocked(grid: Grid) -> None:
    if grid.locked_at is not None or Score.objects.filter(criterion__grid=grid).exists():
        raise Conflict(_t("The grid is locked: a first mark was given with it."))


def _criterion(grid: Grid, position: int, given: Mapping[str, Any]) -> Criterion:
    code = inputs.line(given.get("code", ""), "code", longest=30)
    try:
        validate_slug(code)
    except ValidationError as error:
        raise Refused(_t("A code is made of letters, digits and hyphens."), field="code") from error
    scale = _scale(given)
    return Criterion(
        grid=grid,
        code=code,
        group=inputs.choice(given.get("group", ""), Group.values, "group"),
        label_fr=inputs.line(given.get("label_fr", ""), "label_fr", longest=120),
        label_en=inputs.line(given.get("label_en", ""), "label_en", longest=120, needed=False),
        weight=scale.weight,
        minimum=scale.minimum,
        maximum=scale.maximum,
        step=scale.step,
        position=position,
    )


def _scale(given: Mapping[str, Any]) -> Scale:
    default = Scale()
    try:
        scale = Scale(
            **{
                name: Decimal(value) if isinstance(value := given.get(name, getattr(default, name)), int) else value
                for name in ("weight", "minimum", "maximum", "step")
            }
        )
    except ValueError as error:
        raise Refused(
            _t("A scale rises from its lowest to its highest mark by a positive step; correct its numbers."),
            field="maximum",
        ) from error
    numbers = (scale.weight, scale.minimum, scale.maximum, scale.step)
    whole_cents = all(number == number.quantize(Decimal("0.01")) for number in numbers if number < 10_000)
    if not whole_cents or scale.minimum < 0 or scale.maximum > 100 or scale.step > 99 or scale.weight > 9999:
        raise Refused(_t("Marks go from 0 to 100 at most, with two decimals at most."), field="maximum")
    return scale


def _whole(rows: Sequence[Criterion]) -> None:
    if not rows:
        raise Refused(_t("Give at least one criterion."))
    if len({row.code for row in rows}) != len(rows):
        raise Refused(_t("Two criteria have the same code."), field="code")
    if not 0 < scoring.largest_total(row.scale for row in rows) <= scoring.LARGEST_TOTAL:
        raise Refused(_t("The weights are too large, or all zero; correct them."), field="weight")


def _described(row: Criterion) -> dict[str, Any]:
    names = ("code", "group", "label_fr", "label_en", "weight", "minimum", "maximum", "step")
    return {name: getattr(row, name) for name in names}
