"""The partner-link kit: `PartnerPlugin` where a partner speaks PLP, `NativePartner` where it has an API of its own. Since 1.0."""

from __future__ import annotations

from core.activation.plugin import PartnerPlugin
from core.activation.printed import PrintedMandate
from core.hooks.declared import MandateWords
from core.hooks.declared import Partner
from core.links.client import PlpClient
from core.links.native import NativePartner
from core.links.plp_json import parse as parse_json

__all__ = ["MandateWords", "NativePartner", "Partner", "PartnerPlugin", "PlpClient", "PrintedMandate", "parse_json"]
