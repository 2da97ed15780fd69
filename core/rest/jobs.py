"""Housekeeping: answers are kept for a day."""

from __future__ import annotations

from core.extensions import db
from core.jobs.queue import periodic
from core.rest import replies


@periodic("api.purge", 3600)
def purge(cabinet_id: int) -> None:
    """Forget the day's old answers."""
    with db.session(cabinet_id) as session:
        replies.purge(session)
