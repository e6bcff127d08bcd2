"""A programme in the hands of its manager."""

from __future__ import annotations

import pytest

from tests.web.visits import text


@pytest.fixture
def manager(world, visit):
    """The browser of the programme's manager; the programme is open."""
    assert world.programme.code
    return visit(world.manager)


@pytest.fixture
def fails(manager):
    """Post what a page refuses: the page comes back with its errors, and the text of the page is answered."""

    def post(url, data):
        page = text(manager.post(url, data))
        assert "Error:" in page
        return page

    return post
