"""Where each address is visited: its arguments, found in the populated house, and the object that decides who may.

An address whose only argument is `reference` is visited on a few dossiers by itself; `DESKS` names the dossier on
which its page has work to do. Every other address with arguments has its own line in `PLACES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from grants.lifecycle import State
from grants.models import Condition
from monitoring.models import Recovery
from people.models import Membership
from records.models import OutboxMail
from selection.models import Assignment, CommitteeMember, Mission
from tests.house.addresses import Address
from tests.house.populated import ELSEWHERE, House
from tests.world import CODE


@dataclass(frozen=True)
class Spot:
    """One visit: `subject` is what the permission page is asked about; `absent`: nothing is there, for anyone."""

    arguments: Mapping[str, Any] = field(default_factory=dict)
    subject: Any = None
    absent: bool = False


# The dossier on which a page has work to do, by its key in the house.
DESKS = {
    "applicant:new_claim": "empty",
    "applicant:record_service": "empty",
    "applicant:receipt": "submitted",
    "applicant:receipt_pdf": "submitted",
    "applicant:papers": "contracted",
    "applicant:expenses": "contracted",
    "applicant:withdraw": "submitted",
    "applicant:appeal": "rejected",
    "applicant:bank": "chosen",
    "applicant:confirm_bank": "banking",
    "applicant:reveal_bank": "contracted",
    "applicant:sign": "selected",
    "applicant:countersign": "missioned",
    "applicant:application": "draft",
    "applicant:check": "ready",
    "applicant:file": "ready",
    "applicant:rename": "draft",
    "applicant:budget": "draft",
    "applicant:documents": "returned",
    "applicant:partners": "draft",
    "adviser:dossier": "missioned",
    "committee:assign": "deciding",
    "officer:question": "draft",
    "committee:reveal": "scored",
    "committee:decide": "deciding",
    "committee:reconsider": "appealed",
    "committee:dossier": "advised",
    "committee:conflict": "advised",
    "committee:score": "advised",
    "officer:assign": "submitted",
    "officer:return_for_completion": "submitted",
    "officer:extend_completion": "returned",
    "officer:cancel_completion": "returned",
    "officer:declare_ineligible": "submitted",
    "officer:open_mission": "submitted",
    "officer:close_mission": "mission_done",
    "officer:waive_mission": "submitted",
    "officer:advise": "waived",
    "officer:agreement": "chosen",
    "officer:contract": "signed",
    "officer:verify_service_fact": "verifiable",
    "officer:close": "closable",
    "officer:cancel": "empty",
    "officer:recovery": "overpaid",
    "finance:pay": "service_fact_verified",
    "finance:account": "contracted",
}

# Pages that show a dossier as a whole: visited in every state.
WHOLE = {"applicant:dossier", "officer:dossier"}

# What every page of a dossier is visited on beside its desk: what the staff may not see yet, or another community's.
BESIDE = {"applicant": "claimed", "public": "submitted"}

TABS = ("application", "messages", "documents", "money", "scores", "notes", "journal", "services")

Spots = Callable[[House], "list[Spot]"]


def dossier_spots(house: House, name: str) -> list[Spot]:
    """A page of a dossier, its desk first."""
    desk = DESKS.get(name, "contracted")
    beside = BESIDE.get(name.split(":")[0], "draft")
    keys = [desk, *(State.values if name in WHOLE else [beside])]
    return [on(house, key) for key in dict.fromkeys(keys)] + [Spot({"reference": "T9-9999"}, absent=True)]


def on(house: House, key: str, **more: Any) -> Spot:
    """The dossier known by `key`, with further arguments."""
    dossier = house.cases[key].dossier
    return Spot({"reference": dossier.reference, **more}, dossier)


def stray(house: House, key: str, **more: Any) -> Spot:
    """The dossier known by `key` with a child of another one: there is no such thing, for anybody."""
    return Spot(on(house, key, **more).arguments, absent=True)


def row(found: Any) -> Spot:
    """A page of one row, by its key."""
    return Spot({"pk": found.pk}, found)


def nowhere(**arguments: Any) -> Spot:
    """An address of nothing."""
    return Spot(arguments, absent=True)


def claim(house: House, key: str, **more: Any) -> Spot:
    """The last claim of a dossier, under the applicant's address."""
    return on(house, key, number=house.cases[key].claim.number, **more)


def item(house: House, key: str) -> Any:
    return house.cases[key].claim.items.order_by("pk").first()


