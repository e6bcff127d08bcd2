"""What waits for the instructing service."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _t

from people.models import Person, Role
from web.home import HomeSection, section
from web.officer.todo import SOURCES

# Roles that read dossiers, and for whom nothing ever waits here.
READERS = (Role.CONTROLLER, Role.FOLLOW_UP_AGENT)


def todo(person: Person) -> list[HomeSection]:
    """One section for an officer, one for each role that only reads."""
    url = reverse("officer:dossiers")
    found = []
    if person.standing.has_role(Role.INSTRUCTING_OFFICER):
        nothing = _t("Nothing waits for you. Dossiers come here once their applicants have filed them.")
        label = Role.INSTRUCTING_OFFICER.label
        found.append(section(person, label, SOURCES, empty=nothing, action=_t("All dossiers"), url=url))
    for role in READERS:
        if person.standing.has_role(role):
            nothing = _t("You read the dossiers that your role opens; nothing waits for you.")
            found.append(HomeSection(role.label, empty=nothing, action=_t("All dossiers"), url=url))
    return found
