"""The frame of every act: role first, one transaction, a plain answer when the rows are taken."""

import pytest
from django.db import OperationalError, connection

from kit.actors import SCHEDULER
from kit.errors import Busy, NotAllowed
from people import acting
from people.acting import action, in_action
from people.models import Person


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    monkeypatch.setattr(acting, "ACTIONS", {})


def test_an_act_runs_in_a_transaction_and_says_that_it_runs(editor):
    @action("home.view")
    def look(*, by):
        return in_action(), acting.acting(), connection.in_atomic_block

    assert look(by=editor) == (True, ("home.view",), True)
    assert not in_action()
    assert look.action_name == "home.view"
    assert {"home.view": [look]} == acting.ACTIONS


def test_who_has_no_role_for_the_act_does_not_even_enter(editor):
    entered = []

    @action("dossier.select")
    def select(*, by):
        entered.append(by)

    for nobody in (editor, None, SCHEDULER, Person()):
        with pytest.raises(NotAllowed):
            select(by=nobody)
    editor.is_active = False

    @action("home.view")
    def look(*, by):
        entered.append(by)

    with pytest.raises(NotAllowed):
        look(by=editor)
    assert entered == []


def test_an_act_that_fails_leaves_nothing(editor):
    @action("home.view")
    def rename(*, by):
        Person.objects.filter(pk=by.pk).update(full_name="Changed")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rename(by=editor)
    assert Person.objects.get(pk=editor.pk).full_name == "Editor"
    assert not in_action()


def test_an_inner_act_that_fails_fails_the_outer_one(editor):
    @action("home.view")
    def inner(*, by):
        assert acting.acting() == ("home.view", "home.view")
        raise ZeroDivisionError

    @action("home.view")
    def outer(*, by):
        Person.objects.filter(pk=by.pk).update(full_name="Changed")
        inner(by=by)

    with pytest.raises(ZeroDivisionError):
        outer(by=editor)
    assert Person.objects.get(pk=editor.pk).full_name == "Editor"


def test_rows_that_are_taken_are_answered_by_try_again(editor):
    @action("home.view")
    def wait(*, by):
        raise OperationalError("database is locked")

    with pytest.raises(Busy):
        wait(by=editor)


def test_another_failure_of_the_database_is_not_hidden(editor):
    @action("home.view")
    def wait(*, by):
        raise OperationalError("disk I/O error")

    with pytest.raises(OperationalError, match="disk"):
        wait(by=editor)


def test_an_act_takes_keywords_alone(editor):
    @action("home.view")
    def look(*, by):
        return by

    with pytest.raises(TypeError, match="keyword arguments only"):
        look(editor)
    with pytest.raises(TypeError, match="`by` among them"):
        action("home.view")(lambda by: by)
    with pytest.raises(TypeError, match="`by` among them"):
        action("home.view")(lambda *, other: other)


def test_an_act_that_is_not_on_the_page_cannot_be_written():
    with pytest.raises(LookupError, match=r"dossier\.explode"):
        action("dossier.explode")


def test_the_bulk_maker_is_the_one_exemption(db):
    with acting.exempt_bulk_write():
        assert acting.acting() == ("bulk",)
        assert connection.in_atomic_block
    assert not in_action()
