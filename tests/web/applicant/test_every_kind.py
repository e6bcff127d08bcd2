"""A question of each kind on its page: filled in as people write, kept as answers are, read in words."""

import pytest
from django.urls import reverse
from django.utils import translation

from grants.actions import forms as publishing
from grants.lifecycle import State
from programmes.actions import forms
from programmes.rules.form_values import parse
from tests.world import fresh

pytestmark = pytest.mark.django_db

ALPHA, BETA = {"code": "a", "label": {"fr": "Alpha"}}, {"code": "b", "label": {"fr": "Bêta"}}
SIX = [{"code": f"o{number}", "label": {"fr": f"Option {number}"}} for number in range(6)]
COLUMNS = [
    {"code": "post", "label": {"fr": "Poste"}},
    {"code": "cost", "label": {"fr": "Coût"}, "kind": "amount"},
    {"code": "when", "label": {"fr": "Quand"}, "kind": "date"},
    {"code": "how", "label": {"fr": "Comment"}, "kind": "choice", "choices": [ALPHA, BETA]},
]
ASKED = [
    {"code": "line", "label": {"fr": "Ligne", "en": "Line"}},
    {"code": "long", "label": {"fr": "Texte"}, "kind": "long", "max_words": 3},
    {"code": "number", "label": {"fr": "Nombre"}, "kind": "number", "least": 1, "most": 2000},
    {"code": "amount", "label": {"fr": "Montant"}, "kind": "amount"},
    {"code": "day", "label": {"fr": "Jour"}, "kind": "date"},
    {"code": "mail", "label": {"fr": "Adresse"}, "kind": "email"},
    {"code": "one", "label": {"fr": "Un"}, "kind": "choice", "choices": [ALPHA, BETA]},
    {"code": "six", "label": {"fr": "Six"}, "kind": "choice", "choices": SIX},
    {"code": "yes", "label": {"fr": "Oui ?"}, "kind": "yes_no"},
    {"code": "place", "label": {"fr": "Commune"}, "kind": "location"},
    {"code": "table", "label": {"fr": "Tableau"}, "kind": "table", "columns": COLUMNS, "max_rows": 4},
]
TYPED = {
    "line": " Deux  mots ",
    "long": "Un\r\ndeux",
    "number": "1 250,5",
    "amount": "1 138,5",
    "day": "2027-09-01",
    "mail": "a@b.fr",
    "one": "b",
    "six": "o5",
    "yes": "no",
    "place": "31 555",
    "table-0-post": "Site",
    "table-0-cost": "1200,50",
    "table-0-when": "2027-10-02",
    "table-0-how": "a",
    "table-2-post": "Borne",
}
KEPT = {
    "line": "Deux mots",
    "long": "Un\ndeux",
    "number": "1250.5",
    "amount": "1138.50",
    "day": "2027-09-01",
    "mail": "a@b.fr",
    "one": "b",
    "six": "o5",
    "yes": "no",
    "place": "31555",
    "table": [
        {"post": "Site", "cost": "1200.50", "when": "2027-10-02", "how": "a"},
        {"post": "Borne", "cost": "", "when": "", "how": ""},
    ],
}


@pytest.fixture
def draft(world):
    """A draft of a call that asks a question of each kind."""
    dossier = world.dossier(State.DRAFT)
    money = {"code": "budget", "title": {"fr": "Budget"}, "part": "budget"}
    form = parse({"sections": [{"code": "kinds", "title": {"fr": "Genres"}, "fields": ASKED}, money]})
    forms.edit_form(call=dossier.call, form=form, by=world.manager)
    publishing.publish_form(call=dossier.call, by=world.manager, reason="Every kind.")
    return fresh(dossier)


def url(dossier, name="section", *args):
    with translation.override("fr"):
        return reverse(f"applicant:{name}", args=[dossier.reference, *args])


def send(browser, dossier, **changed):
    typed = {**TYPED, "version": dossier.version, **changed}
    return browser.post(url(dossier, "section", "kinds"), typed)


def test_what_people_write_is_kept_as_answers_are(world, browse, draft):
    answer = send(browse(world.editor(draft)), draft)
    assert answer.status_code == 302
    assert fresh(draft).answers["kinds"] == KEPT


def test_the_page_shows_what_is_kept_and_what_is_filed_is_read_in_words(world, browse, draft):
    browser = browse(world.editor(draft))
    send(browser, draft)
    page = browser.get(url(draft, "section", "kinds")).content.decode()
    for shown in (
        'name="amount" value="1138.50"',
        'name="day" value="2027-09-01"',
        'name="table-1-post" id="id_table-1-post" value="Borne"',
        'aria-label="Coût, ligne 1"',
    ):
        assert page.count(shown) == 1, shown
    read = browser.get(url(draft, "filed")).content.decode()
    for words in ("1\u202f138,50\u00a0€", "1er septembre 2027", "Bêta", "Option 5", "Non"):
        assert words in read, words


@pytest.mark.parametrize(
    "name, typed, told",
    [
        ("number", "beaucoup", "Écrivez un nombre, par exemple 1250 ou 12,5."),
        ("number", "NaN", "Écrivez un nombre, par exemple 1250 ou 12,5."),
        ("number", "1e400", "Écrivez un nombre, par exemple 1250 ou 12,5."),
        ("place", "99999", "Aucune commune n’a ce code INSEE\u202f; saisissez ses cinq caractères, par exemple 31555."),
        ("table-0-cost", "cher", "Coût, ligne 1"),
        ("one", "c", "Choisissez une réponse."),
    ],
)
def test_what_cannot_be_kept_is_told_with_everything_still_typed(world, browse, draft, name, typed, told):
    answer = send(browse(world.editor(draft)), draft, **{name: typed})
    page = answer.content.decode()
    assert (answer.status_code, told in page, "Deux" in page) == (200, True, True)
    if name != "one":
        assert f'value="{typed}"' in page
    assert fresh(draft).answers.get("kinds") is None


def test_an_empty_part_is_kept_and_everything_it_lacks_is_told(world, browse, draft):
    browser = browse(world.editor(draft))
    answer = browser.post(url(draft, "section", "kinds"), {"version": draft.version})
    assert answer.status_code == 302
    tasks = browser.get(url(draft, "application")).context["tasks"]
    assert [(task.code, len(task.missing)) for task in tasks] == [("kinds", len(ASKED)), ("budget", 0)]
