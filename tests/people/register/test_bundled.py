"""The register on board: by the SIREN part of a SIRET, without a network, and quick."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from stdnum import luhn

from people.models import OrganisationKind
from people.register import bundled
from people.register.found import Found, Source

ROOT = Path(__file__).resolve().parents[3]


def siret(siren: str, nic: str = "0001") -> str:
    """The SIRET of an establishment of the body with this SIREN."""
    return siren + nic + luhn.calc_check_digit(siren + nic)


def test_a_commune_is_found_with_its_place():
    assert bundled.find(siret("214600421")) == Found(
        siret=siret("214600421"),
        source=Source.BUNDLED,
        name="Commune de Cahors",
        kind=OrganisationKind.COMMUNE,
        postal_code="46000",
        city="Cahors",
        insee="46042",
        department="46",
        region="76",
    )


def test_whatever_its_establishment():
    first, other = bundled.find(siret("214600421")), bundled.find(siret("214600421", "0123"))
    assert first is not None
    assert other is not None
    assert (first.name, first.insee) == (other.name, other.insee)
    assert other.siret == siret("214600421", "0123")


def test_a_commune_with_several_postal_codes_says_which_and_chooses_none():
    found = bundled.find(siret("210100509"))
    assert found is not None
    assert (found.name, found.postal_code, found.postal_codes) == ("Commune de Boissey", "", ("01190", "01380"))


def test_a_grouping_lies_where_its_communes_lie():
    assert bundled.find(siret("200069193")) == Found(
        siret=siret("200069193"),
        source=Source.BUNDLED,
        name="Communauté de communes de la Dombes",
        kind=OrganisationKind.EPCI,
        department="01",
        region="84",
    )


def test_a_grouping_of_several_departements_names_them_and_chooses_none():
    found = bundled.find(siret("200054781"))
    assert found is not None
    assert (found.name, found.department, found.region) == ("Métropole du Grand Paris", "", "")
    assert sorted(found.departments) == ["75", "91", "92", "93", "94", "95"]


@pytest.mark.parametrize("number", ["", "233500016", siret("233500016"), "00000000000000", "population,,", "2146004,1"])
def test_what_is_no_commune_and_no_grouping_is_not_found(number: str):
    assert bundled.find(number) is None


def test_every_commune_and_every_grouping_is_found_as_itself():
    rows = [row for row in bundled.communes() if row.siren]
    for row in rows[::500]:
        found = bundled.find(siret(row.siren))
        assert found is not None
        assert (found.insee, found.department, found.region) == (row.insee, row.department, row.region)
    for group in list(bundled.groups())[::50]:
        found = bundled.find(siret(group.siren))
        assert found is not None
        assert found.kind == OrganisationKind.EPCI
        assert {row.department for row in bundled.members(group.siren)} == {*found.departments, found.department} - {""}


def test_the_tables_hold_what_their_page_says():
    communes = list(bundled.communes())
    assert (len(communes), len([row for row in communes if not row.siren])) == (34_969, 94)
    assert len([row for row in communes if not row.group]) == 98
    assert len(list(bundled.groups())) == 1255
    assert {row.department for row in communes} == set(bundled._departments())


@pytest.mark.parametrize(
    ("insee", "name"), [("2A004", "Ajaccio"), ("97411", "Saint-Denis"), ("01002", "L'Abergement-de-Varey")]
)
def test_a_commune_is_found_by_its_insee_code(insee: str, name: str):
    found = bundled.commune(insee)
    assert found is not None
    assert (found.insee, found.name) == (insee, name)


@pytest.mark.parametrize("insee", ["", "01003", "insee", "4604", "46042,", "75115"])
def test_another_code_is_no_commune(insee: str):
    assert bundled.commune(insee) is None


def test_a_departement_knows_its_region():
    assert bundled.department("46") == bundled.Department("46", "Lot", "76")
    assert bundled.department("975") == bundled.Department("975", "Saint-Pierre-et-Miquelon", "")
    assert bundled.department("20") is None


def test_the_tables_are_read_once_and_never_at_import():
    program = (
        "import django; django.setup()\n"
        "from people.register import bundled, lookup, online, places\n"
        "print(bundled._table.cache_info().currsize, bundled._departments.cache_info().currsize)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["0", "0"]


def test_reading_takes_less_than_half_a_second_and_finding_is_instant():
    """Seconds of this thread's own processor time, so that a busy machine changes nothing."""
    bundled._table.cache_clear()
    begin = time.thread_time()
    bundled.find(siret("200069193"))
    read = time.thread_time()
    for _turn in range(20):
        bundled.find(siret("200069193"))
    assert read - begin < 0.5
    assert (time.thread_time() - read) / 20 < 0.05
