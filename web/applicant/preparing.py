"""What the pages of preparation share: which parts are open, where to go on, and what to do when two save at once."""

from __future__ import annotations

from django.http import Http404
from django.urls import reverse

from grants.lifecycle import State
from grants.models import Dossier
from grants.queries import completion
from programmes.rules.form import Section
from web.applicant.access import applicant_dossier
from web.applicant.forms import VersionedForm
from web.applicant.tasks import address, lacking
from web.shared.acts import PersonRequest


def asked_sections(dossier: Dossier) -> frozenset[str]:
    """The parts that can be worked on now: all of a draft, those asked for in a completion, else none."""
    if dossier.state == State.DRAFT:
        return frozenset(dossier.questions.codes)
    request = completion.open_request(dossier) if dossier.state == State.RETURNED else None
    return frozenset(request.sections) if request is not None else frozenset()


def edited(request: PersonRequest, reference: str, code: str, *also: str) -> Dossier:
    """The dossier whose part `code` the person prepares; what was filed, or not asked for, has no such page."""
    dossier = applicant_dossier(request, reference, *also)
    if code not in asked_sections(dossier):
        raise Http404(code)
    return dossier


def edited_part(request: PersonRequest, reference: str, part: str, *also: str) -> tuple[Dossier, Section]:
    """The dossier, and the section of its form that is this part (budget, documents, partners), to be prepared."""
    dossier = applicant_dossier(request, reference, *also)
    section = dossier.questions.part(part)
    if section is None or section.code not in asked_sections(dossier):
        raise Http404(part)
    return dossier, section


def renew(form: VersionedForm, dossier: Dossier) -> None:
    """After a refused save: when another person saved first, let the viewer compare, then save knowingly."""
    dossier.refresh_from_db()
    if form.cleaned_data.get("version") != dossier.version:
        form.renew(dossier.version)


def after(dossier: Dossier, code: str) -> str:
    """Where to go on: the next open part with something missing, else the list of parts."""
    sections, asked = list(dossier.questions), asked_sections(dossier)
    for later in sections[dossier.questions.codes.index(code) + 1 :]:
        if later.code in asked and lacking(dossier, later):
            return address(dossier, later)
    return reverse("applicant:application", args=[dossier.reference])
