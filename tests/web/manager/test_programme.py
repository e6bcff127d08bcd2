"""The set-up of a programme: actions, decisions, envelopes, rules, targets, results, contracts."""

from datetime import date
from decimal import Decimal

import pytest

from people.models import Organisation
from programmes.models import AidRule, Decision, DeclaredResult, Envelope, Measure, Target
from selection.models import FrameworkContract
from tests.web.visits import text
from tests.world import CODE, fresh

PROGRAMME = f"/en/pilotage/programmes/{CODE}"


def at(measure, end=""):
    return f"/en/pilotage/actions/{measure.pk}{end}"


@pytest.mark.usefixtures("bare")
def test_the_set_up_of_a_single_programme_opens_at_once(world, visit):
    world.programme
    browser = visit(world.manager)
    assert browser.get("/en/pilotage/parametrage")["Location"] == PROGRAMME
    assert "No action yet" in text(browser.get(PROGRAMME))
    for tab in ("decisions", "appels", "comites", "marches"):
        text(browser.get(f"{PROGRAMME}/{tab}"))
    assert browser.get(f"{PROGRAMME}/elsewhere").status_code == 404


def test_an_action_is_added(world, visit):
    world.programme
    given = {"code": "7.5", "step": "project", "title_fr": "Ressources", "operator": "ARDESI"}
    browser = visit(world.manager)
    assert browser.post(f"{PROGRAMME}/actions/nouvelle", given).status_code == 302
    made = Measure.objects.get(code="7.5")
    assert (made.programme.code, made.step, made.operator) == (CODE, "project", "ARDESI")
    assert "7.5" in text(browser.get(PROGRAMME))
    assert 'href="#id_code"' in text(browser.post(f"{PROGRAMME}/actions/nouvelle", given))
    assert Measure.objects.filter(code="7.5").count() == 1


def test_a_decision_is_recorded(world, visit):
    world.programme
    browser = visit(world.manager)
    given = {"reference": "COPIL-9", "body": "steering", "taken_on": "2027-02-01", "text": "Adopté."}
    assert browser.post(f"{PROGRAMME}/decisions/nouvelle", given).status_code == 302
    made = Decision.objects.get(reference="COPIL-9")
    assert (made.body, made.taken_on, made.text) == ("steering", date(2027, 2, 1), "Adopté.")
    assert "COPIL-9" in text(browser.get(f"{PROGRAMME}/decisions"))
    late = {**given, "reference": "COPIL-10", "taken_on": "2030-01-01"}
    assert 'href="#id_taken_on"' in text(browser.post(f"{PROGRAMME}/decisions/nouvelle", late))
    assert not Decision.objects.filter(reference="COPIL-10").exists()


@pytest.mark.usefixtures("bare")
def test_money_waits_for_a_decision_of_the_steering_committee(world, visit):
    world.programme
    measure = Measure.objects.create(programme=world.programme, code="7.9", step="project", title_fr="Sans décision")
    page = text(visit(world.manager).get(at(measure, "/enveloppes/nouvelle")))
    assert "record the decision first" in page
    assert 'name="amount"' not in page


def test_an_envelope_is_opened_then_changed(world, visit):
    measure, steering = world.measure, world.steering
    browser = visit(world.manager)
    given = {"decision": steering.pk, "code": "E1", "amount": "50 000,00", "planned_total_cost": "100000"}
    assert browser.post(at(measure, "/enveloppes/nouvelle"), given).status_code == 302
    envelope = Envelope.objects.get(code="E1")
    assert (envelope.amount, envelope.planned_total_cost, envelope.left) == (50000, 100000, 50000)
    assert "€50,000.00" in text(browser.get(at(measure)))
    raised = world.decide("COPIL-2")
    url = f"/en/pilotage/enveloppes/{envelope.pk}"
    assert "€50,000.00" in text(browser.get(url))
    assert browser.post(url, {"decision": raised.pk, "amount": "60000"}).status_code == 302
    assert (fresh(envelope).amount, fresh(envelope).left, fresh(envelope).decision) == (60000, 60000, raised)
    assert 'href="#id_decision"' in text(browser.post(url, {"decision": raised.pk, "amount": "70000"}))
    assert fresh(envelope).amount == 60000


def test_a_decision_of_another_body_is_not_offered_for_money(world, visit):
    other = world.decide("SEL-1", body="selection")
    given = {"decision": other.pk, "code": "E1", "amount": "50000"}
    text(visit(world.manager).post(at(world.measure, "/enveloppes/nouvelle"), given))
    assert not Envelope.objects.filter(code="E1").exists()


