"""The partner-link kit: a partner plugin subclasses `PartnerPlugin`; the protocol stays in core. Since 1.0."""

from __future__ import annotations

from core.hooks.declared import Partner
from core.links.client import PlpClient
from core.links.partner import PartnerPlugin

__all__ = ["Partner", "PartnerPlugin", "PlpClient"]
