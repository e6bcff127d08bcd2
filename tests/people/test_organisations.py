"""Organisations: identified, registered once, with members whom a signatory invites."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from kit import clock
from kit.errors import Conflict, NotAllowed, Refused
from people import queries
from people.actions import organisations
from people.models import Membership, Organisation, Person
from people.rules import identifiers
from tests.people.conftest import LONG_AGO, SIRET, acts, mails

register = organisations.register_organisation


@pytest.mark.parametrize("number", [SIRET, "38047555800058", "35600000000048", "35600000049837"])
def test_a_siret_has_the_luhn_key_or_is_la_poste_s(number):
    assert identifiers.is_siret(number)


@pytest.mark.parametrize(
    "number",
    [
        "23350001600041",  # wrong key
        "2335000160004",  # 13 digits
        "233500016000400",  # 15 digits
        "35600000049838",  # La Poste: neither Luhn nor a sum that is a multiple of 5
        "23350001600O40",
        "２３３５０００１６０００４０",
        "",
    ],
)
def test_another_number_is_not_a_siret(number):
    assert not identifiers.is_siret(number)


@pytest.mark.parametrize(("number", "right"), [("W313001234", True), ("W31300123", False), ("X313001234", False)])
def test_an_rna_number_is_a_w_and_nine_digits(number, right):
    assert identifiers.is_rna(number) is right


def test_whoever_registers_an_organisation_becomes_its_editor(editor, town):
    assert (town.siret, town.siren, town.identifier) == (SIRET, "233500016", SIRET)
    assert [(row.person, row.capacity) for row in Membership.objects.filter(organisation=town)] == [(editor, "editor")]
    assert editor.standing.editor_of == {town.pk}
    assert acts("site") == ["organisation.registered"]


def test_a_registered_organisation_is_joined_by_invitation(town, person):
    with pytest.raises(Refused, match="invitation") as refusal, translation.override("en"):
        register(kind="commune", name="Catus again", siret="233 500 016 00040", by=person("Other"))
    assert refusal.value.field == "siret"
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "at_fault"),
    [
        ({"kind": "commune", "siret": "23350001600041"}, "siret"),
        ({"kind": "commune"}, "siret"),
        ({"kind": "commune", "rna": "W313001234"}, "rna"),
        ({"kind": "association", "rna": "W3130012"}, "rna"),
        ({"kind": "association"}, "siret"),
        ({"kind": "kingdom", "siret": SIRET}, "kind"),
        ({"kind": "commune", "siret": SIRET, "name": " "}, "name"),
        ({"kind": "commune", "siret": SIRET, "name": "n" * 201}, "name"),
        ({"kind": "commune", "siret": SIRET, "name": "\ud800"}, "name"),
        ({"kind": "commune", "siret": SIRET, "postal_code": "310000"}, "postal_code"),
        ({"kind": "commune", "identifier_unknown": True}, "siret"),
        ({"kind": "commune", "siret": SIRET, "department": "20"}, "department"),
        ({"kind": "commune", "siret": SIRET, "department": "47", "insee": "46042"}, "department"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(editor, given, at_fault):
    with pytest.raises(Refused) as refusal:
        register(**{"name": "Catus", **given}, by=editor)
    assert refusal.value.field == at_fault
    assert Organisation.objects.count() == 0


def test_the_departement_and_the_region_follow_from_the_commune(editor):
    town = register(kind="commune", name="Cahors", siret=SIRET, insee="46042", by=editor)
    assert (town.insee, town.department, town.region) == ("46042", "46", "76")


def test_an_association_may_be_known_by_its_rna_number(editor):
    assert register(kind="association", name="Club", rna="w313001234", by=editor).identifier == "W313001234"


def test_only_a_replay_of_history_leaves_the_identifier_unknown(editor):
    with clock.at(LONG_AGO):
        old = register(kind="commune", name="Catus", identifier_unknown=True, by=editor)
    assert (old.siret, old.rna, old.siren, old.created_at) == (None, None, "", LONG_AGO)


def test_the_database_refuses_an_organisation_without_identifier(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(kind="commune", name="Nowhere")


def test_a_signatory_invites_an_editor_who_had_no_account(mayor, town):
    membership = organisations.invite_member(
        organisation=town, email="New@Example.org", full_name="New", capacity="editor", language="en", by=mayor
    )
    invited = Person.objects.get(email="new@example.org")
    assert membership.person == invited
    assert not invited.has_usable_password()
    assert invited.standing.editor_of == {town.pk}
    assert mails(invited) == ["account.opened", "organisation.member_added"]
    assert acts("site")[-2:] == ["account.opened", "organisation.member_added"]


def test_an_editor_invites_nobody(editor, town, mayor, person):
    with pytest.raises(NotAllowed):
        organisations.invite_member(
            organisation=town, email="a@example.org", full_name="A", capacity="editor", by=editor
        )
    assert not Person.objects.filter(email="a@example.org").exists()


def test_a_signatory_invites_nobody_elsewhere(mayor, person):
    other = register(kind="commune", name="Other", siret="38047555800058", by=person("Other"))
    with pytest.raises(NotAllowed):
        organisations.invite_member(organisation=other, email="editor@example.org", capacity="editor", by=mayor)


def test_a_member_is_invited_once_in_each_capacity(mayor, town, editor):
    with pytest.raises(Refused):
        organisations.invite_member(organisation=town, email=editor.email, capacity="editor", by=mayor)
    organisations.invite_member(organisation=town, email=editor.email, capacity="elected", by=mayor)
    assert editor.standing.member_of == {town.pk}


def test_a_membership_that_ended_gives_nothing(mayor, town, editor):
    membership = Membership.objects.get(person=editor)
    organisations.end_membership(membership=membership, by=mayor)
    assert editor.standing.organisations == set()
    assert acts("site")[-1] == "organisation.member_removed"
    with pytest.raises(Conflict):
        organisations.end_membership(membership=membership, by=mayor)


def test_an_organisation_is_found_by_its_exact_number(town):
    assert queries.find_organisation("233 500 016 00040") == town
    assert queries.find_organisation("W313001234") is None
    assert queries.find_organisation("Catus") is None


def test_who_acts_for_an_organisation_is_listed(town, mayor, editor):
    assert list(queries.signatories(town)) == [mayor]
    assert list(queries.editors(town)) == [editor]
