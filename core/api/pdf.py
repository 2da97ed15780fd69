"""PDF from HTML, a chart as an image, and a look into a PDF that somebody deposits. Since 1.0."""

from __future__ import annotations

from core.pdf import Inside
from core.pdf import PdfError
from core.pdf import chart
from core.pdf import font_face
from core.pdf import inspect
from core.pdf import render

__all__ = ["Inside", "PdfError", "chart", "font_face", "inspect", "render"]
