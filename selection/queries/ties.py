"""Who is tied to what: a tie beats a role, and one dossier of a call is enough to keep a member from all of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from grants.lifecycle import State
from grants.models import Dossier, Partner
from kit import clock
from people.models import Person
from programmes.models import Call
from selection.models.assessment import TYING_PARTNERS, tied_dossiers


def tied_to(person: Person, dossier: Dossier) -> bool:
    """Whether an organisation of `person` (member, mandate, employee) applies or is a partner."""
    organisations = person.standing.organisations
    if not organisations:
        return False
    if dossier.applicant_id in organisations:
        return True
    return dossier.partners.filter(organisation__in=organisations, state__in=TYING_PARTNERS).exists()


def tied_to_call(person: Person, call: Call) -> bool:
    """Whether `person` is tied to any dossier of the call that competes, or may still be filed."""
    if not person.standing.organisations:
        return False
    return tied_dossiers(person).filter(_competing(call), call=call).exists()


def tied_persons(persons: Iterable[Person], call: Call) -> set[int]:
    """The keys of those of `persons` who are tied to a dossier of the call."""
    persons = list(persons)
    Person.read_standings(persons)
    acting_for = {person.pk: person.standing.organisations for person in persons}
    organisations = frozenset().union(*acting_for.values())
    if not organisations:
        return set()
    competing = Dossier.objects.filter(_competing(call), call=call).order_by()
    applicants = competing.filter(applicant__in=organisations).values_list("applicant", flat=True)
    sharing = Partner.objects.filter(
        dossier__in=competing.values("pk"), organisation__in=organisations, state__in=TYING_PARTNERS
    )
    tying = {*applicants, *sharing.order_by().values_list("organisation", flat=True)}
    return {pk for pk, own in acting_for.items() if own & tying}


def _competing(call: Call) -> Q:
    """Not withdrawn; and drafts as long as they may be filed."""
    gone = [State.WITHDRAWN] if clock.now() < call.closes_at else [State.WITHDRAWN, State.DRAFT]
    return ~Q(state__in=gone)
