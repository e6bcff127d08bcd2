"""The applicant's room, seen by the persons of the world."""

import pytest
from django.test import Client

from people.models import Person


@pytest.fixture
def browse():
    """A browser signed in as a person."""

    def signed_in(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in
