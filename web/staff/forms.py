"""Forms about persons, organisations, mandates and roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from people.models import Capacity, Language, OrganisationKind, Role
from people.rules import identifiers
from programmes.models import Programme
from web.forms import CleanCharField, CleanTextarea, DayField, EscalierForm, PaperField


class PersonForm(EscalierForm):
    """Whoever has this address; the name and the language open the account when there is none."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    full_name = CleanCharField(
        label=_("First and last name"),
        max_length=150,
        required=False,
        help_text=_("Needed when this address has no account yet: one is opened, and a mail says how to sign in."),
    )
    language = forms.ChoiceField(label=_("Language of the mails"), choices=Language.choices, initial=Language.FRENCH)


class RoleForm(PersonForm):
    """A role in a programme, for the person with an address."""

    role = forms.ChoiceField(label=_("Role"))
    scope = forms.ChoiceField(label=_("Programme"))
    field_order = ["role", "scope", "email", "full_name", "language"]

    def __init__(self, *args: Any, roles: Iterable[Role], programmes: Iterable[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        names = [(row.code, f"{row.code} · {row.title}") for row in programmes]
        self.fields["scope"].choices = names  # type: ignore[attr-defined]


class InviteForm(PersonForm):
    """A member of the organisation."""

    capacity = forms.ChoiceField(label=_("Capacity"), choices=Capacity.choices, initial=Capacity.EDITOR)
    field_order = ["email", "full_name", "capacity", "language"]


class WhyForm(EscalierForm):
    """A reason that the person concerned is told."""

    reason = CleanTextarea(label=_("Reason"), max_length=500)


class SiretForm(EscalierForm):
    """The number that an organisation is looked up by, before the rest is asked."""

    siret = CleanCharField(
        label=_("SIRET"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "es-w-short"}),
        help_text=_("14 digits, for example 213 102 528 00014."),
    )

    def clean_siret(self) -> str:
        """The number without its spaces, if it is a SIRET."""
        number = identifiers.compact(self.cleaned_data["siret"])
        if not identifiers.is_siret(number):
            raise ValidationError(
                _("This is not a SIRET: it has 14 digits, and the last one is a key that checks them."), code="siret"
            )
        return number


class OrganisationForm(EscalierForm):
    """Who an organisation is, and where. `notes` are words beside the fields that a register left empty."""

    siret = CleanCharField(
        label=_("SIRET"), max_length=20, required=False, help_text=_("14 digits, for example 213 102 528 00014.")
    )
    rna = CleanCharField(
        label=capfirst(_("RNA number")), max_length=14, required=False, help_text=_("For an association without SIRET.")
    )
    kind = forms.ChoiceField(label=_("Kind of organisation"), choices=[("", _("Choose")), *OrganisationKind.choices])
    name = CleanCharField(label=_("Name"), max_length=200)
    street = CleanCharField(label=_("Street"), max_length=200, required=False)
    postal_code = CleanCharField(label=_("Postal code"), max_length=5, required=False)
    city = CleanCharField(label=_("Town"), max_length=100, required=False)
    department = CleanCharField(
        label=_("Département"), max_length=3, required=False, help_text=_("Its code, for example 46.")
    )
    insee = CleanCharField(label=capfirst(_("INSEE code of the commune")), max_length=5, required=False)

    def __init__(self, *args: Any, notes: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("siret", "rna", "postal_code", "department", "insee"):
            self.fields[name].widget.attrs["class"] = "es-w-short"
        for name, words in (notes or {}).items():
            self.fields[name].help_text = words
        if not self.is_bound:
            self._ask_one_number()

    def _ask_one_number(self) -> None:
        """Ask for no number that the organisation cannot have, or that the person has said it does not have.

        Only of a form that nobody has sent: what was typed is always shown again.
        """
        kind, siret = self.initial.get("kind"), self.initial.get("siret")
        if kind == OrganisationKind.ASSOCIATION and not siret:
            del self.fields["siret"]
            self.fields["rna"].required = True
        elif kind and kind != OrganisationKind.ASSOCIATION:
            del self.fields["rna"]
            self.fields["siret"].required = True


class MandateForm(EscalierForm):
    """For which organisation a person asks to sign, and what shows it."""

    identifier = CleanCharField(
        label=_("SIRET or RNA number of the organisation"),
        max_length=20,
        help_text=_("The organisation must be registered already."),
    )
    function = CleanCharField(
        label=_("Your function"), max_length=100, help_text=_("For example: mayor, president, delegate.")
    )
    evidence = PaperField(label=_("Deed that gives you this mandate"))


class ProgrammeForm(EscalierForm):
    """A new programme."""

    code = CleanCharField(
        label=_("Code"), max_length=30, help_text=_("Capital letters, digits, hyphens and dots, for example PRAI-2027.")
    )
    title_fr = CleanCharField(label=_("Title in French"), max_length=200)
    title_en = CleanCharField(label=_("Title in English"), max_length=200, required=False)
    managing_body = CleanCharField(label=_("Managing body"), max_length=200)
    contact_email = forms.EmailField(label=_("Contact e-mail"), max_length=254, required=False)
    fund = CleanCharField(label=_("Fund"), max_length=60, initial="FEDER")
    starts_on = DayField(label=_("Starts on"))
    ends_on = DayField(label=_("Ends on"))
