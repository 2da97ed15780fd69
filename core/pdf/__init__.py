"""PDF from HTML, in a process of its own: no network, no file, bounded time and memory."""

from __future__ import annotations

from core.pdf.render import PdfError
from core.pdf.render import render

__all__ = ["PdfError", "render"]
