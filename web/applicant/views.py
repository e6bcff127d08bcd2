"""My dossiers, a new one, and the parts of its form."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t

from grants.actions import drafting
from grants.lifecycle import State
from grants.models import Dossier
from grants.queries import completion, deadlines
from grants.queries.earlier import earlier_answers
from grants.queries.visibility import shared_by
from kit import clock
from people.models import Organisation, OrganisationKind
from programmes.models import Call
from programmes.queries import announced_calls
from programmes.rules.form import Section
from programmes.rules.reading import said
from web.applicant.access import WHOLE, applicant_dossier
from web.applicant.autosave import session_ends_at
from web.applicant.forms import SectionForm, StartForm, TitleForm
from web.applicant.overtaken import section_is_gone
from web.applicant.preparing import after, asked_sections, edited, renew
from web.applicant.tasks import lacking, tasks
from web.pages import act, get_visible, page
from web.shared.acts import PersonRequest
from web.shared.lists import by_key


@page("home.view", methods=["GET"])
def dossiers(request: PersonRequest) -> HttpResponse:
    """The dossiers of one's organisations, and those in which one is a partner; the newest first."""
    acts_for = request.user.standing.acts_for
    rows = Dossier.objects.visible_to(request.user).select_related("applicant", "call").prefetch_related("partners")
    mine = rows.filter(Q(applicant__in=acts_for) | Q(pk__in=shared_by(acts_for)))
    may_start = _candidates(request).exists()
    context = {
        "dossiers": by_key(request, mine, "-created_at", per_page=30),
        "calls": announced_calls(clock.now())[:10] if may_start else [],
        "acts_for": acts_for,
        "may_start": may_start,
    }
    return render(request, "applicant/dossiers.html", context)


@page("dossier.create")
def create(request: PersonRequest, slug: str) -> HttpResponse:
    """Start a dossier for a call; drafts that exist already are offered first."""
    call = get_visible(Call, request.user, slug=slug)
    acts_for = request.user.standing.acts_for
    candidates = list(_candidates(request))
    drafts = Dossier.objects.visible_to(request.user).filter(call=call, applicant__in=acts_for, state=State.DRAFT)
    form = StartForm(
        request.POST if request.method == "POST" else None,
        organisations=candidates,
        initial={"organisation": candidates[0].pk} if candidates else {},
    )
    if form.is_bound and form.is_valid():
        made = act(
            request,
            form,
            drafting.create_dossier,
            call=call,
            applicant=form.applicant,
            title=form.cleaned_data["title"],
        )
        if made:
            return redirect("applicant:application", made.reference)
    context = {"call": call, "form": form, "drafts": drafts.order_by("-pk")[:10], "may_start": bool(candidates)}
    return render(request, "applicant/create.html", context)


@page("dossier.edit", methods=["GET"])
def application(request: PersonRequest, reference: str) -> HttpResponse:
    """The parts of a dossier in preparation, as tasks; a dossier that was filed shows its own page."""
    dossier = applicant_dossier(request, reference, *WHOLE)
    asked = asked_sections(dossier)
    if not asked:
        raise Http404(reference)
    listed = tasks(dossier, asked)
    context = {
        "dossier": dossier,
        "tasks": listed,
        "done": sum(task.mark == "done" for task in listed),
        "next": next((task for task in listed if task.mark != "locked" and task.missing), None),
        "filing_ends_at": deadlines.filing_ends_at(dossier),
        "completion": completion.open_request(dossier),
        "can_rename": dossier.questions.codes[0] in asked,
        "earlier": earlier_answers(dossier),
    }
    return render(request, "applicant/application.html", context)


@page("dossier.edit")
def rename(request: PersonRequest, reference: str) -> HttpResponse:
    """Give the project another name."""
    dossier = applicant_dossier(request, reference)
    if dossier.questions.codes[0] not in asked_sections(dossier):
        raise Http404(reference)
    form = TitleForm(
        request.POST if request.method == "POST" else None,
        initial={"title": dossier.title, "version": dossier.version},
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        if act(request, form, drafting.rename, dossier=dossier, title=given["title"], version=given["version"]):
            return redirect("applicant:application", reference)
        renew(form, dossier)
    return render(request, "applicant/rename.html", {"dossier": dossier, "form": form})


@page("dossier.edit")
def section(request: PersonRequest, reference: str, code: str) -> HttpResponse:
    """The questions of one part; what is incomplete is kept."""
    if request.method == "POST" and section_is_gone(request, reference, code):
        return redirect("applicant:application", reference)
    dossier = edited(request, reference, code)
    part = dossier.questions.section(code)
    if part is None or not part.fields:
        raise Http404(code)
    kept = dossier.answers.get(code, {})
    form = SectionForm(
        request.POST if request.method == "POST" else None,
        section=part,
        answers=kept,
        asked=dossier.questions,
        others=dossier.answers,
        initial={"version": dossier.version},
    )
    if form.is_bound and form.is_valid():
        given = {"section": code, "answers": form.answers, "version": form.cleaned_data["version"]}
        saved = act(request, form, drafting.edit_section, dossier=dossier, bases=form.bases, **given)
        if saved:
            messages.success(request, _t("Saved."))
            return redirect(after(saved, code))
        dossier.refresh_from_db()
        form.compare(dossier)
    context = {
        "dossier": dossier,
        "part": part,
        "session_ends_at": session_ends_at(request),
        "form": form,
        "missing": lacking(dossier, part) if any(kept.values()) and not form.is_bound else [],
        "theirs": _answered(dossier, part, form.overtaken) if form.renewed else [],
    }
    return render(request, "applicant/section.html", context)


def _candidates(request: PersonRequest) -> QuerySet[Organisation]:
    """The organisations for which the viewer may apply: a provider of advice is none."""
    return Organisation.objects.filter(pk__in=request.user.standing.acts_for).exclude(kind=OrganisationKind.PROVIDER)


def _answered(dossier: Dossier, part: Section, codes: list[str]) -> list[tuple[str, str]]:
    """What stands in these questions now: for the viewer whose save came second, to compare."""
    kept = dossier.answers.get(part.code, {})
    return [(str(item.label), said(item, kept.get(item.code, ""))) for item in part.fields if item.code in codes]
