"""A balance sheet laid out as it is read: categories, lines, what each of the people has of it, and why (PA-01, NX-02).

Knows no Flask. Nothing is reckoned here but sums of what `core.api.wealth` gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api.types import WealthItem
from core.api.wealth import Balance
from core.api.wealth import Line
from plugins.patrimoine import asset_kinds

ZERO = Decimal(0)
#: In the order of the page: what is owned, then what is owed.
CATEGORIES: dict[Any, Any] = {
    **asset_kinds.CATEGORIES, "EMPRUNT": _l("Emprunts"), "DETTE_FISCALE": _l("Dettes fiscales"),
    "AUTRE_DETTE": _l("Autres dettes"), "CAUTION": _l("Engagements hors bilan"),
}  # fmt: skip
ORIGINS: dict[str, Any] = {"DECLARE": _l("Déclaré"), "AGREGE": _l("Agrégé"), "CALCULE": _l("Calculé")}
RIGHTS = asset_kinds.RIGHTS


@dataclass(frozen=True, slots=True)
class Owned:
    """A line of the page. `cells`: of each of the people, None where it is not known; `has`: who has a part; `sum`: together."""

    line: Line
    cells: tuple[Decimal | None, ...]
    has: tuple[bool, ...]
    sum: Decimal | None

    @property
    def item(self) -> WealthItem:
        """The thing."""
        return self.line.item


@dataclass(frozen=True, slots=True)
class Group:
    """A category with its lines and sums."""

    key: str
    label: Any
    lines: tuple[Owned, ...]
    cells: tuple[Decimal, ...]
    sum: Decimal


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole page. `apart`: lines told beside the sums."""

    balance: Balance
    assets: tuple[Group, ...]
    debts: tuple[Group, ...]
    apart: tuple[Owned, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing at all is known."""
        return not self.balance.lines

    def of_origin(self, *origins: str) -> Decimal:
        """What of the assets was told so."""
        return sum((one.sum or ZERO for group in self.assets for one in group.lines if one.item.origin in origins), ZERO)

    def halves(self) -> tuple[Decimal, Decimal]:
        """Net worth that is common to a couple, and the rest."""
        common = ZERO
        for group in (*self.assets, *self.debts):
            for one in group.lines:
                if one.line.shared:
                    common += -(one.sum or ZERO) if one.item.debt else one.sum or ZERO
        return common, self.balance.net() - common


def of(balance: Balance) -> Sheet:
    """A balance sheet as the page shows it."""
    counted = [_owned(balance, line) for line in balance.lines if line.counted]
    apart = tuple(_owned(balance, line) for line in balance.lines if not line.counted)
    return Sheet(balance, _groups(balance, counted, debt=False), _groups(balance, counted, debt=True), apart)


def _owned(balance: Balance, line: Line) -> Owned:
    has = tuple(who in line.amounts for who in balance.people)
    return Owned(line, tuple(line.of((who,)) for who in balance.people), has, line.of(balance.people))


def _groups(balance: Balance, lines: Sequence[Owned], *, debt: bool) -> tuple[Group, ...]:
    found = []
    for key, label in CATEGORIES.items():
        mine = tuple(sorted((one for one in lines if one.item.category == key and one.item.debt == debt), key=_order))
        if mine:
            cells = tuple(_sum(one.cells[place] for one in mine) for place in range(len(balance.people)))
            found.append(Group(key, label, mine, cells, _sum(one.sum for one in mine)))
    return tuple(found)


def _order(one: Owned) -> tuple[bool, Decimal, str]:
    """The largest first; what is not known last."""
    return (one.sum is None, -(one.sum or ZERO), one.item.label)


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((one for one in values if one is not None), ZERO)
