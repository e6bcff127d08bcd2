"""After the agreement: claims and their verification, payments and recoveries, services and their use."""

from monitoring.lifecycle import ClaimState, OrderState, UsageState
from monitoring.models.claim import Claim, ClaimKind, Contest, ExpenseItem, ItemCheck
from monitoring.models.payment import Certificate, PaymentOrder, Recovery
from monitoring.models.service import Service, ServiceKind, UsageReport

__all__ = [
    "Certificate",
    "Claim",
    "ClaimKind",
    "ClaimState",
    "Contest",
    "ExpenseItem",
    "ItemCheck",
    "OrderState",
    "PaymentOrder",
    "Recovery",
    "Service",
    "ServiceKind",
    "UsageReport",
    "UsageState",
]
