"""The dossier's page for the staff: its tabs, each shown to whoever may read its part, and what the viewer can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.lifecycle import State
from grants.models import Dossier
from grants.queries import bank, completion, contents, money
from grants.queries import parts as reading
from grants.queries.next_steps import next_step
from grants.rules import accounts
from kit.lifecycle import missing
from kit.money import format_amount
from kit.text import format_date
from monitoring.queries import along as following
from people.permissions import may
from programmes.rules.reading import answered
from records.queries import journal
from selection.models import Mission, Opinion
from selection.queries import along as selecting
from selection.queries import deliberation, scores
from web.officer.conversation import notes_tab, thread_tab
from web.officer.steps import acts_for, facts_of
from web.shared.acts import PersonRequest
from web.shared.dossiers import paper, step_dates
from web.shared.journals import dressed
from web.shared.lists import by_key


@dataclass(frozen=True)
class Tab:
    """One tab: it is shown when the viewer may read one of `parts`; `fill` gives its context."""

    label: Any
    parts: frozenset[str]
    fill: Callable[[PersonRequest, Dossier, frozenset[str]], dict[str, Any]]
    since_contract: bool = False

    def open_to(self, dossier: Dossier, readable: frozenset[str]) -> bool:
        """Whether a viewer who may read `readable` finds this tab on the dossier."""
        told = not self.parts or bool(self.parts & readable)
        return told and (not self.since_contract or dossier.contracted_at is not None)


# The step that a checklist is shown for, from each state.
NEXT = {
    State.SUBMITTED: "advise",
    State.ADVISED: "select",
    State.ON_RESERVE: "select",
    State.SELECTED: "contract",
    State.CONTRACTED: "verify_service_fact",
    State.SERVICE_FACT_VERIFIED: "pay",
    State.PAID: "close",
}


STAGE_LABELS = {
    accounts.RESERVED: _("Reserved"),
    accounts.COMMITTED: _("Committed"),
    accounts.ADVANCED: _("Advance to be paid"),
    accounts.VERIFIED: _("Verified, to be paid"),
    accounts.ORDERED: _("Payment ordered"),
    accounts.PAID: _("Paid"),
    accounts.RECOVERED: _("To be paid back"),
}


def frame(request: PersonRequest, dossier: Dossier, tab: str) -> dict[str, Any]:
    """The context of one tab of the dossier. Raises `Http404` for a tab that the viewer may not read."""
    readable = reading.parts(request.user, dossier)
    chosen = TABS.get(tab)
    if chosen is None or not chosen.open_to(dossier, readable):
        raise Http404(tab)
    shown = [(name, item) for name, item in TABS.items() if item.open_to(dossier, readable)]
    return {
        "dossier": dossier,
        "tab": tab,
        "tabs": [{**_tab(dossier, name, item), "here": name == tab} for name, item in shown],
        **chosen.fill(request, dossier, readable),
    }


def _tab(dossier: Dossier, name: str, item: Tab) -> dict[str, Any]:
    """One tab, as `tabs` draws it; that of the messages tells how many wait for the viewer."""
    waiting = {"count": dossier.unread, "counted": _t("to read")} if name == "messages" else {}  # type: ignore[attr-defined]
    return {"label": item.label, "url": tab_url(dossier, name), **waiting}


def tab_url(dossier: Dossier, tab: str) -> str:
    """The address of a tab; the first one is the dossier's own."""
    if tab == "follow":
        return reverse("officer:dossier", args=[dossier.reference])
    return reverse("officer:dossier_tab", args=[dossier.reference, tab])


def checklist(dossier: Dossier) -> list[str]:
    """What is missing before the dossier's next step, each a sentence."""
    name = NEXT.get(State(dossier.state))
    if name is None:
        return []
    return deliberation.checklist(dossier, name) if name == "select" else missing(dossier, name)


