"""A person, and the addresses that test the frame."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from people.models import Person
from tests.web import urls
from tests.web.project import project, staged_project  # noqa: F401 - fixtures for all pages
from tests.web.visits import visit  # noqa: F401 - a fixture for all pages

PASSWORD = "correct-horse-battery-42"


@pytest.fixture
def anne(db) -> Person:
    """Her address is confirmed, which a served installation asks for before anyone signs in."""
    person = Person.objects.create_user("anne@example.org", PASSWORD, full_name="Anne Martin", language="fr")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def frame(settings) -> list[str]:
    """The test addresses are served; what their actions did is in the list."""
    settings.ROOT_URLCONF = "tests.web.urls"
    urls.done.clear()
    return urls.done


@pytest.fixture
def signed_in(frame, anne) -> Client:
    client = Client()
    client.post("/fr/account/login/", {"login": anne.email, "password": PASSWORD})
    return client
