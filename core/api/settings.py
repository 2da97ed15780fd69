"""A plugin's settings for the cabinet. Since 1.0."""

from __future__ import annotations

from core.hooks.settings import save

__all__ = ["save"]
