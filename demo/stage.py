"""The stage of the running programme: its calls, committee and communities, made up, set by the real acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from stdnum import luhn

from demo.cast import APPLICANTS, Cast, appoint, with_password
from demo.delivery import Road
from demo.story import Project
from kit import clock
from people.actions import accounts, mandates, organisations
from people.models import Organisation, Person
from programmes.actions import calls, programmes
from programmes.models import Call, Decision, Envelope, Measure, Programme
from selection.actions import advice, committees, meetings
from selection.models import Committee, CommitteeMember, FrameworkContract, Meeting

CODE = "ESCALIER-2027"
TOWNS = (
    ("commune", "Commune de Montcalm-sur-Aube", "31", "Montcalm-sur-Aube"),
    ("epci", "Communauté de communes des Trois Ponts", "09", "Trois-Ponts"),
    ("pays", "Association du Pays des Causses Clairs", "46", "Causses-Clairs"),
    ("syndicat_mixte", "Syndicat mixte numérique du Val Doré", "12", "Val-Doré"),
    ("office_de_tourisme", "Office de tourisme de Sainte-Halte", "82", "Sainte-Halte"),
    ("cias", "Centre intercommunal d’action sociale de la Vallée", "65", "La Vallée"),
)
"""Communities of the demo; names, places and numbers are made up. The first is that of the demo accounts."""

IDEAS = (
    ("Portail des démarches de la commune", "28400.00"),
    ("Cartographie participative des chemins", "19850.50"),
    ("Extranet des élus et des agents", "31147.44"),
    ("Guichet numérique itinérant", "44210.00"),
    ("Circuit de visite sur téléphone", "39050.00"),
    ("Télérendez-vous avec les services sociaux", "16035.62"),
    ("Compteurs d’eau communicants", "52300.00"),
    ("Archives communales en ligne", "14980.20"),
    ("Réservation des salles et des équipements", "17420.00"),
    ("Borne de services au bourg-centre", "22640.75"),
    ("Atelier numérique des aînés", "12350.00"),
    ("Portail familles et cantine", "26890.00"),
    ("Signalement des incidents de voirie", "18740.40"),
    ("Bibliothèque numérique partagée", "33100.00"),
    ("Marchés de producteurs en ligne", "21060.00"),
    ("Plan interactif des zones d’activité", "24615.30"),
    ("Médiation numérique à domicile", "15275.00"),
    ("Site des sentiers de randonnée", "13990.90"),
    ("Conseil municipal en direct", "11840.00"),
    ("Transport à la demande en ligne", "47520.00"),
    ("Carnet d’entretien des bâtiments", "29355.60"),
    ("Visite virtuelle du patrimoine", "36480.00"),
    ("Demande d’acte d’état civil en ligne", "10925.00"),
    ("Espace de travail partagé", "41770.00"),
)


@dataclass
class Town:
    """A community and the two who act for it."""

    organisation: Organisation
    editor: Person
    signatory: Person


class Stage:
    """The running programme: its calls, its committee, its communities; `day(n)` is n days from the loading."""

    def __init__(self, administrators: tuple[Person, Person]) -> None:
        self.now = clock.now()
        self.ideas = 0
        with clock.at(self.day(-1000)):
            self.programme, self.cast = _programme(administrators, self.day)
            self.steering = _steering(self.programme, self.cast)
            self.measure, self.envelope = _measure(self.programme, self.steering, self.cast)
            self.committee, self.members = _committee(self.programme, self.cast)
            self.towns = [_town(number, self.cast) for number in range(len(TOWNS))]
            self.contract = _framework(self.programme, self.cast, self.day)
        self.finished = self.call("premier", "Premier appel : services numériques de proximité", -900, -800)
        self.current = self.call("deuxieme", "Deuxième appel : services numériques de proximité", -150, -60)
        self.open = self.call("projets-innovants", "Projets numériques innovants", -20, 52)

    def day(self, number: int, hour: int = 10) -> datetime:
        """An instant `number` days after the loading, at `hour` in Paris, never after now for today."""
        at = (self.now + timedelta(days=number)).astimezone(clock.PARIS).replace(hour=hour, minute=0, second=0)
        return min(at, self.now) if number == 0 else at

    @contextmanager
    def at(self, number: int, hour: int = 10) -> Iterator[None]:
        """The clock of the story, `number` days after the loading."""
        with clock.at(self.day(number, hour)):
            yield

    def call(self, slug: str, title: str, opens: int, closes: int) -> Call:
        """A published call from `opens` to `closes`, days after the loading."""
        letter = "ABC"[self.programme.calls.count()]
        with self.at(opens - 10):
            call = calls.create_call(
                measure=self.measure,
                envelope=self.envelope,
                slug=f"{slug}-{self.day(closes).year}",
                reference_prefix=f"ESC-{self.day(closes).year}-{letter}",
                title_fr=title,
                title_en=TITLES_EN[slug],
                presentation_fr=PRESENTATION_FR,
                presentation_en=PRESENTATION_EN,
                opens_at=self.day(opens, 9),
                closes_at=self.day(closes, 17),
                by=self.cast.manager,
            )
            grid = committees.edit_grid(call=call, criteria=committees.REFERENCE_CRITERIA, by=self.cast.manager)
            committees.approve_grid(grid=grid, decision=self.steering, by=self.cast.manager)
            return calls.publish_call(call=call, by=self.cast.manager)

    def road(self, call: Call, town: int) -> Road:
        """A dossier of one town, with the next idea of the list."""
        title, eligible = IDEAS[self.ideas % len(IDEAS)]
        self.ideas += 1
        cost = Decimal(eligible)
        half = (cost / 2).quantize(Decimal(1), rounding=ROUND_DOWN)
        community = self.towns[town]
        return Road(
            cast=self.cast,
            call=Call.objects.get(pk=call.pk),
            organisation=community.organisation,
            editor=community.editor,
            signatory=community.signatory,
            project=Project(title=title, eligible=cost, requested=half),
        )

    def meeting(self, number: int, *, held: bool = True) -> Meeting:
        """A meeting of the committee, `number` days after the loading."""
        with self.at(min(number, 0) - 15):
            meeting = meetings.plan_meeting(
                committee=self.committee,
                starts_at=self.day(number, 14),
                place="Hôtel de Région, salle des Marches",
                by=self.cast.secretary,
            )
        if held:
            with self.at(number, 15):
                meeting = meetings.hold_meeting(meeting=meeting, present=self.members, by=self.cast.secretary)
        return meeting


TITLES_EN = {
    "premier": "First call: local digital services",
    "deuxieme": "Second call: local digital services",
    "projets-innovants": "Innovative digital projects",
}
PRESENTATION_FR = (
    "L’appel soutient des services numériques utiles aux habitants : sites et extranets, téléservices, bornes de mise "
    "en relation, circuits de visite. Communes, intercommunalités, syndicats, pays et associations d’élus peuvent "
    "déposer. L’aide couvre la moitié des dépenses éligibles, jusqu’à 40 000 €. Comptez environ 40 minutes pour "
    "préparer le dossier."
)
PRESENTATION_EN = (
    "The call supports digital services useful to inhabitants: websites and extranets, online procedures, terminals, "
    "visitor trails. Communes, intermunicipal bodies, syndicates and associations of elected members may apply. The "
    "grant covers half of the eligible expenses, up to €40,000. Allow about 40 minutes to prepare the application."
)


def _programme(administrators: tuple[Person, Person], day: Callable[[int], datetime]) -> tuple[Programme, Cast]:
    programme = programmes.create_programme(
        code=CODE,
        title_fr="Escalier, services numériques de proximité",
        title_en="Escalier, local digital services",
        managing_body="Région Exemple, service du numérique",
        contact_email="escalier@demo.example",
        fund="FEDER",
        starts_on=day(-1000).date(),
        ends_on=day(1500).date(),
        by=administrators[0],
    )
    return programme, appoint(CODE, administrators)


def _steering(programme: Programme, cast: Cast) -> Decision:
    return programmes.record_programme_decision(
        programme=programme,
        reference="COPIL-01",
        body="steering",
        taken_on=clock.today(),
        text="Adoption du programme, de son enveloppe et de sa grille (illustration).",
        by=cast.manager,
    )


def _measure(programme: Programme, steering: Decision, cast: Cast) -> tuple[Measure, Envelope]:
    measure = programmes.add_measure(
        programme=programme,
        code="1.1",
        step="project",
        title_fr="Projets innovants",
        title_en="Innovative projects",
        operator="Région Exemple",
        by=cast.manager,
    )
    envelope = programmes.open_envelope(
        measure=measure,
        code="1.1",
        amount=Decimal("300000.00"),
        decision=steering,
        planned_total_cost=Decimal("600000.00"),
        by=cast.manager,
    )
    programmes.set_aid_rule(
        measure=measure,
        rate=Decimal("0.5"),
        ceiling=Decimal("40000.00"),
        floor=Decimal("1000.00"),
        rounding_unit=Decimal(1),
        underspend="effective",
        advance_share=Decimal("0.30"),
        interim_share=Decimal("0.80"),
        valid_from=clock.today(),
        decision=steering,
        by=cast.manager,
    )
    programmes.set_target(
        measure=measure,
        indicator="projects_retained",
        label_fr="Projets retenus",
        label_en="Projects retained",
        operator=">=",
        value=Decimal(15),
        unit="projects",
        valid_from=clock.today(),
        decision=steering,
        by=cast.manager,
    )
    return measure, envelope


def _committee(programme: Programme, cast: Cast) -> tuple[Committee, list[CommitteeMember]]:
    committee = committees.create_committee(
        programme=programme, body="selection", name="Comité de sélection", quorum=2, by=cast.manager
    )
    members = [
        committees.appoint_member(committee=committee, person=person, since=clock.today(), by=cast.manager)
        for person in cast.members
    ]
    return committee, members


def _framework(programme: Programme, cast: Cast, day: Callable[[int], datetime]) -> FrameworkContract:
    provider = organisations.register_organisation(
        kind="provider", name="Cabinet Escabeau (illustration)", identifier_unknown=True, by=cast.adviser
    )
    return advice.open_framework(
        programme=programme,
        provider=provider,
        reference="MARCHE-01",
        days=Decimal(120),
        day_price=Decimal("690.00"),
        starts_on=day(-1000).date(),
        ends_on=day(1000).date(),
        by=cast.manager,
    )


def _town(number: int, cast: Cast) -> Town:
    kind, name, department, city = TOWNS[number]
    addresses = [address for address, _name, _role in APPLICANTS]
    names = [full_name for _address, full_name, _role in APPLICANTS]
    if number:
        addresses = [f"{part}.{number}@demo.example" for part in ("secretariat", "signataire")]
        names = [f"Secrétariat ({name})", f"Signataire ({name})"]
    editor, signatory = (
        accounts.ensure_person(email=address, full_name=full_name, language="fr", by=cast.manager)
        for address, full_name in zip(addresses, names, strict=True)
    )
    organisation = organisations.register_organisation(
        kind=kind, name=name, siret=_siret(number), department=department, city=city, by=editor
    )
    mandate = mandates.request_mandate(
        organisation=organisation, function="Maire" if kind == "commune" else "Présidence", by=signatory
    )
    mandates.confirm_mandate(mandate=mandate, by=cast.manager)
    return Town(organisation, with_password(editor), with_password(signatory))


def _siret(number: int) -> str:
    """A number that is well made and belongs to nobody: SIREN in 000 are not given."""
    siren = f"0000000{number + 1}"
    siren += luhn.calc_check_digit(siren)
    nic = "0001"
    return siren + nic + luhn.calc_check_digit(siren + nic)
