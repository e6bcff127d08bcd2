"""The frame of every page: languages, navigation, accounts, errors, what is vendored."""

import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from people.models import Person
from records.models import OutboxMail
from tests.web.conftest import PASSWORD
from web import navigation
from web.templatetags.frame import site_footer

pytestmark = pytest.mark.django_db
VENDORED = sorted((Path(project.BASE_DIR) / "static" / "vendor").iterdir())
PAGES = ["accessibilite", "mentions-legales", "donnees-personnelles", "licence", "account/login/", "account/signup/"]


def test_the_root_leads_to_ones_language(signed_in, anne):
    assert Client().get("/", headers={"accept-language": "en"})["Location"] == "/en/"
    assert Client().get("/", headers={"accept-language": "de"})["Location"] == "/fr/"
    Person.objects.filter(pk=anne.pk).update(language="en")
    assert signed_in.get("/", headers={"accept-language": "fr"})["Location"] == "/en/"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_site_is_whole_in_both_languages(path, language):
    response = Client().get(f"/{language}/{path}")
    page = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}">' in page
    assert page.count("<h1>") == 1
    assert ("Aller au contenu" in page) == (language == "fr")
    assert 'href="#contenu"' in page
    assert '<main id="contenu"' in page


def test_the_other_language_keeps_the_page_and_its_filters():
    page = Client().get("/fr/accessibilite?a=1&b=2").content.decode()
    assert '<a href="/en/accessibilite?a=1&amp;b=2" lang="en" hreflang="en">English</a>' in page


def test_the_accessibility_statement_has_its_mandatory_content():
    page = Client().get("/fr/accessibilite").content.decode()
    titles = re.findall(r"<h[12][^>]*>([^<]+)</h", page)
    assert titles == [
        "Accessibilité\u00a0: non conforme",
        "État de conformité",
        "Contenus non accessibles",
        "Établissement de cette déclaration",
        "Retour d’information et contact",
        "Voies de recours",
    ]


@pytest.mark.parametrize("path", [*PAGES, "nothing-here"])
def test_no_page_holds_an_inline_style_or_script(path):
    page = Client().get(f"/fr/{path}").content.decode()
    assert re.findall(r"<script(?![^>]*src=)|\sstyle=|<style|\son\w+=", page) == []
    assert "default-src 'none'" in Client().get(f"/fr/{path}")["Content-Security-Policy"]


def test_a_page_that_does_not_exist_says_so_in_the_look():
    response = Client().get("/fr/nothing-here")
    assert response.status_code == 404
    assert "<h1>Page introuvable</h1>" in response.content.decode()


def test_a_forged_form_is_refused_in_the_look():
    response = Client(enforce_csrf_checks=True).post("/en/account/login/", {"login": "a@example.org"})
    assert (response.status_code, "<h1>This was not accepted</h1>" in response.content.decode()) == (403, True)


def test_pages_of_a_signed_in_person_are_kept_by_no_cache(signed_in):
    assert "no-store" in signed_in.get("/fr/accessibilite")["Cache-Control"]
    assert "Cache-Control" not in Client().get("/fr/licence").headers


def test_someone_without_account_is_shown_the_way_in(anne):
    client = Client()
    response = client.get("/fr/account/")
    assert response["Location"] == "/fr/account/login/?next=/fr/account/"
    response = client.post(
        response["Location"], {"login": "ANNE@example.org", "password": PASSWORD, "next": "/fr/account/"}
    )
    assert response["Location"] == "/fr/account/"
    assert "Anne Martin" in client.get("/fr/account/").content.decode()


def test_a_person_chooses_their_name_and_language(signed_in, anne):
    response = signed_in.post("/fr/account/", {"full_name": "Anne Martin-Duval", "language": "en"})
    assert response["Location"] == "/en/account/"
    anne.refresh_from_db()
    assert (anne.full_name, anne.language) == ("Anne Martin-Duval", "en")
    assert "Your account was changed." in signed_in.get("/en/account/").content.decode()


def test_signing_out_is_a_post(signed_in):
    page = signed_in.get("/fr/account/").content.decode()
    assert '<form method="post" action="/fr/account/logout/">' in page
    assert signed_in.post("/fr/account/logout/")["Location"] == "/"
    assert signed_in.get("/fr/account/").status_code == 302


