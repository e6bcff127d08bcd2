"""The PRAI Midi-Pyrénées, 2006-2008, replayed through the real acts from its published figures.

Amounts, beneficiaries, objects, actions, indicators and services are those of the programme's final report. What the
report does not give (dates within a period, invoices, identifiers, accounts of signatories) is made up and says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.utils.text import slugify

from demo.cast import Cast, appoint
from demo.delivery import Road
from demo.story import Project, paris
from grants.rules import funding
from kit import clock
from monitoring.models import ServiceKind
from people.actions import accounts, mandates, organisations
from people.models import Organisation, Person
from programmes.actions import calls, programmes
from programmes.models import Call, Decision, Envelope, Measure, Programme
from selection.actions import advice, committees, meetings
from selection.models import FrameworkContract, Meeting, Outcome

CODE = "PRAI-MP"
DATA = Path(__file__).parent / "data" / "prai-midi-pyrenees"
SOURCE = "Rapport final d’exécution du PRAI Midi-Pyrénées"
PLANNED_COST_74 = Decimal("1160649.00")
ERDF_74 = Decimal("580324.50")
"""Half of the planned total cost of action 7.4."""


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one published table."""
    with (DATA / name).open(encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table)


def amount(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def load(administrators: tuple[Person, Person]) -> Programme:
    """The whole programme, from its adoption to the payment of its nineteen listed projects."""
    with clock.at(paris(2006, 1, 16)):
        programme = programmes.create_programme(
            code=CODE,
            title_fr="Programme régional d’actions innovatrices Midi-Pyrénées 2006-2008",
            title_en="Regional programme of innovative actions, Midi-Pyrénées 2006-2008",
            managing_body="Région Midi-Pyrénées",
            contact_email="prai@demo.example",
            fund="FEDER",
            starts_on=date(2006, 1, 1),
            ends_on=date(2008, 12, 31),
            by=administrators[0],
        )
        cast = appoint(CODE, administrators)
        steering = programmes.record_programme_decision(
            programme=programme,
            reference="COPIL-2006-01",
            body="steering",
            taken_on=date(2006, 1, 16),
            text="Adoption du programme, de ses actions et de leurs enveloppes (référence illustrative).",
            by=cast.manager,
        )
        measures = {row["code"]: _measure(programme, row, steering, cast) for row in rows("actions.csv")}
        _targets(measures, steering, cast)
        envelope = Envelope.objects.get(programme=programme, code="7.4")
        call, meeting = _call(programme, measures["7.4"], envelope, steering, cast)
        contract = _framework(programme, cast)
    for number, row in enumerate(rows("projects.csv")):
        _project(call, cast, meeting, contract, number, row)
    with clock.at(paris(2007, 6, 14, 18)):
        meetings.close_meeting(meeting=Meeting.objects.get(pk=meeting.pk), by=cast.secretary)
    with clock.at(paris(2009, 3, 31)):
        _declared(measures, cast)
    return programme


def _measure(programme: Programme, row: dict[str, str], decision: Decision, cast: Cast) -> Measure:
    measure = programmes.add_measure(
        programme=programme,
        code=row["code"],
        step=row["step"],
        title_fr=row["title_fr"],
        title_en=row["title_en"],
        operator=row["operator"],
        by=cast.manager,
    )
    if row["planned_eur"]:
        planned = Decimal(row["planned_eur"])
        # The fund's half; action 7.2.2 and 7.6 keep their cents.
        programmes.open_envelope(
            measure=measure,
            code=row["code"],
            amount=ERDF_74 if row["code"] == "7.4" else planned / 2,
            decision=decision,
            planned_total_cost=planned,
            by=cast.manager,
        )
    programmes.set_aid_rule(
        measure=measure,
        rate=Decimal("0.5"),
        ceiling=None,
        floor=None,
        rounding_unit=Decimal("0.01") if row["code"] in ("7.2.2", "7.6") else Decimal(1),
        underspend="nominal",
        advance_share=Decimal("0.30"),
        interim_share=Decimal("0.80"),
        valid_from=date(2006, 1, 1),
        decision=decision,
        by=cast.manager,
    )
    return measure


def _targets(measures: dict[str, Measure], decision: Decision, cast: Cast) -> None:
    for row in rows("indicators.csv"):
        if row["target"]:
            programmes.set_target(
                measure=measures[row["action"]],
                indicator=row["code"],
                label_fr=row["label_fr"],
                label_en=row["label_en"],
                operator=row["target_operator"],
                value=Decimal(row["target"]),
                unit=row["unit"],
                valid_from=date(2006, 1, 1),
                decision=decision,
                by=cast.manager,
            )


def _declared(measures: dict[str, Measure], cast: Cast) -> None:
    """The figures of the final report, as declared: kept beside what the product computes."""
    declared_on = date(2009, 3, 31)
    for row in rows("indicators.csv"):
        programmes.declare_result(
            measure=measures[row["action"]],
            indicator=row["code"],
            label_fr=row["label_fr"],
            label_en=row["label_en"],
            value=amount(row["result"]),
            unit=row["unit"],
            reached={"true": True, "false": False}.get(row["declared_reached"]),
            note=row["note_fr"],
            source=SOURCE,
            declared_on=declared_on,
            by=cast.manager,
        )
    for row in rows("actions.csv"):
        for indicator, column, label_fr, label_en in (
            ("total_cost", "realised_eur", "Dépenses réalisées", "Realised expenditure"),
            ("erdf", "erdf_eur", "Contribution du FEDER", "ERDF contribution"),
        ):
            if row[column]:
                programmes.declare_result(
                    measure=measures[row["code"]],
                    indicator=indicator,
                    label_fr=label_fr,
                    label_en=label_en,
                    value=Decimal(row[column]),
                    unit="EUR",
                    reached=None,
                    note="",
                    source=SOURCE,
                    declared_on=declared_on,
                    by=cast.manager,
                )
    for row in rows("services.csv"):
        programmes.declare_result(
            measure=measures[row["action"]],
            indicator=f"services_{row['kind']}",
            label_fr=row["label_fr"],
            label_en="",
            value=Decimal(row["count"]),
            unit="services",
            reached=None,
            note="",
            source=SOURCE,
            declared_on=declared_on,
            by=cast.manager,
        )
    for row in rows("technical_assistance.csv"):
        programmes.declare_result(
            measure=measures["7.7"],
            indicator=f"share_{row['item']}",
            label_fr=row["label_fr"],
            label_en="",
            value=Decimal(row["percent_of_erdf"]),
            unit="percent",
            reached=None,
            note="",
            source=SOURCE,
            declared_on=declared_on,
            by=cast.manager,
        )


def _call(
    programme: Programme, measure: Measure, envelope: Envelope, steering: Decision, cast: Cast
) -> tuple[Call, Meeting]:
    call = calls.create_call(
        measure=measure,
        envelope=envelope,
        slug="prai-projets-innovants-2007",
        reference_prefix="PRAI-2007",
        title_fr="Projets innovants : contenus et services numériques citoyens",
        title_en="Innovative projects: digital contents and services for citizens",
        presentation_fr="Appel à projets du programme, dates illustratives.",
        presentation_en="Call of the programme, illustrative dates.",
        opens_at=paris(2006, 12, 1, 9),
        closes_at=paris(2007, 3, 30, 17),
        needs_advice=True,
        allows_partial_awards=False,
        scorecards_needed=2,
        appeal_days=60,
        contest_days=30,
        by=cast.manager,
    )
    committee = committees.create_committee(
        programme=programme, body="selection", name="Comité de sélection régional", quorum=2, by=cast.manager
    )
    members = [
        committees.appoint_member(committee=committee, person=person, since=date(2006, 1, 1), by=cast.manager)
        for person in cast.members
    ]
    grid = committees.edit_grid(call=call, criteria=committees.REFERENCE_CRITERIA, by=cast.manager)
    committees.approve_grid(grid=grid, decision=steering, by=cast.manager)
    calls.publish_call(call=call, by=cast.manager)
    meeting = meetings.plan_meeting(
        committee=committee, starts_at=paris(2007, 6, 14), place="Hôtel de Région, Toulouse", by=cast.secretary
    )
    with clock.at(paris(2007, 6, 14, 14)):
        meeting = meetings.hold_meeting(meeting=meeting, present=members, by=cast.secretary)
    return Call.objects.get(pk=call.pk), meeting


def _framework(programme: Programme, cast: Cast) -> FrameworkContract:
    provider = organisations.register_organisation(
        kind="provider", name="Prestataire de conseil (illustration)", identifier_unknown=True, by=cast.adviser
    )
    return advice.open_framework(
        programme=programme,
        provider=provider,
        reference="AO-2006-07",
        days=Decimal(350),
        day_price=Decimal("697.81"),
        starts_on=date(2006, 7, 1),
        ends_on=date(2008, 12, 31),
        by=cast.manager,
    )


def _beneficiary(row: dict[str, str], cast: Cast, number: int) -> tuple[Organisation, Person, Person]:
    """The organisation as published; its two accounts are made up and have no password."""
    slug = slugify(row["beneficiary"])[:30].strip("-")
    editor, signatory = (
        accounts.ensure_person(
            email=f"{part}.{number + 1:02}.{slug}@prai.example",
            full_name=f"{title} ({row['beneficiary'][:90]})",
            language="fr",
            by=cast.manager,
        )
        for part, title in (("secretariat", "Secrétariat"), ("presidence", "Présidence"))
    )
    organisation = organisations.register_organisation(
        kind=row["beneficiary_kind"],
        name=row["beneficiary"],
        department=row["department"],
        identifier_unknown=True,
        by=editor,
    )
    mandate = mandates.request_mandate(organisation=organisation, function="Présidence", by=signatory)
    mandates.confirm_mandate(mandate=mandate, by=cast.manager)
    return organisation, Person.objects.get(pk=editor.pk), Person.objects.get(pk=signatory.pk)


def _project(
    call: Call, cast: Cast, meeting: Meeting, contract: FrameworkContract, number: int, row: dict[str, str]
) -> None:
    """One listed project, from its draft to the payment of its grant and its usage report."""
    eligible, erdf = Decimal(row["eligible_eur"]), Decimal(row["erdf_eur"])
    half = funding.before_envelope(funding.AidRule(rate=Decimal("0.5")), eligible=eligible, requested=eligible)
    # Where the published contribution is below half, it is what was asked for.
    requested = min(half, erdf)
    drafted = paris(2007, 1, 15) + timedelta(days=number)
    with clock.at(drafted):
        organisation, editor, signatory = _beneficiary(row, cast, number)
        road = Road(
            cast=cast,
            call=call,
            organisation=organisation,
            editor=editor,
            signatory=signatory,
            project=Project(
                title=row["object_fr"], eligible=eligible, requested=requested, department=row["department"]
            ),
        )
        road.draft()
    with clock.at(paris(2007, 3, 12) + timedelta(hours=number)):
        road.submit()
    with clock.at(paris(2007, 4, 2) + timedelta(hours=number)):
        road.open_mission(contract, days=12)
    with clock.at(paris(2007, 5, 21) + timedelta(hours=number)):
        road.log_days(12)
        road.end_mission()
        road.advise()
        road.assign()
    with clock.at(paris(2007, 6, 4) + timedelta(hours=number)):
        road.answer_conflicts()
        road.score(marks=13 + number % 5)
    with clock.at(paris(2007, 6, 14, 16) + timedelta(minutes=number)):
        road.decide(meeting, Outcome.SELECT)
    with clock.at(paris(2007, 9, 3) + timedelta(hours=number)):
        road.sign(date(2007, 7, 1), date(2008, 10, 31))
    with clock.at(paris(2007, 9, 17) + timedelta(hours=number)):
        road.contract()
    with clock.at(paris(2008, 9, 15) + timedelta(hours=number)):
        road.deploy(date(2008, 6, 2), _service_kind(row["object_fr"]))
        certificate = road.final_balance(halves(eligible), date(2008, 8, 29))
    with clock.at(paris(2008, 10, 6) + timedelta(hours=number)):
        road.verify()
        order = road.order(certificate)
    with clock.at(paris(2008, 10, 20) + timedelta(hours=number)):
        road.execute(order, date(2008, 10, 20))
        road.pay()
    with clock.at(paris(2009, 6, 8) + timedelta(hours=number)):
        road.report_usage()


def halves(total: Decimal) -> list[Decimal]:
    """Two invoices that make `total`, to the cent."""
    first = (total / 2).quantize(Decimal("0.01"))
    return [first, total - first]


def _service_kind(title: str) -> str:
    words = {
        "PDA": ServiceKind.CIRCUIT,
        "distance": ServiceKind.TERMINAL,
        "dématérialisation": ServiceKind.PLATFORM,
    }
    return next((kind for word, kind in words.items() if word in title), ServiceKind.SITE)
