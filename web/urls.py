"""All addresses under `/fr/` and `/en/`: the rooms by audience, the accounts, the pages of the site itself.

`unprefixed` holds those that carry no language.
"""

from __future__ import annotations

from importlib.util import find_spec

from allauth.account import views as accounts
from django.urls import include, path, re_path

from web import d, mailbox
from web.shared import site

# In this order: each room writes its own addresses in full, so that `/fr/appels` needs no room's name.
ROOMS = ("public", "applicant", "adviser", "committee", "officer", "finance", "manager", "audit", "staff")

account_urls = [
    path("", site.account, name="account"),
    path("login/", accounts.login, name="account_login"),
    path("logout/", accounts.logout, name="account_logout"),
    path("inactive/", accounts.account_inactive, name="account_inactive"),
    path("signup/", accounts.signup, name="account_signup"),
    path("reauthenticate/", accounts.reauthenticate, name="account_reauthenticate"),
    path("email/", accounts.email, name="account_email"),
    path("confirm-email/", accounts.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", accounts.confirm_email, name="account_confirm_email"),
    path("password/change/", accounts.password_change, name="account_change_password"),
    path("password/set/", accounts.password_set, name="account_set_password"),
    path("password/reset/", accounts.password_reset, name="account_reset_password"),
    path("password/reset/done/", accounts.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        accounts.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/", accounts.password_reset_from_key_done, name="account_reset_password_from_key_done"
    ),
]

urlpatterns = [
    *(
        path("", include(f"web.{room}.urls"))
        for room in ROOMS
        if find_spec(f"web.{room}") and find_spec(f"web.{room}.urls")
    ),
    path("account/", include(account_urls)),
    path("courrier", mailbox.listing, name="mailbox"),
    path("courrier/<int:pk>", mailbox.mail, name="mail"),
    path("accessibilite", site.accessibility, name="accessibility"),
    path("mentions-legales", site.legal, name="legal"),
    path("donnees-personnelles", site.privacy, name="privacy"),
    path("licence", site.licence, name="licence"),
]

unprefixed = [path("", site.root, name="root"), path("d/<str:reference>", d.dossier, name="d")]
