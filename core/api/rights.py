"""Who reaches what: a plugin's own kinds of things, asked in the one place that all lists, pages and files ask. Since 1.0."""

from __future__ import annotations

from core.cabinets.rights import Scope
from core.cabinets.rights import among
from core.cabinets.rights import on
from core.cabinets.rights import register
from core.cabinets.rights import scope
from core.cabinets.rights import sees

__all__ = ["Scope", "among", "on", "register", "scope", "sees"]
