"""PDF from HTML and charts as images, in a process of its own: no network, no file, bounded time and memory."""

from __future__ import annotations

from core.pdf.fonts import font_face
from core.pdf.render import Inside
from core.pdf.render import PdfError
from core.pdf.render import chart
from core.pdf.render import inspect
from core.pdf.render import render

__all__ = ["Inside", "PdfError", "chart", "font_face", "inspect", "render"]
