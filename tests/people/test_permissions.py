"""May this person do this to that object: roles by programme, relations, states, ties, and why not."""

from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from kit.actors import DEMO, INSTALLER, SCHEDULER
from kit.errors import NotAllowed
from people.models import Person, RoleAssignment, standing
from people.permissions import bind_relation, bind_tie, can_explain, may, permit, relations
from people.permissions.check import check_bindings
from people.permissions.table import RELATIONS


@dataclass
class FakeDossier:
    """What the permission page asks of a dossier."""

    permission_state: str = "submitted"
    programme_code: str = "P1"
    organisations: set[int] = field(default_factory=set)


@dataclass
class FakeClaim:
    permission_dossier: FakeDossier


def own(person, dossier, role):
    acting = person.standing.editor_of if role == "applicant_editor" else person.standing.signatory_of
    return bool(acting & dossier.organisations)


@pytest.fixture
def officer(person, give) -> Person:
    officer = person("Officer")
    give(officer, "instructing_officer")
    return officer


def test_a_role_reaches_the_dossiers_of_its_programme_alone(officer):
    assert may(officer, "dossier.view", FakeDossier())
    assert not may(officer, "dossier.view", FakeDossier(programme_code="P2"))
    assert not may(officer, "dossier.view", FakeDossier(programme_code=""))


def test_a_role_reaches_a_dossier_in_the_states_of_the_page_alone(officer):
    assert {
        state for state in ("draft", "submitted", "advised") if may(officer, "dossier.advise", FakeDossier(state))
    } == {"submitted"}


def test_an_object_is_judged_by_its_dossier(officer):
    assert may(officer, "claim.check", FakeClaim(FakeDossier("contracted")))
    assert not may(officer, "claim.check", FakeClaim(FakeDossier("paid")))


def test_without_object_the_question_is_whether_any_role_grants_the_act(officer, editor):
    assert may(officer, "claim.check")
    assert not may(editor, "claim.check")
    assert may(editor, "organisation.register")


def test_who_is_not_signed_in_may_do_what_is_public(db):
    assert [may(who, "call.view") for who in (None, AnonymousUser())] == [True, True]
    assert [may(who, "home.view") for who in (None, AnonymousUser())] == [False, False]
    assert may(None, "dossier.view_summary", FakeDossier("paid"))
    assert not may(None, "dossier.view_summary", FakeDossier("submitted"))


def test_an_editor_of_one_organisation_who_signs_for_another_does_not_sign_for_the_first(mayor, town, person):
    bind_relation("own organisation", own)
    dossier = FakeDossier("draft", organisations={town.pk})
    both = mayor
    elsewhere = FakeDossier("draft", organisations={town.pk + 1000})
    assert may(both, "dossier.submit", dossier)
    assert not may(both, "dossier.submit", elsewhere)
    assert not may(person("Nobody"), "dossier.submit", dossier)


def test_an_editor_edits_and_does_not_submit(editor, town):
    bind_relation("own organisation", own)
    dossier = FakeDossier("draft", organisations={town.pk})
    assert may(editor, "dossier.edit", dossier)
    assert not may(editor, "dossier.submit", dossier)


def test_an_organisation_s_own_acts_need_no_binding(editor, mayor, town):
    assert may(editor, "dossier.create", town)
    assert may(mayor, "organisation.invite", town)
    assert not may(editor, "organisation.invite", town)


def test_a_tie_takes_every_staff_relation_and_leaves_the_applicant_s(mayor, town, give):
    bind_relation("own organisation", own)
    bind_tie(lambda person, dossier: bool(person.standing.organisations & dossier.organisations))
    give(mayor, "instructing_officer")
    hers, others = FakeDossier(organisations={town.pk}), FakeDossier()
    assert may(mayor, "dossier.advise", others)
    assert not may(mayor, "dossier.advise", hers)
    assert may(mayor, "dossier.withdraw", hers)
    assert relations(mayor, hers) == {
        ("public", "any"),
        ("signed_in", "any"),
        ("applicant_signatory", "own organisation"),
    }