def _follow(request: PersonRequest, dossier: Dossier, readable: frozenset[str]) -> dict[str, Any]:
    selecting.read_along(dossier)
    following.read_along(dossier)
    if reading.ADVICE in readable:
        prefetch_related_objects([dossier], Prefetch("opinions", Opinion.objects.select_related("given_by")))
    facts = facts_of(dossier)
    step = next_step(dossier, request.user)
    acts = acts_for(request, facts)
    main = next((act for act in acts if step.action in act["actions"]), None) or {"url": "", "label": ""}
    staff = bool(request.user.standing.scopes())
    return {
        "stages": step_dates(dossier),
        "step": step,
        "main": main,
        "acts": [act for act in acts if act is not main],
        "checklist": checklist(dossier) if staff and reading.DECISION in readable else [],
        "figures": list(_figures(dossier, readable)),
        "facts": list(_identity(dossier)),
        "request_open": completion.open_request(dossier) if dossier.state == State.RETURNED else None,
        "mission": facts.mission if reading.ADVICE in readable else None,
        "mission_paper": _mission_paper(facts.mission) if reading.ADVICE in readable else [],
        "opinion": next(iter(dossier.opinions.all()), None) if reading.ADVICE in readable else None,
        "timeline": list(_timeline(dossier)),
        "reasons": dossier.decision_reasons if reading.DECISION in readable else "",
    }


def _mission_paper(mission: Mission | None) -> list[dict[str, Any]]:
    document = mission.report_document if mission is not None else None
    if document is None:
        return []
    return [paper(document, reverse("officer:document", args=[document.pk]), _t("Report of the mission"))]


def _figures(dossier: Dossier, readable: frozenset[str]) -> Iterator[dict[str, str]]:
    yield {"name": _t("Eligible base"), "value": format_amount(dossier.eligible)}
    yield {"name": _t("Requested"), "value": format_amount(dossier.requested)}
    if dossier.granted is not None:
        yield {"name": _t("Grant"), "value": format_amount(dossier.granted)}
    if dossier.contracted_at is not None and reading.PAYMENTS in readable:
        yield {"name": _t("Paid so far"), "value": format_amount(money.stages(dossier)["paid"])}


def _identity(dossier: Dossier) -> Iterator[tuple[str, Any]]:
    applicant = dossier.applicant
    yield _t("Applicant"), applicant.name
    yield _t("Kind of organisation"), applicant.get_kind_display()
    yield _t("Identifier"), applicant.identifier
    yield _t("Département"), dossier.department
    yield _t("Call"), dossier.call.title
    yield _t("Officer in charge"), dossier.officer_name or _t("Nobody")  # type: ignore[attr-defined]
    yield _t("Rank on the reserve list"), dossier.reserve_rank if dossier.state == State.ON_RESERVE else ""


def _timeline(dossier: Dossier) -> Iterator[dict[str, Any]]:
    dates = step_dates(dossier)
    for state, day in sorted(dates.items(), key=lambda item: item[1]):
        yield {"when": format_date(day), "title": State(state).label, "text": "", "mark": "past"}


def _application(request: PersonRequest, dossier: Dossier, readable: frozenset[str]) -> dict[str, Any]:
    return application(dossier, readable)


def application(dossier: Dossier, readable: frozenset[str]) -> dict[str, Any]:
    """What `components/answers.html` draws: the answers, the partners and the plan, as far as they may be read."""
    sections = answered(dossier.questions, dossier.answers) if reading.ANSWERS in readable else ()
    partners = dossier.partners.select_related("organisation").order_by("pk")
    plan = dossier.plan
    return {
        "sections": [{"title": title, "rows": rows} for title, rows in sections],
        "plan": plan if reading.PLAN in readable else None,
        "cost_lines": plan.cost_lines.order_by("position", "pk") if reading.PLAN in readable else [],
        "resources": plan.resources.order_by("position", "pk") if reading.PLAN in readable else [],
        "partners": list(partners) if reading.PARTNERS in readable else [],
    }


