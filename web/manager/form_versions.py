"""The versions of a call's form: seen as an applicant sees them, published with their drafts, given up."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from grants.actions.forms import publish_form
from grants.lifecycle import State
from grants.models import Dossier
from programmes.actions.forms import drop_form
from programmes.models import Call, CallState, FormVersion
from programmes.rules.form import QUESTIONS, Form, Section
from programmes.rules.form_words import PART_WORDS, differences
from web.applicant.forms import SectionForm
from web.manager.calls import read
from web.manager.form_items import ReasonForm
from web.manager.form_of_call import PLACE, of_form, prepared, trail
from web.pages import act, page
from web.shared.acts import PersonRequest, confirmed, done


@page("call.edit", methods=["GET"])
def preview(request: PersonRequest, slug: str) -> HttpResponse:
    """The whole form as an applicant fills it in, to be read only; `?version=` shows another version than the last."""
    call, last = prepared(request, slug)
    version = _version(call, request.GET.get("version", str(last.number)))
    context = {
        "call": call,
        "version": version,
        "checks": version.form.eligibility,
        "sections": [_seen(version.form, section) for section in version.form],
        "trail": trail(call),
    }
    return render(request, "manager/form_preview.html", context)


@page("call.edit")
def publish(request: PersonRequest, slug: str) -> HttpResponse:
    """Publish the version in preparation: the drafts of the call move to it."""
    call = read(request, slug)
    version, former = _prepared(call), call.form_versions.published().order_by("-number").first()
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and act(request, form, publish_form, call=call, reason=form.cleaned_data["reason"]):
        return done(request, _t("The new version is published; whoever has a draft is told."), PLACE, slug)
    facts: list[tuple[Any, Any]] = []
    if version is not None and former is not None:
        drafts = Dossier.objects.filter(call=call, state=State.DRAFT).count()
        facts = [
            (_t("Version"), version.number),
            (_t("What changes"), _lines(differences(former.form, version.form)) or _t("Nothing")),
            (_t("Drafts"), ngettext("%(count)s draft moves", "%(count)s drafts move", drafts) % {"count": drafts}),
        ]
    return of_form(
        request,
        call,
        form,
        _t("Publish the new version of the form"),
        submit=_t("Publish the new version"),
        lead=_t("Drafts move to it with all their answers. What is filed keeps the version on which it was filed."),
        facts=facts,
        refused=_unpublishable(call, version),
    )


@page("call.edit")
def drop(request: PersonRequest, slug: str) -> HttpResponse:
    """Give up the version in preparation; the published one stays."""
    call = read(request, slug)
    version = _prepared(call)
    form = confirmed(request)
    if form.is_valid() and act(request, form, drop_form, call=call):
        return done(request, _t("The version in preparation is given up."), PLACE, slug)
    return of_form(
        request,
        call,
        form,
        _t("Give up the version in preparation"),
        submit=_t("Give it up"),
        danger=True,
        lead=_t("The form that is published stays as it is."),
        refused="" if version is not None and version.number > 1 else _nothing_prepared(),
    )


def _lines(sentences: list[str]) -> str:
    return format_html_join(mark_safe("<br>"), "{}", ((sentence,) for sentence in sentences))


def _prepared(call: Call) -> FormVersion | None:
    return call.form_versions.filter(published_at=None).first()


def _unpublishable(call: Call, version: FormVersion | None) -> str:
    """Why the form cannot be published by itself now; empty where it can."""
    if call.state == CallState.PREPARED:
        return _t("The form is published with the call.")
    return "" if version is not None else _nothing_prepared()


def _nothing_prepared() -> str:
    return _t("No other version is in preparation: change something in the form first.")


def _version(call: Call, number: str) -> FormVersion:
    found = call.form_versions.filter(number=number).first() if number.isascii() and number.isdigit() else None
    if found is None:
        raise Http404(number)
    return found


def _seen(form: Form, section: Section) -> dict[str, Any]:
    """A section as it is filled in; a part that has a page of its own is named."""
    fields = SectionForm(section=section, answers={}, asked=form, others={}, prefix=section.code)
    return {
        "section": section,
        "fields": fields if section.fields else None,
        "part": "" if section.part == QUESTIONS else PART_WORDS[section.part],
    }
