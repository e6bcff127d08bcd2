"""Addresses of persons, organisations, mandates and roles."""

from django.urls import path

from web.staff import mandates, organisations, programmes, roles

app_name = "staff"

urlpatterns = [
    path("roles", roles.listing, name="roles"),
    path("roles/proposer", roles.propose, name="propose_role"),
    path("roles/<int:pk>", roles.role, name="role"),
    path("roles/<int:pk>/confirmer", roles.confirm, name="confirm_role"),
    path("roles/<int:pk>/refuser", roles.refuse, name="refuse_role"),
    path("roles/<int:pk>/terminer", roles.end, name="end_role"),
    path("organismes", organisations.listing, name="organisations"),
    path("organismes/nouveau", organisations.register, name="register_organisation"),
    path("organismes/<int:pk>", organisations.organisation, name="organisation"),
    path("organismes/<int:pk>/inviter", organisations.invite, name="invite"),
    path("organismes/membres/<int:pk>/retirer", organisations.end_membership, name="end_membership"),
    path("mandats", mandates.listing, name="mandates"),
    path("mandats/demander", mandates.request_one, name="request_mandate"),
    path("mandats/<int:pk>", mandates.mandate, name="mandate"),
    path("mandats/<int:pk>/justificatif", mandates.evidence, name="evidence"),
    path("mandats/<int:pk>/confirmer", mandates.confirm, name="confirm_mandate"),
    path("mandats/<int:pk>/refuser", mandates.refuse, name="refuse_mandate"),
    path("mandats/<int:pk>/terminer", mandates.end, name="end_mandate"),
    path("programmes", programmes.listing, name="programmes"),
    path("programmes/nouveau", programmes.create, name="create_programme"),
]
