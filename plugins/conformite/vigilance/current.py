"""The current assessment of a contact, as SQL beside the contact: behind situations, requests, the map alike (CO-05)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import false
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import type_coerce

from core.api import book
from plugins.conformite.vigilance import assessments
from plugins.conformite.vigilance.models import Assessment


def column(name: str) -> Any:
    """A column of the contact's current assessment; NULL where there is none."""
    return _current(getattr(Assessment, name))


def waiting() -> Any:
    """Whether the current assessment waits for a second person."""
    return func.coalesce(_current(and_(Assessment.needs.is_(True), Assessment.validated_at.is_(None))), false())


def level() -> Any:
    """The level that is retained; AUCUN where there is none."""
    return func.coalesce(type_coerce(column("level"), String), NEVER)


def validation() -> Any:
    """A code of `assessments.VALIDATIONS`; NULL where there is no assessment."""
    return _current(
        case(
            (Assessment.needs.is_(False), assessments.FREE),
            (Assessment.validated_at.is_(None), assessments.TO_VALIDATE),
            else_=assessments.VALIDATED,
        )
    )


#: The level of who was never assessed.
NEVER = "AUCUN"


def _current(asked: Any) -> Any:
    return (
        select(asked)
        .where(Assessment.contact_id == book.Contact.id)
        .order_by(Assessment.assessed_on.desc(), Assessment.id.desc())
        .limit(1)
        .correlate(book.Contact)
        .scalar_subquery()
    )
