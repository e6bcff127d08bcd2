"""The page of a call's form: its lists with what each item is, its versions, and what the prepared one changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from grants.lifecycle import State
from programmes.models import Call, CallState, FormVersion
from programmes.rules.form import DOCUMENTS, QUESTIONS, Field, Form
from programmes.rules.form_edit import ELIGIBILITY, FIELDS, PIECES, SECTIONS, name_of
from programmes.rules.form_words import KIND_WORDS, PART_WORDS, condition_words, differences
from web.manager.form_items import BOTH, SeenForm


def overview(call: Call, version: FormVersion) -> dict[str, Any]:
    """What the page shows."""
    versions = list(
        call.form_versions.annotate(
            drafts=Count("dossiers", filter=Q(dossiers__state=State.DRAFT)),
            others=Count("dossiers", filter=~Q(dossiers__state=State.DRAFT)),
        ).order_by("-number")
    )
    published = next((row for row in versions if row.published_at is not None), None)
    preparing = version.published_at is None
    return {
        "call": call,
        "version": version,
        "moving": SeenForm(initial={"seen": version.digest}),
        "sections": list(_sections(call, version.form)),
        "checks": list(_rows(call, version.form, ELIGIBILITY, "", version.form.eligibility)),
        "add_section_url": _url("form_add", call, SECTIONS),
        "add_check_url": _url("form_add", call, ELIGIBILITY),
        "questions": sum(len(section.fields) for section in version.form),
        "minutes": version.form.minutes,
        "preparing": preparing,
        "with_call": call.state == CallState.PREPARED,
        "changes": differences(published.form, version.form) if published is not None and preparing else [],
        "may_drop": preparing and version.number > 1,
        "versions": versions,
        "drafts": sum(row.drafts for row in versions),
    }


def _sections(call: Call, form: Form) -> Iterator[dict[str, Any]]:
    for row, section in zip(_rows(call, form, SECTIONS, "", form.sections), form.sections, strict=True):
        inside = PIECES if section.part == DOCUMENTS else FIELDS
        listed = section.pieces if section.part == DOCUMENTS else section.fields
        row |= {
            "code": section.code,
            "intro": str(section.intro),
            "part": "" if section.part == QUESTIONS else PART_WORDS[section.part],
            "minutes": section.minutes,
            "rows": list(_rows(call, form, inside, section.code, listed)),
            "add_url": _url("form_add", call, inside, section.code) if section.part in (QUESTIONS, DOCUMENTS) else "",
            "add_words": _t("Add a question") if inside == FIELDS else _t("Ask for a document"),
        }
        yield row


def _rows(call: Call, form: Form, name: str, section: str, listed: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for number, item in enumerate(listed):
        address = ":".join(filter(None, (name, section, item.code)))
        hangs = name in (FIELDS, PIECES)
        yield {
            "address": address,
            "name": name_of(item),
            "facts": list(_facts(item)),
            "asked_when": condition_words(form, item.shown_when) if hangs else "",
            "first": number == 0,
            "last": number == len(listed) - 1,
            "edit_url": _url("form_edit", call, address),
            "condition_url": _url("form_condition", call, address) if hangs else "",
            "remove_url": _url("form_take_out", call, address),
        }


def _facts(item: Any) -> Iterator[str]:
    """What an item is, in a few words."""
    if isinstance(item, Field):
        yield str(KIND_WORDS[item.kind])
        if item.max_words:
            yield ngettext("%(count)s word at most", "%(count)s words at most", item.max_words) % {
                "count": item.max_words
            }
        if item.choices:
            yield ", ".join(str(option.label) for option in item.choices)
        if item.columns:
            yield ", ".join(str(column.label) for column in item.columns)
    if hasattr(item, "required") and not item.required:
        yield _t("optional")
    if hasattr(item, "right"):
        yield _t("may apply: {answer}").format(answer=dict(BOTH)[item.right])


def _url(name: str, call: Call, *address: str) -> str:
    return reverse(f"manager:{name}", args=[call.slug, ":".join(address)])
