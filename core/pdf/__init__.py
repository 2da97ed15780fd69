"""PDF from HTML and charts as images, in a process of its own: no network, no file, bounded time and memory."""

from __future__ import annotations

from core.pdf.fonts import font_face
from core.pdf.preview import Logo
from core.pdf.preview import Overview
from core.pdf.preview import Sheet
from core.pdf.preview import logo
from core.pdf.preview import office_text
from core.pdf.preview import overview
from core.pdf.preview import page_image
from core.pdf.preview import portrait
from core.pdf.render import Attached
from core.pdf.render import Inside
from core.pdf.render import PdfError
from core.pdf.render import archive
from core.pdf.render import chart
from core.pdf.render import charts
from core.pdf.render import inspect
from core.pdf.render import joined
from core.pdf.render import render

__all__ = [
    "Attached", "Inside", "Logo", "Overview", "PdfError", "Sheet", "archive", "chart", "charts", "font_face", "inspect", "joined",
    "logo", "office_text", "overview", "page_image", "portrait", "render",
]  # fmt: skip
