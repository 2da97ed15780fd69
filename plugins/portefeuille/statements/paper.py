"""A statement on paper: a PDF/A-3 in the cabinet's look, the same figures inside for programs and spreadsheets (PF-02, NX-06).

`sheet_of` reads the session; `drawn` takes seconds and reads nothing: commit in between.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from flask_babel import gettext as _
from flask_babel import ngettext
from jinja2 import Environment
from jinja2 import FileSystemLoader
from jinja2 import StrictUndefined
from markupsafe import Markup
from markupsafe import escape

from core.api import charts
from core.api import formats
from core.api import pdf
from core.api import wealth
from plugins.portefeuille import performance_rows
from plugins.portefeuille import pictures
from plugins.portefeuille.statements import data
from plugins.portefeuille.statements import sheet
from plugins.portefeuille.statements.figures import AXES
from plugins.portefeuille.statements.figures import Statement
from plugins.portefeuille.statements.words import part_said
from plugins.portefeuille.statements.words import period_said
from plugins.portefeuille.statements.words import title

MEDIA = "application/pdf"
#: Movements of the pages at most, the latest; the workbook inside has all of them.
MOST = 300
_TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "portefeuille"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be drawn, with all that had to be read for it."""

    found: Statement
    head: pdf.Letterhead
    donut: charts.Chart | None
    curve: charts.Chart | None


def sheet_of(found: Statement) -> Sheet:
    """The statement in the look of the session's cabinet."""
    pictured = "graphiques" in found.wanted.parts
    slices = found.situation.slices(AXES[0])
    label = wealth.AXES[AXES[0]].label
    nowhere = {one.code: "" for one in slices}
    donut = pictures.sliced(slices, label, found.situation, nowhere) if pictured and len(slices) > 1 else None
    return Sheet(found, pdf.head(), donut, pictures.together(found.contact.name, found.evolution) if pictured else None)


def drawn(one: Sheet) -> bytes:
    """The PDF, with `releve.json` and `releve.xlsx` inside. The same figures and day give the same bytes. Raises `PdfError`."""
    found = one.found
    on = _("au %(day)s", day=formats.day(found.wanted.on))
    html = pdf.statement(title(found), on, _body(one), one.head)
    files = [
        pdf.Attached("releve.json", "application/json", data.written(found), _("Les chiffres de ce relevé, pour un logiciel")),
        pdf.Attached("releve.xlsx", sheet.MEDIA, sheet.workbook(found), _("Le même relevé en tableur"), "Alternative"),
    ]
    return pdf.archive(html, files, made=datetime.combine(found.made, datetime.min.time(), UTC))


def _body(one: Sheet) -> Markup:
    found, measure, colours = one.found, one.found.measure, pdf.colours(one.head)
    tiles = {row.label: (row.letter, row.colour) for row in one.donut.rows} if one.donut else {}
    others = (one.donut.rows[-1].letter, one.donut.rows[-1].colour) if one.donut else ("", 0)
    made = _environment().get_template("statement_paper.html").make_module({
        "found": found, "parts": found.wanted.parts, "period": period_said(found), "most": MOST, "tiles": tiles, "others": others,
        "axes": [(wealth.AXES[key].label, found.situation.slices(key)) for key in AXES], "part_said": part_said,
        "rows": performance_rows.figures(measure, ()), "evolution": one.curve,
        "charts": _images({"donut": one.donut, "evolution": one.curve}, colours),
        "measured": _("du %(begin)s au %(finish)s", begin=formats.day(measure.begin), finish=formats.day(measure.finish)),
    })  # fmt: skip
    return escape(made)  # its markup: the template escaped what it shows


def _images(asked: Mapping[str, charts.Chart | None], colours: Mapping[str, str]) -> dict[str, str]:
    """The charts as `data:` addresses; «» for one that there is not."""
    there = {key: chart.printed(colours) for key, chart in asked.items() if chart is not None}
    drawings = pdf.charts(list(there.values())) if there else []
    shown = {
        key: f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
        for key, svg in zip(there, drawings, strict=True)
    }
    return {key: shown.get(key, "") for key in asked}


def _quantity(value: Decimal | None) -> str:
    """A number of units or a price: two decimals at least, as many as are told, four at most; nothing where it is not known."""
    if value is None:
        return ""
    decimals = max(2, min(4, -int(value.normalize().as_tuple().exponent)))
    return formats.number(value, decimals)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"]
    )
    made.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(
        day=formats.day, money=formats.money, signed_money=formats.signed_money, percent=formats.percent, ratio=_ratio,
        quantity=_quantity,
    )  # fmt: skip
    return made


def _ratio(value: Decimal | None) -> str:
    """A weight, with one decimal; «» where there is no whole."""
    return "" if value is None else f"{formats.number(value * 100, 1)}\u00a0%"
