"""The partner-link kit: `PartnerPlugin` where a partner speaks PLP, `NativePartner` where it has an API of its own. Since 1.0."""

from __future__ import annotations

from core.hooks.declared import Partner
from core.links.client import PlpClient
from core.links.native import NativePartner
from core.links.partner import PartnerPlugin

__all__ = ["NativePartner", "Partner", "PartnerPlugin", "PlpClient"]
