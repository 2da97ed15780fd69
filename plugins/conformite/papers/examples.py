"""A template shown with a fictitious client: nobody's data, whatever the template asks for (CO-01)."""

from __future__ import annotations

from datetime import date

from core.api import pdf
from plugins.conformite.papers import sheet
from plugins.conformite.papers import words
from plugins.conformite.papers.facts import Facts
from plugins.conformite.papers.templates import Template


def drawn(template: Template, head: pdf.Letterhead, on: date) -> bytes:
    """The PDF (a second, reads nothing). Raises `PdfError`."""
    values, tables = words.examples(template.kind)
    return sheet.drawn(template, Facts(values, tables), head, on)
