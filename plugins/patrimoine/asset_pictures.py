"""The curve of an asset: what it was worth on each day that is known."""

from __future__ import annotations

from flask_babel import gettext as _

from core.api import charts
from core.api.formats import money
from plugins.patrimoine.asset_terms import Asset

#: Points enough for a value a month over ten years.
MOST = 120


def worth(found: Asset) -> charts.Chart | None:
    """Its values over time; None for fewer than two, which make no curve."""
    if len(found.values) < 2:
        return None
    points = [charts.Point(one.on, one.value) for one in found.values[-MOST:]]
    return charts.line(
        points, key=f"valeur-{found.id}", title=_("Valeur"), write=money, names=(_("Valeur"),), subject=found.facts.label
    )
