"""A bare Django page, to compare with: what `startproject` gives, one view, a tiny template, nobody signed in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

MIDDLEWARE = [
    "benchmarks.bare.own_addresses",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ADDRESS = "/bare"
TEMPLATE = Template("<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1>")


def own_addresses(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Resolve addresses here, and not among those of the product."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__  # type: ignore[attr-defined]
        return get_response(request)

    return answer


def page(request: HttpRequest) -> HttpResponse:
    """A heading."""
    return HttpResponse(TEMPLATE.render(Context({"title": "Bare"})))


urlpatterns = [path(ADDRESS.lstrip("/"), page)]
