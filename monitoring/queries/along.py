"""What is asked about one dossier after its agreement, read at once: a page asks most of these questions twice."""

from __future__ import annotations

from django.db.models import Prefetch, prefetch_related_objects

from grants.models import Dossier
from monitoring.models import UsageReport


def read_along(dossier: Dossier) -> None:
    """Read claims, certificates, orders, recoveries, services and usage reports: six queries, after the contract."""
    if dossier.contracted_at is not None:
        reports = Prefetch("usage_reports", UsageReport.objects.select_related("service"))
        prefetch_related_objects([dossier], "claims__certificates__orders", "recoveries", "services", reports)
