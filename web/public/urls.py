"""Addresses that everybody may open."""

from django.urls import path

from web.public import calls, eligibility, projects, views

app_name = "public"

urlpatterns = [
    path("", views.home, name="home"),
    path("appels", calls.listing, name="calls"),
    path("appels/<slug:slug>", calls.call, name="call"),
    path("appels/<slug:slug>/puis-je-deposer", eligibility.eligibility, name="eligibility"),
    path("appels/<slug:slug>/echeance.ics", calls.calendar, name="call_calendar"),
    path("projets", projects.listing, name="projects"),
    path("projets/<str:reference>", projects.project, name="project"),
    path("donnees", views.data, name="data"),
    path("donnees/projets.csv", projects.as_csv, name="projects_csv"),
    path("donnees/projets.json", projects.as_json, name="projects_json"),
    path("aide", views.help_page, name="help"),
]
