"""Addresses of the instructing service; the dossier's page there serves all of the staff."""

from django.urls import path

from web.officer import advice, agreements, claims, documents, ending, handling, messages, services, todo, views

app_name = "officer"
DOSSIER = "instruction/dossiers/<str:reference>"

urlpatterns = [
    path("instruction", todo.home, name="todo"),
    path("pilotage/a-faire", todo.managing, name="managing"),
    path("instruction/dossiers", views.dossiers, name="dossiers"),
    path(DOSSIER, views.dossier, name="dossier"),
    path(f"{DOSSIER}/charge", handling.assign, name="assign"),
    path(f"{DOSSIER}/completer", views.return_for_completion, name="return_for_completion"),
    path(f"{DOSSIER}/prolonger", views.extend_completion, name="extend_completion"),
    path(f"{DOSSIER}/annuler-demande", views.cancel_completion, name="cancel_completion"),
    path(f"{DOSSIER}/ineligible", views.declare_ineligible, name="declare_ineligible"),
    path(f"{DOSSIER}/mission", advice.open_mission, name="open_mission"),
    path(f"{DOSSIER}/mission/clore", advice.close_mission, name="close_mission"),
    path(f"{DOSSIER}/sans-mission", advice.waive_mission, name="waive_mission"),
    path(f"{DOSSIER}/avis", advice.advise, name="advise"),
    path(f"{DOSSIER}/convention", agreements.draft, name="agreement"),
    path(f"{DOSSIER}/convention/signer", agreements.contract, name="contract"),
    path(f"{DOSSIER}/conditions/<int:pk>", agreements.condition, name="condition"),
    path(f"{DOSSIER}/messages", messages.send, name="send_message"),
    path(f"{DOSSIER}/messages/lus", messages.mark_read, name="read_messages"),
    path(f"{DOSSIER}/question", messages.question, name="question"),
    path(f"{DOSSIER}/notes", messages.write_note, name="write_note"),
    path(f"{DOSSIER}/notes/<int:pk>/barrer", messages.strike_note, name="strike_note"),
    path(f"{DOSSIER}/volet/<slug:tab>", views.dossier, name="dossier_tab"),
    path(f"{DOSSIER}/service-fait", claims.verify_service_fact, name="verify_service_fact"),
    path(f"{DOSSIER}/clore", ending.close, name="close"),
    path(f"{DOSSIER}/resilier", ending.cancel, name="cancel"),
    path(f"{DOSSIER}/reversement", ending.recovery, name="recovery"),
    path("instruction/factures", claims.claims, name="claims"),
    path("instruction/factures/<int:pk>", claims.check, name="claim"),
    path("instruction/factures/<int:pk>/certificat", claims.issue, name="issue"),
    path("instruction/certificats", claims.certificates, name="certificates"),
    path("instruction/certificats/<int:pk>", claims.approve, name="approve"),
    path("instruction/services/<int:pk>/confirmer", services.confirm, name="confirm_service"),
    path("instruction/bilans/<int:pk>", services.accept, name="accept_usage"),
    path("instruction/bilans/<int:pk>/renvoyer", services.send_back, name="send_back_usage"),
    path("documents/<int:pk>", documents.download, name="document"),
]
