"""Addresses of the programme manager."""

from django.urls import path

from web.manager import calls, committees, dashboard, form_of_call, form_versions, money, programme

app_name = "manager"
PROGRAMME = "pilotage/programmes/<str:code>"
MEASURE = "pilotage/actions/<int:pk>"
CALL = "pilotage/appels/<slug:slug>"
FORM = f"{CALL}/formulaire"
COMMITTEE = "pilotage/comites/<int:pk>"

urlpatterns = [
    path("pilotage/tableau", dashboard.dashboard, name="dashboard"),
    path("pilotage/indicateurs", dashboard.indicators, name="indicators"),
    path("pilotage/parametrage", programme.settings, name="settings"),
    path(PROGRAMME, programme.programme, name="programme"),
    path(f"{PROGRAMME}/actions/nouvelle", programme.add_measure, name="add_measure"),
    path(f"{PROGRAMME}/decisions/nouvelle", programme.record_decision, name="record_decision"),
    path(f"{PROGRAMME}/marches/nouveau", programme.open_framework, name="open_framework"),
    path(f"{PROGRAMME}/comites/nouveau", committees.create, name="create_committee"),
    path(f"{PROGRAMME}/<slug:tab>", programme.programme, name="programme_tab"),
    path(MEASURE, money.measure, name="measure"),
    path(f"{MEASURE}/enveloppes/nouvelle", money.open_envelope, name="open_envelope"),
    path(f"{MEASURE}/regle", money.set_rule, name="set_rule"),
    path(f"{MEASURE}/cible", money.set_target, name="set_target"),
    path(f"{MEASURE}/resultat", money.declare_result, name="declare_result"),
    path(f"{MEASURE}/appels/nouveau", calls.create, name="create_call"),
    path("pilotage/enveloppes/<int:pk>", money.change_envelope, name="change_envelope"),
    path(CALL, calls.call, name="call"),
    path(f"{CALL}/modifier", calls.edit, name="edit_call"),
    path(f"{CALL}/publier", calls.publish, name="publish_call"),
    path(f"{CALL}/echeance", calls.change_deadline, name="change_deadline"),
    path(f"{CALL}/grille", calls.edit_grid, name="edit_grid"),
    path(f"{CALL}/grille/approuver", calls.approve_grid, name="approve_grid"),
    path(FORM, form_of_call.form, name="form"),
    path(f"{FORM}/ajouter/<str:address>", form_of_call.add, name="form_add"),
    path(f"{FORM}/modifier/<str:address>", form_of_call.edit, name="form_edit"),
    path(f"{FORM}/condition/<str:address>", form_of_call.condition, name="form_condition"),
    path(f"{FORM}/retirer/<str:address>", form_of_call.take_out, name="form_take_out"),
    path(f"{FORM}/apercu", form_versions.preview, name="form_preview"),
    path(f"{FORM}/publier", form_versions.publish, name="form_publish"),
    path(f"{FORM}/abandonner", form_versions.drop, name="form_drop"),
    path(COMMITTEE, committees.committee, name="committee"),
    path(f"{COMMITTEE}/nommer", committees.appoint, name="appoint"),
    path("pilotage/membres/<int:pk>/terminer", committees.end_membership, name="end_office"),
]
