"""Outils > Comparer: up to five supports side by side; which ones and over which period is in the address (OU-06)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import charts
from core.api import forms
from core.api import performance
from core.api import supports
from core.api.db import today
from core.api.forms import Form
from core.api.forms import fields
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.outils import fact_rows
from plugins.outils import images
from plugins.outils import pictures

FIRST = date(1950, 1, 1)
MOST = performance.MOST_COMPARED
#: Supports that a search offers to add.
OFFERED = 8


class PeriodForm(Form):
    """The days between which supports are compared; empty: as far as their prices go."""

    du = fields.day(_l("Du"), least=FIRST)
    au = fields.day(_l("Au"), past=True, least=FIRST)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks. `beyond`: how many supports are more than may be compared."""

    ids: tuple[str, ...]
    beyond: int
    since: date | None
    until: date
    form: Any

    def url(self, endpoint: str, ids: Sequence[str], since: date | None = None, *, keep: bool = True) -> str:
        """The address of a comparison; `keep`: from the day on which this one begins."""
        begin = self.since if keep else since
        return url_for(
            f"p_outils.{endpoint}", s=list(ids), du=f"{begin:%d/%m/%Y}" if begin else None,
            au=f"{self.until:%d/%m/%Y}" if self.until != today() else None,
        )  # fmt: skip


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/comparer", "compare", compare)
    made.add_url_rule("/comparer.svg", "compare_image", image)


@permission("accounts.view")
def compare() -> ResponseReturnValue:
    """The supports `s` from the day `du` to the day `au`; `ajout` looks for another one to add."""
    asked = _asked()
    found = _compared(asked)
    text = request.args.get("ajout", "").strip()
    offered = _offered(text, asked) if text and len(asked.ids) < MOST else ()
    chart = pictures.compared(found)
    page = render_template(
        "outils/compare.html", asked=asked, found=found, chart=chart, letters=_letters(found, chart), form=asked.form, most=MOST,
        periods=performance.GAIN_PERIODS, least=performance.LEAST_RETURNS, text=text, offered=offered, today=today(),
        exact=_exact, costs=_costs(found), begins=_begins(asked), fault=supports.isin_fault(text),
        without={key: asked.url("compare", [one for one in asked.ids if one != key]) for key in asked.ids},
        image_url=asked.url("compare_image", asked.ids),
        crumbs=[(_("Supports"), url_for("p_outils.index")), (_("Comparer"), None)],
    )  # fmt: skip
    return page, 422 if asked.form.errors or asked.beyond else 200


@permission("accounts.view")
def image() -> ResponseReturnValue:
    """The chart of the page as SVG, drawn by the server."""
    return images.svg(pictures.compared(_compared(_asked())))


def _letters(found: performance.Comparison, chart: charts.Chart | None) -> dict[str, str]:
    """The letter of each support that is drawn."""
    return {one.line.id: letter for one, letter in zip(found.drawn, chart.head[1:], strict=True)} if chart else {}


#: What a comparison shows of costs: their keys.
COSTS = tuple(key for key, one in supports.fact_keys.KEYS.items() if one.group == "costs")


def _costs(found: performance.Comparison) -> list[tuple[str, dict[str, tuple[str, supports.facts.Told]]]]:
    """Label of a cost → support → in words, with who says it; costs of which nothing is known are left out."""
    known = supports.facts.of_many(db_session(), [side.line.id for side in found.sides], COSTS) if found.sides else {}
    rows = []
    for code in COSTS:
        key = supports.fact_keys.KEYS[code]
        each = {
            one: (fact_rows.words(key, facts[code].told.value), facts[code].told) for one, facts in known.items() if code in facts
        }
        if each or code == "ongoing_costs":
            rows.append((key.label, each))
    return rows


def _exact(value: float) -> Decimal:
    """What the template writes as a number."""
    return Decimal(str(value))


def _compared(asked: Asked) -> performance.Comparison:
    return performance.compare(db_session(), adviser(), asked.ids, asked.since, asked.until)


def _asked() -> Asked:
    """Each support once, the first five; a day that makes no sense stays in the form, with what is wrong."""
    ids = tuple(dict.fromkeys(one for one in request.args.getlist("s") if one))
    schema = PeriodForm()
    given = {name: request.args.get(name, "") for name in ("du", "au")}
    checked = forms.check(schema, given)
    since, until = checked.values.get("du"), checked.values.get("au") or today()
    errors = dict(checked.errors) or _refused(since, until)
    if errors:
        since, until = None, today()
    return Asked(ids[:MOST], max(0, len(ids) - MOST), since, until, forms.view(schema, given, errors))


def _refused(since: date | None, until: date) -> dict[str, str]:
    if since is not None and since >= until:
        return {"du": _("La période finit avant d'avoir commencé, ou le même jour\u202f: choisissez une date plus ancienne.")}
    return {}


def _offered(text: str, asked: Asked) -> tuple[tuple[supports.SupportLine, str], ...]:
    """What the search finds beside those that are there, each with the address of the comparison with it."""
    lines, _how = supports.found(db_session(), text, on=today(), limit=OFFERED + MOST)
    beside = [one for one in lines if one.id not in asked.ids][:OFFERED]
    return tuple((one, asked.url("compare", [*asked.ids, one.id])) for one in beside)


def _begins(asked: Asked) -> list[tuple[str, str, bool]]:
    """How far back: label, address, whether it is so now."""
    back = [(period.label, pictures.since(period.key, asked.until)) for period in pictures.spans()]
    return [(label, asked.url("compare", asked.ids, begin, keep=False), begin == asked.since) for label, begin in back]
