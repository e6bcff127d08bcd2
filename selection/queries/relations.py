"""The relations of the permission page that the selection knows: bound when the application starts."""

from __future__ import annotations

from typing import Any

from grants.models import Capacity, Dossier
from grants.queries.visibility import takes_part
from kit import clock
from people.models import Person
from selection.models import Committee, CommitteeMember


def assigned(person: Person, obj: Any, role: str) -> bool:
    """The dossier was put to the person as a committee member, and their part in it has not ended."""
    return _takes_part(person, obj, Capacity.ASSESSOR)


def own_mission(person: Person, obj: Any, role: str) -> bool:
    """The person advises the dossier."""
    return _takes_part(person, obj, Capacity.ADVISER)


def own_committee(person: Person, obj: Any, role: str) -> bool:
    """The person sits today on the committee, or on the one of the meeting."""
    committee = obj if isinstance(obj, Committee) else getattr(obj, "committee", None)
    if not isinstance(committee, Committee):
        return False
    return CommitteeMember.objects.filter(committee=committee, person=person).in_office(clock.today()).exists()


def _takes_part(person: Person, obj: Any, capacity: Capacity) -> bool:
    return isinstance(obj, Dossier) and takes_part(person, obj, capacity)
