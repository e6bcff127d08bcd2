"""The form of a call, written on pages: its sections, questions, documents and eligibility questions.

Every step makes a whole new form (`programmes.rules.form_edit`) and gives it to the one act that keeps it. Once the
form is published, this prepares its next version; `form_versions` publishes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t

from programmes.actions.forms import edit_form
from programmes.models import Call, FormVersion
from programmes.rules import form_edit
from programmes.rules.form import KINDS, Form, FormErrors
from programmes.rules.form_edit import ELIGIBILITY, FIELDS, PIECES, SECTIONS, Place
from programmes.rules.form_words import KIND_WORDS, condition_words
from web.manager.access import ask, trail_of
from web.manager.calls import PLACE as CALL
from web.manager.calls import read
from web.manager.form_items import FORMS, ConditionForm, FieldItemForm, QuestionForm, SeenForm, askable_before, words_of
from web.manager.form_rows import overview
from web.pages import act, page
from web.shared.acts import PersonRequest, done

PLACE = "manager:form"
STEPS = {"up": -1, "down": 1}


def prepared(request: PersonRequest, slug: str) -> tuple[Call, FormVersion]:
    """The call and the version of its form that changes now: the one in preparation, else the published one."""
    found = read(request, slug)
    version = found.form_versions.order_by("-number").first()
    if version is None:
        raise Http404(slug)
    return found, version


def place_of(form: Form, address: str, *, coded: bool) -> tuple[Place, str]:
    """The list and the code that an address names, such as `fields:project:object`, or 404."""
    name, *rest = address.split(":")
    inside = name in (FIELDS, PIECES)
    if name not in FORMS or len(rest) != inside + coded:
        raise Http404(address)
    place, code = Place(name, rest[0] if inside else ""), rest[-1] if coded else ""
    try:
        if coded:
            form_edit.item(form, place, code)
        else:
            form_edit.items(form, place)
    except KeyError as error:
        raise Http404(address) from error
    return place, code


def kept(request: PersonRequest, call: Call, form: SeenForm, changed: Callable[[], Form]) -> bool:
    """Change the form of the call as was typed; say why not, with all that was typed still there."""
    try:
        new = changed()
    except FormErrors as error:
        form.tell(error)
        return False
    if act(request, form, edit_form, call=call, form=new, seen=form.cleaned_data["seen"]):
        return True
    now = call.form_versions.order_by("-number").first()
    if now is not None and now.digest != form.cleaned_data["seen"]:
        form.renew(now.digest)
    return False


def at(call: Call, place: Place) -> str:
    """The place of a list on the page of the form."""
    return f"{reverse(PLACE, args=[call.slug])}#{f'section-{place.section}' if place.section else place.name}"


def trail(call: Call) -> list[tuple[Any, str]]:
    """The way back from a page about the form."""
    over = (call.title, reverse(CALL, args=[call.slug]))
    return trail_of(call.programme, over, (_t("Form of the application"), reverse(PLACE, args=[call.slug])))


def of_form(request: PersonRequest, call: Call, form: Any, title: str, **more: Any) -> HttpResponse:
    """The page of one act on the form."""
    more.setdefault("submit", _t("Save"))
    url = reverse(PLACE, args=[call.slug])
    return ask(request, call.programme, form, title, url, trail=trail(call), over=call.title, **more)


@page("call.edit")
def form(request: PersonRequest, slug: str) -> HttpResponse:
    """What the call asks, with every list in its order; a button moves something by one place."""
    call, version = prepared(request, slug)
    moving = SeenForm(request.POST if request.method == "POST" else None, initial={"seen": version.digest})
    if moving.is_valid():
        step, _mark, address = request.POST.get("move", "").partition(":")
        if step not in STEPS:
            raise Http404(step)
        place, code = place_of(version.form, address, coded=True)
        if kept(request, call, moving, lambda: form_edit.move(version.form, place, code, STEPS[step])):
            return HttpResponseRedirect(at(call, place))
        for problem in moving.non_field_errors():
            messages.error(request, str(problem))
        return HttpResponseRedirect(at(call, place))
    return render(
        request,
        "manager/form.html",
        overview(call, version) | {"trail": trail_of(call.programme, (call.title, reverse(CALL, args=[slug])))},
    )


@page("call.edit")
def add(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Something more in a list of the form; of a question, its kind is chosen first."""
    call, version = prepared(request, slug)
    place, _code = place_of(version.form, address, coded=False)
    kind = _kind(request)
    if place.name == FIELDS and not kind:
        return _kinds(request, call, _t("Add a question"))
    typed = _item_form(request, version, place, None, kind)
    if typed.is_valid():
        new = typed.item
        if kept(request, call, typed, lambda: form_edit.add(version.form, place, new)):
            messages.success(request, _t("It is added at the end; move it where it belongs."))
            return HttpResponseRedirect(at(call, place))
    title = {
        SECTIONS: _t("Add a section"),
        FIELDS: _t("Add a question"),
        PIECES: _t("Ask for a document"),
        ELIGIBILITY: _t("Add an eligibility question"),
    }[place.name]
    lead = str(KIND_WORDS[kind]) if place.name == FIELDS else ""
    return of_form(request, call, typed, title, lead=lead)


