"""Agencies of a cabinet: who works together, and so sees each other's clients where the profile says «agence»."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.cabinets import audit
from core.cabinets.models import Agency
from core.cabinets.models import AgencyMember
from core.cabinets.models import User
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession


@dataclass(frozen=True, slots=True)
class Team:
    """An agency and its people, by name."""

    name: str
    people: tuple[str, ...]
    ids: frozenset[str]


def add(session: TenantSession, actor: str, name: str) -> str:
    """Add an agency to the session's cabinet; its id. Raises `DomainError`, `Conflict` for a name that is taken."""
    clean = " ".join(name.split())
    if not 1 <= len(clean) <= 120:
        raise DomainError("Le nom d'une agence compte de 1 à 120 caractères.")
    if session.scalar(select(Agency.id).where(Agency.name == clean)):
        raise Conflict(f"Une agence s'appelle déjà «{clean}».")
    row = Agency(name=clean)
    session.add(row)
    session.flush()
    audit.record(session, actor, "agency.added", f"agency:{row.id}", {"name": clean})
    return row.id


def join(session: TenantSession, actor: str, name: str, user_id: str) -> bool:
    """Put a person of the cabinet in an agency; False if he was in it. Raises `NotFound`."""
    agency = _agency(session, name)
    known = session.scalar(select(User.id).where(User.id == user_id, User.cabinet_id == session.require_cabinet()))
    if known is None:
        raise NotFound("Cette personne n'est pas de ce cabinet.")
    if _member(session, agency.id, user_id) is not None:
        return False
    session.add(AgencyMember(agency_id=agency.id, user_id=user_id))
    session.flush()
    audit.record(session, actor, "agency.joined", f"agency:{agency.id}", {"user": user_id})
    return True


def leave(session: TenantSession, actor: str, name: str, user_id: str) -> bool:
    """Take a person out of an agency; False if he was not in it. Raises `NotFound`."""
    agency = _agency(session, name)
    row = _member(session, agency.id, user_id)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    audit.record(session, actor, "agency.left", f"agency:{agency.id}", {"user": user_id})
    return True


def listed(session: TenantSession) -> list[Team]:
    """The cabinet's agencies by name."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in session.scalars(select(Agency.name).order_by(Agency.name))}
    rows = session.execute(
        select(Agency.name, User.id, User.display_name)
        .join(AgencyMember, AgencyMember.agency_id == Agency.id)
        .join(User, User.id == AgencyMember.user_id)
        .where(User.cabinet_id == session.require_cabinet()).order_by(User.display_name)
    )  # fmt: skip
    for name, user_id, person in rows:
        found[name].append((user_id, person))
    return [
        Team(name, tuple(person for _, person in who), frozenset(user_id for user_id, _ in who))
        for name, who in found.items()
    ]


def _agency(session: TenantSession, name: str) -> Agency:
    row = session.scalar(select(Agency).where(Agency.name == " ".join(name.split())))
    if row is None:
        raise NotFound(f"Aucune agence de ce cabinet ne s'appelle «{name}».")
    return row


def _member(session: TenantSession, agency_id: str, user_id: str) -> AgencyMember | None:
    return session.scalar(select(AgencyMember).where(AgencyMember.agency_id == agency_id, AgencyMember.user_id == user_id))
