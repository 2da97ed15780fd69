"""What the pages of performance show: figures with how each is made, flows and values that made them, the curve (PF-08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import accounts
from core.api import charts
from core.api import performance
from core.api.formats import day
from core.api.formats import money
from core.api.formats import number
from core.api.formats import percent
from core.api.formats import signed_money

#: Flows shown at most, the latest first; the tab Mouvements has all of them.
MOST = 100
MONTHS = (
    _l("janv."), _l("févr."), _l("mars"), _l("avr."), _l("mai"), _l("juin"), _l("juil."), _l("août"), _l("sept."), _l("oct."),
    _l("nov."), _l("déc."),
)  # fmt: skip
_RHYTHMS = {52: _l("hebdomadaires"), 12: _l("mensuels")}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is shown; `value` gives its sign; `under`: what stands below it; `why`: how it is made."""

    label: str
    text: str
    value: Decimal | float | None
    under: str
    why: str


@dataclass(frozen=True, slots=True)
class FlowRow:
    """What came in or went out of an account on a day by one kind of movement, for the part that counts."""

    on: date
    account: str
    kind: str
    amount: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class ValueRow:
    """The values of an account at both ends of the measure, with their days and who said so; None where not known."""

    account: str
    part: Decimal
    first: performance.Value | None
    last: performance.Value | None


def figures(found: performance.Measure, compared: Sequence[performance.Compared]) -> list[Figure]:
    """The figures, in the order in which they are read."""
    if not found.known:
        return []
    sample = found.sample
    year = _("%(rate)s par an", rate=percent(found.twr_year)) if found.twr_year is not None else ""
    made = _("%(count)s rendements %(rhythm)s", count=len(sample.returns), rhythm=_RHYTHMS[sample.periods]) if sample else ""
    return [
        Figure(
            _("TWR"), _ratio(found.twr), found.twr, year, _(
                "Rendement pondéré par le temps\u202f: il juge les placements, sans l'effet de la date des versements. Les "
                "rendements entre deux valorisations sont chaînés\u202f; un flux entre deux valorisations pèse selon Dietz "
                "modifiée, (CD−D)/CD. Net de frais et de prélèvements, non annualisé."
            ),
        ),
        Figure(
            _("TRI (XIRR)"), _ratio(found.xirr), found.xirr, _("par an"), _(
                "Taux annuel qui rend égaux ce qui a été versé et ce qui a été reçu ou reste détenu\u202f: il dit ce qu'a gagné "
                "l'argent de la personne, dates des versements comprises. Base exact/365."
            ),
        ),
        Figure(
            _("Gain"), signed_money(found.gain, found.currency), found.gain, "", _(
                "%(end)s au %(finish)s, moins %(start)s au %(begin)s, moins %(paid)s de versements nets.",
                end=money(found.end, found.currency), start=money(found.start, found.currency),
                paid=money(found.contributions, found.currency), finish=day(found.finish), begin=day(found.begin),
            ),
        ),
        Figure(
            _("Versements nets"), signed_money(found.contributions, found.currency), None, "", _(
                "Ce qui est entré moins ce qui est sorti\u202f: versements, rachats, virements de titres. Arbitrages, frais, "
                "intérêts, dividendes crédités et avances restent dans le compte et ne comptent pas."
            ),
        ),
        Figure(
            _("Volatilité"), _ratio(found.volatility, signed=False), None, made, _(
                "Écart-type (n−1) des rendements logarithmiques, multiplié par la racine du nombre de périodes d'une année. Il "
                "faut une valorisation par semaine, ou par mois."
            ),
        ),
        Figure(
            _("Perte maximale"), _ratio(found.max_drawdown), found.max_drawdown, "", _(
                "La plus forte baisse d'un plus haut à un plus bas qui le suit, sur les valorisations connues\u202f: ce qui "
                "s'est passé entre deux n'est pas vu."
            ),
        ),
        *(
            Figure(
                one.index.label, _ratio(one.ratio), one.ratio, _("sur les mêmes dates"), _(
                    "Cours du %(first)s et du %(last)s (%(source)s), en base 100 au début. Un indice ne supporte pas de frais.",
                    first=day(one.first), last=day(one.last), source=", ".join(one.sources) or _("source inconnue"),
                ),
            )
            for one in compared
        ),
    ]  # fmt: skip


def chart(
    found: performance.Measure, compared: Sequence[performance.Compared], name: str
) -> charts.Chart | None:
    """The curve in base 100, beside an index; None where it cannot be drawn."""
    if sum(one.index is not None for one in found.levels) < 2:
        return None
    other = compared[0].levels if compared else (None,) * len(found.levels)
    points = [
        charts.Point(one.on, _level(one.index), _level(beside) if beside is not None else None)
        for one, beside in zip(found.levels, other, strict=True) if one.index is not None
    ]  # fmt: skip
    names = (name, compared[0].index.label) if any(point.second is not None for point in points) else (name,)
    return charts.line(
        points, key="performance", title=_("Évolution en base 100"), write=lambda value: number(value, 1), names=names, unit="",
        subject=name, beside=True,
    )  # fmt: skip


def flows(found: performance.Measure) -> list[FlowRow]:
    """The flows that count, the latest first: those of a day, an account and a kind together."""
    parts = {track.account_id: track.part for track in found.tracks}
    several = len(found.tracks) > 1
    sums: dict[tuple[date, str, str, str], Decimal] = {}
    for one in found.flows:
        label = accounts.MOVEMENT_KINDS.get(one.flow.kind, one.flow.kind) if one.flow.kind else one.flow.label
        key = (one.flow.on, one.account if several else "", label, one.flow.source)
        sums[key] = sums.get(key, Decimal(0)) + one.flow.amount * parts.get(one.account_id, Decimal(1))
    made = [FlowRow(on, account, kind, amount, source) for (on, account, kind, source), amount in sums.items()]
    return sorted(made, key=lambda row: row.on, reverse=True)


def values(found: performance.Measure) -> list[ValueRow]:
    """Each account's values at both ends."""
    if found.begin is None or found.finish is None:
        return []
    return [
        ValueRow(track.label, track.part, _last(track, found.begin), _last(track, found.finish)) for track in found.tracks
    ]



def _last(track: performance.Track, on: date) -> performance.Value | None:
    return next((one for one in reversed(track.values) if one.on <= on), None)


def _ratio(value: float | None, *, signed: bool = True) -> str:
    if value is None:
        return str(_("non calculable"))
    return percent(value) if signed else percent(value).removeprefix("+")


def _level(value: float) -> Decimal:
    return Decimal(repr(round(value, 4)))
