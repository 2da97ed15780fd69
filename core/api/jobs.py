"""Background work of a plugin: `Job` for `Plugin.jobs`, `enqueue` in the transaction at hand. Since 1.0."""

from __future__ import annotations

from core.cabinets import services as cabinets
from core.db import current
from core.hooks.job import Job
from core.hooks.types import Adviser
from core.hooks.work import enqueue

__all__ = ["Job", "enqueue", "person"]


def person(user_id: str) -> Adviser | None:
    """Whoever asked for a job, with the rights of this moment; None where they are no longer active in the cabinet."""
    return cabinets.principals(current.session(), [user_id]).get(user_id)
