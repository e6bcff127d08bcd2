"""People, the organisations they act for, and the roles that the programmes give them."""

from people.models.organisations import (
    Capacity,
    Mandate,
    MandateStatus,
    Membership,
    Organisation,
    OrganisationKind,
)
from people.models.person import Language, Person
from people.models.roles import Role, RoleAssignment
from people.models.standing import Standing

__all__ = [
    "Capacity",
    "Language",
    "Mandate",
    "MandateStatus",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "Person",
    "Role",
    "RoleAssignment",
    "Standing",
]
