"""What accounts ask besides the address and the password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kit.text import CleanCharField
from people.models.person import Language
from web.forms import EscalierForm


class SignupForm(forms.Form):
    """First and last name, as decisions and receipts will show it."""

    field_order = ("full_name", "email", "password1", "password2")
    full_name = CleanCharField(
        label=_("First and last name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Nothing more: the adapter has kept the name in the row that it wrote."""


class AccountForm(EscalierForm):
    """What a person may change of their own account at once; address and password have their own ways."""

    full_name = CleanCharField(
        label=_("First and last name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(
        label=_("Language of mails and of the site"), choices=Language.choices, widget=forms.RadioSelect
    )
