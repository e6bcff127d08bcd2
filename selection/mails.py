"""The mails of the selection: in the recipient's language, rendered when queued, one row a key."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _t

from grants.models import Appeal, Award, Dossier
from grants.queries import deadlines, visibility
from kit.money import format_amount, format_number
from kit.text import format_date
from people.models import Person, Role
from people.queries import holders, signatories
from records.actions import outbox
from records.models import OutboxMail
from selection.models import Assignment, DossierDecision, Mission, MissionDay
from selection.queries.scores import Result, result

Written = Callable[[Person], tuple[str, str]]


def mission_opened(mission: Mission) -> None:
    """The adviser learns of the mission, and the applicant of the adviser."""
    dossier, adviser = mission.dossier, mission.adviser
    if adviser is None:
        return
    _queue("mission_opened", [adviser], dossier, f"mission:{mission.pk}", lambda person: _to_the_adviser(mission))
    _queue(
        "mission_opened_applicant",
        applicants(dossier),
        dossier,
        f"mission:{mission.pk}",
        lambda person: (
            _t("{reference}: an adviser for your project").format(reference=dossier.reference),
            _t(
                "{adviser} advises you on the project “{title}”, for {days} days at most.\n\n"
                "After each day, a signatory countersigns it on the page of the application:\n{link}"
            ).format(
                adviser=adviser.full_name, title=dossier.title, days=_days(mission.days_allotted), link=link(dossier)
            ),
        ),
    )


def days_to_countersign(day: MissionDay) -> None:
    """A day of advice waits for the community's signature."""
    dossier = day.mission.dossier
    _queue(
        "days_to_countersign",
        applicants(dossier),
        dossier,
        f"day:{day.pk}",
        lambda person: (
            _t("{reference}: a day of advice to countersign").format(reference=dossier.reference),
            _t(
                "Logged by the adviser for {date} ({days} d): {deliverable}\n\n"
                "If this is right, countersign on the page of the application; if not, write to the adviser:\n{link}"
            ).format(
                days=_days(day.days),
                date=format_date(day.worked_on),
                deliverable=day.deliverable,
                link=link(dossier),
            ),
        ),
    )


def scoring_assigned(assignment: Assignment) -> None:
    """A member has a dossier to score, the conflict question first: public facts alone."""
    dossier = assignment.dossier
    _queue(
        "scoring_assigned",
        [assignment.person],
        dossier,
        f"assignment:{assignment.pk}",
        lambda person: (
            _t("{reference}: an application to score").format(reference=dossier.reference),
            _t(
                "The secretary of the committee gives you this application to score:\n{title} — {beneficiary}\n\n"
                "First say whether you have a conflict of interest; then the application opens:\n{link}"
            ).format(title=dossier.title, beneficiary=dossier.applicant.name, link=link(dossier)),
        ),
    )


def selected(dossier: Dossier, award: Award) -> None:
    """The committee retains the project: the grant, and what comes next."""
    _queue(
        "selected",
        applicants(dossier),
        dossier,
        f"award:{award.pk}",
        lambda person: (
            _t("{reference}: your project is selected").format(reference=dossier.reference),
            _t(
                "The committee selected “{title}” (decision {decision}). The grant is {amount}.\n\n"
                "Next, the programme sends you the agreement to sign; expenses count from the date it gives.\n{link}"
            ).format(
                title=dossier.title,
                decision=award.decision.reference,
                amount=format_amount(award.amount, person.language),
                link=link(dossier),
            ),
        ),
    )


def placed_on_reserve(dossier: Dossier, decision: DossierDecision) -> None:
    """The project waits for money at its rank."""
    _queue(
        "on_reserve",
        applicants(dossier),
        dossier,
        f"decision:{decision.pk}",
        lambda person: (
            _t("{reference}: your project is on the reserve list").format(reference=dossier.reference),
            _t(
                "The committee placed “{title}” on the reserve list, at rank {rank} (decision {decision}): "
                "it is selected if money comes back.\n\n{reasons}You need do nothing.\n{link}"
            ).format(
                title=dossier.title,
                rank=decision.rank,
                decision=decision.decision.reference,
                reasons=f"{decision.reasons}\n\n" if decision.reasons else "",
                link=link(dossier),
            ),
        ),
    )


def rejected(dossier: Dossier, decision: DossierDecision) -> None:
    """The letter: result of each criterion, reasons, ways of appeal (CRPA L211-2, L112-3)."""
    found = result(dossier)
    _queue(
        "rejected",
        applicants(dossier),
        dossier,
        f"decision:{decision.pk}",
        lambda person: (
            _t("{reference}: the committee's decision").format(reference=dossier.reference),
            _letter(dossier, decision, found, person),
        ),
    )


