"""The components of the look, as tags: each draws `templates/components/`; arguments in docs/components.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.forms import BaseForm
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _t

from web.forms import optional
from web.shared.stairs import climb, reached
from web.shared.states import look_of
from web.templatetags.escalier import faulty_forms, icon

register = template.Library()


@register.simple_tag
def status(tone: str, words: Any, drawing: str = "", box: bool = False) -> SafeString:
    """A status: an icon and words. `tone`: done, now, wait, bad, hot, or empty; `drawing` overrides its icon."""
    return format_html(
        '<span class="es-status{}{}">{}{}</span>',
        f" is-{tone}" if tone else "",
        " es-status--box" if box else "",
        icon(drawing or look_of("").icon if not tone else drawing or ICON_OF_TONE[tone]),
        words,
    )


ICON_OF_TONE = {
    "done": "check-square-fill",
    "now": "caret-right-square-fill",
    "wait": "hourglass-split",
    "bad": "x-square-fill",
    "hot": "exclamation-triangle-fill",
}


@register.simple_tag
def state_badge(state: str, words: Any, box: bool = False) -> SafeString:
    """The badge of a machine's state: its tone and icon follow from the state, its words are given."""
    look = look_of(str(state))
    return status(look.tone, words, look.icon, box)


@register.inclusion_tag("components/stairs.html")
def stairs(
    state: str, dates: Mapping[str, Any], expected: Mapping[str, Any] | None = None, next_date: Any = None
) -> dict[str, Any]:
    """The six steps of a dossier with their dates; see `web.shared.stairs.climb`."""
    steps = climb(state, dates, expected or {})
    here = next((step for step in steps if step.mark in ("current", "stopped")), steps[-1])
    return {"steps": steps, "here": here, "next_date": next_date}


@register.inclusion_tag("components/ministairs.html")
def ministairs(state: str, dates: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The same drawing in a list's cell, with "2/6"; `dates` are needed for states that left the stairs."""
    count = reached(state, dates or {})
    bars = [
        {"x": f"{0.5 + 6 * n}", "y": f"{14 - 2.5 * n}", "height": f"{3.5 + 2.5 * n}", "css": _bar(n, count)}
        for n in range(6)
    ]
    return {"bars": bars, "count": count}


def _bar(position: int, count: int) -> str:
    return "is-done" if position < count else "is-current" if position == count else ""


@register.inclusion_tag("components/error_summary.html", takes_context=True)
def error_summary(context: template.Context, *forms: Any) -> dict[str, Any]:
    """The errors of `forms` (of every form of the page when none is given), each a link to its field."""
    faulty = list(forms) or faulty_forms(context)
    errors: list[dict[str, str]] = []
    unmet: list[str] = []
    for form in faulty:
        _collect(form, errors, unmet)
    return {"errors": errors, "unmet": unmet, "count": len(errors)}


def _collect(form: Any, errors: list[dict[str, str]], unmet: list[str]) -> None:
    """Put the errors of one form or formset in `errors`, and its missing requirements in `unmet`."""
    if not isinstance(form, BaseForm):
        errors += [{"href": "", "text": str(message)} for message in form.non_form_errors()]
        for position, row in enumerate(form.forms, 1):
            row.row_title = getattr(row, "row_title", "") or _t("Line %(number)s") % {"number": position}
            _collect(row, errors, unmet)
        return
    for name, problems in form.errors.as_data().items():
        for problem in problems:
            for message in problem.messages:
                if problem.code == "unmet":
                    unmet.append(message)
                    continue
                bound = form[name] if name in form.fields else None
                title = ", ".join(str(part) for part in (getattr(form, "row_title", ""), bound and bound.label) if part)
                errors.append(
                    {
                        "href": f"#{bound.id_for_label or bound.auto_id}" if bound else "",
                        "text": _t("%(label)s: %(message)s") % {"label": title, "message": message}
                        if title
                        else message,
                    }
                )


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: BaseForm, *names: str) -> dict[str, Any]:
    """The fields of a form, one below the other: all of them, or those named."""
    for field in form.fields.values():
        # A label says it already; what disappears when one types is no help.
        field.widget.attrs.pop("placeholder", None)
    fields = [form[name] for name in names] if names else form.visible_fields()
    return {"fields": fields, "form": form, "all": not names}


