"""The charts of the module: supports by type and by risk, a support's prices over a period."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from core.api import charts
from core.api import performance
from core.api import supports
from core.api.formats import money
from core.api.formats import number
from core.api.formats import sign

#: Months of each period; None for all that is known.
PERIODS: dict[str, int | None] = {"1m": 1, "6m": 6, "1a": 12, "3a": 36, "5a": 60, "tout": None}
USUAL = "1a"
#: Points of a curve: more could not be told apart, and the table beside would be endless.
MOST = 120


@dataclass(frozen=True, slots=True)
class Period:
    """A button above the chart."""

    key: str
    label: str


def periods() -> tuple[Period, ...]:
    """The buttons, in their order."""
    return (
        Period("1m", _("1 mois")), Period("6m", _("6 mois")), Period("1a", _("1 an")), Period("5a", _("5 ans")),
        Period("tout", _("Tout")),
    )  # fmt: skip


def spans() -> tuple[Period, ...]:
    """How far back a comparison goes."""
    return (
        Period("1a", _("1 an")), Period("3a", _("3 ans")), Period("5a", _("5 ans")), Period("tout", _("Origine commune")),
    )  # fmt: skip


def since(period: str, on: date) -> date | None:
    """The first day of a period that ends on a day."""
    months = PERIODS[period]
    if months is None:
        return None
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def prices(card: supports.SupportCard, found: tuple[supports.Price, ...]) -> charts.Chart | None:
    """The curve of a support's prices; None where fewer than two are known: a point is no curve."""
    shown = supports.thinned(found, MOST)
    if len(shown) < 2:
        return None
    currency = card.line.currency

    def written(value: Decimal) -> str:
        return money(value, currency)

    return charts.line(
        [charts.Point(one.on, one.value) for one in shown], key="cours", title=_("Cours"), write=written,
        names=(_("Cours"),), unit=sign(currency), subject=card.line.label,
    )  # fmt: skip


def compared(found: performance.Comparison) -> charts.Chart | None:
    """Supports on base 100, on their common days, thinned as one's own prices are; None where there are no such days."""
    if not found.days:
        return None
    last = len(found.days) - 1
    places = range(last + 1) if last < MOST else [round(place * last / (MOST - 1)) for place in range(MOST)]
    each = [
        charts.Curve(one.line.label, tuple(Decimal(str(round(one.levels[place], 4))) for place in places)) for one in found.drawn
    ]
    return charts.curves(
        [found.days[place] for place in places], each, key="comparaison", title=_("Base 100"),
        write=lambda value: number(value, 2),
    )  # fmt: skip


def by_type(facets: supports.Facets, url: Callable[[str, str], str]) -> charts.Chart | None:
    """How many supports of each type; each line of the table is that filter. None where there is none."""
    total = sum(one.count for one in facets.types)
    if not total:
        return None
    parts = [
        charts.Part(supports.TYPE_LABELS.get(one.key, one.key), Decimal(one.count), url("type", one.key))
        for one in facets.types
    ]
    return charts.donut(
        parts, key="types", title=_("Supports par type"), write=_whole, total=_whole(Decimal(total)), note=_("supports"),
        head=(_("Type"), _("Supports"), _("Part")), rest=_("Autres types"),
    )  # fmt: skip


def by_risk(facets: supports.Facets, url: Callable[[str, str], str]) -> charts.Chart | None:
    """How many supports of each risk class; each line of the table is that filter. None where there is none."""
    counts = {one.key: one.count for one in facets.sris}
    if not counts:
        return None
    parts = [
        charts.Part(_("SRI %(level)s", level=key) if key != "na" else _("Sans SRI"), Decimal(counts.get(key, 0)), url("sri", key))
        for key in supports.SRI_LABELS
    ]
    return charts.bar(
        parts, key="risques", title=_("Supports par risque (SRI)"), write=_whole, head=(_("Risque"), _("Supports"))
    )


def _whole(value: Decimal) -> str:
    return number(value, 0)
