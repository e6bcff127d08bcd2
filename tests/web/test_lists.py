"""Pages by key: every row once, forwards and backwards, whatever the cursor says."""

import pytest

from people.models import Person
from web.shared.lists import by_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """Seven persons of three names: the key decides among equals."""
    for number in range(7):
        Person.objects.create_user(f"p{number}@example.org", full_name=f"Name {number % 3}")
    return Person.objects.all()


def walk(rf, rows, *order, direction="next"):
    pages, query = [], ""
    for _ in range(9):
        page = by_key(rf.get(f"/list{query}"), rows, *order, per_page=3)
        pages.append(page)
        query = page.next_url if direction == "next" else page.previous_url
        if not query:
            break
    return pages


@pytest.mark.parametrize("order", ["full_name", "-full_name", "created_at", "-created_at"])
def test_every_row_comes_once_in_order(rf, people, order):
    pages = walk(rf, people, order)
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [row for page in pages for row in page] == list(people.order_by(order, "pk"))


def test_the_way_back_shows_the_same_pages(rf, people):
    forth = walk(rf, people, "full_name")
    page, back = forth[-1], [forth[-1].rows]
    while page.previous_url:
        page = by_key(rf.get(f"/list{page.previous_url}"), people, "full_name", per_page=3)
        back.append(page.rows)
    assert back[::-1] == [page.rows for page in forth]
    assert page.next_url != ""


def test_filters_are_kept(rf, people):
    page = by_key(rf.get("/list?q=lot&after=&state=draft"), people, "full_name", per_page=3)
    assert page.next_url.startswith("?q=lot&state=draft&after=")


@pytest.mark.parametrize(
    "cursor", ["x", "bnVsbA", "W10", "WyJhIiwiYiJd", "W3t9LDFd", "=" * 3000, "WyJhIiwxZTQwMF0", "é"]
)
def test_a_cursor_that_means_nothing_starts_again(rf, people, cursor):
    page = by_key(rf.get("/list", {"after": cursor}), people, "created_at", per_page=3)
    assert page.rows == list(people.order_by("created_at", "pk")[:3])


def test_two_queries_are_never_needed(rf, people, django_assert_num_queries):
    with django_assert_num_queries(1):
        by_key(rf.get("/list"), people, "full_name", per_page=3)
