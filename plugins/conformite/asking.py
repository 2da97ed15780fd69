"""What requests can ask of contacts: where they stand, profile, documents, vigilance, projects (CO-01 to CO-05, RQ-01)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from core.api import book
from core.api.types import QueryField
from plugins.conformite import situation
from plugins.conformite.demands import NOTHING
from plugins.conformite.demands import Demands
from plugins.conformite.models import Profile
from plugins.conformite.papers import status
from plugins.conformite.papers.kinds import KINDS
from plugins.conformite.projects.kinds import SURRENDER
from plugins.conformite.projects.models import Project
from plugins.conformite.scoring import ESG
from plugins.conformite.scoring import KNOWLEDGE
from plugins.conformite.vigilance import asking as vigilance

_GROUP = "Conformité"


def _current(column: InstrumentedAttribute[Any]) -> Any:
    """A column of the contact's current profile, beside the contact."""
    return (
        select(column)
        .where(Profile.contact_id == book.Contact.id)
        .order_by(Profile.established_on.desc(), Profile.id.desc())
        .limit(1)
        .correlate(book.Contact)
        .scalar_subquery()
    )


def _projects(what: Any, on: date) -> Any:
    """A figure of the contact's projects that were neither put away nor are past, as an investor or beside one."""
    running = or_(Project.kind == SURRENDER, Project.ends_on >= on)
    return (
        select(what)
        .where(
            or_(Project.contact_id == book.Contact.id, Project.co_contact_id == book.Contact.id), Project.archived_at.is_(None),
            running,
        )
        .correlate(book.Contact)
        .scalar_subquery()
    )  # fmt: skip


_PROFILE = (
    QueryField(
        "conformite.profil", "contacts", "number", "Profil investisseur, de 1 à 5", _current(Profile.level), _GROUP,
        permission="contacts.view",
    ),
    QueryField(
        "conformite.connaissance", "contacts", "choice", "Connaissance des placements", _current(Profile.knowledge), _GROUP,
        tuple(KNOWLEDGE.items()), "contacts.view",
    ),
    QueryField(
        "conformite.durabilite", "contacts", "choice", "Préférences de durabilité", _current(Profile.esg), _GROUP,
        tuple(ESG.items()), "contacts.view",
    ),
    QueryField(
        "conformite.profil_du", "contacts", "date", "Profil investisseur établi le", _current(Profile.established_on), _GROUP,
        permission="contacts.view",
    ),
    QueryField(
        "conformite.profil_jusqu_au", "contacts", "date", "Profil investisseur valable jusqu'au", _current(Profile.valid_until),
        _GROUP, permission="contacts.view",
    ),
)  # fmt: skip


@lru_cache(maxsize=8)
def fields(on: date, demanded: Demands = NOTHING) -> tuple[QueryField, ...]:
    """All of them, as of a day. `demanded`: what the cabinet asks of a file."""
    return (
        QueryField(
            situation.PATH, "contacts", "choice", "Situation de conformité", situation.expression(on, demanded), _GROUP,
            tuple(situation.SITUATIONS.items()), "contacts.view",
        ),
        *_PROFILE,
        *vigilance.fields(),
        *(
            QueryField(
                f"conformite.{kind.lower()}", "contacts", "choice", one.label, status.state(kind, on), _GROUP,
                tuple(status.HELD.items()), "documents.view",
            )
            for kind, one in KINDS.items()
        ),
        QueryField(
            "conformite.projets", "contacts", "number", "Projets d'investissement en cours",
            _projects(func.count(Project.id), on), _GROUP, permission="contacts.view",
        ),
        QueryField(
            "conformite.projet_horizon", "contacts", "date", "Horizon du prochain projet",
            _projects(func.min(Project.ends_on), on), _GROUP, permission="contacts.view",
        ),
    )  # fmt: skip
