"""What the people of the running programme write to each other, and what the service notes for itself."""

from __future__ import annotations

from demo.delivery import Road
from demo.stage import Stage
from demo.story import paper
from grants.actions import messages


def of_a_draft(stage: Stage, road: Road) -> None:
    """A question before filing: it waits for the service."""
    with stage.at(-3):
        messages.send(
            dossier=road.it,
            text="Bonjour, une commune de moins de 500 habitants peut-elle déposer seule ? (illustration)",
            by=road.editor,
        )


def of_an_advised_one(stage: Stage, road: Road) -> None:
    """A question of the service, with a document: it waits for the applicant."""
    with stage.at(-2, 11):
        messages.send(
            dossier=road.it,
            text=(
                "Bonjour,\n\nLe conseiller propose une visite sur place. Pouvez-vous nous indiquer deux dates ? "
                "Vous trouverez ci-joint la liste de ce qu’il souhaite voir (illustration)."
            ),
            uploads=[paper("visite-sur-place.pdf", "Ce que le conseiller souhaite voir (illustration)")],
            by=stage.cast.officer,
        )


def of_a_returned_one(stage: Stage, road: Road) -> None:
    """An answer about what has to be completed, and what the service keeps in mind."""
    with stage.at(-3, 9):
        messages.send(
            dossier=road.it,
            text="Le devis de notre hébergeur arrive en fin de semaine. Faut-il aussi celui de la maintenance ?",
            by=road.editor,
        )
    with stage.at(-3, 15):
        messages.send(
            dossier=road.it,
            text="Oui, joignez les deux : la maintenance de la première année est éligible (illustration).",
            by=stage.cast.officer,
        )
        messages.write_note(
            dossier=road.it,
            text="Budget à relire avec soin : le poste « formation » a changé deux fois (illustration).",
            by=stage.cast.officer,
        )
    with stage.at(-2, 9):
        messages.send(dossier=road.it, text="Merci. Nous déposons le tout lundi (illustration).", by=road.signatory)
