"""The charts of an optimisation: its frontier, with the weights that were found and the model's on it, and its trial."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _

from core.api import charts
from core.api.formats import number
from plugins.outils.optimising import measures
from plugins.outils.optimising.shapes import Optimisation
from plugins.outils.optimising.shapes import Result
from plugins.outils.optimising.shapes import Spot

_HUNDRED = Decimal(100)


def frontier(result: Result) -> charts.Chart:
    """Return of a year against volatility, in per cent."""
    spots = [_spot(_("Répartition trouvée"), result.chosen)]
    if result.today is not None:
        spots.append(_spot(_("Modèle"), result.today))
    return charts.plane(
        [(one.risk * _HUNDRED, one.mean * _HUNDRED) for one in result.frontier], spots, key="frontiere",
        title=_("Frontière efficiente"), axes=(_("Volatilité"), _("Rendement")), names=(_("Point"), _("Frontière")),
        write=lambda value: f"{number(value, 2)}\u00a0%", unit="%",
    )  # fmt: skip


def trial(found: Optimisation, result: Result) -> charts.Chart | None:
    """Base 100 on the days that the estimation did not see; None where nothing was tried."""
    tried = result.trial
    if not tried.levels:
        return None
    each = [charts.Curve(_("Répartition estimée avant"), tried.levels)]
    if tried.model_levels:
        each.append(charts.Curve(_("Modèle"), tried.model_levels))
    return charts.curves(
        measures.trial_days(found.series, tried.split), each, key="epreuve", title=_("À l'épreuve, base 100"),
        write=lambda value: number(value, 2),
    )  # fmt: skip


def _spot(name: str, one: Spot) -> charts.Spot:
    return charts.Spot(name, one.risk * _HUNDRED, one.mean * _HUNDRED)
