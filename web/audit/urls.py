"""Addresses of the auditor."""

from django.urls import path

from web.audit import reports, views

app_name = "audit"

urlpatterns = [
    path("audit/echantillon", views.sample, name="sample"),
    path("audit/pistes", views.trails, name="trails"),
    path("audit/pistes/<str:reference>", views.trail, name="trail"),
    path("audit/pistes/<str:reference>/csv", views.download, name="download"),
    path("pilotage/rapports", reports.listing, name="reports"),
    path("pilotage/rapports/<str:code>", reports.report, name="report"),
    path("audit/programmes/<str:code>", views.programme, name="programme"),
]
