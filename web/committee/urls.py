"""Addresses of the committee: the secretary's meetings and ranking, a member's session."""

from django.urls import path

from web.committee import deciding, meetings, member, ranking

app_name = "committee"
DOSSIER = "comites/dossiers/<str:reference>"
MEETING = "comites/seances/<int:pk>"

urlpatterns = [
    path("comites/seances", meetings.listing, name="meetings"),
    path("comites/seances/nouvelle", meetings.plan, name="plan"),
    path(MEETING, meetings.meeting, name="meeting"),
    path(f"{MEETING}/deplacer", meetings.move, name="move"),
    path(f"{MEETING}/presences", meetings.hold, name="hold"),
    path(f"{MEETING}/decisions/<str:reference>", meetings.decide, name="record"),
    path(f"{MEETING}/clore", meetings.close, name="close"),
    path("comites/classement", ranking.calls, name="ranking"),
    path("comites/classement/<slug:slug>", ranking.ranked, name="rank"),
    path("comites/classement/<slug:slug>/reveler", ranking.reveal_call, name="reveal_call"),
    path("comites/decisions", deciding.decisions, name="decisions"),
    path("comites/attributions/<int:pk>/retirer", deciding.unassign, name="unassign"),
    path(f"{DOSSIER}/membres", deciding.assign, name="assign"),
    path(f"{DOSSIER}/reveler", deciding.reveal, name="reveal"),
    path(f"{DOSSIER}/decision", deciding.decide, name="decide"),
    path(f"{DOSSIER}/recours", deciding.reconsider, name="reconsider"),
    path("comites/ma-seance", member.session, name="session"),
    path("comites/mes-notes", member.mine, name="scores"),
    path(DOSSIER, member.dossier, name="dossier"),
    path(f"{DOSSIER}/conflit", member.conflict, name="conflict"),
    path(f"{DOSSIER}/noter", member.score, name="score"),
]
