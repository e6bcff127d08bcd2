"""Where a grant is paid, and whether that changed of late."""

from __future__ import annotations

from datetime import timedelta

from grants.models import BankDetails, BankDetailsState, Dossier
from kit import clock

RECENT = timedelta(days=90)
"""How long a change of account stays marked: the usual time in which a diverted payment is noticed."""


def confirmed(dossier: Dossier) -> BankDetails | None:
    """The account in use, if one is confirmed."""
    return BankDetails.objects.filter(dossier=dossier, state=BankDetailsState.CONFIRMED).first()


def pending(dossier: Dossier) -> BankDetails | None:
    """The account that waits for its code, if there is one."""
    return BankDetails.objects.filter(dossier=dossier, state=BankDetailsState.PENDING).order_by("-pk").first()


def changed_recently(dossier: Dossier) -> bool:
    """Whether the account in use replaced another one less than 90 days ago."""
    found = confirmed(dossier)
    if found is None or found.confirmed_at is None or found.confirmed_at <= clock.now() - RECENT:
        return False
    earlier = BankDetails.objects.filter(dossier=dossier, confirmed_at__isnull=False).exclude(pk=found.pk)
    return earlier.exists()