def mission(house: House, key: str) -> Mission:
    return Mission.objects.get(dossier=house.cases[key].pk)


def service(house: House, key: str) -> Any:
    return house.cases[key].dossier.services.get()


def report(house: House, key: str) -> Any:
    return house.cases[key].dossier.usage_reports.get()


def paper(house: House, key: str, kind: str = "deliberation") -> Any:
    """The attachment of this kind."""
    return house.cases[key].dossier.attachments.filter(kind=kind).order_by("pk").first()


def letter(house: House, key: str) -> Any:
    """The document of a message."""
    return house.cases[key].dossier.messages.filter(files__isnull=False).earliest("pk").files.get()


def note(house: House, key: str) -> Any:
    """The note that holds."""
    return house.cases[key].dossier.notes.filter(struck_at=None).get()


def seat(house: House, person: Any) -> CommitteeMember:
    return CommitteeMember.objects.get(committee=house.committee, person=person)


def role_of(person: Any) -> Any:
    return person.role_assignments.order_by("pk").first()


def confirmed_mandate(house: House, key: str) -> Any:
    return getattr(house, key).organisation.mandates.confirmed().get()


def membership_spot(house: House) -> Spot:
    """Who takes a member off is asked of the organisation."""
    return Spot({"pk": Membership.objects.get(person=house.employee).pk}, house.alpha.organisation)


def trail_spots(house: House) -> list[Spot]:
    """Journals that tell of a contract, a withdrawal and a conflict; that of a draft is nobody's."""
    return [*(on(house, key) for key in ("contracted", "withdrawn", "advised", "draft")), nowhere(reference="T9-9999")]


def measure_spots(house: House) -> list[Spot]:
    return [row(house.measure), nowhere(pk=999_999)]


def call_spots(house: House) -> list[Spot]:
    """A call in preparation, one that is open."""
    return [Spot({"slug": found.slug}, found) for found in (house.next_call, house.main_call)]


def open_call_spots(house: House) -> list[Spot]:
    return list(reversed(call_spots(house)))


def call_part(house: House, part: str, *, absent: bool = False) -> Spot:
    """Something of the form of the call that is open."""
    found = house.main_call
    return Spot({"slug": found.slug, "address": part}, None if absent else found, absent=absent)


def programme_spots(house: House, **more: Any) -> list[Spot]:
    far = {"code": ELSEWHERE, **more}
    return [Spot({"code": CODE, **more}, house.programme), Spot(far, house.far_programme), nowhere(code="NONE", **more)]


def meeting_spots(house: House) -> list[Spot]:
    return [row(house.planned_meeting), row(house.meeting), row(house.finished_meeting)]


def role_spots(house: House) -> list[Spot]:
    return [row(house.asked_role), row(role_of(house.officer)), row(role_of(house.stranger))]


def mandate_spots(house: House) -> list[Spot]:
    return [row(house.asked_mandate), row(confirmed_mandate(house, "beta"))]


