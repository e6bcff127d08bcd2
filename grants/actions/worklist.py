"""Views of the work list under a name: kept for oneself, or shared with the staff of the programme."""

from __future__ import annotations

from django.utils.translation import gettext as _t

from grants.models import SavedView
from kit import clock
from kit.actors import Actor
from kit.errors import NotAllowed, Refused
from kit.locks import locked
from people.acting import action, as_person
from people.models import Person, Role
from people.permissions import permit
from programmes.actions import inputs
from programmes.models import Programme
from records.actions import journal

MOST_VIEWS = 50
LONGEST_QUERY = 1000


@action("view.save")
def save_view(*, programme: Programme, name: str, query: str, shared: bool, by: Actor) -> SavedView:
    """Keep a view of the list, as its query string, under a name; one's own view of that name is replaced.

    Raises `Refused` for a name that is missing, a query string that is too long, or more views than anybody needs.
    """
    person = as_person(by)
    with locked(programme) as programme:
        permit(by, "view.save", programme)
        named = inputs.line(name, "name", longest=60)
        if not named:
            raise Refused(_t("Give the view a name."), field="name")
        if len(query) > LONGEST_QUERY:
            raise Refused(_t("These filters are too long to be kept; shorten the search."))
        own = SavedView.objects.filter(person=person)
        if not own.filter(name=named).exists() and own.count() >= MOST_VIEWS:
            raise Refused(_t("You have fifty saved views; delete one first."))
        view, _created = SavedView.objects.update_or_create(
            person=person,
            name=named,
            defaults={"programme": programme, "query": query, "shared": shared, "saved_at": clock.now()},
        )
        journal.write(by, "view.saved", programme, personal={"name": named}, view=view.pk, shared=shared)
    return view


@action("view.delete")
def delete_view(*, view: SavedView, by: Actor) -> None:
    """Delete a view of one's own; a programme manager deletes any shared one, for authors leave."""
    with locked(view.programme, view) as (programme, view):
        permit(by, "view.delete", view)
        if not deletes(as_person(by), view):
            raise NotAllowed(anothers())
        kept = view.pk
        view.delete()
        journal.write(by, "view.deleted", programme, view=kept)


def deletes(person: Person, view: SavedView) -> bool:
    """Whether the view is the person's own, or one that they, as a manager of its programme, may delete."""
    manages = person.standing.has_role(Role.PROGRAMME_MANAGER, view.programme_code)
    return view.person_id == person.pk or (view.shared and manages)


def anothers() -> str:
    """Why somebody may not delete a view, in a sentence."""
    return _t("This view is a colleague’s: its author or a programme manager deletes it.")
