"""Whether a partner may be called at all: its plugin is on for the cabinet (BL-03)."""

from __future__ import annotations

from sqlalchemy import select

from core.cabinets.models import Enabling
from core.db.session import TenantSession


def is_on(session: TenantSession, plugin: str) -> bool:
    """Whether the cabinet enabled the plugin. No row: off; it fails closed."""
    return bool(session.scalar(select(Enabling.enabled).where(Enabling.plugin == plugin)))
