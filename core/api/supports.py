"""The book of record: supports. The services that plugins may call. Since 1.0."""

from __future__ import annotations

from core.supports import by_hand as by_hand
from core.supports import directory as directory
from core.supports import fact_keys as fact_keys
from core.supports import facts as facts
from core.supports import favourites as favourites
from core.supports import file_models as file_models
from core.supports import files as files
from core.supports import naming as naming
from core.supports import ranges as ranges
from core.supports.services import *  # noqa: F403