@pytest.mark.parametrize(("login", "password"), [("anne@example.org", "wrong"), ("nobody@example.org", PASSWORD)])
def test_a_wrong_sign_in_does_not_say_what_was_wrong(anne, login, password):
    page = Client().post("/fr/account/login/", {"login": login, "password": password}).content.decode()
    assert "<title>Erreur\u00a0: Se connecter – Escalier</title>" in page
    assert "<li>L’adresse e-mail ou le mot de passe sont incorrects.</li>" in page


def test_an_account_is_opened_with_a_name_and_the_language_of_the_page():
    Client().post(
        "/en/account/signup/",
        {"full_name": "Bob Durand", "email": "Bob@Example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert list(Person.objects.values_list("email", "full_name", "language")) == [
        ("bob@example.org", "Bob Durand", "en")
    ]


def test_a_forgotten_password_is_a_mail_of_the_outbox_in_the_readers_language(anne):
    client = Client()
    client.post("/en/account/password/reset/", {"email": anne.email})
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.recipient, mail.language, mail.subject, mail.person_id) == (
        "account_password_reset_key",
        "anne@example.org",
        "fr",
        "Choisissez un nouveau mot de passe",
        anne.actor_id,
    )
    (link,) = re.findall(r"http://testserver(/\S+)", mail.text)
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "another-horse-43", "password2": "another-horse-43"})
    anne.refresh_from_db()
    assert anne.check_password("another-horse-43")


def test_an_unknown_address_gets_the_same_answer(anne):
    answers = [
        (response.status_code, response["Location"])
        for email in (anne.email, "nobody@example.org")
        for response in [Client().post("/en/account/password/reset/", {"email": email})]
    ]
    assert answers == [(302, "/en/account/password/reset/done/")] * 2


def test_each_role_finds_its_own_links(rf, anne, monkeypatch):
    monkeypatch.setattr(navigation, "address_of", lambda name: f"/fr/{name}" if name != "public:data" else "")
    request = rf.get("/fr/officer:claims/7")

    def links(*roles):
        class Standing:
            def holds(self):
                return frozenset({"public", "signed_in", *roles})

        class Someone:
            is_authenticated = True
            standing = Standing()

        request.user = Someone()
        return [item.url.removeprefix("/fr/") for item in navigation.navigation(request)]

    assert links("paying_officer") == ["finance:to_pay", "finance:paid"]
    assert links() == ["applicant:dossiers", "public:calls", "public:help"]
    assert links("applicant_editor", "applicant_signatory", "adviser") == [
        "applicant:dossiers",
        "public:calls",
        "public:help",
        "adviser:missions",
        "adviser:calendar",
    ]
    request.user = type("Visitor", (), {"is_authenticated": False})()
    assert [item.url for item in navigation.navigation(request)] == [
        "/fr/public:calls",
        "/fr/public:projects",
        "/fr/public:help",
    ]


def test_the_present_page_is_marked_once(rf, monkeypatch):
    monkeypatch.setattr(navigation, "address_of", lambda name: "/fr/" + name.replace("public:", "public/"))
    request = rf.get("/fr/public/calls/7")
    request.user = type("Visitor", (), {"is_authenticated": False})()
    assert [item.here for item in navigation.navigation(request)] == [True, False, False, False]


def test_the_footer_leads_to_pages_that_exist():
    with override("fr"):
        addresses = {reverse(name) for name in ("accessibility", "legal", "privacy", "licence")}
    assert addresses == {
        "/fr/accessibilite",
        "/fr/mentions-legales",
        "/fr/donnees-personnelles",
        "/fr/licence",
    }
    assert set(site_footer()) == {"data_url"}


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.name)
def test_what_is_vendored_is_what_was_declared(folder):
    lines = (folder / "VERSIONS").read_text(encoding="utf-8").splitlines()
    assert [line.split(":")[0] for line in lines[:2]] == ["version", "licence"]
    declared = dict(line.split("  ")[::-1] for line in lines[2:])
    found = {file.name: file for file in folder.iterdir() if file.name != "VERSIONS"}
    assert declared == {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in found.items()}
    assert [name for name, file in found.items() if b"sourceMappingURL" in file.read_bytes()] == []
