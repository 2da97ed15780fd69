"""The plugin «nomineo»: Generali Patrimoine's extranet, by the partner link. Protocol and activation are in core."""

from __future__ import annotations

from core.api.partner import PartnerPlugin
from plugins.nomineo import mandate
from plugins.nomineo import products
from plugins.nomineo.settings import NomineoSettings


class NomineoPlugin(PartnerPlugin):
    """Business Link to Nominéo (BL)."""

    name = "nomineo"
    title = "Nominéo"
    version = "1.0"
    # On from the start, so that the icons say how to activate; no mandate, no call (BL-03).
    default_on = True
    weight = 10
    partner = products.PARTNER
    settings_schema = NomineoSettings
    mandate_form = mandate.FORM
