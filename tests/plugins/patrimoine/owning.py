"""What the tests of assets and debts own: a house, its owners."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from plugins.patrimoine.asset_terms import Facts
from plugins.patrimoine.asset_terms import Owner
from tests.plugins.patrimoine.conftest import Home

D = Decimal
HALF = D("0.5")


def house(**more: object) -> Facts:
    """A let house, bought in 2020 for 200,000 €."""
    facts = {"kind": "LOCATIF_NU", "label": "Maison", "acquired_on": date(2020, 1, 6), "mode": "ACHAT", "price": D(200000)}
    return Facts(**{**facts, **more})  # type: ignore[arg-type]


def halves(home: Home) -> list[Owner]:
    """Jeanne's and Paul's."""
    return [Owner(home.jeanne, HALF), Owner(home.paul, HALF)]
