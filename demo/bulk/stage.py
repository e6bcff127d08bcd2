"""The stage of the synthetic dossiers: a programme of its own, its staff and its three calls, set by the real acts."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal

from demo.cast import STAFF, Cast
from kit import clock
from kit.actors import INSTALLER
from people.actions import accounts, organisations, roles
from people.models import Person, Role
from programmes.actions import calls, programmes
from programmes.models import Call, Decision, Envelope, Measure, Programme
from selection.actions import advice, committees, meetings
from selection.models import Committee, CommitteeMember, FrameworkContract, Meeting

DOMAIN = "bench.example"
"""Where the invented people have their addresses: the top-level domain is reserved, so that nobody receives a mail."""
LARGEST_GRANT = Decimal(100_000)
SCORECARDS = 3

FINISHED, CURRENT, OPEN = "A", "B", "C"
OPENINGS = {FINISHED: (-1300, -1200), CURRENT: (-150, -60), OPEN: (-30, 60)}
"""From when to when each call is open, in days from the making."""
MEETINGS = {FINISHED: -1100, CURRENT: -12}


class Stage:
    """A fresh programme BENCH-<n>; `day(n)` is n days from its making."""

    def __init__(self, most: int) -> None:
        self.now = clock.now()
        self.code = free_code()
        with clock.at(self.day(-1320)):
            first, second = (self._administrator(number) for number in (1, 2))
            self.programme = self._programme(first)
            self.cast = self._staff(first, second)
            self.steering = self._steering()
            self.measure = self._measure()
            self.envelope = self._envelope(most)
            self.committee, self.members = self._committee()
            self.contract = self._framework()
        self.calls = {letter: self._call(letter, *days) for letter, days in OPENINGS.items()}
        self.meetings = {letter: self._meeting(number) for letter, number in MEETINGS.items()}
        self.administrators = (first, second)

    @property
    def staff(self) -> list[Person]:
        """Everyone who holds a role in the programme."""
        cast = self.cast
        first = [cast.manager, cast.secretary, cast.officer, cast.other_officer, cast.payer, cast.adviser]
        return [*first, *cast.members, cast.auditor]

    def day(self, number: int, hour: int = 10) -> datetime:
        """An instant `number` days after the making, at `hour` in Paris."""
        at = (self.now + timedelta(days=number)).astimezone(clock.PARIS)
        return at.replace(hour=hour, minute=0, second=0, microsecond=0)

    @contextmanager
    def at(self, number: int, hour: int = 10) -> Iterator[None]:
        """The clock, `number` days after the making."""
        with clock.at(self.day(number, hour)):
            yield

    def close_meetings(self) -> None:
        """Close what has decided: its decisions took effect."""
        for letter, number in MEETINGS.items():
            with self.at(number, 18):
                meeting = Meeting.objects.get(pk=self.meetings[letter].pk)
                meetings.close_meeting(meeting=meeting, by=self.cast.secretary)

    def _administrator(self, number: int) -> Person:
        return accounts.create_administrator(
            email=f"{self.code.lower()}.administration{number}@{DOMAIN}",
            full_name=f"Administration {number} ({self.code})",
            password=secrets.token_urlsafe(32),
            by=INSTALLER,
        )

    def _programme(self, administrator: Person) -> Programme:
        return programmes.create_programme(
            code=self.code,
            title_fr=f"Banc d’essai {self.code} (dossiers synthétiques)",
            title_en=f"Test bench {self.code} (synthetic applications)",
            managing_body="Banc d’essai",
            contact_email=f"contact@{DOMAIN}",
            starts_on=self.day(-1320).date(),
            ends_on=self.day(1500).date(),
            illustrative=True,
            by=administrator,
        )

    def _staff(self, proposer: Person, confirmer: Person) -> Cast:
        people: list[Person] = []
        for part in STAFF:
            assignment = roles.propose_role_by_email(
                email=f"{self.code.lower()}.{part.address.split('@')[0]}@{DOMAIN}",
                full_name=part.name,
                role=part.role,
                scope=self.code,
                by=proposer if part.role == Role.PROGRAMME_MANAGER else people[0],
            )
            roles.confirm_role(assignment=assignment, by=confirmer)
            people.append(Person.objects.get(pk=assignment.person_id))
        manager, secretary, officer, other_officer, payer, adviser, *members, auditor = people
        return Cast(
            administrator=proposer,
            other_administrator=confirmer,
            manager=manager,
            secretary=secretary,
            officer=officer,
            other_officer=other_officer,
            payer=payer,
            adviser=adviser,
            members=(members[0], members[1], members[2]),
            auditor=auditor,
        )

    def _steering(self) -> Decision:
        return programmes.record_programme_decision(
            programme=self.programme,
            reference="BANC-01",
            body="steering",
            taken_on=clock.today(),
            text="Adoption du banc d’essai, de son enveloppe et de sa grille.",
            by=self.cast.manager,
        )

    def _measure(self) -> Measure:
        measure = programmes.add_measure(
            programme=self.programme,
            code="1",
            step="project",
            title_fr="Projets synthétiques",
            title_en="Synthetic projects",
            by=self.cast.manager,
        )
        # No ceiling and no floor: every amount of an exemplar may be multiplied.
        programmes.set_aid_rule(
            measure=measure,
            rate=Decimal("0.5"),
            rounding_unit=Decimal(1),
            underspend="effective",
            valid_from=clock.today(),
            decision=self.steering,
            by=self.cast.manager,
        )
        return measure

    def _envelope(self, most: int) -> Envelope:
        return programmes.open_envelope(
            measure=self.measure,
            code="1",
            amount=LARGEST_GRANT * most,
            decision=self.steering,
            by=self.cast.manager,
        )

    def _committee(self) -> tuple[Committee, list[CommitteeMember]]:
        committee = committees.create_committee(
            programme=self.programme, body="selection", name="Comité du banc d’essai", quorum=2, by=self.cast.manager
        )
        members = [
            committees.appoint_member(committee=committee, person=person, since=clock.today(), by=self.cast.manager)
            for person in self.cast.members
        ]
        return committee, members

    def _framework(self) -> FrameworkContract:
        provider = organisations.register_organisation(
            kind="provider", name=f"Conseil du banc d’essai {self.code}", identifier_unknown=True, by=self.cast.manager
        )
        return advice.open_framework(
            programme=self.programme,
            provider=provider,
            reference=f"{self.code}-MARCHE",
            days=Decimal(99_999),
            day_price=Decimal("690.00"),
            starts_on=self.day(-1320).date(),
            ends_on=self.day(1000).date(),
            by=self.cast.manager,
        )

    def _call(self, letter: str, opens: int, closes: int) -> Call:
        with self.at(opens - 10):
            call = calls.create_call(
                measure=self.measure,
                envelope=self.envelope,
                slug=f"{self.code.lower()}-{letter.lower()}",
                reference_prefix=f"{self.code}-{letter}",
                title_fr=f"Appel {letter} du banc d’essai {self.code}",
                title_en=f"Call {letter} of the test bench {self.code}",
                presentation_fr="Dossiers synthétiques, pour mesurer.",
                presentation_en="Synthetic applications, to measure.",
                opens_at=self.day(opens, 9),
                closes_at=self.day(closes, 17),
                scorecards_needed=SCORECARDS,
                by=self.cast.manager,
            )
            grid = committees.edit_grid(call=call, criteria=committees.REFERENCE_CRITERIA, by=self.cast.manager)
            committees.approve_grid(grid=grid, decision=self.steering, by=self.cast.manager)
            return calls.publish_call(call=call, by=self.cast.manager)

    def _meeting(self, number: int) -> Meeting:
        with self.at(number - 15):
            meeting = meetings.plan_meeting(
                committee=self.committee, starts_at=self.day(number, 14), by=self.cast.secretary
            )
        with self.at(number, 15):
            return meetings.hold_meeting(meeting=meeting, present=self.members, by=self.cast.secretary)


def free_code() -> str:
    """The first code BENCH-<n> that no programme has."""
    taken = set(Programme.objects.filter(code__startswith="BENCH-").values_list("code", flat=True))
    number = 1
    while f"BENCH-{number}" in taken:
        number += 1
    return f"BENCH-{number}"
