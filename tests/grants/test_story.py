"""The road from draft to contract, as one story."""

from decimal import Decimal

from grants.lifecycle import State
from records.queries import journal, ledger
from tests.world import acts, standing_money


def test_a_dossier_goes_from_draft_to_contract(world):
    dossier = world.dossier(State.CONTRACTED)

    assert dossier.state == State.CONTRACTED
    assert standing_money(dossier) == {"left": Decimal("81896.00"), "committed": Decimal("18104.00")}
    assert acts(dossier) == [
        "dossier.created",
        *["dossier.edited"] * 5,
        "dossier.plan_set",
        "dossier.document_attached",
        "dossier.submitted",
        "grant.reserved",
        "agreement.drafted",
        "bank.entered",
        "bank.confirmed",
        "agreement.signed_by_beneficiary",
        "dossier.contracted",
    ]
    assert journal.verify().first_bad is None
    assert ledger.verify().first_bad is None
