"""How far an account is from the model that it follows: pure, line by line, in points and in euros (OU-01, PF-09).

Weights are of what the account's lines make together on their last day. A support that the model does not have is a line
off the model, whose target is nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal

from flask_babel import gettext as _

from core.api import wealth
from plugins.outils.portfolios.shapes import ZERO
from plugins.outils.portfolios.shapes import ModelLine

CENT = Decimal("0.01")
CURRENCY = "EUR"
#: Types of support whose worth is told without a price.
UNQUOTED = frozenset({"FONDS_EURO", "EUROCROISSANCE", "LIQUIDITE"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A support, as it is and as the model wants it. `gap`: weight less target; `amount`: what to add, or to take if negative.

    `weight`, `gap`, `amount`: None where the account's total is not known. `target` is None off the model. `priced`: whether a
    price of it is known.
    """

    support_id: str
    label: str
    isin: str | None
    code: str | None
    type: str
    target: Decimal | None
    band: Decimal
    value: Decimal
    weight: Decimal | None
    gap: Decimal | None
    amount: Decimal | None
    priced: bool
    pockets: int = 0

    @property
    def outside(self) -> bool:
        """Whether it is out of its band; a line off the model always is."""
        return self.gap is not None and abs(self.gap) > self.band


@dataclass(frozen=True, slots=True)
class Drift:
    """An account beside its model. `why`: what keeps it from being compared, in a sentence; nothing where it is."""

    on: date | None
    total: Decimal | None
    lines: tuple[Gap, ...]
    why: str = ""

    @property
    def worst(self) -> Gap | None:
        """The line that is farthest from its target."""
        known = [line for line in self.lines if line.gap is not None]
        return max(known, key=lambda line: abs(line.gap or ZERO), default=None)

    @property
    def outside(self) -> bool:
        """Whether a line is out of its band."""
        return any(line.outside for line in self.lines)

    @property
    def state(self) -> str:
        """`unknown`, `outside` or `inside`."""
        return "unknown" if self.why else "outside" if self.outside else "inside"


def drift(
    model: Sequence[ModelLine], held: wealth.Contents | None, currency: str = CURRENCY, *,
    priced: Collection[str] | None = None,
) -> Drift:  # fmt: skip
    """Compare. `priced`: the supports of the model of which a price is known, where the caller has looked; None: all."""
    if held is None:
        return Drift(None, None, _lines(model, {}, None, priced), _("Aucune ligne de ce compte n'est connue."))
    by = {line.support_id: line for line in held.lines}
    if held.total is None or currency != CURRENCY or any(line.currency != CURRENCY for line in held.lines):
        said = _("Ses lignes ne sont pas toutes en euros\u202f: aucun taux de change n'est connu ici.")
        return Drift(held.on, None, _lines(model, by, None, priced), said)
    if held.total <= 0:
        return Drift(held.on, held.total, _lines(model, by, None, priced), _("Ce compte ne vaut rien à cette date."))
    return Drift(held.on, held.total, _lines(model, by, held.total, priced))


def _lines(
    model: Sequence[ModelLine], by: Mapping[str, wealth.Content], total: Decimal | None, priced: Collection[str] | None
) -> tuple[Gap, ...]:
    found = [
        _gap(one.support_id, one.label, one.isin, one.code, one.type, by.get(one.support_id), one, total, priced) for one in model
    ]
    wanted = {one.support_id for one in model}
    off = [
        _gap(key, one.label, one.isin, None, one.type, one, None, total, priced)
        for key, one in by.items() if key not in wanted and one.value
    ]  # fmt: skip
    return (*found, *off)


def _gap(
    support_id: str, label: str, isin: str | None, code: str | None, kind: str, held: wealth.Content | None,
    line: ModelLine | None, total: Decimal | None, priced: Collection[str] | None,
) -> Gap:  # fmt: skip
    value = held.value if held else ZERO
    target = line.weight if line else None
    weight = None if not total else value / total
    gap = None if weight is None else weight - (target or ZERO)
    amount = None if not total else ((target or ZERO) * total - value).quantize(CENT, ROUND_HALF_UP)
    known = kind in UNQUOTED or (held.price is not None if held and held.value else priced is None or support_id in priced)
    return Gap(
        support_id, label, isin, code, kind, target, line.band if line else ZERO, value, weight, gap, amount, known,
        held.pockets if held else 0,
    )  # fmt: skip
