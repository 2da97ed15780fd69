"""From when on a rule speaks: the cabinet's choice, in the units of the settings' form (PF-07, US-02)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Percentages of 100, basis points, euros, years and days as they are typed."""

    support: int = 25  #: % of the portfolio on one support
    euro: int = 60  #: % of the portfolio on euro funds
    fees: int = 100  #: basis points a year: 100 is 1 %
    risk: int = 5  #: on the scale of the SRI, 1 to 7
    unrated: int = 20  #: % of what has a risk, without an SRI
    cash: int = 50_000  #: € on bank accounts, savings books and cash lines
    uninvested: int = 10  #: % of a contract in cash
    clause: int = 5  #: years since the contract began
    price: int = 30  #: days since a support's price
    stale: int = 90  #: days since an account's value
    idle: int = 5  #: years without a movement


def of(settings: Mapping[str, Any]) -> Thresholds:
    """As the plugin's settings say; the usual one where they say nothing."""
    told = {name: settings.get(f"audit_{name}") for name in Thresholds.__dataclass_fields__}
    return Thresholds(**{name: int(value) for name, value in told.items() if value is not None})


def ratio(percent: int) -> Decimal:
    """25 → 0.25."""
    return Decimal(percent) / 100


def years_before(on: date, years: int) -> date:
    """The same day so many years before; the 28th for a 29 February."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def setting() -> str:
    """What a finding says of a threshold that the cabinet sets."""
    return str(_("Seuil du cabinet (Services, Portefeuille)."))
