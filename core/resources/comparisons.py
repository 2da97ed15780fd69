"""`/supports/comparison`: up to five supports side by side (OU-06)."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from flask_babel import lazy_gettext as _l

from core.db.clock import today
from core.performance.comparison import compare
from core.resources.book import READ
from core.resources.book import SUPPORTS
from core.resources.comparison_schemas import ComparisonOut
from core.resources.comparison_schemas import ComparisonQuery
from core.rest.operations import Call


@SUPPORTS.get(
    "/supports/comparison", _l("Comparer des supports"), ComparisonOut, asks=ComparisonQuery, scope=READ,
    about=_l("Base 100, performances, risque et corrélations, sur les cours connus et dans la devise de chacun."),
)  # fmt: skip
def comparison(call: Call) -> dict[str, Any]:
    """Outils > Comparer."""
    ids = [one for one in call.asked["ids"].split(",") if one]
    found = compare(call.session, call.adviser, ids, call.asked.get("since"), call.asked.get("until") or today())
    drawn = [one.line.id for one in found.drawn]
    return {
        "found": found,
        "supports": [
            {"side": side, "series": [
                {"on": on, "index": level} for on, level in zip(found.days, side.levels, strict=bool(side.levels))
            ]}
            for side in found.sides
        ],
        "correlations": [
            {"first": drawn[one], "second": drawn[other], "value": found.correlations[one][other]}
            for one, other in combinations(range(len(drawn)), 2)
        ],
    }  # fmt: skip