def test_a_relation_of_staff_also_needs_the_role_in_the_programme(person, give):
    bind_relation("assigned", lambda person, dossier: True)
    member = person("Member")
    assert not may(member, "score.give", FakeDossier())
    give(member, "committee_member")
    assert may(member, "score.give", FakeDossier())
    assert not may(member, "score.give", FakeDossier(programme_code="P2"))


def test_a_relation_that_nobody_answers_for_is_refused_and_found_at_start(person, give):
    member = person("Member")
    give(member, "committee_member")
    assert not may(member, "score.give", FakeDossier())
    assert {error.id for error in check_bindings()} == {"people.E001"}
    assert len(check_bindings()) == len(RELATIONS - {"any", "programme"})


def test_all_relations_bound_is_no_finding_and_an_unknown_one_is():
    for name in RELATIONS - {"any", "programme"}:
        bind_relation(name, own)
    assert check_bindings() == []
    bind_relation("cousin", own)
    assert [error.id for error in check_bindings()] == ["people.E002"]


def test_a_relation_is_bound_once_and_that_of_organisations_is_told_the_role():
    bind_relation("assigned", own)
    with pytest.raises(ValueError, match="bound already"):
        bind_relation("assigned", own)
    with pytest.raises(TypeError, match="an editor is no signatory"):
        bind_relation("own organisation", lambda person, obj: True)


def test_an_inactive_person_may_nothing_even_what_is_public(officer):
    officer.is_active = False
    assert not may(officer, "call.view")
    assert relations(officer, FakeDossier()) == set()
    assert can_explain(officer, "call.view") == NotAllowed.default_message()


def test_an_unknown_act_is_an_error_and_not_a_refusal(officer):
    with pytest.raises(LookupError, match=r"dossier\.explode"):
        may(officer, "dossier.explode")


def test_system_actors_do_what_is_listed_for_them_alone():
    assert may(SCHEDULER, "reminder.send")
    assert may(INSTALLER, "administrator.create")
    assert [may(DEMO, "dossier.select"), may(SCHEDULER, "administrator.create")] == [False, False]
    with pytest.raises(NotAllowed):
        permit(DEMO, "dossier.select")


def test_why_not_says_who_does_it_or_when(officer, editor, give):
    assert can_explain(officer, "dossier.advise", FakeDossier()) == ""
    with translation.override("en"):
        assert can_explain(editor, "dossier.advise", FakeDossier()) == "This is done by: Instructing officer."
        assert can_explain(officer, "dossier.advise", FakeDossier("paid")) == (
            "This is not possible at the present step of the application."
        )
        assert can_explain(officer, "dossier.advise", FakeDossier(programme_code="P2")) == (
            "Your role does not reach this one; this is done by: Instructing officer."
        )
        assert can_explain(None, "home.view") == "Sign in first."
        bind_tie(lambda person, dossier: True)
        assert can_explain(officer, "dossier.advise", FakeDossier()) == (
            "You are tied to the applicant or to a partner of this application, so another member of staff does this."
        )
        with pytest.raises(NotAllowed, match="tied to the applicant"):
            permit(officer, "dossier.advise", FakeDossier())


def test_a_person_s_standing_costs_one_query_a_request(officer, django_assert_num_queries):
    asked = Person.objects.get(pk=officer.pk)
    with django_assert_num_queries(1):
        assert may(asked, "dossier.view", FakeDossier())
        assert not may(asked, "dossier.select", FakeDossier())
        assert relations(asked, FakeDossier()) == {
            ("public", "any"),
            ("signed_in", "any"),
            ("instructing_officer", "programme"),
        }


def test_a_standing_is_read_again_after_a_reload_or_a_change(officer):
    assert officer.standing.roles == {("instructing_officer", "P1")}
    RoleAssignment.objects.filter(person=officer).update(confirmed_at=None, confirmed_by=None)
    assert officer.standing.roles == {("instructing_officer", "P1")}
    officer.refresh_from_db()
    assert officer.standing.roles == set()
    RoleAssignment.objects.filter(person=officer).update(role="auditor")
    standing.changed()
    assert officer.standing.scopes() == set()
