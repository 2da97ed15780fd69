"""The cabinet's journal. Since 1.0."""

from __future__ import annotations

from core.cabinets.audit import record

__all__ = ["record"]
