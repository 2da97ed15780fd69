"""The plugin «horizon»: its table of contents. The protocol, and SAML with it, is in core."""

from __future__ import annotations

from core.api.partner import PartnerPlugin
from encours_horizon import products
from encours_horizon.settings import HorizonSettings


class HorizonPlugin(PartnerPlugin):
    """The link to Horizon Vie, whose sheet asks for the binding `saml2-sp`."""

    name = "horizon"
    title = "Horizon Vie"
    version = "0.1.0"
    api = ">=1.0,<2"
    weight = 50
    partner = products.PARTNER
    settings_schema = HorizonSettings
