"""PDF from HTML, the same as an archive with files inside, a chart as an image, and a look into a PDF that somebody deposits. Since 1.0."""

from __future__ import annotations

from markupsafe import Markup

from core.pdf import Attached
from core.pdf import Inside
from core.pdf import PdfError
from core.pdf import archive
from core.pdf import chart
from core.pdf import font_face
from core.pdf import inspect
from core.pdf import render
from core.shell import letterhead
from core.web import looks
from core.web.request import db_session

__all__ = [
    "Attached", "Inside", "PdfError", "archive", "chart", "font_face", "inspect", "logo", "render", "statement",
]  # fmt: skip


def logo() -> str:
    """The logo that the session's cabinet has for white paper, as a `data:` address; «» where it has none."""
    return letterhead.logo(db_session())


def statement(title: str, on: str, body: Markup) -> str:
    """The HTML, for `render`, of a statement in the look that the session's cabinet chose: logo, colours, layout, foot, legal
    notice (docs/themes.md). `on`: the day it is of, as people read it. Read it first, commit, then render."""
    return letterhead.page(letterhead.of(db_session(), looks.themes()), title=title, on=on, body=body)
