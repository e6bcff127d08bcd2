"""Addresses of the paying officer."""

from django.urls import path

from web.finance import views

app_name = "finance"

urlpatterns = [
    path("paiements", views.to_pay, name="to_pay"),
    path("paiements/ordres", views.paid, name="paid"),
    path("paiements/certificats/<int:pk>", views.order, name="order"),
    path("paiements/ordres/<int:pk>/payer", views.record_payment, name="record_payment"),
    path("paiements/ordres/<int:pk>/refuser", views.record_refusal, name="record_refusal"),
    path("paiements/dossiers/<str:reference>/solder", views.pay, name="pay"),
    path("paiements/dossiers/<str:reference>/compte", views.account, name="account"),
    path("paiements/reversements/<int:pk>", views.recovery, name="recovery"),
]
