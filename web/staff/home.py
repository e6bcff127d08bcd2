"""What waits for an administrator of the site."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from people.models import Person, Role, RoleAssignment
from people.queries import roles_to_answer
from web.home import HomeSection, section
from web.shared.work import Source, Task


def _role(row: RoleAssignment) -> Task:
    return Task(row.person.full_name, reverse("staff:role", args=[row.pk]), f"{row.get_role_display()} · {row.scope}")


SOURCES: list[Source] = [(_("Roles to confirm"), roles_to_answer, _role)]


def todo(person: Person) -> list[HomeSection]:
    """One section for an administrator."""
    if not person.standing.has_role(Role.ADMINISTRATOR):
        return []
    nothing = _t("No proposed role waits for your answer.")
    url = reverse("staff:roles")
    links = [(_t("Programmes"), reverse("staff:programmes"))]
    label = Role.ADMINISTRATOR.label
    return [section(person, label, SOURCES, empty=nothing, action=_t("Roles"), url=url, links=links)]
