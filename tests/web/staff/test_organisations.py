"""Organisations: registered, their members invited and removed."""

from html.parser import HTMLParser

import pytest

from people.models import Membership, Organisation
from tests.people.register.conftest import SEAT, TOWN, results, says
from tests.people.register.test_bundled import siret as number
from tests.web.visits import text
from tests.world import fresh, siret

HOME = "/en/organismes"


def test_whoever_registers_an_organisation_becomes_its_editor(world, visit):
    person = world.person()
    browser = visit(person)
    assert "You belong to no organisation yet" in text(browser.get(HOME))
    given = {"kind": "commune", "name": "Montcalm", "siret": siret(4242), "city": "Montcalm", "department": "31"}
    answer = browser.post(f"{HOME}/nouveau", given)
    made = Organisation.objects.get(name="Montcalm")
    assert answer["Location"] == f"{HOME}/{made.pk}"
    assert (made.siret, made.city, made.department) == (siret(4242), "Montcalm", "31")
    assert Membership.objects.get(organisation=made).person == person
    assert "Montcalm" in text(browser.get(HOME))


def test_a_wrong_or_known_number_is_refused_beside_its_field(world, visit):
    known = world.organisation()
    browser = visit(world.person())
    given = {"kind": "commune", "name": "Montcalm", "siret": "12345678901234"}
    assert 'href="#id_siret"' in text(browser.post(f"{HOME}/nouveau", given))
    assert "registered already" in text(browser.post(f"{HOME}/nouveau", {**given, "siret": known.siret}))
    assert not Organisation.objects.filter(name="Montcalm").exists()


def test_the_signatory_invites_and_removes_members(world, visit):
    town = world.town()
    browser = visit(town.signatory)
    url = f"{HOME}/{town.organisation.pk}"
    assert f"{url}/inviter" in text(browser.get(url))
    given = {"email": "new@example.org", "full_name": "New Person", "capacity": "editor", "language": "fr"}
    assert browser.post(f"{url}/inviter", given).status_code == 302
    member = Membership.objects.get(person__email="new@example.org")
    assert (member.organisation, member.capacity) == (town.organisation, "editor")
    remove = f"{HOME}/membres/{member.pk}/retirer"
    assert remove in text(browser.get(url))
    text(browser.get(remove))
    assert fresh(member).until is None
    assert browser.post(remove).status_code == 302
    assert fresh(member).until is not None


def test_an_editor_reads_the_page_and_invites_nobody(world, visit):
    town = world.town()
    browser = visit(town.editor)
    url = f"{HOME}/{town.organisation.pk}"
    page = text(browser.get(url))
    assert town.signatory.full_name in page
    assert "/inviter" not in page
    assert browser.get(f"{url}/inviter").status_code == 404
    member = Membership.objects.filter(organisation=town.organisation, person=town.editor).get()
    assert browser.post(f"{HOME}/membres/{member.pk}/retirer").status_code == 404
    assert fresh(member).until is None


def test_a_signatory_of_another_town_sees_and_changes_nothing(world, visit):
    town, other = world.town(), world.town()
    browser = visit(other.signatory)
    url = f"{HOME}/{town.organisation.pk}"
    assert browser.get(url).status_code == 404
    assert browser.post(f"{url}/inviter", {"email": "new@example.org", "capacity": "editor"}).status_code == 404
    member = Membership.objects.filter(organisation=town.organisation).first()
    assert browser.post(f"{HOME}/membres/{member.pk}/retirer").status_code == 404
    assert town.organisation.name not in text(browser.get(HOME))


def test_staff_find_an_organisation_by_name_and_number(world, visit):
    town, other = world.town(), world.town()
    browser = visit(world.manager)
    page = text(browser.get(HOME, {"q": town.organisation.siret}))
    assert f">{town.organisation.name}<" in page
    assert f">{other.organisation.name}<" not in page
    assert "No organisation matches" in text(browser.get(HOME, {"q": "nowhere at all"}))
    assert "No organisation matches" in text(browser.get(HOME, {"q": "\x00%"}))


CAHORS, DOMBES, PARIS = "214 600 421 00017", number("200069193"), number("217500016")
NEW = f"{HOME}/nouveau"


