"""What surrounds every answer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers


class PrivatePages:
    """Pages of a signed-in person stay out of every cache, also of the browser's after sign-out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Only where the view has looked at the person: static answers ask nothing of the session.
        if getattr(request, "user", None) is not None and request.session.accessed and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response
