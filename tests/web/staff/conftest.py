"""The search for companies, played by the fake that its own tests use."""

from tests.people.register.conftest import service  # noqa: F401 - a fixture for this folder
