"""A document on paper: a template with its facts, in the cabinet's look, as a PDF/A-3 with the facts inside (CO-01, NX-02).

`drawn` takes a second and reads nothing: commit before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from datetime import date
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from jinja2 import Environment
from jinja2 import FileSystemLoader
from jinja2 import StrictUndefined
from markupsafe import Markup
from markupsafe import escape

from core.api import formats
from core.api import pdf
from plugins.conformite.papers import markup
from plugins.conformite.papers.facts import Facts
from plugins.conformite.papers.templates import Template
from plugins.conformite.papers.words import Rows

MEDIA = "application/pdf"
INSIDE = "donnees.json"
_TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "conformite"


def drawn(template: Template, facts: Facts, head: pdf.Letterhead, on: date) -> bytes:
    """The PDF. The same template, facts, look and day give the same bytes. Raises `PdfError`."""
    html = pdf.statement(template.title, _("le %(day)s", day=formats.day(on)), body(template, facts), head)
    inside = pdf.Attached(INSIDE, "application/json", facts.snapshot(template), _("Les informations que ce document reprend"))
    return pdf.archive(html, [inside], made=datetime.combine(on, datetime.min.time(), UTC))


def body(template: Template, facts: Facts) -> Markup:
    """The pages' HTML: every text is escaped where it is written, whatever a template or a fact has in it."""
    shown = [_shown(one, facts) for one in markup.blocks(template.text)]
    made = _environment().get_template("paper_sheet.html").make_module({"blocks": shown})
    return escape(made)  # its markup: the template escaped what it shows


def _shown(one: markup.Block, facts: Facts) -> Mapping[str, Any]:
    if one.kind == "listed":
        rows: Rows = facts.tables.get(one.lines[0], ())
        if one.lines[0] == "tableau_signatures":
            return {"kind": "signatures", "rows": rows}
        return {"kind": "listed", "head": rows[0] if rows else (), "rows": rows[1:]}
    if one.kind == "table":
        return {
            "kind": "table",
            "rows": [[markup.filled(cell, facts.values) for cell in markup.cells(row)] for row in one.lines],
        }
    return {"kind": one.kind, "lines": [markup.filled(line, facts.values) for line in one.lines]}


@cache
def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    made.globals["absent"] = markup.ABSENT
    return made
