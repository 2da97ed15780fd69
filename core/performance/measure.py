"""The performance of one account or of several together, over a period (PF-08; domain.md §2.10). Pure: no database.

Several accounts are added up on each day on which one of them is valued; an account that is not valued that day keeps its last
value, and what came in since at its cost. A flow between two such days weighs by modified Dietz (`core.finance.returns`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from core.finance import returns
from core.performance.sampling import Calendar
from core.performance.sampling import Sample
from core.performance.sampling import calendar
from core.performance.sampling import sample
from core.performance.tracks import CENT
from core.performance.tracks import NEAR
from core.performance.tracks import ZERO
from core.performance.tracks import Flow
from core.performance.tracks import Track
from core.performance.tracks import at
from core.performance.window import entered
from core.performance.window import left
from core.performance.window import window

#: Between two values further apart than a quarter, what happened on the way is not seen.
HOLE = timedelta(days=92)
#: A year, for the return of a year: act/365 fixed, as `xirr`.
YEAR = 365
CONVENTION = (
    "TWR chaîné, net de frais et de prélèvements, non annualisé ; valeur prise avant le flux de son jour ; flux entre deux "
    "valeurs pondéré selon Dietz modifiée, (CD−D)/CD. TRI (XIRR) annuel, base exact/365. Volatilité : écart-type (n−1) des "
    "rendements logarithmiques, annualisé. Perte maximale : du plus haut au plus bas qui le suit."
).replace(" ;", "\u202f;").replace(" :", "\u202f:")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """A day of the measure: what was held before the day's flow, and what a hundred of the beginning is now."""

    on: date
    value: Decimal
    index: float | None


@dataclass(frozen=True, slots=True)
class Used:
    """A flow that counts, with the account it is of."""

    account_id: str
    account: str
    flow: Flow


@dataclass(frozen=True, slots=True)
class Measure:
    """The answer. None: it cannot be computed, and a note says why. Ratios: 0.05 is 5 %; amounts in `currency`.

    `since`, `until`: what was asked; `begin`, `finish`: the days of which values are known, on which it is measured. `start` and
    `end` are the values there, `end` after its day's flow: gain = end − start − contributions.
    """

    since: date | None
    until: date
    currency: str
    begin: date | None = None
    finish: date | None = None
    start: Decimal | None = None
    end: Decimal | None = None
    contributions: Decimal | None = None
    gain: Decimal | None = None
    twr: float | None = None
    twr_year: float | None = None
    xirr: float | None = None
    volatility: float | None = None
    max_drawdown: float | None = None
    convention: str = CONVENTION
    notes: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    flows: tuple[Used, ...] = ()
    tracks: tuple[Track, ...] = ()
    sample: Sample | None = None
    calendar: Calendar = field(default_factory=lambda: Calendar(()))

    @property
    def known(self) -> bool:
        """Whether there is something to show."""
        return self.start is not None


def measure(tracks: Sequence[Track], since: date | None, until: date, currency: str, notes: Sequence[str] = ()) -> Measure:
    """The performance of these accounts from one day to another; `since` None: from the first day known."""
    told = [*notes]
    if not tracks:
        return Measure(since, until, currency, notes=tuple(told))
    found = window(tracks, since, until)
    told += found.notes
    if found.begin is None or found.finish is None:
        return Measure(since, until, currency, found.begin, found.finish, notes=tuple(told), tracks=tuple(tracks))
    begin, finish = found.begin, found.finish
    told += _about(tracks, begin, finish)
    ready = [left(entered(track, begin), finish) for track in tracks]
    days, totals, moved = _added(ready, begin, finish)
    flows = tuple(
        Used(track.account_id, track.label, one) for track in tracks for one in track.flows
        if begin <= one.on <= finish and not (found.after and one.on == begin)
    )  # fmt: skip
    if found.after:
        totals[begin] += moved.pop(begin, ZERO)
    start, contributions = _cents(totals[begin]), _cents(sum(moved.values(), ZERO))
    end = _cents(totals[finish] + moved.get(finish, ZERO))
    rate = returns.xirr([(begin, -totals[begin]), *((day, -one) for day, one in moved.items()), (finish, end)])
    if rate is None:
        told.append("Le TRI n'est pas calculable\u202f: aucun taux n'équilibre ces flux.")
    values = [(day, totals[day]) for day in days]
    told += _holes(days)
    try:
        links = returns.chained(values, [(day, one) for day, one in moved.items() if day != finish])
    except returns.BadSeries as error:
        told.append(f"Le TWR n'est pas calculable. {error.text}")
        links = []
    levels = _levels(begin, values, links)
    marks = [(one.on, one.index) for one in levels if one.index is not None]
    drawn = sample(marks) if links else None
    if links and drawn is None:
        told.append("Volatilité non calculable\u202f: il faut des valorisations régulières, chaque semaine ou chaque mois.")
    elif drawn is not None and not drawn.whole:
        told.append(f"La volatilité est mesurée depuis le {drawn.since:%d/%m/%Y}, début des valorisations régulières.")
    elif drawn is not None and drawn.few:
        told.append(f"La volatilité repose sur {len(drawn.returns)} rendements seulement\u202f: elle est peu significative.")
    twr = marks[-1][1] / 100 - 1 if links else None
    span = (finish - begin).days
    return Measure(
        since, until, currency, begin, finish, start, end, contributions, end - start - contributions, twr,
        (1 + twr) ** (YEAR / span) - 1 if twr is not None and span >= YEAR else None, rate,
        returns.annual_volatility(drawn.returns, drawn.periods) if drawn else None,
        returns.max_drawdown([one - 1 for _, one in links]) if links else None,
        notes=tuple(told), levels=levels, flows=tuple(sorted(flows, key=lambda one: one.flow.on)), tracks=tuple(tracks),
        sample=drawn, calendar=calendar(marks),
    )  # fmt: skip


