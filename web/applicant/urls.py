"""Addresses of the applicant's room."""

from django.urls import path

from web.applicant import (
    advice,
    autosave,
    budget,
    claims,
    deciding,
    follow,
    messages,
    money,
    partners,
    pieces,
    printed,
    services,
    views,
)

app_name = "applicant"
DOSSIER = "mes-dossiers/<str:reference>"
CLAIM = f"{DOSSIER}/depenses/<int:number>"

urlpatterns = [
    path("mes-dossiers", views.dossiers, name="dossiers"),
    path("mes-dossiers/nouveau/<slug:slug>", views.create, name="create"),
    path(DOSSIER, follow.dossier, name="dossier"),
    path(f"{DOSSIER}/contenu", follow.filed, name="filed"),
    path(f"{DOSSIER}/messages", messages.messages, name="messages"),
    path(f"{DOSSIER}/messages/lus", messages.mark_read, name="read_messages"),
    path(f"{DOSSIER}/messages/documents/<int:pk>", messages.download, name="message_document"),
    path(f"{DOSSIER}/pieces", follow.papers, name="papers"),
    path(f"{DOSSIER}/depenses", money.expenses, name="expenses"),
    path(f"{DOSSIER}/depenses/nouvelle", claims.new, name="new_claim"),
    path(CLAIM, claims.claim, name="claim"),
    path(f"{CLAIM}/ajouter", claims.add, name="add_item"),
    path(f"{CLAIM}/factures/<int:pk>/retirer", claims.remove, name="remove_item"),
    path(f"{CLAIM}/factures/<int:pk>/joindre", claims.attach, name="attach_invoice"),
    path(f"{CLAIM}/abandonner", claims.drop, name="drop_claim"),
    path(f"{CLAIM}/deposer", claims.submit, name="submit_claim"),
    path(f"{CLAIM}/contester", claims.contest, name="contest"),
    path(f"{DOSSIER}/services/nouveau", services.record, name="record_service"),
    path(f"{DOSSIER}/services/bilans/<int:pk>", services.report, name="usage_report"),
    path(f"{DOSSIER}/recu", deciding.receipt, name="receipt"),
    path(f"{DOSSIER}/recu.pdf", printed.receipt, name="receipt_pdf"),
    path(f"{DOSSIER}/demande.pdf", printed.application, name="application_pdf"),
    path(f"{DOSSIER}/retirer", deciding.withdraw, name="withdraw"),
    path(f"{DOSSIER}/recours", deciding.appeal, name="appeal"),
    path(f"{DOSSIER}/compte-bancaire", money.enter, name="bank"),
    path(f"{DOSSIER}/compte-bancaire/code", money.confirm, name="confirm_bank"),
    path(f"{DOSSIER}/compte-bancaire/numero", money.reveal, name="reveal_bank"),
    path(f"{DOSSIER}/convention/signer", money.sign, name="sign"),
    path(f"{DOSSIER}/conseil/contresigner", advice.countersign, name="countersign"),
    path(f"{DOSSIER}/demande", views.application, name="application"),
    path(f"{DOSSIER}/demande/verifier", deciding.check, name="check"),
    path(f"{DOSSIER}/demande/deposer", deciding.file, name="file"),
    path(f"{DOSSIER}/demande/titre", views.rename, name="rename"),
    path(f"{DOSSIER}/demande/budget", budget.budget, name="budget"),
    path(f"{DOSSIER}/demande/pieces", pieces.documents, name="documents"),
    path(f"{DOSSIER}/demande/pieces/<int:pk>/retirer", pieces.remove, name="remove_document"),
    path(f"{DOSSIER}/demande/partenaires", partners.partners, name="partners"),
    path(f"{DOSSIER}/demande/partenaires/<int:pk>/retirer", partners.remove, name="remove_partner"),
    path(f"{DOSSIER}/demande/partenaires/<int:pk>/repondre", partners.answer, name="answer_partner"),
    path(f"{DOSSIER}/demande/<slug:code>", views.section, name="section"),
    path(f"{DOSSIER}/demande/<slug:code>/reponse", autosave.autosave, name="autosave"),
    path(f"{DOSSIER}/documents/<int:pk>", pieces.download, name="download"),
]
