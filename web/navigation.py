"""Navigation by role: what each person finds in the header, made of what they are; only addresses that exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

_CALLS = (_("Calls"), "public:calls")
_HELP = (_("Help"), "public:help")

# In the order of a dossier's life; a person of several roles has the items of each.
ITEMS: dict[str, tuple[tuple[Any, str], ...]] = {
    "applicant_editor": ((_("My dossiers"), "applicant:dossiers"), _CALLS, _HELP),
    "applicant_signatory": ((_("My dossiers"), "applicant:dossiers"), _CALLS, _HELP),
    "adviser": ((_("Missions"), "adviser:missions"), (_("Calendar"), "adviser:calendar")),
    "committee_member": ((_("My session"), "committee:session"), (_("My scores"), "committee:scores")),
    "committee_secretary": (
        (_("Meetings"), "committee:meetings"),
        (_("Ranking"), "committee:ranking"),
        (_("Decisions"), "committee:decisions"),
    ),
    "instructing_officer": (
        (_("To do"), "officer:todo"),
        (_("Dossiers"), "officer:dossiers"),
        (_("Invoices"), "officer:claims"),
        (_("Certificates"), "officer:certificates"),
    ),
    "paying_officer": ((_("To pay"), "finance:to_pay"), (_("Paid orders"), "finance:paid")),
    "programme_manager": (
        (_("Dashboard"), "manager:dashboard"),
        (_("Indicators"), "manager:indicators"),
        (_("To do"), "officer:managing"),
        (_("Dossiers"), "officer:dossiers"),
        (_("Reports"), "audit:reports"),
        (_("Set-up"), "manager:settings"),
    ),
    "auditor": ((_("Sample"), "audit:sample"), (_("Trails"), "audit:trails"), (_("Reports"), "audit:reports")),
    "administrator": (
        (_("Roles"), "staff:roles"),
        (_("Programmes"), "staff:programmes"),
        (_("Organisations"), "staff:organisations"),
    ),
}
PUBLIC_ITEMS = (_CALLS, (_("Funded projects"), "public:projects"), (_("Data"), "public:data"), _HELP)
MAIL = (_("Mail"), "mailbox")


@dataclass(frozen=True)
class Item:
    """One link of the header."""

    label: str
    url: str
    here: bool


def address_of(name: str) -> str:
    """The address of a page, empty where this installation has none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def navigation(request: HttpRequest) -> list[Item]:
    """The links of the header for the person of the request; the closest to the present page is marked."""
    wanted = list(PUBLIC_ITEMS)
    if request.user.is_authenticated:
        held = request.user.standing.holds()
        own = [item for role, items in ITEMS.items() if role in held for item in items]
        # Whoever has no role yet is about to file for an organisation.
        wanted = own or list(ITEMS["applicant_editor"])
    links: dict[str, str] = {}
    for label, name in wanted:
        if url := address_of(name):
            links.setdefault(url, str(label))
    here = max((url for url in links if request.path.startswith(url)), key=len, default="")
    return [Item(label, url, url == here) for url, label in links.items()]
