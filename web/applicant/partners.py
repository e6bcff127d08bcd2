"""Partners of a dossier: asked by the applicant, confirmed or declined by their own signatory."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.actions import drafting
from grants.models import Dossier, Partner, PartnerState
from people.models import Organisation
from people.permissions import may
from programmes.rules.form import PARTNERS
from web.applicant.access import own_dossier
from web.applicant.preparing import edited_part
from web.forms import CleanCharField, CleanTextarea, EscalierForm, YesNoField
from web.pages import act, page
from web.shared.acts import PersonRequest


class PartnerForm(EscalierForm):
    """An organisation to ask, by its number or its exact name, and what it will do."""

    organisation = CleanCharField(
        label=_("SIRET, RNA or name of the organisation"),
        help_text=_("It must be registered here; its name is written as on its own page."),
        max_length=200,
    )
    part = CleanTextarea(label=_("Its part in the project"), max_length=300)

    def clean_organisation(self) -> Organisation:
        """The one organisation that is meant."""
        typed = self.cleaned_data["organisation"]
        number = "".join(typed.split()).upper()
        found = list(Organisation.objects.filter(Q(siret=number) | Q(rna=number) | Q(name__iexact=typed))[:2])
        if not found:
            raise ValidationError(_t("No organisation registered here has this number or name; ask it to register."))
        if len(found) > 1:
            raise ValidationError(_t("Several organisations have this name; give the SIRET."))
        return found[0]


class AnswerForm(EscalierForm):
    """What the partner answers."""

    accepted = YesNoField(label=_("Does your organisation take this part in the project?"))


@page("dossier.edit")
def partners(request: PersonRequest, reference: str) -> HttpResponse:
    """Name the partners of a dossier in preparation; each is asked to confirm."""
    dossier, section = edited_part(request, reference, PARTNERS)
    form = PartnerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        if act(
            request,
            form,
            drafting.invite_partner,
            dossier=dossier,
            organisation=given["organisation"],
            part=given["part"],
        ):
            messages.success(request, _t("The organisation is asked to confirm."))
            return redirect("applicant:partners", reference)
    context = {
        "dossier": dossier,
        "part": section,
        "form": form,
        "partners": dossier.partners.select_related("organisation").order_by("pk"),
    }
    return render(request, "applicant/partners.html", context)


@page("dossier.edit", methods=["POST"])
def remove(request: PersonRequest, reference: str, pk: int) -> HttpResponse:
    """Leave a partner out of a dossier in preparation."""
    dossier, _section = edited_part(request, reference, PARTNERS)
    partner = _partner(dossier, pk)
    if act(request, None, drafting.remove_partner, partner=partner):
        messages.success(request, _t("The organisation is no partner any more."))
    return redirect("applicant:partners", reference)


@page("partner.confirm")
def answer(request: PersonRequest, reference: str, pk: int) -> HttpResponse:
    """The partner's own page: what it is asked, and its signatory's answer."""
    dossier = own_dossier(request, reference)
    partner = _partner(dossier, pk)
    if partner.organisation_id not in request.user.standing.signatory_of:
        raise Http404(pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        accepted = form.cleaned_data["accepted"]
        if act(request, form, drafting.confirm_partner, partner=partner, accepted=accepted):
            said = _t("Your organisation is a partner.") if accepted else _t("Your organisation declined.")
            messages.success(request, said)
            return redirect("applicant:dossiers")
    open_now = partner.state == PartnerState.INVITED and may(request.user, "partner.confirm", dossier)
    context = {"dossier": dossier, "partner": partner, "form": form, "open": open_now}
    return render(request, "applicant/partner_answer.html", context)


def _partner(dossier: Dossier, pk: int) -> Partner:
    found = dossier.partners.select_related("organisation").filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found