@page("call.edit")
def edit(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Change something of the form; a question may become one of another kind, which `?kinds` chooses."""
    call, version = prepared(request, slug)
    place, code = place_of(version.form, address, coded=True)
    former = form_edit.item(version.form, place, code)
    if place.name == FIELDS and "kinds" in request.GET:
        return _kinds(request, call, _t("Another kind of answer"))
    kind = _kind(request) or getattr(former, "kind", "")
    typed = _item_form(request, version, place, former, kind)
    if typed.is_valid():
        new = typed.item
        if kept(request, call, typed, lambda: form_edit.replace(version.form, place, code, new)):
            messages.success(request, _t("The change is kept."))
            return HttpResponseRedirect(at(call, place))
    title = {
        SECTIONS: _t("Change the section"),
        FIELDS: _t("Change the question"),
        PIECES: _t("Change the document asked for"),
        ELIGIBILITY: _t("Change the eligibility question"),
    }[place.name]
    lead = ""
    if place.name == FIELDS:
        link = '{} · <a href="?kinds">{}</a>'
        lead = format_html(link, KIND_WORDS[kind], _t("Another kind of answer"))
    return of_form(request, call, typed, title, lead=lead)


@page("call.edit")
def condition(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """When a question or a document is asked for: an earlier question is chosen, then its answers."""
    call, version = prepared(request, slug)
    place, code = place_of(version.form, address, coded=True)
    if place.name not in (FIELDS, PIECES):
        raise Http404(address)
    former = form_edit.item(version.form, place, code)
    now = former.shown_when
    standing = f"{now.section}.{now.field}" if now is not None else ""
    questions = askable_before(version.form, place, code)
    chosen = (request.POST if request.method == "POST" else request.GET).get("question", standing)
    typed = None
    if chosen in questions:
        typed = ConditionForm(
            request.POST if request.method == "POST" else None,
            question=questions[chosen],
            initial={"seen": version.digest, "values": now.values if chosen == standing else []},
        )
        if typed.is_valid():
            new = form_edit.with_condition(former, typed.condition)
            if kept(request, call, typed, lambda: form_edit.replace(version.form, place, code, new)):
                messages.success(request, _t("The change is kept."))
                return HttpResponseRedirect(at(call, place))
    context = {
        "call": call,
        "item": former,
        "form": typed,
        "asked_when": condition_words(version.form, now),
        "choices": len(questions),
        "choose": QuestionForm(choices=words_of(questions, version.form), initial={"question": chosen}),
        "back_url": at(call, place),
        "trail": trail(call),
    }
    return render(request, "manager/form_condition.html", context)


@page("call.edit")
def take_out(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Take something out of the form, once confirmed."""
    call, version = prepared(request, slug)
    place, code = place_of(version.form, address, coded=True)
    former = form_edit.item(version.form, place, code)
    typed = SeenForm(request.POST if request.method == "POST" else None, initial={"seen": version.digest})
    if typed.is_valid() and kept(request, call, typed, lambda: form_edit.remove(version.form, place, code)):
        return done(request, _t("It is taken out of the form."), PLACE, slug)
    name = form_edit.name_of(former)
    lead = _t("Answers that were given to it are kept, and shown to those who gave them.")
    held = len(former.fields) + len(former.pieces) if place.name == SECTIONS else 0
    facts = [(_t("Questions and documents in it"), held)] if held else []
    title = _t("Take out “{name}”").format(name=name)
    return of_form(request, call, typed, title, submit=_t("Take it out"), danger=True, lead=lead, facts=facts)


def _item_form(request: PersonRequest, version: FormVersion, place: Place, former: Any, kind: str) -> Any:
    kinds: dict[str, Any] = {"kind": kind} if FORMS[place.name] is FieldItemForm else {}
    return FORMS[place.name](
        request.POST if request.method == "POST" else None,
        form=version.form,
        place=place,
        former=former,
        initial={"seen": version.digest},
        **kinds,
    )


def _kind(request: PersonRequest) -> str:
    given = request.POST if request.method == "POST" else request.GET
    kind = given.get("kind", "")
    if kind and kind not in KINDS:
        raise Http404(kind)
    return kind


def _kinds(request: PersonRequest, call: Call, title: str) -> HttpResponse:
    """The kinds of questions, each a link to this page with the settings of that kind."""
    context = {
        "call": call,
        "title": title,
        "kinds": [(kind, KIND_WORDS[kind]) for kind in KINDS],
        "back_url": reverse(PLACE, args=[call.slug]),
        "trail": trail(call),
    }
    return render(request, "manager/form_kinds.html", context)
