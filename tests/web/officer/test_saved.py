"""Views of the work list under a name: saved, shared, opened by their link, deleted."""

import pytest

from grants.models import SavedView
from tests.web.officer.test_dossiers import LIST
from tests.web.visits import text
from tests.world import CODE

pytestmark = pytest.mark.usefixtures("staged_draft")

VIEWS = "/en/instruction/dossiers/vues"
SAVE = f"{VIEWS}/enregistrer"


def save(world, browser, query="state=submitted", **more):
    given = {"name": "To examine", "programme": world.programme.pk, "query": query, **more}
    return browser.post(SAVE, given)


def test_what_one_sees_is_saved_under_a_name_and_stands_above_the_table(world, visit):
    dossier, browser = world.dossier(), visit(world.officer)
    shown = f"{LIST}?state=submitted&columns=waiting,submitted&sort=reference&after=x&junk=1"
    assert f"{SAVE}?state=submitted&amp;columns=submitted,waiting&amp;sort=reference" in text(browser.get(shown))
    page = text(browser.get(f"{SAVE}?state=submitted&columns=waiting"))
    assert "<dd>Submitted</dd>" in page
    assert "<dd>Days since filed</dd>" in page
    answer = save(world, browser, "state=submitted&columns=waiting&junk=1&after=x")
    assert (answer.status_code, answer.url) == (302, VIEWS)
    view = SavedView.objects.get()
    assert (view.person, view.programme.code, view.name, view.query, view.shared) == (
        *(world.officer, CODE, "To examine"),
        *("state=submitted&columns=waiting", False),
    )
    page = text(browser.get(LIST))
    link = f"{LIST}?state=submitted&amp;columns=waiting"
    assert f'<a href="{link}">To examine</a>' in page
    page = text(browser.get(link.replace("&amp;", "&")))
    assert f'<a href="{link}" aria-current="page">To examine</a>' in page
    assert dossier.reference in page


def test_the_same_name_again_replaces_the_view(world, visit):
    browser = visit(world.officer)
    save(world, browser)
    save(world, browser, "state=returned")
    assert SavedView.objects.get().query == "state=returned"
    assert "Fill in this field." in text(save(world, browser, name=" "))


def test_a_shared_view_is_the_whole_staffs_and_a_private_one_nobodys(world, visit):
    browser = visit(world.officer)
    save(world, browser, name="Mine alone")
    save(world, browser, name="For all", shared="on")
    page = text(browser.get(VIEWS))
    assert ("Mine alone" in page, "For all" in page) == (True, True)
    for colleague in (world.other_officer, world.auditor, world.manager):
        page = text(visit(colleague).get(VIEWS))
        assert ("Mine alone" in page, "For all" in page) == (False, True)
    assert visit(world.signatory(world.dossier())).get(VIEWS).status_code == 404


def test_the_author_deletes_it_and_the_manager_what_is_shared(world, visit):
    author = visit(world.officer)
    for name, shared in {"One": {}, "Two": {"shared": "on"}, "Three": {"shared": "on"}}.items():
        save(world, author, name=name, **shared)
    one, two, three = (SavedView.objects.get(name=name) for name in ("One", "Two", "Three"))
    colleague, manager = visit(world.other_officer), visit(world.manager)
    assert colleague.get(f"{VIEWS}/{one.pk}/supprimer").status_code == 404
    page = text(colleague.get(f"{VIEWS}/{two.pk}/supprimer"))
    assert "This view is a colleague’s" in page
    assert f"{VIEWS}/{two.pk}/supprimer" not in text(colleague.get(VIEWS))
    assert "This view is a colleague’s" in text(colleague.post(f"{VIEWS}/{two.pk}/supprimer"))
    for browser, view in ((author, one), (manager, two), (author, three)):
        assert "Delete the view" in text(browser.get(f"{VIEWS}/{view.pk}/supprimer"))
        assert browser.post(f"{VIEWS}/{view.pk}/supprimer").url == VIEWS
    assert not SavedView.objects.exists()
    assert "No view is saved yet" in text(author.get(VIEWS))


def test_a_view_that_says_nothing_of_the_list_is_the_whole_list(world, visit):
    browser = visit(world.officer)
    save(world, browser, "https://example.org/?javascript:alert(1)")
    assert SavedView.objects.get().query == ""
    assert f'<a href="{LIST}">To examine</a>' in text(browser.get(VIEWS))