class Reading(HTMLParser):
    """The answers that a form shows, by field, and the words beside each field."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.answers: dict[str, str] = {}
        self.notes: dict[str, str] = {}
        self._select = self._note = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and given.get("type") in ("text", None):
            self.answers[name] = given.get("value", "")
        elif tag == "select":
            self._select, self.answers[name] = name, ""
        elif tag == "option" and self._select and "selected" in given:
            self.answers[self._select] = given.get("value", "")
        elif given.get("id", "").endswith("_helptext"):
            self._note = given["id"].removeprefix("id_").removesuffix("_helptext")

    def handle_endtag(self, tag: str) -> None:
        self._select = "" if tag == "select" else self._select
        self._note = "" if tag == "div" else self._note

    def handle_data(self, data: str) -> None:
        if self._note:
            self.notes[self._note] = self.notes.get(self._note, "") + data.strip()


def test_the_number_is_asked_first_and_nothing_else(world, visit):
    page = text(visit(world.person()).get(NEW))
    assert Reading(page).answers == {"siret": ""}
    assert f'href="{NEW}?by=rna"' in page
    assert f'href="{NEW}?by=hand"' in page


def test_a_siret_fills_in_a_commune_and_the_person_registers_it(world, visit):
    person = world.person()
    browser = visit(person)
    page = text(browser.get(NEW, {"siret": CAHORS}))
    assert "Filled in from the register of communes and their groupings, 2026." in page
    read = Reading(page)
    assert read.answers == {
        "siret": CAHORS,
        "kind": "commune",
        "name": "Commune de Cahors",
        "street": "",
        "postal_code": "46000",
        "city": "Cahors",
        "department": "46",
        "insee": "46042",
    }
    assert read.notes["street"] == "The register of communes holds no streets: write it if there is one."
    answer = browser.post(NEW, {**read.answers, "street": "73 boulevard Gambetta"})
    made = Organisation.objects.get(siret="21460042100017")
    assert answer["Location"] == f"{HOME}/{made.pk}"
    assert (made.name, made.street, made.department, made.region) == (
        "Commune de Cahors",
        "73 boulevard Gambetta",
        "46",
        "76",
    )


def test_in_french_too(world, visit):
    page = text(visit(world.person()).get("/fr/organismes/nouveau", {"siret": CAHORS}))
    assert "Rempli d’après le répertoire des communes et de leurs groupements, 2026." in page


def test_a_grouping_says_why_its_place_is_empty(world, visit):
    read = Reading(text(visit(world.person()).get(NEW, {"siret": DOMBES})))
    assert read.answers["name"] == "Communauté de communes de la Dombes"
    assert (read.answers["kind"], read.answers["city"], read.answers["department"]) == ("epci", "", "01")
    told = "Of the seat, which the register does not hold: write it."
    assert [name for name, note in read.notes.items() if note == told] == ["street", "postal_code", "city", "insee"]


def test_of_several_postal_codes_and_departements_none_is_chosen(world, visit):
    browser = visit(world.person())
    paris = Reading(text(browser.get(NEW, {"siret": PARIS})))
    assert (paris.answers["postal_code"], paris.notes["postal_code"]) == ("", "Paris has 21 postal codes: write yours.")
    boissey = Reading(text(browser.get(NEW, {"siret": number("210100509")})))
    assert boissey.notes["postal_code"] == "Boissey has several: 01190, 01380. Write yours."
    metropolis = Reading(text(browser.get(NEW, {"siret": number("200054781")})))
    assert metropolis.answers["department"] == ""
    assert metropolis.notes["department"].startswith("Its communes lie in several (94, ")


def test_a_number_that_no_register_holds_leaves_the_form_to_be_filled_in(world, visit):
    browser = visit(world.person())
    page = text(browser.get(NEW, {"siret": siret(4242)}))
    assert "do not hold this number" in page
    read = Reading(page)
    assert read.answers == {
        **dict.fromkeys(("rna", "kind", "name", "street", "postal_code", "city", "department", "insee"), ""),
        "siret": f"{siret(4242)[:3]} {siret(4242)[3:6]} {siret(4242)[6:9]} {siret(4242)[9:]}",
    }
    given = {**read.answers, "kind": "provider", "name": "Adviser"}
    assert browser.post(NEW, given).status_code == 302
    assert Organisation.objects.get(siret=siret(4242)).name == "Adviser"


@pytest.mark.parametrize("wrong", ["", "12345678901234", "214600421", "214 600 421 00018", "\x00", "9" * 5000, "<b>"])
def test_what_is_no_siret_is_refused_beside_the_field(world, visit, wrong):
    page = text(visit(world.person()).get(NEW, {"siret": wrong}))
    assert 'href="#id_siret"' in page
    assert set(Reading(page).answers) == {"siret"}


def test_who_is_registered_already_is_said_before_anything_is_typed(world, visit):
    known = world.organisation("Montcalm")
    page = text(visit(world.person()).get(NEW, {"siret": known.siret}))
    assert "registered already" in page
    assert "Montcalm" not in page
    assert set(Reading(page).answers) == {"siret"}


def test_an_association_is_registered_by_its_rna_number(world, visit):
    browser = visit(world.person())
    page = text(browser.get(NEW, {"by": "rna"}))
    assert "No register of associations is read here" in page
    read = Reading(page)
    assert (read.answers["kind"], read.answers["rna"], "siret" in read.answers) == ("association", "", False)
    wrong = text(browser.post(NEW, {**read.answers, "name": "Club"}))
    assert "Give the SIRET of the association, or its RNA number." in wrong
    assert {"siret", "rna"} <= set(Reading(wrong).answers)
    assert browser.post(NEW, {**read.answers, "rna": "W313001234", "name": "Club"}).status_code == 302
    assert Organisation.objects.get(rna="W313001234").kind == "association"


def test_a_departement_that_is_not_the_commune_s_is_refused_beside_its_field(world, visit):
    browser = visit(world.person())
    read = Reading(text(browser.get(NEW, {"siret": CAHORS})))
    page = text(browser.post(NEW, {**read.answers, "department": "47"}))
    assert 'href="#id_department"' in page
    assert "Cahors, lies in the département 46" in page
    assert Reading(page).answers == {**read.answers, "department": "47", "rna": ""}
    assert not Organisation.objects.filter(name="Commune de Cahors").exists()


def test_the_public_search_fills_in_the_street_and_says_so(world, visit, service):
    service.answers = says(results(TOWN))
    page = text(visit(world.person()).get(NEW, {"siret": CAHORS}))
    assert Reading(page).answers["street"] == "73 BOULEVARD GAMBETTA"
    assert "Filled in from the public search for companies" in page
    assert "closed" not in page


def test_the_public_search_warns_of_an_establishment_that_is_closed(world, visit, service):
    place = {**SEAT, "siret": siret(4242), "etat_administratif": "F", "libelle_voie": None, "adresse": None}
    service.answers = says(results({**TOWN, "nom_raison_sociale": "CLUB", "nature_juridique": "9300", "siege": place}))
    page = text(visit(world.person()).get(NEW, {"siret": siret(4242)}))
    read = Reading(page)
    assert (read.answers["name"], read.answers["kind"], read.answers["street"]) == ("CLUB", "", "")
    assert read.notes["kind"] == "The register names no kind that is used here: choose it."
    assert read.notes["street"] == "The public search does not tell it: write it if there is one."
    assert "this establishment is closed" in page


def test_what_the_public_search_says_is_shown_as_text(world, visit, service):
    bad = "<script>alert(1)</script>"
    place = {**SEAT, "siret": siret(4242), "libelle_voie": bad}
    service.answers = says(results({**TOWN, "nom_raison_sociale": bad, "siege": place}))
    page = text(visit(world.person()).get(NEW, {"siret": siret(4242)}))
    assert bad not in page
    assert Reading(page).answers["name"] == bad


def test_a_search_that_fails_takes_nothing_from_the_page(world, visit, service):
    service.answers = says(b"", 500)
    page = text(visit(world.person()).get(NEW, {"siret": CAHORS}))
    assert "register of communes and their groupings, 2026" in page
    assert Reading(page).answers["name"] == "Commune de Cahors"


def test_registering_asks_no_other_machine(world, visit, service):
    given = {"kind": "commune", "name": "Cahors", "siret": CAHORS}
    assert visit(world.person()).post(NEW, given).status_code == 302
    assert service.asked == []


@pytest.mark.parametrize("end", ["", "/nouveau", "/nouveau?siret=21460042100017", "/1", "/1/inviter"])
def test_a_visitor_signs_in_first(db, visit, end):
    assert "/account/login/" in visit().get(f"{HOME}{end}")["Location"]
