"""What a page reads along: as many queries whatever the number of members, and the same answers."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.models import Dossier
from grants.queries.next_steps import next_step
from selection.queries.along import read_along
from selection.queries.deliberation import checklist


def told(dossier, person):
    return next_step(dossier, person), checklist(dossier, "select")


def test_a_decided_dossier_is_told_in_nine_queries_and_in_the_same_words(world):
    dossier, _decision = world.selectable()
    rows = Dossier.objects.select_related("call__envelope__account", "call__measure", "programme", "assessment")
    alone, along = rows.get(pk=dossier.pk), rows.get(pk=dossier.pk)
    world.secretary.standing  # the request has read it
    with CaptureQueriesContext(
        connection,
    ) as seen:
        read_along(along)
        answers = told(along, world.secretary)
    assert len(seen) == 9
    assert answers == told(alone, world.secretary)


def test_a_third_member_costs_no_query(world):
    def queries(dossier):
        fresh = Dossier.objects.select_related("call").get(pk=dossier.pk)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            read_along(fresh)
        return len(seen)

    first, second = world.dossier(), world.dossier()
    world.score(first, *world.members[:2])
    world.score(second, *world.members[:3])
    assert queries(first) == queries(second)
