"""The request for completion that a dossier has to answer."""

from __future__ import annotations

from grants.models import CompletionRequest, Dossier


def open_request(dossier: Dossier) -> CompletionRequest | None:
    """The one request that is neither answered nor dropped, if there is one."""
    return dossier.completion_requests.filter(answered_at=None, cancelled_at=None).first()
