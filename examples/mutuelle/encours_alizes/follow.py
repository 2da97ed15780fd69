"""The background work: the mutual's events become statuses. Reported twice they change nothing: no mark is kept of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.api import Context
from core.api import transactions
from core.api.db import DomainError
from encours_alizes import office

#: An event of a transaction that nobody knows, and one that cannot be read: for the conformance kit.
EXAMPLE = {
    "fetched": [
        {"reference": "inconnue", "id": "e-1", "seq": 1, "status": "pending", "at": "2026-11-20T09:00:00Z", "number": "N-1"},
        {"id": "e-2"},
    ]
}


def ask(ctx: Context, _data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the mutual has to say: nothing where the key is not set."""
    return office.events(ctx) if ctx.settings.get("key") is not None else []


def take(ctx: Context, data: Mapping[str, Any]) -> None:
    """Every event of the window, in its order; one that cannot be read is noted and left out."""
    for one in data["fetched"]:
        try:
            transactions.report(
                ctx, str(one["reference"]), event_id=str(one["id"]), seq=int(one["seq"]), status=str(one["status"]),
                at=datetime.fromisoformat(str(one["at"])), reason=str(one.get("reason") or ""), partner_ref=str(one["number"]),
            )  # fmt: skip
        except (KeyError, ValueError, DomainError) as error:
            ctx.logger.warning("an event of the mutual's was left out: %s", type(error).__name__)
