"""What waits for the paying officer."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from monitoring.queries import todo as monitoring
from people.models import Person, Role
from web.home import HomeSection, section
from web.shared.work import Source, by_number, of_dossier

SOURCES: list[Source] = [
    (_("Payments to order"), monitoring.certificates_to_order, by_number("finance:order")),
    (_("Orders whose outcome is to be recorded"), monitoring.orders_to_record, by_number("finance:record_payment")),
    (_("Grants to settle"), monitoring.dossiers_to_settle, of_dossier("finance:pay")),
    (_("Money to come back"), monitoring.recoveries_to_record, by_number("finance:recovery")),
]


def todo(person: Person) -> list[HomeSection]:
    """One section for a paying officer."""
    if not person.standing.has_role(Role.PAYING_OFFICER):
        return []
    nothing = _t("Nothing is to be paid. Sums come here once their certificate is approved.")
    url = reverse("finance:paid")
    return [section(person, Role.PAYING_OFFICER.label, SOURCES, empty=nothing, action=_t("Paid orders"), url=url)]