def _added(tracks: Sequence[Track], begin: date, finish: date) -> tuple[list[date], dict[date, Decimal], dict[date, Decimal]]:
    """The days of the measure, what is held on each before its flow, and the flows."""
    within = {day for track in tracks for day in track.before if begin <= day <= finish}
    days = sorted({begin, finish, *within})
    totals = {day: sum((at(track, day) or ZERO for track in tracks), ZERO) for day in days}
    moved = defaultdict[date, Decimal](Decimal)
    for track in tracks:
        for day, amount in track.moved.items():
            if begin <= day <= finish:
                moved[day] += amount
    return days, totals, {day: moved[day] for day in sorted(moved)}


def _levels(begin: date, values: Sequence[tuple[date, Decimal]], links: Sequence[tuple[date, float]]) -> tuple[Level, ...]:
    grown, index = {begin: 100.0}, 100.0
    for day, one in links:
        index *= one
        grown[day] = index
    return tuple(Level(day, _cents(value), grown.get(day) if links else None) for day, value in values)


def _about(tracks: Sequence[Track], begin: date, finish: date) -> list[str]:
    """What the reader must know of each account."""
    told, several = [], len(tracks) > 1
    for track in tracks:
        name = f"{track.label}\u202f: " if several else ""
        if track.basis == "payments":
            told.append(f"{name}flux déduits de la variation des versements nets, datés du milieu de l'intervalle.")
        elif track.basis == "none":
            told.append(f"{name}aucun mouvement ni versement net n'est connu\u202f; la mesure suppose qu'il n'y en a pas eu.")
        if track.unknown:
            told.append(f"{name}mouvements de nature inconnue, tenus pour internes au compte\u202f: {', '.join(track.unknown)}.")
        if track.foreign:
            told.append(f"{name}{track.foreign} mouvements dans une autre devise que celle du compte sont laissés de côté.")
        if several and not track.born and track.values and begin < track.values[0].on <= finish:
            told.append(f"{name}entre dans la mesure le {track.values[0].on:%d/%m/%Y}, pour sa première valeur connue.")
        told += _gap(track, name, begin, finish)
    return [*told, *(_stale(tracks, begin, finish) if several else ())]


def _stale(tracks: Sequence[Track], begin: date, finish: date) -> list[str]:
    """Accounts of which an old value stands for that of the first or the last day."""
    told = []
    for day, words in ((begin, "du début"), (finish, "de la fin")):
        old = []
        for track in tracks:
            last = max((one.on for one in track.values if one.on <= day), default=None)
            if last is not None and day - last > NEAR and not track.ended:
                old.append(f"{track.label} ({last:%d/%m/%Y})")
        if old:
            told.append(f"Une valeur ancienne tient lieu de celle {words}\u202f: {', '.join(old)}.")
    return told


def _gap(track: Track, name: str, begin: date, finish: date) -> list[str]:
    """Whether movements and net payments, both known, say the same."""
    paid = [one for one in track.values if one.paid is not None and begin <= one.on <= finish]
    if track.basis != "movements" or len(paid) < 2:
        return []
    change = (paid[-1].paid or ZERO) - (paid[0].paid or ZERO)
    sums = [
        sum((one.amount for one in track.flows if paid[0].on < one.on <= paid[-1].on), ZERO),
        sum((one.amount for one in track.flows if paid[0].on <= one.on < paid[-1].on), ZERO),
    ]
    if any(abs(change - one) < CENT for one in sums):
        return []
    return [f"{name}les mouvements n'expliquent pas toute la variation des versements nets\u202f: vérifiez-les."]


def _holes(days: Sequence[date]) -> list[str]:
    gaps = [(second - first, first, second) for first, second in pairwise(days) if second - first > HOLE]
    if not gaps:
        return []
    length, first, second = max(gaps)
    more = f"\u202f; {len(gaps)} intervalles dépassent {HOLE.days} jours" if len(gaps) > 1 else ""
    return [f"Aucune valorisation entre le {first:%d/%m/%Y} et le {second:%d/%m/%Y} ({length.days} jours){more}."]


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT)
