"""The book of record: contacts. The services that plugins may call. Since 1.0."""

from __future__ import annotations

from core.contacts import aliases
from core.contacts import channels
from core.contacts import choices
from core.contacts import duplicates
from core.contacts import geo
from core.contacts import geocoder
from core.contacts import history
from core.contacts import lists
from core.contacts import merging
from core.contacts import near
from core.contacts import places
from core.contacts import twins
from core.contacts.details import NAMES as DETAILS
from core.contacts.schemas import PROTECTION_LABELS
from core.contacts.schemas import SITUATION_LABELS
from core.contacts.services import *  # noqa: F403
from core.contacts.services import __all__ as _services

__all__ = [
    "DETAILS", "PROTECTION_LABELS", "SITUATION_LABELS", "aliases", "channels", "choices", "duplicates", "geo", "geocoder",
    "history", "lists", "merging", "near", "places", "twins",
]  # fmt: skip
__all__ += _services
