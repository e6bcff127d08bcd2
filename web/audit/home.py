"""Where an auditor begins."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _t

from people.models import Person, Role
from web.home import HomeSection


def todo(person: Person) -> list[HomeSection]:
    """One section for an auditor, for whom nothing ever waits."""
    if not person.standing.has_role(Role.AUDITOR):
        return []
    nothing = _t("Draw a sample of dossiers, or follow the trail of one of them.")
    return [HomeSection(Role.AUDITOR.label, empty=nothing, action=_t("Draw a sample"), url=reverse("audit:sample"))]
