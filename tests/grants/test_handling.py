"""Who is in charge of a dossier: taken, given, transferred, returned; nobody once the role is lost."""

import pytest

from grants.actions import handling as acts
from grants.actions import submission
from grants.lifecycle import State
from grants.models import Dossier
from grants.queries import handling
from kit.errors import NotAllowed, Refused
from people.actions import roles
from people.models import Role, standing
from tests.world import CODE, fresh, last_entry, mails, recipients

pytestmark = pytest.mark.usefixtures("staged_draft")


def give(dossier, officer, by):
    return acts.assign_officer(dossier=dossier, officer=officer, by=by)


def dismiss(world, person):
    """End the person's role of officer."""
    held = person.role_assignments.get(role=Role.INSTRUCTING_OFFICER)
    roles.end_role(assignment=held, reason="Left.", by=world.manager)
    person.refresh_from_db()


def test_an_officer_takes_a_dossier_from_the_pool_without_a_mail(world):
    dossier = world.dossier()
    assert handling.in_charge(dossier) is None
    give(dossier, world.officer, world.officer)
    assert handling.in_charge(fresh(dossier)) == world.officer
    entry = last_entry(dossier)
    assert (entry.act, entry.data) == (
        "dossier.officer_assigned",
        {"officer": world.officer.actor_id, "former": ""},
    )
    assert entry.personal.data["officer"] == world.officer.full_name
    assert mails(dossier, "officer_assigned") == []


def test_a_transfer_tells_the_new_officer_and_who_had_it(world):
    dossier = give(world.dossier(), world.officer, world.manager)
    give(dossier, world.other_officer, world.officer)
    assert fresh(dossier).officer == world.other_officer
    assert last_entry(dossier).data["former"] == world.officer.actor_id
    assert recipients(dossier, "officer_assigned") == ["Officer", "Other Officer"]
    told = mails(dossier, "officer_assigned")[-1]
    assert told.subject == f"{dossier.reference}: a dossier is in your charge"
    assert told.text.startswith("Officer put the dossier “Digital welcome” of")


def test_a_dossier_goes_back_to_the_pool_once(world):
    dossier = give(world.dossier(), world.officer, world.officer)
    acts.release_dossier(dossier=dossier, by=world.manager)
    assert fresh(dossier).officer is None
    entry = last_entry(dossier)
    assert (entry.act, entry.data) == ("dossier.officer_released", {"former": world.officer.actor_id})
    with pytest.raises(Refused, match="Nobody is in charge"):
        acts.release_dossier(dossier=dossier, by=world.manager)


def test_it_is_given_to_officers_of_the_programme_without_tie_who_do_not_have_it(world):
    dossier = world.dossier()
    world.tie(world.other_officer, dossier.applicant)
    give(dossier, world.officer, world.officer)
    for person, why in {
        world.secretary: "no instructing officer",
        world.other_officer: "tied to the applicant",
        world.officer: "in charge of this dossier already",
    }.items():
        with pytest.raises(Refused, match=why) as refused:
            give(dossier, person, world.manager)
        assert refused.value.field == "officer"
    assert fresh(dossier).officer == world.officer


def test_only_the_service_and_the_manager_choose_who_has_a_filed_dossier(world):
    dossier, draft = world.dossier(), world.dossier(State.DRAFT)
    allowed = {"instructing_officer", "programme_manager"}
    for role, person in world.everyone().items():
        if role not in allowed:
            with pytest.raises(NotAllowed):
                give(dossier, world.officer, person)
            with pytest.raises(NotAllowed):
                acts.release_dossier(dossier=dossier, by=person)
    with pytest.raises(NotAllowed):
        give(dossier, world.officer, world.signatory(dossier))
    with pytest.raises(NotAllowed):
        give(draft, world.officer, world.officer)
    world.tie(world.manager, dossier.applicant)
    with pytest.raises(NotAllowed, match="You are tied"):
        give(dossier, world.officer, world.manager)


def test_who_loses_the_role_is_in_charge_of_nothing(world):
    dossier = give(world.dossier(), world.officer, world.officer)
    dismiss(world, world.officer)
    row = fresh(dossier)
    assert handling.in_charge(row) is None
    assert handling.with_officer(Dossier.objects.all()).get(pk=dossier.pk).officer_name is None
    # The column keeps whom it was given to, and a colleague takes it.
    assert row.officer == world.officer
    give(row, world.other_officer, world.other_officer)
    assert handling.with_officer(Dossier.objects.all()).get(pk=dossier.pk).officer_name == "Other Officer"


def test_who_becomes_tied_is_in_charge_no_more(world):
    dossier = give(world.dossier(), world.officer, world.officer)
    world.tie(world.officer, dossier.applicant)
    standing.changed()
    assert handling.in_charge(fresh(dossier)) is None


def test_the_lists_of_somebody_and_of_nobody_agree(world):
    taken, free, orphan = world.dossier(), world.dossier(), world.dossier()
    give(taken, world.officer, world.officer)
    give(orphan, world.other_officer, world.officer)
    dismiss(world, world.other_officer)
    officers = handling.officers_of([CODE])
    keys = {CODE: world.programme.pk}
    assert list(officers[CODE]) == [world.officer.pk]

    def references(condition):
        return list(Dossier.objects.filter(condition).order_by("pk").values_list("reference", flat=True))

    assert references(handling.of_officer(world.officer.pk, keys, officers)) == [taken.reference]
    assert references(handling.of_officer(world.other_officer.pk, keys, officers)) == []
    assert references(handling.of_nobody(keys, officers)) == [free.reference, orphan.reference]


def test_mails_to_the_officers_go_to_the_one_in_charge(world):
    dossier, free = world.dossier(), world.dossier()
    assert world.other_officer
    give(dossier, world.officer, world.officer)
    for one in (dossier, free):
        submission.withdraw(dossier=one, reason="No.", by=world.signatory(one))
    assert recipients(dossier, "withdrawn") == ["Officer"]
    assert recipients(free, "withdrawn") == ["Officer", "Other Officer"]
