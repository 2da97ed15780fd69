"""Acts typed here: where a person goes on with those that he began. Since 1.0."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from flask import url_for

from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.hooks.types import TransactionRef
from core.journeys import book

__all__ = ["resumable"]


def resumable(session: TenantSession, adviser: Adviser, transactions: Sequence[TransactionRef]) -> Mapping[str, str]:
    """Of these transactions those that the person began to type here and has not finished, each with the address of its page."""
    prepared = [row.id for row in transactions if row.status == "initiated"]
    found = book.resumable(session, adviser, prepared)
    return {transaction: url_for("journeys.show", journey_id=journey) for transaction, journey in found.items()}
