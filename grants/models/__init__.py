"""The dossier and what hangs on it until money is promised: plan, partners, award, agreement."""

from grants.models.agreement import Agreement, Award, BankDetails, BankDetailsState, Bound, Condition
from grants.models.appeal import Appeal
from grants.models.attachment import Attachment
from grants.models.dossier import CompletionRequest, Dossier, Snapshot
from grants.models.messages import Message, MessageFile, MessageRead, Note, Side
from grants.models.participation import Capacity, Participation, Partner, PartnerState
from grants.models.plan import CostLine, FinancingPlan, Resource, ResourceKind
from grants.models.saved_view import SavedView

__all__ = [
    "Agreement",
    "Appeal",
    "Attachment",
    "Award",
    "BankDetails",
    "BankDetailsState",
    "Bound",
    "Capacity",
    "CompletionRequest",
    "Condition",
    "CostLine",
    "Dossier",
    "FinancingPlan",
    "Message",
    "MessageFile",
    "MessageRead",
    "Note",
    "Participation",
    "Partner",
    "PartnerState",
    "Resource",
    "ResourceKind",
    "SavedView",
    "Side",
    "Snapshot",
]