PLACES: dict[str, Spots] = {
    "public:call": open_call_spots,
    "public:eligibility": lambda house: [open_call_spots(house)[0], Spot({"slug": "none"}, absent=True)],
    "public:call_calendar": open_call_spots,
    "applicant:create": lambda house: [Spot({"slug": house.main_call.slug}), nowhere(slug="none")],
    "applicant:claim": lambda house: [claim(house, key) for key in ("contracted", "certified", "claimed")],
    "applicant:add_item": lambda house: [claim(house, "contracted"), claim(house, "certified")],
    "applicant:drop_claim": lambda house: [claim(house, "contracted"), claim(house, "certified")],
    "applicant:submit_claim": lambda house: [claim(house, "contracted"), claim(house, "certified")],
    "applicant:contest": lambda house: [claim(house, "certified"), claim(house, "contracted")],
    "applicant:remove_item": lambda house: [
        claim(house, "contracted", pk=item(house, "contracted").pk),
        Spot(claim(house, "contracted", pk=item(house, "claimed").pk).arguments, absent=True),
    ],
    "applicant:attach_invoice": lambda house: [
        claim(house, "contracted", pk=item(house, "contracted").pk),
        Spot(claim(house, "contracted", pk=item(house, "claimed").pk).arguments, absent=True),
    ],
    "applicant:usage_report": lambda house: [
        on(house, "paid", pk=report(house, "paid").pk),
        stray(house, "paid", pk=report(house, "closable").pk),
    ],
    "applicant:remove_document": lambda house: [
        on(house, "draft", pk=paper(house, "draft").pk),
        stray(house, "draft", pk=paper(house, "ready").pk),
    ],
    "applicant:remove_partner": lambda house: [
        on(house, "draft", pk=house.cases["draft"].dossier.partners.get().pk),
        stray(house, "draft", pk=house.cases["fresh"].dossier.partners.get().pk),
    ],
    "applicant:answer_partner": lambda house: [
        on(house, "draft", pk=house.cases["draft"].dossier.partners.get().pk),
        stray(house, "draft", pk=house.cases["fresh"].dossier.partners.get().pk),
    ],
    "applicant:section": lambda house: [
        on(house, "draft", code="project"),
        on(house, "returned", code="project"),
        stray(house, "draft", code="nothing"),
    ],
    "applicant:autosave": lambda house: [
        on(house, "draft", code="project"),
        on(house, "returned", code="project"),
        stray(house, "draft", code="nothing"),
    ],
    "applicant:download": lambda house: [
        on(house, "contracted", pk=paper(house, "contracted").pk),
        on(house, "contracted", pk=paper(house, "contracted", "bank_identity").pk),
        stray(house, "contracted", pk=paper(house, "claimed").pk),
    ],
    "applicant:message_document": lambda house: [
        on(house, "contracted", pk=letter(house, "contracted").pk),
        on(house, "draft", pk=letter(house, "draft").pk),
        stray(house, "contracted", pk=letter(house, "advised").pk),
    ],
    "adviser:mission": lambda house: [row(mission(house, key)) for key in ("missioned", "mission_done", "advised")],
    "adviser:report": lambda house: [row(mission(house, "missioned")), row(mission(house, "mission_done"))],
    # Where a member declared a conflict nobody is left to be given the dossier, but the words are shown.
    "committee:assign": lambda house: [*dossier_spots(house, "committee:assign"), on(house, "advised")],
    "committee:meeting": meeting_spots,
    "committee:move": meeting_spots,
    "committee:hold": meeting_spots,
    "committee:record": lambda house: [
        Spot({"pk": house.meeting.pk, "reference": house.cases["revealed"].dossier.reference}, house.meeting),
    ],
    "committee:close": lambda house: [row(house.finished_meeting), row(house.meeting)],
    "committee:rank": open_call_spots,
    "committee:reveal_call": open_call_spots,
    "committee:unassign": lambda house: [
        row(Assignment.objects.get(dossier=house.cases["advised"].pk, person=house.asked_member))
    ],
    "officer:delete_view": lambda house: [row(house.shared_view), row(house.private_view), nowhere(pk=999_999)],
    "officer:dossier_tab": lambda house: [
        *(on(house, "contracted", tab=tab) for tab in TABS),
        *(on(house, "advised", tab=tab) for tab in ("application", "messages", "documents", "notes", "scores")),
        *(on(house, "certified", tab=tab) for tab in ("money", "services")),
        *(on(house, "draft", tab=tab) for tab in ("application", "messages", "notes")),
    ],
    "officer:condition": lambda house: [
        on(house, "contracted", pk=Condition.objects.get(agreement__dossier=house.cases["contracted"].pk).pk),
        stray(house, "contracted", pk=Condition.objects.get(agreement__dossier=house.cases["claimed"].pk).pk),
    ],
    "officer:strike_note": lambda house: [
        on(house, "contracted", pk=note(house, "contracted").pk),
        stray(house, "contracted", pk=note(house, "advised").pk),
    ],
    "officer:claim": lambda house: [row(house.cases[key].claim) for key in ("claimed", "certified", "contested")],
    "officer:issue": lambda house: [row(house.cases[key].claim) for key in ("checked", "certified")],
    "officer:approve": lambda house: [row(house.cases[key].certificate) for key in ("issued", "certified")],
    "officer:confirm_service": lambda house: [row(service(house, "contracted")), row(service(house, "paid"))],
    "officer:accept_usage": lambda house: [row(report(house, "service_fact_verified")), row(report(house, "paid"))],
    "officer:send_back_usage": lambda house: [row(report(house, "service_fact_verified")), row(report(house, "paid"))],
    "officer:document": lambda house: [
        Spot({"pk": found}, house.cases[key].dossier)
        for key, found in (
            ("contracted", paper(house, "contracted").document_id),
            ("contracted", paper(house, "contracted", "bank_identity").document_id),
            ("draft", paper(house, "draft").document_id),
            ("advised", paper(house, "advised").document_id),
            ("advised", mission(house, "advised").report_document_id),
            ("certified", item(house, "certified").document_id),
            *((key, letter(house, key).document_id) for key in ("draft", "advised", "contracted")),
        )
    ],
    "finance:order": lambda house: [row(house.cases[key].certificate) for key in ("certified", "bounced", "ordered")],
    "finance:record_payment": lambda house: [row(house.cases[key].order) for key in ("ordered", "verifiable")],
    "finance:record_refusal": lambda house: [row(house.cases[key].order) for key in ("ordered", "verifiable")],
    "finance:recovery": lambda house: [row(Recovery.objects.get(dossier=house.cases["cancelled"].pk))],
    "manager:programme": programme_spots,
    "manager:add_measure": programme_spots,
    "manager:record_decision": programme_spots,
    "manager:open_framework": programme_spots,
    "manager:create_committee": programme_spots,
    "manager:programme_tab": lambda house: [
        spot for tab in ("decisions", "appels", "comites", "marches") for spot in programme_spots(house, tab=tab)
    ],
    "manager:measure": measure_spots,
    "manager:open_envelope": measure_spots,
    "manager:set_rule": measure_spots,
    "manager:set_target": measure_spots,
    "manager:declare_result": measure_spots,
    "manager:create_call": measure_spots,
    "manager:change_envelope": lambda house: [row(house.main_call.envelope)],
    "manager:call": call_spots,
    "manager:edit_call": call_spots,
    "manager:publish_call": call_spots,
    "manager:change_deadline": open_call_spots,
    "manager:edit_grid": call_spots,
    "manager:approve_grid": call_spots,
    "manager:form": call_spots,
    "manager:form_add": lambda house: [
        *(call_part(house, part) for part in ("sections", "fields:project", "pieces:documents", "eligibility")),
        call_part(house, "fields:none", absent=True),
    ],
    "manager:form_edit": lambda house: [
        *(call_part(house, part) for part in ("sections:project", "fields:project:object", "pieces:documents:quote")),
        call_part(house, "fields:project:none", absent=True),
    ],
    "manager:form_condition": lambda house: [call_part(house, "fields:project:services")],
    "manager:form_take_out": lambda house: [
        call_part(house, part) for part in ("fields:project:services", "pieces:documents:quote", "sections:team")
    ],
    "manager:form_preview": call_spots,
    "manager:form_publish": open_call_spots,
    "manager:form_drop": open_call_spots,
    "manager:committee": lambda house: [row(house.committee)],
    "manager:appoint": lambda house: [row(house.committee)],
    "manager:end_office": lambda house: [row(seat(house, house.asked_member))],
    "audit:trail": trail_spots,
    "audit:download": trail_spots,
    "audit:report": programme_spots,
    "audit:programme": programme_spots,
    "staff:role": role_spots,
    "staff:confirm_role": role_spots,
    "staff:refuse_role": role_spots,
    "staff:end_role": lambda house: role_spots(house)[1:],
    "staff:organisation": lambda house: [row(town.organisation) for town in (house.alpha, house.beta, house.gamma)],
    "staff:invite": lambda house: [row(house.alpha.organisation), row(house.beta.organisation)],
    "staff:end_membership": lambda house: [membership_spot(house)],
    "staff:mandate": mandate_spots,
    "staff:evidence": lambda house: [row(house.asked_mandate)],
    "staff:confirm_mandate": mandate_spots,
    "staff:refuse_mandate": mandate_spots,
    "staff:end_mandate": lambda house: [row(confirmed_mandate(house, "beta"))],
    "account_confirm_email": lambda house: [Spot({"key": "nothing"})],
    "account_reset_password_from_key": lambda house: [Spot({"uidb36": "1", "key": "nothing"})],
    "mail": lambda house: [
        row(OutboxMail.objects.filter(person_id=person.actor_id).order_by("pk").first())
        for person in (house.alpha.signatory, house.beta.signatory, house.officer)
    ],
}


def spots(address: Address, house: House) -> list[Spot]:
    """Where to visit an address. Raises `LookupError` for one with arguments that nobody has named."""
    if address.name in PLACES:
        return PLACES[address.name](house)
    if not address.arguments:
        return [Spot()]
    if address.arguments == ("reference",):
        return dossier_spots(house, address.name)
    raise LookupError(
        f"The gates do not know where to visit {address.name} ({address.pattern}): add a line for it to PLACES in "
        f"tests/house/spots.py that finds {', '.join(address.arguments)} in the populated house."
    )
