"""The strictness of the tests is itself tested: a gate that never closes is no gate."""

import socket

import pytest
from django.template import engines

from people.models import Person
from tests.strict import NetworkClosed, Undefined, UndefinedVariable


def test_nothing_leaves_the_machine():
    with socket.socket() as outside, pytest.raises(NetworkClosed):
        outside.connect(("192.0.2.1", 80))


def test_an_undefined_variable_of_ours_fails(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.strict.ROOT", tmp_path)
    (tmp_path / "page.html").write_text("{{ nobody.gave_this }}")
    engine = engines["django"].engine.__class__(dirs=[str(tmp_path)], string_if_invalid=Undefined("%s"))
    with pytest.raises(UndefinedVariable, match=r"nobody\.gave_this is undefined in page\.html"):
        engine.render_to_string("page.html", {})


def test_an_undefined_variable_of_a_package_is_empty(tmp_path):
    (tmp_path / "page.html").write_text("[{{ nobody.gave_this }}]")
    engine = engines["django"].engine.__class__(dirs=[str(tmp_path)], string_if_invalid=Undefined("%s"))
    assert engine.render_to_string("page.html", {}) == "[]"


@pytest.mark.django_db
def test_rows_come_in_no_order_unless_asked():
    for number in range(30):
        Person.objects.create(email=f"person{number:02}@example.org", full_name=f"Person {number:02}")
    everyone = Person.objects.order_by()
    assert [person.pk for person in everyone] != sorted(person.pk for person in everyone)
    ordered = list(Person.objects.order_by("pk"))
    assert ordered == sorted(ordered, key=lambda person: person.pk)
