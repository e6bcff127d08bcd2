"""Addresses of the adviser."""

from django.urls import path

from web.adviser import views

app_name = "adviser"

urlpatterns = [
    path("missions", views.missions, name="missions"),
    path("missions/agenda", views.calendar, name="calendar"),
    path("missions/dossiers/<str:reference>", views.dossier, name="dossier"),
    path("missions/<int:pk>", views.mission, name="mission"),
    path("missions/<int:pk>/rapport", views.report, name="report"),
]