@register.inclusion_tag("components/field_table.html")
def field_table(formset: Any, caption: str, note: str = "", add: str = "") -> dict[str, Any]:
    """A formset as a table: the column header is the label, each field says its column and row to those who listen.

    A row is titled by its form's `row_title`; `add` is the label of the button for another line (none without it).
    """
    rows = []
    for position, form in enumerate(formset.forms, 1):
        title = getattr(form, "row_title", "") or _t("Line %(number)s") % {"number": position}
        rows.append({"form": form, "title": title, "cells": [_cell(field, title) for field in form.visible_fields()]})
    blank = formset.empty_form
    cells = [_cell(field, _t("New line")) for field in blank.visible_fields()]
    return {
        "formset": formset,
        "caption": caption,
        "note": note,
        "add": add,
        "rows": rows,
        "columns": [
            {"label": field.label, "optional": optional(field), "numeric": _numeric(field)}
            for field in blank.visible_fields()
        ],
        "blank": {"form": blank, "title": _t("New line"), "cells": cells},
    }


def _numeric(field: Any) -> bool:
    return "es-w-amount" in field.field.widget.attrs.get("class", "")


def _cell(field: Any, title: str) -> dict[str, Any]:
    """One field of a table of fields, drawn with its spoken label and tied to its errors."""
    kind = getattr(field.field.widget, "input_type", "")
    css = "form-check-input" if kind == "checkbox" else "form-select" if kind == "select" else "form-control"
    attrs = {"class": f"{css} {field.field.widget.attrs.get('class', '')}".strip()}
    attrs["aria-label"] = f"{capfirst(str(field.label))}, {title}"
    if field.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{field.auto_id}_error"}
        attrs["class"] += " is-invalid"
    return {"field": field, "widget": field.as_widget(attrs=attrs), "numeric": _numeric(field)}


@register.inclusion_tag("components/facts.html")
def facts(pairs: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """A list of (name, value); pairs with nothing to say are left out."""
    return {"pairs": [(name, value) for name, value in pairs if value not in (None, "")]}


@register.inclusion_tag("components/checklist.html")
def checklist(missing: Iterable[str], done: Iterable[str] = (), title: str = "", level: int = 3) -> dict[str, Any]:
    """What is still missing, and what is in order, in sentences; `level` is that of the title among the headings."""
    return {"missing": list(missing), "done": list(done), "title": title, "tag": f"h{level}"}


@register.inclusion_tag("components/timeline.html")
def timeline(items: Iterable[Any], dated: bool = True) -> dict[str, Any]:
    """An ordered path; each item has `when` (text), `title`, `text`, and `mark`: past, present or expected."""
    return {"items": items, "dated": dated}


@register.inclusion_tag("components/documents.html", takes_context=True)
def document_list(context: template.Context, documents: Iterable[Any]) -> dict[str, Any]:
    """Documents: each a mapping with `name`, and where known `url`, `note`, `kind` (pdf, image, text), `missing`.

    A `url` is downloaded by POST (`post` true), since who read a document is logged.
    """
    return {"documents": list(documents), "csrf_token": context.get("csrf_token", "")}


@register.inclusion_tag("components/tabs.html", takes_context=True)
def tabs(context: template.Context, label: str, items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Tabs, which are links: each with `label`, `url`, and `count` if any; the present page's own is marked."""
    path = context["request"].path
    return {"label": label, "items": [{**item, "here": item.get("here", item["url"] == path)} for item in items]}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, pages: Any) -> dict[str, Any]:
    """The way to the next and the previous rows of a `web.shared.lists.Page`."""
    return {"pages": pages, "request": context["request"]}
