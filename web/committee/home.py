"""What waits for committee members and for the secretary."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from people.models import Person, Role
from selection.queries import todo as selection
from web.home import HomeSection, section
from web.shared.work import Source, Task, of_dossier, on_dossier


def _meeting(row: Any) -> Task:
    return Task(row.committee.name, reverse("committee:meeting", args=[row.pk]), row.place, row.starts_at)


MEMBER: list[Source] = [
    (_("Conflict questions to answer"), selection.conflict_questions, of_dossier("committee:conflict")),
    (_("Dossiers to score"), selection.dossiers_to_score, of_dossier("committee:score")),
]
SECRETARY: list[Source] = [
    (_("Appeals to answer"), selection.appeals_to_answer, on_dossier("committee:reconsider")),
    (_("Decisions to put into effect"), selection.decisions_to_apply, on_dossier("committee:decide")),
    (_("Meetings to close"), selection.meetings_to_close, _meeting),
    (_("Meetings to come"), selection.meetings_to_hold, _meeting),
    (_("Marks to reveal"), selection.dossiers_to_reveal, of_dossier("committee:reveal")),
    (_("Dossiers to give to members"), selection.dossiers_to_assign, of_dossier("committee:assign")),
    (_("Reserve lists"), selection.reserves_to_select, of_dossier("committee:decide")),
]


def todo(person: Person) -> list[HomeSection]:
    """One section for a member, one for a secretary."""
    found = []
    if person.standing.has_role(Role.COMMITTEE_MEMBER):
        nothing = _t("Nothing waits for you. The secretary who gives you a dossier tells you by mail.")
        url = reverse("committee:session")
        found.append(
            section(person, Role.COMMITTEE_MEMBER.label, MEMBER, empty=nothing, action=_t("My session"), url=url)
        )
    if person.standing.has_role(Role.COMMITTEE_SECRETARY):
        nothing = _t("Nothing waits for you. Plan the next meeting, or look at the ranking.")
        url = reverse("committee:meetings")
        found.append(
            section(person, Role.COMMITTEE_SECRETARY.label, SECRETARY, empty=nothing, action=_t("Meetings"), url=url)
        )
    return found
