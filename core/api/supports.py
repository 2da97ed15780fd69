"""The book of record: supports. The services that plugins may call. Since 1.0."""

from __future__ import annotations

from core.supports import naming as naming
from core.supports.services import *  # noqa: F403
