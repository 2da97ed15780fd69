"""PDF from HTML, or an archive with files inside; a chart as an image; a look into a PDF that somebody deposits. Since 1.0."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from core.pdf import Attached
from core.pdf import Inside
from core.pdf import PdfError
from core.pdf import archive
from core.pdf import chart
from core.pdf import charts
from core.pdf import font_face
from core.pdf import inspect
from core.pdf import render
from core.shell import letterhead
from core.shell.letterhead import Letterhead
from core.web import looks
from core.web.request import db_session

__all__ = [
    "Attached", "Inside", "Letterhead", "PdfError", "archive", "chart", "charts", "colours", "font_face", "head", "inspect",
    "logo", "render", "statement",
]  # fmt: skip


def logo() -> str:
    """The logo that the session's cabinet has for white paper, as a `data:` address; «» where it has none."""
    return letterhead.logo(db_session())


def head() -> Letterhead:
    """The look that the session's cabinet chose for its statements: for `statement` and `colours`, once nothing is read."""
    return letterhead.of(db_session(), looks.themes())


def colours(of: Letterhead) -> Mapping[str, str]:
    """The colours of such a look by their tokens' names: for `Chart.printed`."""
    return letterhead.colours(of)


def statement(title: str, on: str, body: Markup, of: Letterhead | None = None) -> str:
    """The HTML, for `render` or `archive`, of a statement in the look that the session's cabinet chose: logo, colours, layout,
    foot, legal notice (docs/themes.md). `on`: the day it is of, as people read it; `of`: what `head` answered. Read it first,
    commit, then render."""
    return letterhead.page(of or head(), title=title, on=on, body=body)