def _documents(request: PersonRequest, dossier: Dossier, readable: frozenset[str]) -> dict[str, Any]:
    snapshots = dossier.snapshots.order_by("number").only("number", "digest", "taken_at")
    return {"papers": papers(dossier, readable), "snapshots": snapshots}


def papers(dossier: Dossier, readable: frozenset[str]) -> list[dict[str, Any]]:
    """The attached documents that may be read, as `document_list` takes them."""
    found = []
    for item in contents.attachments(dossier) if reading.DOCUMENTS in readable else ():
        if item.kind == "bank_identity" and reading.BANK not in readable:
            continue
        piece = dossier.questions.piece(item.kind)
        url = reverse("officer:document", args=[item.document_id])
        found.append(paper(item.document, url, piece.label if piece else item.kind))
    return found


def _money(request: PersonRequest, dossier: Dossier, readable: frozenset[str]) -> dict[str, Any]:
    facts = facts_of(dossier)
    agreement = facts.agreement if reading.AGREEMENT in readable else None
    shows_bank = reading.BANK in readable
    details = bank.confirmed(dossier) if shows_bank else None
    return {
        "agreement": agreement,
        "conditions": agreement.conditions.select_related("evidence").order_by("pk") if agreement else [],
        "can_check": may(request.user, "claim.check"),
        "can_reveal": details is not None and may(request.user, "bank.view_full", dossier),
        "can_satisfy": may(request.user, "condition.satisfy", dossier),
        "bank_details": details,
        "bank_changed": bank.changed_recently(dossier) if shows_bank else False,
        "stages": list(_stages(dossier)) if reading.PAYMENTS in readable else [],
        "claims": dossier.claims.prefetch_related("items").order_by("number") if reading.PAYMENTS in readable else [],
    }


def _stages(dossier: Dossier) -> Iterator[tuple[Any, Decimal]]:
    for stage, amount in money.stages(dossier).items():
        yield STAGE_LABELS[stage], amount


def _services(request: PersonRequest, dossier: Dossier, readable: frozenset[str]) -> dict[str, Any]:
    reports = {report.service_id: report for report in dossier.usage_reports.order_by("pk")}
    rows = [{"service": row, "report": reports.get(row.pk)} for row in dossier.services.order_by("pk")]
    return {
        "services": rows,
        "can_confirm": may(request.user, "service.confirm", dossier),
        "can_accept": may(request.user, "usage_report.accept", dossier),
    }


def _scores(request: PersonRequest, dossier: Dossier, readable: frozenset[str]) -> dict[str, Any]:
    cards = list(scores.visible_scorecards(request.user, dossier))
    return {"cards": cards, "means": scores.means(dossier) if len(cards) > 1 else ()}


def _journal(request: PersonRequest, dossier: Dossier, readable: frozenset[str]) -> dict[str, Any]:
    rows = by_key(request, journal.entries(dossier.journal_chain), "seq", per_page=100)
    dressed(rows)
    return {"entries": rows}


TABS: dict[str, Tab] = {
    "follow": Tab(_("Follow-up"), frozenset(), _follow),
    "application": Tab(_("Application"), frozenset({reading.ANSWERS, reading.PLAN}), _application),
    "messages": Tab(_("Messages"), frozenset({reading.MESSAGES}), thread_tab),
    "documents": Tab(_("Documents"), frozenset({reading.DOCUMENTS}), _documents),
    "money": Tab(_("Agreement and payments"), frozenset({reading.AGREEMENT, reading.PAYMENTS}), _money),
    "services": Tab(_("Services"), frozenset({reading.AGREEMENT, reading.PAYMENTS}), _services, since_contract=True),
    "scores": Tab(_("Marks"), frozenset({reading.SCORES}), _scores),
    "notes": Tab(_("Private notes"), frozenset({reading.NOTES}), notes_tab),
    "journal": Tab(_("Journal"), frozenset({reading.JOURNAL}), _journal),
}
