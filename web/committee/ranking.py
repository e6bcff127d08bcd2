"""The ranking of a call, page by page, and the reveal of its marks."""

from __future__ import annotations

import re
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from people.models import Role
from programmes.models import Call
from selection.actions import assessment
from selection.queries.ranking import Key, ranking
from selection.queries.scores import hidden_of_call
from web.pages import act, get_visible, page, permitted
from web.shared.acts import PersonRequest, act_page, confirmed, done
from web.shared.lists import by_key

_KEY = re.compile(r"(\d{1,5}\.\d{1,4}),(\d{1,18})")


@page("ranking.view", methods=["GET"])
def calls(request: PersonRequest) -> HttpResponse:
    """The calls of the secretary's programmes, each with its ranking."""
    mine = request.user.standing.scopes_of(Role.COMMITTEE_SECRETARY)
    rows = Call.objects.filter(programme__code__in=mine).select_related("programme", "envelope")
    return render(request, "committee/calls.html", {"rows": by_key(request, rows, "-closes_at")})


@page("ranking.view", methods=["GET"])
def ranked(request: PersonRequest, slug: str) -> HttpResponse:
    """The dossiers of one call, best mean first, what they ask for against what is left."""
    call = read(request, slug)
    found = ranking(call, after=_key(request.GET.get("after", "")))
    following = f"?after={found.after[0]},{found.after[1]}" if found.after else ""
    context = {
        "call": call,
        "ranking": found,
        "following": following,
        "first": not request.GET.get("after"),
        "to_reveal": hidden_of_call(call).exists(),
    }
    return render(request, "committee/ranking.html", context)


@page("score.reveal")
def reveal_call(request: PersonRequest, slug: str) -> HttpResponse:
    """Reveal the marks of every dossier of the call that has its scorecards."""
    call = read(request, slug)
    form = confirmed(request)
    if form.is_valid() and act(request, form, assessment.reveal, call=call):
        return done(request, _t("The marks are revealed; scoring is over for these dossiers."), "committee:rank", slug)
    return act_page(
        request,
        form,
        title=_t("Reveal the marks of the call"),
        submit=_t("Reveal the marks"),
        back_url=reverse("committee:rank", args=[slug]),
        over=call.title,
        lead=_t("Members then read each other’s marks, and can no longer change theirs. This cannot be undone."),
        trail=[(_t("Ranking"), reverse("committee:ranking")), (call.title, reverse("committee:rank", args=[slug]))],
        danger=True,
    )


def read(request: PersonRequest, slug: str) -> Call:
    """A call whose ranking the person may read, or 404."""
    found: Call = get_visible(Call.objects.select_related("programme", "envelope"), request.user, slug=slug)
    if not permitted(request, "ranking.view", found):
        raise Http404(slug)
    return found


def _key(written: str) -> Key | None:
    """The key that a page begins after; a key that means nothing starts the ranking again."""
    found = _KEY.fullmatch(written)
    return (Decimal(found[1]), int(found[2])) if found else None
