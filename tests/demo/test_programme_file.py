"""Both programmes of the demo as files: dumped, loaded as another programme, and dumped the same, byte for byte."""

from dataclasses import replace

import pytest

from demo import alive, prai
from people.actions import roles
from people.models import Person, Role
from programmes.models import Programme
from programmes.rules.programme_file import ProgrammeFile
from programmes.rules.programme_reading import read
from programmes.rules.programme_writing import written
from selection.actions.programme_file import load
from selection.queries.programme_file import as_file

OTHER = "AUTRE-2027"


def as_other(file: ProgrammeFile) -> ProgrammeFile:
    """The same programme under names that nothing has yet."""
    calls = tuple(
        replace(call, slug=f"autre-{call.slug}", reference_prefix=f"A-{call.reference_prefix}") for call in file.calls
    )
    return replace(file, programme=replace(file.programme, code=OTHER), calls=calls)


@pytest.mark.parametrize("code", [prai.CODE, alive.CODE])
def test_a_programme_of_the_demo_comes_back_from_its_file(demo, code):
    administrator, other = (Person.objects.get(email=f"{name}@demo.example") for name in ("admin", "admin2"))
    manager = Person.objects.get(email="pilote@demo.example")
    stands = as_file(Programme.objects.get(code=code))
    text = written(stands)
    assert read(text) == stands
    assert load(read(text), by=manager).done == []

    wanted = as_other(stands)
    load(wanted, by=administrator)
    assignment = roles.propose_role(person=manager, role=Role.PROGRAMME_MANAGER, scope=OTHER, by=administrator)
    roles.confirm_role(assignment=assignment, by=other)
    load(wanted, by=Person.objects.get(pk=manager.pk))
    assert written(as_file(Programme.objects.get(code=OTHER))) == written(wanted)
