"""Themes: how they are found, checked and written as a style sheet. A theme is data (docs/themes.md, ADR 020): tokens with
checked values, pictures, and a few pieces of markup; it brings no style sheet and no program."""

from __future__ import annotations

from core.themes.manifest import Theme
from core.themes.registry import Broken
from core.themes.registry import Themes

__all__ = ["Broken", "Theme", "Themes"]
