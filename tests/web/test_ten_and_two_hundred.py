"""Every list takes the same number of queries at ten dossiers and at two hundred, most of them on the committee's desk.

`tests/house/test_query_counts.py` asks it of every page as every role, on a house that holds each thing once or a few
times; here a programme holds ten dossiers, then two hundred, and nothing else changes.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from demo.bulk import Bench
from grants.models import Dossier
from people.models import RoleAssignment
from selection.models import Assessment
from tests.house.addresses import addresses

pytestmark = pytest.mark.django_db

FEW, MANY = 10, 200
LISTS = [item for item in addresses() if item.reads and not item.writes and not item.arguments]


def costs(bench: Bench) -> dict[tuple[str, str], int]:
    """The number of queries of every list, by whom it is shown to; the first of each role stands for its holders."""
    found: dict[tuple[str, str], int] = {}
    for person in {role.role: role.person for role in _roles(bench)}.values():
        browser = Client()
        browser.force_login(person)
        for item in LISTS:
            with CaptureQueriesContext(connection) as queries:
                answer = browser.get(item.url({}))
            if answer.status_code == 200:
                found[item.name, person.full_name] = len(queries)
    return found


def _roles(bench: Bench) -> list[RoleAssignment]:
    return [role for person in bench.stage.staff for role in person.role_assignments.select_related("person")]


def test_the_number_of_queries_is_the_same_at_ten_and_at_two_hundred():
    bench = Bench(most=MANY, seed=2, only=("scored",))
    bench.add(FEW)
    here = Dossier.objects.filter(programme=bench.stage.programme)
    assert here.count() == FEW
    few = costs(bench)
    bench.add(MANY - FEW)
    assert here.count() == MANY
    assert Assessment.objects.count() > MANY / 2
    assert costs(bench) == few
    assert len(few) > 40
