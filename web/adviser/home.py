"""What waits for an adviser."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from people.models import Person, Role
from selection.queries import todo as selection
from web.home import HomeSection, section
from web.shared.work import Source, Task
from web.templatetags.escalier import number


def _mission(row: Any) -> Task:
    used = _t("{used} of {days} days used").format(used=number(row.used), days=number(row.days_allotted))
    url = reverse("adviser:mission", args=[row.pk])
    return Task(row.dossier.applicant.name, url, f"{row.dossier.reference} · {used}")


SOURCES: list[Source] = [(_("Missions under way"), selection.missions_of_adviser, _mission)]


def todo(person: Person) -> list[HomeSection]:
    """One section for an adviser."""
    if not person.standing.has_role(Role.ADVISER):
        return []
    return [
        section(
            person,
            Role.ADVISER.label,
            SOURCES,
            empty=_t("No mission is under way. An officer who orders one from you tells you by mail."),
            action=_t("All missions"),
            url=reverse("adviser:missions"),
        )
    ]
