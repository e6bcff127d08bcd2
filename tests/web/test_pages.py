"""A page declares its action, lets in who may do it, runs one action and says why it was not done."""

from contextlib import contextmanager

import pytest
from django.test import Client
from django.urls import get_resolver

from people.models import Person
from tests.web import urls
from web import pages
from web.forms import EscalierForm
from web.urls import unprefixed, urlpatterns

pytestmark = pytest.mark.django_db


def test_a_visitor_signs_in_first_and_comes_back(frame):
    response = Client().get("/fr/named?a=1")
    assert (response.status_code, response["Location"]) == (302, "/fr/account/login/?next=/fr/named%3Fa%3D1")


def test_a_fragment_never_receives_the_sign_in_page(frame):
    assert Client().get("/fr/named", headers={"HX-Request": "true"}).status_code == 401


def test_what_one_may_never_do_is_absent(signed_in):
    assert signed_in.get("/fr/report").status_code == 404


def test_a_public_page_needs_no_account(frame):
    assert Client().get("/en/public").content == b"call"


def test_a_method_that_the_page_does_not_know_is_refused(frame):
    response = Client().post("/en/public")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("reference", ["999999", "nothing", "1%00", "9" * 40])
def test_a_row_that_one_may_not_see_is_absent(signed_in, reference):
    Person.objects.create_user("bob@example.org", full_name="Bob")
    assert signed_in.get(f"/fr/person/{reference}").status_code == 404


def test_a_row_that_one_may_see_is_shown(signed_in, anne):
    other = Person.objects.create_user("bob@example.org", full_name="Bob")
    assert signed_in.get(f"/fr/person/{anne.pk}").content == b"anne@example.org"
    assert signed_in.get(f"/fr/person/{other.pk}").status_code == 404


def test_an_action_is_run_as_the_person_of_the_request(signed_in, frame):
    response = signed_in.post("/fr/named", {"name": "Portail"})
    assert (response.status_code, response["Location"], frame) == (302, "/fr/named", ["anne@example.org: Portail"])


@pytest.mark.parametrize(
    ("name", "errors"),
    [
        ("unmet", {"__all__": ["The mandate is missing.", "The budget does not balance."]}),
        ("refused", {"name": ["This name is taken."]}),
        ("elsewhere", {"__all__": ["Not this one."]}),
    ],
)
def test_what_is_missing_or_refused_stands_in_the_form(signed_in, frame, name, errors):
    response = signed_in.post("/en/named", {"name": name})
    assert (response.status_code, response.context["form"].errors, frame) == (200, errors, [])
    assert response.context["form"]["name"].value() == name


def test_what_is_missing_is_a_checklist_apart_from_the_errors(signed_in):
    page = signed_in.post("/en/named", {"name": "unmet"}).content.decode()
    assert '<h2 id="es-errors-title">Not possible yet</h2>' in page
    assert "<li>The mandate is missing.</li><li>The budget does not balance.</li>" in page


def test_a_busy_dossier_is_a_message(signed_in, frame):
    response = signed_in.post("/en/named", {"name": "busy"})
    (message,) = response.context["messages"]
    assert (message.level_tag, str(message)) == (
        "error",
        "Someone else is changing the same thing at this moment; try again in a few seconds.",
    )


def test_the_title_says_that_there_are_errors_and_links_to_them(signed_in):
    page = signed_in.post("/en/named", {"name": ""}).content.decode()
    assert "<title>Error: Change the password – Escalier</title>" in page
    assert '<a href="#id_name">Name of the project: Fill in this field.</a>' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_name_error"' in page


def test_the_guard_of_reads_surrounds_every_get(signed_in, monkeypatch):
    entered = []

    @contextmanager
    def guard():
        entered.append("in")
        yield
        entered.append("out")

    monkeypatch.setattr(pages.ReadGuard, "around", staticmethod(guard))
    signed_in.get("/fr/named")
    signed_in.post("/fr/named", {"name": "Portail"})
    assert entered == ["in", "out"]


def test_an_unbound_form_can_be_told_what_is_missing(rf):
    form = EscalierForm()
    pages.tell(rf.get("/"), form, urls.Unmet(["Sign first."]))
    assert form.non_field_errors() == ["Sign first."]


def test_paying_needs_the_password_again_and_sends_the_form_on(signed_in, frame):
    sent = signed_in.post("/fr/pay", {"order": "7"})
    assert (sent.status_code, sent["Location"]) == (302, "/fr/account/reauthenticate/?next=%2Ffr%2Fpay")
    assert frame == []
    signed_in.post(sent["Location"], {"password": "correct-horse-battery-42", "next": "/fr/pay"})
    assert frame == ["paid"]
    assert signed_in.post("/fr/pay", {"order": "8"})["Location"] == "/fr/named"


def test_every_address_of_the_frame_declares_its_action():
    def views(patterns):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from views(pattern.url_patterns)
            else:
                yield pattern

    undeclared = [
        pattern.name
        for pattern in views([*unprefixed, *urlpatterns])
        if not hasattr(pattern.callback, "action_name") and pattern.name not in pages.DECLARED
    ]
    assert undeclared == []
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert set(pages.DECLARED) - names == set()
