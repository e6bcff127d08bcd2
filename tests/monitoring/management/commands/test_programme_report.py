"""`manage.py programme_report`: JSON and HTML, to the screen or a file."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.world import CODE


def run(*arguments):
    out = StringIO()
    call_command("programme_report", *arguments, stdout=out)
    return out.getvalue()


def test_json_of_one_action(road):
    road.finished("30000")
    report = json.loads(run(CODE, "--action", "7.4", "--format", "json"))
    assert report["totals"] == {"projects": 1, "eligible": "30000.00", "erdf": "15000.00"}
    assert report["projects"][0]["object"] == "Digital welcome"


def test_json_of_the_programme_at_a_past_day(road):
    road.finished("30000")
    report = json.loads(run(CODE, "--at", "2027-02-01", "--format", "json"))
    assert [item["totals"]["projects"] for item in report["actions"]] == [0]


@pytest.mark.parametrize(("language", "words"), [("fr", "Projets réalisés"), ("en", "Realised projects")])
def test_html_in_a_file(road, tmp_path, language, words):
    road.finished("30000")
    path = tmp_path / "report.html"
    assert run(CODE, "--format", "html", "--lang", language, "--out", str(path)) == ""
    page = path.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert words in page


def test_what_does_not_exist_is_said_with_what_does(world):
    assert world.measure.code == "7.4"
    with pytest.raises(CommandError, match=r"TEST-27 has no action 9\.9; there are: 7\.4"):
        run(CODE, "--action", "9.9", "--format", "json")
    with pytest.raises(CommandError, match="There is no programme NO-1; there are: TEST-27"):
        run("NO-1", "--format", "json")
