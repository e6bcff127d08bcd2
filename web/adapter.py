"""Accounts: what sign-in and sign-up leave to the product. Their mails are rows of the outbox, like every other."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.crypto import get_random_string
from django.utils.translation import get_language, override

from records.actions import outbox

# The page that follows says it already.
QUIET = frozenset({"account/messages/logged_in.txt", "account/messages/logged_out.txt"})


class AccountAdapter(DefaultAccountAdapter):
    """Mails through the outbox, names and languages of new accounts, addresses in lower case."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue an account mail in the language of its reader: the person's own, else the page's.

        The key is random: each demand for a link is a mail of its own, and holds a link of its own.
        """
        person = context.get("user")
        language = (getattr(person, "language", "") or get_language() or "fr")[:2]
        kind = template_prefix.rsplit("/", 1)[-1]
        values = {"site_name": "Escalier", **context}
        with override(language), transaction.atomic():
            outbox.queue(
                f"account_{kind}",
                recipient=email,
                language=language,
                subject=" ".join(render_to_string(f"{template_prefix}_subject.txt", values).split()),
                text=render_to_string(f"{template_prefix}_message.txt", values).strip() + "\n",
                key=f"account:{kind}:{get_random_string(32)}",
                person_id=getattr(person, "actor_id", ""),
            )

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Messages of accounts, but for those that only say that one is signed in or out."""
        if message_template not in QUIET:
            super().add_message(request, level, message_template, *args, **kwargs)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """A new account keeps the name its owner gave and the language in which it was opened."""
        user.full_name = form.cleaned_data.get("full_name", "")
        user.language = (get_language() or "fr")[:2]
        return super().save_user(request, user, form, commit)

    def clean_email(self, email: str) -> str:
        """The address in lower case; raises `ValidationError` for none."""
        validate_email(email)
        return super().clean_email(email).lower()
