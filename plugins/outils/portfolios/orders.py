"""What would bring an account back to its model: orders in euros, to the cent; or why there are none (PF-09). Pure.

What is sold is bought to the cent. A line that is kept (a fund in euros, one without a price) stays as it is, and the rest is
shared by the model's own proportions. An order below the minimum is dropped, the smallest first, and the rest shared anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN
from decimal import Decimal

from flask_babel import gettext as _

from core.api import formats
from core.api import transactions
from plugins.outils.portfolios.drift import CENT
from plugins.outils.portfolios.drift import Drift
from plugins.outils.portfolios.drift import Gap
from plugins.outils.portfolios.shapes import ZERO

IN, OUT = transactions.typed_acts.IN, transactions.typed_acts.OUT
#: Lines that an act has room for.
MOST = transactions.typed_shapes.MOST_LEGS
_EURO = "FONDS_EURO"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a run proposes. `minimum`: of an order, in euros; `keep_euro`: funds in euros are not touched."""

    minimum: Decimal
    keep_euro: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """An order in euros. `side`: `out` is sold, `in` is bought."""

    side: str
    support_id: str
    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Kept:
    """A line that stays as it is though it is off its target, and why."""

    support_id: str
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Orders, the sold first; lines that are kept; where there are no orders, `why`."""

    orders: tuple[Order, ...]
    kept: tuple[Kept, ...]
    why: str = ""

    @property
    def turned(self) -> Decimal:
        """What is sold, which is what is bought."""
        return sum((one.amount for one in self.orders if one.side == OUT), ZERO)


def propose(found: Drift, rules: Rules) -> Proposal:
    """The orders of an account."""
    if found.why:
        return Proposal((), (), found.why)
    unknown = [line.label for line in found.lines if line.target is not None and not line.priced]
    if unknown:
        return Proposal((), (), _("Aucun cours n'est connu de %(what)s.", what=", ".join(unknown)))
    split = [line.label for line in found.lines if line.pockets > 1]
    if split:
        return Proposal((), (), _("%(what)s est tenu dans plusieurs compartiments.", what=", ".join(split)))
    if not found.outside:
        return Proposal((), (), _("Toutes ses lignes sont dans leurs bandes."))
    fixed = {line.support_id: why for line in found.lines if (why := _kept(line, rules))}
    if not any(line.outside and line.support_id not in fixed for line in found.lines):
        return Proposal((), _named(found, fixed), _("Seules des lignes conservées sont hors de leurs bandes."))
    moves = _moves(found, fixed, rules.minimum)
    if not moves:
        said = _("Aucun arbitrage équilibré n'atteint le minimum de %(least)s par ordre.", least=formats.money(rules.minimum))
        return Proposal((), _named(found, fixed), said)
    if len(moves) > MOST:
        said = _("L'arbitrage compterait %(count)s lignes\u202f: un acte en porte %(most)s.", count=len(moves), most=MOST)
        return Proposal((), _named(found, fixed), said)
    by = {line.support_id: line for line in found.lines}
    orders = [Order(OUT if amount < 0 else IN, key, by[key].label, abs(amount)) for key, amount in moves.items()]
    orders.sort(key=lambda one: (one.side != OUT, -one.amount, one.support_id))
    return Proposal(tuple(orders), _named(found, fixed))


def _kept(line: Gap, rules: Rules) -> str:
    if rules.keep_euro and line.type == _EURO:
        return str(_("Fonds en euros conservé."))
    return "" if line.priced else _("Aucun cours n'en est connu.")


def _named(found: Drift, fixed: Mapping[str, str]) -> tuple[Kept, ...]:
    return tuple(
        Kept(line.support_id, line.label, fixed[line.support_id])
        for line in found.lines if line.support_id in fixed and line.gap
    )  # fmt: skip


def _moves(found: Drift, fixed: dict[str, str], minimum: Decimal) -> dict[str, Decimal]:
    """Support → what to add, or to take where negative: each at least the minimum, together nothing; `fixed` gets the rest."""
    free = [line for line in found.lines if line.support_id not in fixed]
    while True:
        moves = _shared(free)
        small = [line for line in free if 0 < abs(moves.get(line.support_id, ZERO)) < minimum]
        if not small:
            return {key: amount for key, amount in moves.items() if amount}
        least = min(small, key=lambda line: (abs(moves[line.support_id]), line.support_id))
        fixed[least.support_id] = _("Ordre sous le minimum.")
        free.remove(least)


def _shared(free: Sequence[Gap]) -> dict[str, Decimal]:
    """What these lines hold together, shared by their targets to the cent: the largest remainders take the odd cents."""
    weights = sum((line.target or ZERO for line in free), ZERO)
    if not weights:
        return {}
    values = {line.support_id: line.value.quantize(CENT, ROUND_DOWN) for line in free}
    base = sum(values.values(), ZERO)
    exact = {line.support_id: base * (line.target or ZERO) / weights for line in free}
    whole = {key: amount.quantize(CENT, ROUND_DOWN) for key, amount in exact.items()}
    odd = int((base - sum(whole.values(), ZERO)) / CENT)
    for key in sorted(exact, key=lambda one: (whole[one] - exact[one], one))[:odd]:
        whole[key] += CENT
    return {key: whole[key] - values[key] for key in whole}
