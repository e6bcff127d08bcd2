"""What a programme and its actions are called, and by whom they are run: corrected with a trace.

Codes, dates and money stay: roles, references and decisions rest on them.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _t

from kit.actors import Actor
from kit.errors import Refused
from kit.locks import locked
from people.acting import action
from people.permissions import permit
from programmes.actions import inputs
from programmes.models import Measure, Programme
from records.actions import journal

OF_PROGRAMME = ("title_fr", "title_en", "managing_body", "contact_email")
OF_MEASURE = ("title_fr", "title_en", "operator")
NEEDED = ("title_fr", "managing_body")


@action("programme.edit")
def edit_programme(*, programme: Programme, changes: Mapping[str, str], by: Actor) -> Programme:
    """Change titles, managing body or contact of the programme, by name. Raises `Refused` for any other field."""
    with locked(programme) as programme:
        permit(by, "programme.edit", programme)
        former = _change(programme, changes, OF_PROGRAMME)
        if former:
            programme.save(update_fields=list(former))
            now = {name: getattr(programme, name) for name in former}
            journal.write(by, "programme.edited", programme, former=former, now=now)
    return programme


@action("programme.edit")
def edit_measure(*, measure: Measure, changes: Mapping[str, str], by: Actor) -> Measure:
    """Change titles or operator of an action of the programme, by name. Raises `Refused` for any other field."""
    with locked(measure.programme, measure) as (programme, measure):
        permit(by, "programme.edit", programme)
        former = _change(measure, changes, OF_MEASURE)
        if former:
            measure.save(update_fields=list(former))
            now = {name: getattr(measure, name) for name in former}
            journal.write(by, "measure.edited", programme, measure=measure.code, former=former, now=now)
    return measure


def _change(row: Programme | Measure, changes: Mapping[str, str], known: tuple[str, ...]) -> dict[str, str]:
    """Set the values on the row; what the changed ones were."""
    former = {}
    for name, value in changes.items():
        if name not in known:
            raise Refused(_t("This cannot be changed here."), field=name)
        if name == "contact_email":
            kept = inputs.email(value, name) if value else ""
        else:
            kept = inputs.line(value, name, longest=200, needed=name in NEEDED)
        if getattr(row, name) != kept:
            former[name] = getattr(row, name)
            setattr(row, name, kept)
    return former
