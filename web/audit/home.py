"""Where an auditor begins."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kit.money import format_amount
from kit.text import format_short_date
from monitoring.models import PaymentOrder
from monitoring.queries import todo as monitoring
from people.models import Person, Role
from web.home import HomeSection, section
from web.shared.work import Source, Task


def _paid(row: PaymentOrder) -> Task:
    day = format_short_date(row.executed_on) if row.executed_on else ""
    return Task(
        str(row.dossier),
        reverse("audit:trail", args=[row.dossier.reference]),
        " · ".join((row.dossier.applicant.name, format_amount(row.amount), day)),
    )


SOURCES: list[Source] = [(_("Paid lately: follow the trail"), monitoring.orders_to_audit, _paid)]


def todo(person: Person) -> list[HomeSection]:
    """One section for an auditor: nothing waits, but the last payments are where one begins."""
    if not person.standing.has_role(Role.AUDITOR):
        return []
    nothing = _t("Draw a sample of dossiers, or follow the trail of one of them.")
    url = reverse("audit:sample")
    links = [(_t("All trails"), reverse("audit:trails")), (_t("Reports"), reverse("audit:reports"))]
    label = Role.AUDITOR.label
    return [section(person, label, SOURCES, empty=nothing, action=_t("Draw a sample"), url=url, links=links)]
