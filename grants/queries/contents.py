"""What a dossier holds, in one spelling: the content of its sealed snapshots (I4)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from grants.models import Attachment, Dossier, Snapshot
from grants.models.attachment import AttachmentQuerySet
from programmes.rules.answers import filed
from records.rules.chain import canonical, plain


def attachments(dossier: Dossier) -> AttachmentQuerySet:
    """The documents that stand in the dossier, with their records, in the order they came."""
    return Attachment.objects.live().filter(dossier=dossier).select_related("document").order_by("pk")


def canonical_content(dossier: Dossier, *, number: int, taken_at: datetime) -> str:
    """All that the applicant files, as canonical JSON, with the SHA-256 of each document."""
    return canonical(plain({"snapshot": number, "taken_at": taken_at, **_content(dossier)}))


def digest_of(content: str) -> str:
    """The SHA-256 of a snapshot's content, in hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


def is_whole(snapshot: Snapshot) -> bool:
    """Whether the content of a snapshot still has its digest."""
    return digest_of(snapshot.content) == snapshot.digest


def _content(dossier: Dossier) -> dict[str, Any]:
    applicant, plan = dossier.applicant, dossier.plan
    return {
        "reference": dossier.reference,
        "call": dossier.call.slug,
        "title": dossier.title,
        "applicant": {"name": applicant.name, "kind": applicant.kind, "identifier": applicant.identifier},
        "first_submitted_at": dossier.submitted_at,
        "form": {"version": dossier.form.number, "sha256": dossier.form.digest},
        "answers": filed(dossier.questions, dossier.answers),
        "plan": {
            "cost_lines": [
                {"post": line.post, "supplier": line.supplier, "cost": line.cost, "eligible": line.eligible}
                for line in plan.cost_lines.order_by("position", "pk")
            ],
            "resources": [
                {"kind": row.kind, "label": row.label, "amount": row.amount}
                for row in plan.resources.order_by("position", "pk")
            ],
        },
        "partners": [
            {"name": partner.organisation.name, "part": partner.part, "state": partner.state}
            for partner in dossier.partners.select_related("organisation").order_by("pk")
        ],
        "documents": [
            {
                "kind": item.kind,
                "name": item.document.name,
                "label": item.document.label,
                "size": item.document.size,
                "sha256": item.document.digest,
            }
            for item in attachments(dossier)
        ],
    }
