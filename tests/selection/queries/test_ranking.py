"""The ranking of a call: pages by key, shared ranks, what money reaches, and as many queries for 10 rows as for 200."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.actions import submission
from grants.lifecycle import State
from selection.actions import deliberation
from selection.models import Assessment, Outcome
from selection.queries.deliberation import reserve_list
from selection.queries.ranking import ranking


def ranked(world, mark, requested="8000", **fields):
    dossier = world.dossier(requested=requested, **fields)
    world.score(dossier, mark=mark)
    return dossier


def shown(page):
    return [(row.rank, row.dossier, row.mean, row.cumulated, row.fits) for row in page.rows]


def test_the_best_mean_first_with_what_the_envelope_reaches(world):
    low, high, middle = ranked(world, 10), ranked(world, 18), ranked(world, 14)
    world.dossier()
    page = ranking(world.call)
    assert shown(page) == [
        (1, high, Decimal("90.0000"), Decimal(8000), True),
        (2, middle, Decimal("70.0000"), Decimal(16000), True),
        (3, low, Decimal("50.0000"), Decimal(24000), False),
    ]
    assert (page.ranked, page.unscored, page.left, page.amount, page.after) == (
        3,
        1,
        Decimal(20000),
        Decimal(20000),
        None,
    )


def test_equal_means_share_their_rank_across_pages(world):
    dossiers = [ranked(world, mark, "1000") for mark in (18, 14, 14, 14, 10)]
    first = ranking(world.call, limit=2)
    second = ranking(world.call, after=first.after, limit=2)
    third = ranking(world.call, after=second.after, limit=2)
    rows = [*first.rows, *second.rows, *third.rows]
    assert [row.dossier for row in rows] == dossiers
    assert [row.rank for row in rows] == [1, 2, 2, 2, 5]
    assert [row.cumulated for row in rows] == [Decimal(n * 1000) for n in (1, 2, 3, 4, 5)]
    assert third.after is None


def test_what_is_decided_no_longer_asks_for_money(world):
    best, next_one, gone = ranked(world, 18), ranked(world, 14), ranked(world, 16)
    deliberation.select(dossier=best, decision=world.decision(best), by=world.secretary)
    submission.withdraw(dossier=gone, reason="Abandon.", by=world.mayor(gone))
    page = ranking(world.call)
    assert [(row.rank, row.dossier, row.cumulated, row.fits) for row in page.rows] == [
        (1, best, None, None),
        (2, next_one, Decimal(8000), True),
    ]
    assert page.left == Decimal(12000)


def test_an_empty_ranking(world):
    page = ranking(world.call)
    assert (page.rows, page.after, page.ranked) == ((), None, 0)


def test_the_reserve_list_in_its_order(world):
    second, first = ranked(world, 18), ranked(world, 14)
    for dossier, rank in ((second, 2), (first, 1)):
        decision = world.decision(dossier, Outcome.RESERVE, rank=rank)
        deliberation.place_on_reserve(dossier=dossier, decision=decision, by=world.secretary)
    assert [(item, item.reserve_rank) for item in reserve_list(world.call.pk)] == [(first, 1), (second, 2)]


@pytest.mark.parametrize("after", [False, True])
def test_as_many_queries_at_10_rows_as_at_200(world, after):
    counts = []
    for number in (10, 190):
        town = world.town(f"Town of {number}")
        for place in range(number):
            dossier = world.dossier(State.ADVISED, town=town, requested="100")
            Assessment.objects.create(dossier=dossier, call=world.call, scorecards=2, mean=Decimal(place % 7))
        key = (Decimal(5), 0) if after else None
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page = ranking(world.call, after=key, limit=200)
            assert all(row.dossier.applicant.name for row in page.rows)
        counts.append(len(captured))
    assert counts == ([6, 6] if after else [5, 5])
