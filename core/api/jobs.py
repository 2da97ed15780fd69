"""Background work of a plugin: `Job` for `Plugin.jobs`, `enqueue` in the transaction at hand. Since 1.0."""

from __future__ import annotations

from core.cabinets import services as cabinets
from core.db import current
from core.hooks.job import Job
from core.hooks.types import Adviser
from core.hooks.work import enqueue

__all__ = ["Job", "enqueue", "person", "person_of"]


def person(user_id: str) -> Adviser | None:
    """Whoever asked for a job, with the rights of this moment; None where they are no longer active in the cabinet."""
    return cabinets.principals(current.session(), [user_id]).get(user_id)


def person_of(email: str) -> Adviser | None:
    """The same of whoever has this address in the cabinet."""
    wanted = email.strip().casefold()
    found = next((one for one in cabinets.users(current.session()) if one.email.casefold() == wanted), None) if wanted else None
    return person(found.id) if found is not None else None
