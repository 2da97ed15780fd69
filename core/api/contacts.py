"""The book of record: contacts. The services that plugins may call. Since 1.0."""

from __future__ import annotations

from core.contacts import aliases
from core.contacts import archive
from core.contacts import bulk
from core.contacts import bulk_find
from core.contacts import bulk_match
from core.contacts import bulk_shelves
from core.contacts import bulk_undo
from core.contacts import bulk_update
from core.contacts import categories
from core.contacts import channels
from core.contacts import choices
from core.contacts import completeness
from core.contacts import custom
from core.contacts import custom_values
from core.contacts import dossier
from core.contacts import duplicates
from core.contacts import geo
from core.contacts import geocoder
from core.contacts import history
from core.contacts import households
from core.contacts import kinship
from core.contacts import labels
from core.contacts import life
from core.contacts import lists
from core.contacts import merging
from core.contacts import near
from core.contacts import numbers
from core.contacts import places
from core.contacts import relation_types
from core.contacts import relations
from core.contacts import shelves
from core.contacts import situations
from core.contacts import structures
from core.contacts import team
from core.contacts import twins
from core.contacts.details import NAMES as DETAILS
from core.contacts.schemas import OLDEST
from core.contacts.schemas import PROTECTION_LABELS
from core.contacts.schemas import SITUATION_LABELS
from core.contacts.services import *  # noqa: F403
from core.contacts.services import __all__ as _services

__all__ = [
    "DETAILS", "OLDEST", "PROTECTION_LABELS", "SITUATION_LABELS", "aliases", "archive", "bulk", "bulk_find", "bulk_match",
    "bulk_shelves", "bulk_undo", "bulk_update", "categories", "channels", "choices", "completeness", "custom",
    "custom_values", "dossier", "duplicates", "geo", "geocoder", "history", "households", "kinship", "labels", "life",
    "lists", "merging", "near", "numbers", "places", "relation_types", "relations", "shelves", "situations", "structures",
    "team", "twins",
]  # fmt: skip
__all__ += _services
