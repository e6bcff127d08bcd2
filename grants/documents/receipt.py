"""The receipt of a filing: what the law says an applicant is told on the day of it (CRPA, art. L112-3 and R112-5)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t

from grants.documents import setting
from grants.documents.answers import kinds_asked
from grants.mails import page
from grants.models import Dossier, ResourceKind, Snapshot
from grants.queries import silence
from grants.rules.silence import MONTHS_FOR_THE_COURT, MONTHS_OF_SILENCE
from kit import typst
from kit.money import format_amount
from kit.text import format_date


def receipt(snapshot: Snapshot) -> bytes:
    """The receipt of one filing as PDF, in the active language; it tells no more than what was filed and the law."""
    dossier = snapshot.dossier
    content = json.loads(snapshot.content)
    title = _t("{reference}: receipt of filing no. {number}").format(
        reference=dossier.reference, number=snapshot.number
    )
    again = snapshot.number > 1
    data = {
        **setting.frame(dossier, title=title, words=_words()),
        "heading": _t("Receipt of a completed application") if again else _t("Receipt of an application"),
        "lead": _lead(snapshot, content),
        "filing": list(_filing(snapshot)),
        "project": list(_project(content)),
        "documents": [
            setting.cells(kind, item["label"] or item["name"], setting.size(item["size"]))
            for kind, item in setting.documents(dossier, content)
        ],
        "absent": _absent(dossier, content),
        "sections": [{"title": name, "text": text} for name, text in _sections(snapshot)],
        "service": list(_service(dossier)),
    }
    return typst.render("receipt.typ", data, at=snapshot.taken_at)


def _words() -> dict[str, Any]:
    return {
        "what": _t("What was filed"),
        "service": _t("The service in charge"),
        "document_columns": [_t("Document"), _t("Title"), _t("Size")],
        "no_document": _t("No document came with the application."),
    }


def _lead(snapshot: Snapshot, content: Mapping[str, Any]) -> str:
    return _t(
        "{organisation} filed the application {reference}, signed by {person}. It is received, and what it holds is "
        "sealed: nothing in it can change without leaving its digest."
    ).format(
        organisation=setting.prose(content["applicant"]["name"]),
        reference=snapshot.dossier.reference,
        person=setting.prose(str(snapshot.taken_by)),
    )


def _filing(snapshot: Snapshot) -> Iterator[tuple[str, ...]]:
    yield _t("Number"), snapshot.dossier.reference
    yield _t("Received on"), setting.paris_time(snapshot.taken_at)
    yield _t("By the server’s clock"), setting.universal_time(snapshot.taken_at)
    yield _t("Filing"), str(snapshot.number)
    yield _t("Digest (SHA-256)"), snapshot.digest, "digest"


def _project(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    plan, applicant = content["plan"], content["applicant"]
    cost = sum((Decimal(line["cost"]) for line in plan["cost_lines"]), Decimal(0))
    asked = sum((Decimal(row["amount"]) for row in plan["resources"] if row["kind"] == ResourceKind.GRANT), Decimal(0))
    yield _t("Project"), setting.prose(content["title"])
    name = setting.prose(applicant["name"])
    yield _t("Applicant"), f"{name} ({applicant['identifier']})" if applicant["identifier"] else name
    yield _t("Cost of the project"), format_amount(cost)
    yield _t("Grant asked for"), format_amount(asked)


def _absent(dossier: Dossier, content: Mapping[str, Any]) -> str:
    """The documents that the form lists and that did not come (CRPA, art. R112-5 and L114-5)."""
    came = {item["kind"] for item in content["documents"]} | setting.PRIVATE_KINDS
    absent = [words for kind, words in kinds_asked(dossier, content).items() if kind not in came and kind != "other"]
    if not absent:
        return ""
    return _t(
        "The form also lists these documents, which did not come and without which it can be filed: {documents}. "
        "Should the service need one of them, it asks you for it."
    ).format(documents=", ".join(absent))


def _service(dossier: Dossier) -> Iterator[tuple[str, ...]]:
    programme = dossier.programme
    yield _t("Service"), programme.managing_body
    if programme.contact_email:
        yield _t("To write to it"), programme.contact_email, "mail"
    yield _t("Page of the application"), page(dossier), "page"


def _sections(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    dossier = snapshot.dossier
    advice = _t("An adviser may visit you, and gives an opinion.") if dossier.call.needs_advice else ""
    steps = [
        _t(
            "The service checks that the application is complete and that it meets the conditions of the call. If "
            "something is missing, it tells you what, and until when you can send it (code of relations between the "
            "public and the administration, CRPA, art. L114-5)."
        ),
        advice,
        _t(
            "A committee then gives its marks, and the application is selected or not. You receive the decision with "
            "its reasons. Until then, where the application stands is written on its page."
        ),
    ]
    yield _t("What happens next"), " ".join(step for step in steps if step)
    yield _t("If you receive no answer"), _of_silence(snapshot)
    yield _t("If you disagree with the decision"), _of_appeals(dossier)


def _of_silence(snapshot: Snapshot) -> str:
    return _t(
        "Without a decision within {months} months, that is on {day}, the application is deemed rejected (CRPA, "
        "art. L231-4, 3°: requests of a financial character). If the service asks you for documents, this period "
        "stands still until you send them, or until the day that it gave you for that. As long as you can bring that "
        "rejection before the court you may ask for its reasons; the service gives them within one month (CRPA, "
        "art. L232-4)."
    ).format(months=MONTHS_OF_SILENCE, day=format_date(silence.deemed_rejected_on(snapshot)))


def _of_appeals(dossier: Dossier) -> str:
    return _t(
        "Within {days} days of a decision that finds the application ineligible or does not select it, you can appeal "
        "on the page of the application: the service answers you.\n\n"
        "Within {months} months of a rejection, whether it was notified to you or came from silence, you can bring it "
        "before the administrative court of the place where the service has its seat (code of administrative justice, "
        "art. R421-1, R421-2 and R312-1). An appeal to the service within that period interrupts it: it then begins "
        "again with the answer (CRPA, art. L411-2)."
    ).format(days=dossier.call.appeal_days, months=MONTHS_FOR_THE_COURT)
