"""`manage.py verify_scores`: a count, or the first bad row and exit 1."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from selection.models import Assessment, Score, Scorecard


@pytest.fixture
def scored(world):
    dossier = world.dossier()
    world.score(dossier)
    return dossier


def verdict():
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_scores", stdout=out, stderr=err)
    except SystemExit as error:
        return error.code, err.getvalue().strip()
    return 0, out.getvalue().strip()


def test_what_is_kept_is_what_the_marks_make(scored):
    assert verdict() == (0, "3 scorecards and means verified")


def test_an_altered_mark_is_found(scored):
    card = Scorecard.objects.order_by("pk").first()
    Score.objects.filter(scorecard=card, criterion__code="human").update(value=Decimal(16))
    assert verdict() == (
        1,
        f"scorecard {card.pk} ({scored.reference}): its total is 75.0000, its marks make 76.0000",
    )


def test_a_mark_off_its_scale_is_found(scored):
    card = Scorecard.objects.order_by("pk").first()
    Score.objects.filter(scorecard=card, criterion__code="human").update(value=Decimal(21))
    assert verdict() == (1, f"scorecard {card.pk} ({scored.reference}): its mark 21.00 is off the scale")


def test_a_missing_mark_is_found(scored):
    card = Scorecard.objects.order_by("pk").first()
    Score.objects.filter(scorecard=card, criterion__code="human").delete()
    assert verdict() == (1, f"scorecard {card.pk} ({scored.reference}): its marks are not those of one grid")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mean": Decimal(80)}, "its mean is 80.0000, its scorecards make 75.0000"),
        ({"scorecards": 3}, "3 scorecards are kept, 2 stand"),
    ],
)
def test_a_kept_figure_that_lies_is_found(scored, change, said):
    Assessment.objects.update(**change)
    assert verdict() == (1, f"{scored.reference}: {said}")


def test_a_dossier_that_is_missing_from_the_ranking_is_found(scored):
    Assessment.objects.all().delete()
    assert verdict() == (1, f"dossier {scored.pk}: it has scorecards and no assessment")


def test_a_dossier_ranked_in_another_call_is_found(world, scored):
    Assessment.objects.update(call=world.open_call())
    assert verdict() == (1, f"{scored.reference}: it is ranked in another call")
