"""Every address as every visitor: the status that the permission page foresees, never an error, always the headers.

The addresses come from the resolver, so a new page is swept from its first day; where it has arguments, a line in
`spots.py` says what to visit. That a page which is read changes nothing is refused statement by statement during the
crawl, and checked on all tables after it.
"""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from people.permissions.table import ACTIONS, PUBLIC, RULES_OF
from tests.house.addresses import Address, addresses, named
from tests.house.crawl import Crawl, Visit
from tests.house.expected import expected
from tests.house.guards import Written, reading_only

pytestmark = pytest.mark.django_db

READ = [address.name for address in addresses() if address.reads]
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'")


def test_every_address_has_a_name_of_its_own():
    names = [address.name for address in addresses()]
    assert sorted(set(names)) == sorted(names)
    assert all(names)


def test_every_address_declares_its_action():
    undeclared = [f"{item.name} ({item.pattern})" for item in addresses() if item.action not in ACTIONS]
    assert undeclared == [], "decorate the view with @page, or name the view of a package in web.pages.DECLARED"


def test_the_gates_know_where_to_visit_every_address(crawled: Crawl):
    assert list(crawled.unknown.values()) == []
    assert set(crawled.visits) == set(READ)


def test_the_crawl_has_changed_nothing(crawled: Crawl):
    assert crawled.changed == []


@pytest.mark.parametrize("name", READ)
def test_every_visitor_gets_what_the_permission_page_foresees(name: str, crawled: Crawl):
    wrong = [
        f"{visit}, not {sorted(foreseen)}"
        for visit in crawled.of(name)
        if visit.status not in (foreseen := expected(visit.visitor, visit.address, visit.spot))
    ]
    assert wrong == []


@pytest.mark.parametrize("name", READ)
def test_somebody_is_served(name: str, crawled: Crawl):
    """A page that nobody can open would pass every other test."""
    assert any(served(visit) for visit in crawled.of(name)), [str(visit) for visit in crawled.of(name)]


def served(visit: Visit) -> bool:
    """The page itself was answered, or led somewhere else than to the sign-in."""
    return visit.status == 200 or (visit.status == 302 and "/account/login/" not in visit.headers.get("Location", ""))


def test_every_answer_carries_the_security_headers(crawled: Crawl):
    wrong = [
        f"{visit}: {name} is {visit.headers.get(name)!r}"
        for visit in crawled.all()
        if visit.headers
        for name, value in HEADERS.items()
        if visit.headers.get(name) != value
    ]
    assert wrong == []


def test_every_answer_carries_the_content_security_policy(crawled: Crawl):
    for visit in crawled.all():
        if visit.headers:
            policy = visit.headers.get("Content-Security-Policy", "")
            assert [part for part in POLICY if part not in policy] == [], visit
            assert "unsafe-inline" not in policy, visit


def test_what_a_signed_in_person_sees_stays_out_of_every_cache(crawled: Crawl):
    wrong = [
        str(visit)
        for visit in crawled.all()
        if visit.headers and visit.visitor.person is not None and visit.status == 200
        if "private" not in visit.headers.get("Cache-Control", "") or "no-store" not in visit.headers["Cache-Control"]
    ]
    assert wrong == []


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
def test_a_method_that_a_page_does_not_know_is_refused(method: str):
    """Before anything else is looked at: the view is called without a person."""
    wrong = [
        address.name
        for address in addresses()
        if hasattr(address.view, "methods") and method not in address.methods
        if _asked(address, method) != 405
    ]
    assert wrong == []


def _asked(address: Address, method: str) -> int:
    return address.view(RequestFactory().generic(method, "/")).status_code


def test_anonymous_visitors_see_only_what_is_public(crawled: Crawl):
    public = {name for name, rules in RULES_OF.items() if any(rule.role == PUBLIC for rule in rules)}
    seen = {visit.address.action for visit in crawled.all() if visit.visitor.person is None and visit.status == 200}
    assert seen <= public


def test_a_page_that_writes_would_be_found(house):
    """The control of the guard: what it refuses must be what it is there to refuse."""
    from records.actions import access

    with pytest.raises(Written), reading_only():
        access.log(house.officer, "page.opened", house.programme)


def test_a_page_open_to_all_would_be_found(house, cast):
    """The control of the sweep: where a page let everybody in, the table would say otherwise."""
    address = named()["officer:advise"]
    assert expected(cast["secretary"], address, None) == {404}  # type: ignore[arg-type]
