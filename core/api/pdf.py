"""PDF from HTML, and a look into one that somebody deposits. Since 1.0."""

from __future__ import annotations

from core.pdf import Inside
from core.pdf import PdfError
from core.pdf import font_face
from core.pdf import inspect
from core.pdf import render

__all__ = ["Inside", "PdfError", "font_face", "inspect", "render"]