def reserve_proposed(dossier: Dossier, key: str) -> None:
    """Money came back: the first of the reserve list is proposed to the secretary. `key` names what freed it."""
    _queue(
        "reserve_proposed",
        [
            person
            for person in holders(Role.COMMITTEE_SECRETARY, dossier.programme_code)
            if not visibility.is_tied(person, dossier)
        ],
        dossier,
        key,
        lambda person: (
            _t("{reference}: first on the reserve list").format(reference=dossier.reference),
            _t(
                "Money may have come back to the envelope. First on the reserve list (rank {rank}): "
                "“{title}”, {beneficiary}, {requested} asked for.\n\nTo select it:\n{link}"
            ).format(
                rank=dossier.reserve_rank,
                title=dossier.title,
                beneficiary=dossier.applicant.name,
                requested=format_amount(dossier.requested, person.language),
                link=link(dossier),
            ),
        ),
    )


def appeal_settled(dossier: Dossier, appeal: Appeal) -> None:
    """The appeal is heard: the dossier is examined again."""
    _queue(
        "appeal_settled",
        applicants(dossier),
        dossier,
        f"appeal:{appeal.pk}",
        lambda person: (
            _t("{reference}: your application is examined again").format(reference=dossier.reference),
            _t(
                "Your appeal of {date} is accepted: “{title}” is examined again, and a later meeting decides.\n\n"
                "The page of the application says where it stands:\n{link}"
            ).format(date=format_date(appeal.filed_at), title=dossier.title, link=link(dossier)),
        ),
    )


def applicants(dossier: Dossier) -> list[Person]:
    """Who is told what concerns the applicant: its signatories; who filed, where it has none today."""
    found = list(signatories(dossier.applicant))
    return found or [person for person in (dossier.submitted_by,) if person is not None and person.is_active]


def link(dossier: Dossier) -> str:
    """The page of the dossier, whoever reads: the site knows which one to show."""
    return f"{settings.SITE_URL}/d/{dossier.reference}"


def _to_the_adviser(mission: Mission) -> tuple[str, str]:
    dossier = mission.dossier
    return (
        _t("{reference}: an advice mission for you").format(reference=dossier.reference),
        _t(
            "You advise {beneficiary} on “{title}”, for {days} days at most.\n\nPurpose: {purpose}\n\n"
            "Log each day and file your report on the page of the application:\n{link}"
        ).format(
            beneficiary=dossier.applicant.name,
            title=dossier.title,
            days=_days(mission.days_allotted),
            purpose=mission.purpose,
            link=link(dossier),
        ),
    )


def _letter(dossier: Dossier, decision: DossierDecision, found: Result | None, person: Person) -> str:
    criteria = "\n".join(
        _t("– {criterion}: {mean} out of {maximum}").format(
            criterion=item.label,
            mean=format_number(item.mean, person.language),
            maximum=f"{item.maximum.normalize():f}",
        )
        for item in (found.criteria if found is not None else ())
    )
    return _t(
        "The committee met on {date} and did not select “{title}” (decision {decision}).\n\n"
        "Result of each criterion, mean of the members' marks:\n{criteria}\n\nReasons:\n{reasons}\n\n"
        "You may contest this decision. Within {days} days, until {until} included, a signatory can ask for a new "
        "examination on the page of the application:\n{link}\n"
        "Within two months of this letter, or of the answer to your request, you may also bring the matter before "
        "the administrative court, in particular at https://www.telerecours.fr."
    ).format(
        date=format_date(decision.meeting.day),
        title=dossier.title,
        decision=decision.decision.reference,
        criteria=criteria or _t("(not marked)"),
        reasons=decision.reasons,
        days=dossier.call.appeal_days,
        until=format_date(deadlines.last_day(deadlines.appeal_ends_at(dossier))),
        link=link(dossier),
    )


def _days(days: object) -> str:
    """1, 1.5 or 1,5: a number of days in the active language."""
    text = f"{days:.1f}".removesuffix(".0")
    return text.replace(".", ",") if translation.get_language() == "fr" else text


def _queue(kind: str, persons: Iterable[Person], dossier: Dossier, key: str, written: Written) -> list[OutboxMail]:
    mails = []
    for person in persons:
        with translation.override(person.language):
            subject, text = written(person)
        mails.append(
            outbox.queue(
                kind,
                recipient=person.email,
                language=person.language,
                subject=subject,
                text=text,
                key=f"{kind}:{key}:{person.pk}",
                chain=dossier.journal_chain,
                person_id=person.actor_id,
            )
        )
    return mails
