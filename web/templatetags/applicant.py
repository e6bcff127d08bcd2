"""Addresses of the applicant's pages, for its templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t

from grants.lifecycle import State
from grants.models import Dossier, PartnerState

register = template.Library()


@register.simple_tag(takes_context=True)
def dossier_url(context: template.Context, dossier: Dossier) -> str:
    """Where the viewer goes on with a dossier: its parts in preparation, the partner's answer, else its page."""
    standing = context["request"].user.standing
    if dossier.applicant_id in standing.acts_for:
        if dossier.state in (State.DRAFT, State.RETURNED):
            return reverse("applicant:application", args=[dossier.reference])
    else:
        # All of them rather than a filter: lists read them beforehand, in one query.
        for partner in dossier.partners.all():
            if partner.organisation_id in standing.signatory_of and partner.state == PartnerState.INVITED:
                return reverse("applicant:answer_partner", args=[dossier.reference, partner.pk])
    return reverse("applicant:dossier", args=[dossier.reference])


@register.simple_tag(takes_context=True)
def applicant_trail(context: template.Context, dossier: Dossier | None = None, here: Any = "") -> SafeString:
    """The way back: my dossiers, and the dossier's own page or parts."""
    trail = [(_t("My dossiers"), reverse("applicant:dossiers"))]
    if dossier is not None:
        trail.append((dossier.reference, dossier_url(context, dossier)))
    given = context.get("dossier")
    words = here or getattr(context.get("part"), "title", "") or (given.reference if given else "") or _t("New")
    return render_to_string("components/breadcrumb.html", {"trail": trail, "here": words})
