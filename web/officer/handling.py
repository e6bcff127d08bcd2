"""Who is in charge of a dossier: taken from the pool, given to a colleague, returned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.actions import handling as acts
from grants.models import Dossier
from grants.queries import handling, visibility
from people.models import Person
from web.forms import EscalierForm
from web.officer.views import PLACE, ask, read
from web.pages import act, page
from web.shared.acts import PersonRequest, done

POOL = "pool"


class AssignForm(EscalierForm):
    """Who takes the dossier: an officer of its programme, the viewer first, or nobody."""

    officer = forms.ChoiceField(
        label=_("Officer in charge"),
        help_text=_("A mail tells whoever is chosen. Mails of this dossier to the instructing service go there."),
    )

    def __init__(self, *args: Any, officers: list[Person], viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officers = {str(person.pk): person for person in sorted(officers, key=lambda item: item != viewer)}
        named = [(key, _t("Myself") if item == viewer else item.full_name) for key, item in self.officers.items()]
        self.fields["officer"].choices = [*named, (POOL, _t("Nobody: return it to the pool"))]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Person | None:
        """The officer who is chosen; none for the pool. After `is_valid()`."""
        return self.officers.get(self.cleaned_data["officer"])


@page("dossier.assign")
def assign(request: PersonRequest, reference: str) -> HttpResponse:
    """Take the dossier, give it to a colleague, or return it to the pool."""
    dossier = read(request, reference, "officer")
    form = AssignForm(request.POST or None, officers=free_officers(dossier), viewer=request.user)
    if form.is_valid():
        officer = form.chosen
        if officer is None:
            if act(request, form, acts.release_dossier, dossier=dossier):
                return done(request, _t("The dossier is back in the pool."), PLACE, reference)
        elif act(request, form, acts.assign_officer, dossier=dossier, officer=officer):
            sentence = _t("{person} is in charge of the dossier.").format(person=officer.full_name)
            return done(request, sentence, PLACE, reference)
    facts = [(_t("Now in charge"), dossier.officer_name or _t("Nobody"))]  # type: ignore[attr-defined]
    return ask(request, dossier, form, _t("Choose the officer in charge"), _t("Put in charge"), facts=facts)


def free_officers(dossier: Dossier) -> list[Person]:
    """The officers of the dossier's programme who are not tied to it."""
    found = handling.officers_of([dossier.programme_code])[dossier.programme_code]
    tied = set(visibility.tied_to(dossier).order_by().values_list("pk", flat=True))
    return [person for key, person in found.items() if key not in tied]
