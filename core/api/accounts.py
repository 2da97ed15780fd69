"""The book of record: accounts. The services that plugins may call. Since 1.0."""

from __future__ import annotations

from core.accounts.services import *  # noqa: F403
