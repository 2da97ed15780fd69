"""Supports side by side: base 100 on the days that they share, performances, risk, correlation (OU-06).

Every figure is in the support's own currency and comes from its prices as they are known: no dividend is added back, no
exchange rate is applied, no missing price is made up. What cannot be computed is None, and `notes` says why.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import select

from core.accounts import holders
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.finance import returns
from core.finance.terms import due_on
from core.hooks.types import Adviser
from core.performance.steps import Common
from core.performance.steps import common
from core.supports import lists
from core.supports import prices
from core.supports.labels import ASSET_CLASSES
from core.supports.labels import ZONES
from core.supports.lists import SupportLine
from core.supports.models import Support
from core.supports.prices import Price

#: As many as a chart and a table show well (modules.md §9).
MOST = 5
#: A volatility or a correlation of fewer returns would say nothing.
LEAST = 6
#: Code → label, months before the end (0: the 31 December before), and how old a price may be there.
PERIODS: dict[str, tuple[str, int, timedelta]] = {
    "1m": ("1 mois", 1, timedelta(days=7)), "annee": ("Année en cours", 0, timedelta(days=31)),
    "1a": ("1 an", 12, timedelta(days=31)), "3a": ("3 ans", 36, timedelta(days=31)), "5a": ("5 ans", 60, timedelta(days=31)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gain:
    """What a support did over a period, between two prices; not annualised. None where a price is missing."""

    key: str
    ratio: float | None
    begin: Price | None
    finish: Price | None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the supports. `levels`: base 100 on the common days, empty where it is left out of them (`why`).

    `gains` by period, then «origine», since the first common day. `clients`: those who hold it, among what one may see.
    """

    line: SupportLine
    asset_class: str
    zone: str
    clients: int
    known: int
    first: date | None
    last: date | None
    sources: tuple[str, ...]
    gains: tuple[Gain, ...] = ()
    levels: tuple[float, ...] = ()
    volatility: float | None = None
    max_drawdown: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of them, in the order asked. `correlations` in the order of those that have levels, None where not computed."""

    sides: tuple[Side, ...]
    days: tuple[date, ...]
    step: str
    correlations: tuple[tuple[float | None, ...], ...]
    notes: tuple[str, ...]

    @property
    def drawn(self) -> tuple[Side, ...]:
        """Those that are on the common days."""
        return tuple(one for one in self.sides if one.levels)


def compare(
    session: TenantSession, adviser: Adviser, support_ids: Sequence[str], since: date | None, until: date
) -> Comparison:  # fmt: skip
    """Some supports over a period, each once. Raises `NotFound` for one that the cabinet does not have, `DomainError`.

    Five queries a support, one for who holds them.
    """
    ids = list(dict.fromkeys(support_ids))
    if len(ids) > MOST:
        raise DomainError(f"On compare {MOST} supports au plus\u202f: retirez-en {len(ids) - MOST}.")
    if since is not None and since >= until:
        raise DomainError("La période finit avant d'avoir commencé, ou le même jour.")
    held = holders.clients(session, adviser, ids)
    rows = session.execute(select(Support.id, Support.asset_class, Support.zone).where(Support.id.in_(ids)))
    told = {row.id: (ASSET_CLASSES.get(row.asset_class or "", ""), ZONES.get(row.zone or "", "")) for row in rows}
    lines = {key: lists.card(session, key, on=until).line for key in ids}
    series = {key: prices.prices(session, key, since=None, until=until) for key in ids}
    sound = {key: tuple(one for one in found if one.value > 0) for key, found in series.items()}
    shared, kept = _common({key: [one for one in each if since is None or one.on >= since] for key, each in sound.items()})
    end = shared.days[-1] if shared else until
    sides = []
    for key in ids:
        mine = sound[key]
        side = Side(
            lines[key], *told[key], clients=held.get(key, 0), known=len(mine), first=mine[0].on if mine else None,
            last=mine[-1].on if mine else None, sources=tuple(sorted({_source(one) for one in mine})),
            gains=_gains(mine, end if key in kept else min(end, mine[-1].on) if mine else end), why=_why(mine, since),
        )  # fmt: skip
        sides.append(_measured(side, shared, kept.index(key)) if shared and key in kept else side)
    found = tuple(sides)
    dropped = {lines[key].label: len(series[key]) - len(sound[key]) for key in ids if len(series[key]) > len(sound[key])}
    return Comparison(
        found, shared.days if shared else (), shared.step.label if shared else "", _correlations(found),
        tuple(_notes(found, shared, dropped)),
    )


def _common(series: Mapping[str, Sequence[Price]]) -> tuple[Common | None, list[str]]:
    """The common days of as many series as have some: the one with the fewest prices goes first."""
    kept = [key for key, found in series.items() if len(found) >= 2]
    while kept:
        shared = common([series[key] for key in kept])
        if shared is not None:
            return shared, kept
        kept.remove(min(reversed(kept), key=lambda key: len(series[key])))
    return None, []


def _measured(side: Side, shared: Common, place: int) -> Side:
    mine = shared.prices[place]
    base = mine[0].value
    moved = _returns(mine)
    risky = len(moved) >= LEAST
    whole = Gain("origine", float(mine[-1].value / base - 1), mine[0], mine[-1])
    return replace(
        side, gains=(*side.gains, whole), levels=tuple(float(one.value / base * 100) for one in mine), why="",
        volatility=returns.annual_volatility(moved, shared.step.a_year) if risky else None,
        max_drawdown=returns.max_drawdown(moved),
    )  # fmt: skip


def _returns(found: Sequence[Price]) -> list[float]:
    return [float(after.value / before.value - 1) for before, after in pairwise(found)]


def _gains(found: Sequence[Price], end: date) -> tuple[Gain, ...]:
    """Each period that ends on a day: from the last price at its beginning to the last one at its end, neither too old."""
    gains = []
    for key, (_, months, near) in PERIODS.items():
        begin, finish = _near(found, _back(end, months), near), _near(found, end, near)
        known = begin is not None and finish is not None and begin.on < finish.on
        ratio = float(finish.value / begin.value - 1) if known and begin and finish else None
        gains.append(Gain(key, ratio, begin if known else None, finish if known else None))
    return tuple(gains)


def _back(end: date, months: int) -> date:
    """The first day of a period; a month's last day comes from a month's last day."""
    if not months:
        return date(end.year - 1, 12, 31)
    if (end + timedelta(days=1)).day == 1:
        return due_on(end + timedelta(days=1), -months) - timedelta(days=1)
    return due_on(end, -months)


def _near(found: Sequence[Price], day: date, near: timedelta) -> Price | None:
    place = bisect_right([one.on for one in found], day)
    return found[place - 1] if place and day - found[place - 1].on <= near else None


def _correlations(sides: Sequence[Side]) -> tuple[tuple[float | None, ...], ...]:
    moves = [[after / before - 1 for before, after in pairwise(one.levels)] for one in sides if one.levels]
    if not moves or len(moves[0]) < LEAST:
        return tuple(tuple(None for _ in moves) for _ in moves)
    return tuple(tuple(returns.correlation(one, other) for other in moves) for one in moves)


def _source(price: Price) -> str:
    return f"{price.source} (cabinet)" if price.origin == "cabinet" else price.source


def _why(found: Sequence[Price], since: date | None) -> str:
    """Why a support is not on the common days, if it is not."""
    inside = [one for one in found if since is None or one.on >= since]
    if not found:
        return "aucun cours connu"
    if len(inside) < 2:
        return "un seul cours connu sur la période" if inside else "aucun cours connu sur la période"
    return "ses cours n'ont pas de dates communes régulières avec ceux des autres"


def _notes(sides: Sequence[Side], shared: Common | None, dropped: Mapping[str, int]) -> list[str]:
    notes = [f"{one.line.label}\u202f: {one.why}, hors du graphique et des risques." for one in sides if one.why]
    notes += [
        f"{label}\u202f: {f'{count} cours nuls ou négatifs écartés' if count > 1 else 'un cours nul ou négatif écarté'}."
        for label, count in dropped.items()
    ]
    currencies = sorted({one.line.currency for one in sides})
    if len(currencies) > 1:
        notes.append(
            f"Les supports sont en plusieurs devises ({', '.join(currencies)})\u202f: chacun est mesuré dans la sienne, "
            "sans effet de change."
        )
    if shared and len(shared.days) - 1 < LEAST:
        notes.append(
            f"Moins de {LEAST} rendements communs\u202f: ni volatilité ni corrélation ne seraient parlantes, "
            "elles ne sont pas calculées."
        )
    return notes
