"""The report on a programme, for its manager and its auditor."""

import json

from tests.web.visits import text

REPORTS = "/en/pilotage/rapports"


def test_the_report_shows_computed_figures_and_is_sent_as_a_file(world, project, visit):
    project.paid(project.certified("1000"))
    for person in (world.manager, world.auditor):
        browser = visit(person)
        assert f"{REPORTS}/TEST-27" in text(browser.get(REPORTS))
        page = text(browser.get(f"{REPORTS}/TEST-27"))
        assert "Projets innovants" in page
        assert "Under way" in page
    answer = browser.get(f"{REPORTS}/TEST-27?format=json&action=7.4")
    assert answer["Content-Disposition"] == 'attachment; filename="TEST-27.json"'
    assert json.loads(answer.content)["under_way"][0]["erdf"] == "500.00"
    answer = browser.get(f"{REPORTS}/TEST-27?format=html")
    assert project.dossier.reference in text(answer)
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_report_is_as_of_a_day(world, project, visit):
    browser = visit(world.manager)
    answer = browser.get(f"{REPORTS}/TEST-27?format=json&at=2027-01-31")
    assert json.loads(answer.content)["actions"][0]["under_way"] == []
    assert "Write a day" in text(browser.get(f"{REPORTS}/TEST-27?at=nonsense"))


def test_nobody_else_reads_it(world, project, visit):
    for person in (world.officer, world.payer, project.beneficiary):
        assert visit(person).get(REPORTS).status_code == 404
        assert visit(person).get(f"{REPORTS}/TEST-27").status_code == 404
    assert visit(world.manager).get(f"{REPORTS}/NONE-27").status_code == 404