def test_the_aid_rule_is_typed_in_per_cent(world, visit):
    measure, decision = world.measure, world.decide("COPIL-2")
    browser = visit(world.manager)
    given = {
        "decision": decision.pk,
        "valid_from": "2027-07-01",
        "rate": "48,5 %",
        "ceiling": "40000",
        "rounding_unit": "0.01",
        "underspend": "effective",
        "advance_share": "20",
        "interim_share": "80",
    }
    assert browser.post(at(measure, "/regle"), given).status_code == 302
    rule = AidRule.objects.get(measure=measure, valid_from=date(2027, 7, 1))
    assert (rule.rate, rule.ceiling, rule.floor) == (Decimal("0.485"), 40000, None)
    assert (rule.rounding_unit, rule.underspend, rule.advance_share) == (Decimal("0.01"), "effective", Decimal("0.2"))
    former = AidRule.objects.get(measure=measure, valid_until=date(2027, 7, 1))
    assert former.rate == Decimal("0.5")
    assert "48.5%" in text(browser.get(at(measure)))
    assert 'href="#id_rate"' in text(browser.post(at(measure, "/regle"), {**given, "rate": "150"}))
    assert 'href="#id_valid_from"' in text(browser.post(at(measure, "/regle"), given))


def test_a_target_is_set_then_revised_and_both_are_kept(world, visit):
    measure, browser = world.measure, visit(world.manager)
    given = {
        "decision": world.steering.pk,
        "indicator": "projects_retained",
        "label_fr": "Projets retenus",
        "operator": ">=",
        "value": "50",
        "unit": "projects",
        "valid_from": "2027-01-01",
    }
    assert browser.post(at(measure, "/cible"), given).status_code == 302
    assert 'value="projects_retained"' in text(browser.get(at(measure, "/cible"), {"indicateur": "projects_retained"}))
    revised = {**given, "decision": world.decide("COPIL-2").pk, "value": "35", "valid_from": "2027-06-01"}
    assert browser.post(at(measure, "/cible"), revised).status_code == 302
    values = Target.objects.filter(measure=measure).order_by("valid_from").values_list("value", "valid_until")
    assert list(values) == [(50, date(2027, 6, 1)), (35, None)]
    page = text(browser.get("/en/pilotage/indicateurs"))
    assert "35\u00a0projects" in page
    assert "50\u00a0projects" in page


def test_a_result_is_kept_as_declared(world, visit):
    measure, browser = world.measure, visit(world.manager)
    given = {
        "indicator": "projects_retained",
        "label_fr": "Projets retenus",
        "value": "27,5",
        "unit": "projects",
        "reached": "no",
        "source": "Bilan",
        "declared_on": "2027-02-01",
    }
    assert browser.post(at(measure, "/resultat"), given).status_code == 302
    made = DeclaredResult.objects.get()
    assert (made.value, made.reached, made.source) == (Decimal("27.5"), False, "Bilan")
    assert 'href="#id_declared_on"' in text(browser.post(at(measure, "/resultat"), given))
    empty = {**given, "value": "", "reached": "", "declared_on": "2027-02-02"}
    assert browser.post(at(measure, "/resultat"), empty).status_code == 302
    last = DeclaredResult.objects.get(declared_on=date(2027, 2, 2))
    assert (last.value, last.reached) == (None, None)


def test_a_contract_of_advice_is_entered(world, visit):
    world.programme
    browser = visit(world.manager)
    url = f"{PROGRAMME}/marches/nouveau"
    assert "register the organisation first" in text(browser.get(url))
    provider = world.organisation(kind="provider")
    given = {
        "provider": provider.pk,
        "reference": "MARCHE-1",
        "days": "120,5",
        "day_price": "850",
        "starts_on": "2027-01-01",
        "ends_on": "2028-12-31",
    }
    assert browser.post(url, given).status_code == 302
    made = FrameworkContract.objects.get()
    assert (made.provider, made.days, made.day_price) == (provider, Decimal("120.5"), 850)
    assert "MARCHE-1" in text(browser.get(f"{PROGRAMME}/marches"))
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    "end",
    ["", "/actions/nouvelle", "/decisions/nouvelle", "/marches/nouveau", "/comites/nouveau", "/decisions", "/appels"],
)
def test_nobody_else_finds_the_programme(world, visit, end):
    world.programme
    for person in (world.officer, world.auditor, world.administrator, world.town().signatory):
        assert visit(person).get(f"{PROGRAMME}{end}").status_code == 404
        assert visit(person).post(f"{PROGRAMME}{end}", {}).status_code in (404, 405)


@pytest.mark.parametrize("end", ["", "/enveloppes/nouvelle", "/regle", "/cible", "/resultat", "/appels/nouveau"])
def test_nobody_else_finds_the_action(world, visit, end):
    for person in (world.officer, world.secretary, world.administrator):
        assert visit(person).get(at(world.measure, end)).status_code == 404
    assert visit(world.manager).get(f"/en/pilotage/actions/999999{end}").status_code == 404
    envelope = world.envelope()
    assert visit(world.officer).get(f"/en/pilotage/enveloppes/{envelope.pk}").status_code == 404
