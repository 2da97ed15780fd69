"""The book of record: transactions. The services that plugins may call. Since 1.0."""

from __future__ import annotations

from core.transactions.services import *  # noqa: F403
