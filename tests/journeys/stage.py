"""A programme that runs already, for journeys that begin in its midst: made by the real acts, walked on by pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from demo.cast import PASSWORD, administrators
from demo.delivery import Road
from demo.stage import Stage
from kit import clock
from people.models import Person
from programmes.models import Call
from tests.journeys.actor import Actor, Name, OpenWindow
from tests.journeys.applying import PHONE, Mayor, TownSecretary
from tests.journeys.conftest import Calendar, Papers
from tests.journeys.instructing import Officer
from tests.journeys.running import Manager, Payer, Secretary


class Running:
    """The stage of the demo, and those of its people who come to a window; `day(n)` is n days from the test's day."""

    def __init__(self, open_window: OpenWindow, calendar: Calendar, papers: Papers) -> None:
        self.open_window, self.calendar, self.papers = open_window, calendar, papers
        calendar.set(clock.real_now().astimezone(clock.PARIS).replace(hour=10, minute=0, second=0, microsecond=0))
        self.administrators = administrators()
        self.stage = Stage(self.administrators)
        self.cast = self.stage.cast

    def move(self, day: int) -> datetime:
        """Let everybody live on a day of the stage; the instant."""
        self.calendar.set(self.stage.day(day))
        return self.stage.day(day)

    def at_window(self, role: Any, person: Person, language: str = "fr", width: int = 1280) -> Any:
        """A person of the stage, signed in; they choose English when asked to."""
        actor: Actor = role(self.open_window, Name(person.email, person.full_name), width=width)
        actor.sign_in(PASSWORD)
        if language != "fr":
            actor.speak(language)
        return actor

    def officer(self, language: str = "fr") -> Officer:
        found: Officer = self.at_window(Officer, self.cast.officer, language)
        return found

    def other_officer(self, language: str = "fr") -> Officer:
        found: Officer = self.at_window(Officer, self.cast.other_officer, language)
        return found

    def manager(self, language: str = "fr") -> Manager:
        found: Manager = self.at_window(Manager, self.cast.manager, language)
        found.programme = self.stage.programme.code
        return found

    def secretary(self, language: str = "fr") -> Secretary:
        found: Secretary = self.at_window(Secretary, self.cast.secretary, language)
        return found

    def payer(self, language: str = "fr") -> Payer:
        found: Payer = self.at_window(Payer, self.cast.payer, language)
        return found

    def mayor(self, road: Road, language: str = "fr") -> Mayor:
        """Whoever signs for the road's community, on the telephone."""
        found: Mayor = self.at_window(Mayor, road.signatory, language, PHONE)
        found.title = road.project.title
        return found

    def town_secretary(self, road: Road, language: str = "fr") -> TownSecretary:
        """Whoever prepares for the road's community, on the telephone."""
        found: TownSecretary = self.at_window(TownSecretary, road.editor, language, PHONE)
        found.title = road.project.title
        return found

    def drafted(self, call: Call, town: int, day: int) -> Road:
        """A dossier of a town, drafted on a day."""
        road = self.stage.road(call, town)
        with self.stage.at(day):
            road.draft()
        return road

    def filed(self, call: Call, town: int, day: int) -> Road:
        """A dossier drafted and filed."""
        road = self.drafted(call, town, day)
        with self.stage.at(day, 11):
            road.submit()
        return road

    def scored(self, call: Call, town: int, day: int, marks: int = 15) -> Road:
        """A dossier filed, advised and scored."""
        road = self.filed(call, town, day)
        with self.stage.at(day + 10):
            road.waive_advice()
            road.advise()
        with self.stage.at(day + 20):
            road.assign()
            road.answer_conflicts()
            road.score(marks)
        return road

    def contracted(self, town: int, *, since: int = -700) -> Road:
        """A dossier of the finished call with an agreement signed by both, for two years from the day `since`."""
        road = self.scored(self.stage.finished, town, -830)
        meeting = self.stage.meeting(-740)
        with self.stage.at(-740, 16):
            road.decide(meeting, "select")
        starts_on = self.stage.day(since).date()
        with self.stage.at(since):
            road.sign(starts_on, starts_on + timedelta(days=730))
            road.contract()
        return road
