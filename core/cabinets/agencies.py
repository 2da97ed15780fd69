"""Agencies of a cabinet: who works together, and so sees each other's clients where the profile says «agence»."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from core.cabinets import audit
from core.cabinets.models import Agency
from core.cabinets.models import AgencyMember
from core.cabinets.models import User
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.model import new_id
from core.db.session import TenantSession


@dataclass(frozen=True, slots=True)
class Team:
    """An agency and its people, by name."""

    id: str
    name: str
    people: tuple[str, ...]
    ids: frozenset[str]


def add(session: TenantSession, actor: str, name: str, *, agency_id: str | None = None) -> str:
    """Add an agency to the session's cabinet; its id. Raises `DomainError`, `Conflict` for a name that is taken."""
    clean = _free(session, name)
    row = Agency(id=agency_id or new_id(), name=clean)
    session.add(row)
    session.flush()
    audit.record(session, actor, "agency.added", f"agency:{row.id}", {"name": clean})
    return row.id


def join(session: TenantSession, actor: str, name: str, user_id: str) -> bool:
    """Put a person of the cabinet in an agency; False if he was in it. Raises `NotFound`."""
    return _join(session, actor, _agency(session, name).id, user_id)


def leave(session: TenantSession, actor: str, name: str, user_id: str) -> bool:
    """Take a person out of an agency; False if he was not in it. Raises `NotFound`."""
    return _leave(session, actor, _agency(session, name).id, user_id)


def rename(session: TenantSession, actor: str, agency_id: str, name: str) -> bool:
    """Give an agency another name; False where it has it. Raises `NotFound`, `DomainError`, `Conflict`."""
    row = _by_id(session, agency_id)
    if row.name == " ".join(name.split()):
        return False
    before, row.name = row.name, _free(session, name)
    session.flush()
    audit.record(session, actor, "agency.renamed", f"agency:{row.id}", {"before": before, "after": row.name})
    return True


def set_members(session: TenantSession, actor: str, agency_id: str, user_ids: Iterable[str]) -> bool:
    """Have these people, and no others, in an agency; whether anything changed. Raises `NotFound`."""
    row, wanted = _by_id(session, agency_id), set(user_ids)
    there = set(session.scalars(select(AgencyMember.user_id).where(AgencyMember.agency_id == row.id)))
    done = [_join(session, actor, row.id, one) for one in sorted(wanted - there)]
    done += [_leave(session, actor, row.id, one) for one in sorted(there - wanted)]
    return any(done)


def set_of_person(session: TenantSession, actor: str, user_id: str, agency_ids: Iterable[str]) -> bool:
    """Have a person in these agencies and in no others; whether anything changed. Raises `NotFound`."""
    wanted = set(agency_ids)
    there = set(session.scalars(select(AgencyMember.agency_id).where(AgencyMember.user_id == user_id)))
    done = [_join(session, actor, _by_id(session, one).id, user_id) for one in sorted(wanted - there)]
    done += [_leave(session, actor, one, user_id) for one in sorted(there - wanted)]
    return any(done)


def remove(session: TenantSession, actor: str, agency_id: str) -> Team:
    """Remove an agency with its members' places in it, none of whom leaves the cabinet; as it was. Raises `NotFound`."""
    row = _by_id(session, agency_id)
    team = next(one for one in listed(session) if one.id == row.id)
    for member in session.scalars(select(AgencyMember).where(AgencyMember.agency_id == row.id)):
        session.delete(member)
    session.flush()
    session.delete(row)
    session.flush()
    said = {"name": team.name, "members": sorted(team.ids)}
    audit.record(session, actor, "agency.removed", f"agency:{agency_id}", said)
    return team


def listed(session: TenantSession) -> list[Team]:
    """The cabinet's agencies by name."""
    rows = session.execute(select(Agency.id, Agency.name).order_by(Agency.name)).all()
    found: dict[str, list[tuple[str, str]]] = {row.id: [] for row in rows}
    members = session.execute(
        select(AgencyMember.agency_id, User.id, User.display_name)
        .join(User, User.id == AgencyMember.user_id)
        .where(User.cabinet_id == session.require_cabinet()).order_by(User.display_name)
    )  # fmt: skip
    for agency_id, user_id, person in members:
        found[agency_id].append((user_id, person))
    return [
        Team(row.id, row.name, tuple(name for _, name in found[row.id]), frozenset(user_id for user_id, _ in found[row.id]))
        for row in rows
    ]


def team(session: TenantSession, agency_id: str) -> Team:
    """One of them. Raises `NotFound`."""
    row = _by_id(session, agency_id)
    return next(one for one in listed(session) if one.id == row.id)


def _free(session: TenantSession, name: str) -> str:
    """A name that no agency has."""
    clean = " ".join(name.split())
    if not 1 <= len(clean) <= 120:
        raise DomainError("Le nom d'une agence compte de 1 à 120 caractères.", field="name")
    if session.scalar(select(Agency.id).where(Agency.name == clean)):
        raise Conflict(f"Une agence s'appelle déjà «{clean}».", field="name")
    return clean


def _join(session: TenantSession, actor: str, agency_id: str, user_id: str) -> bool:
    known = session.scalar(select(User.id).where(User.id == user_id, User.cabinet_id == session.require_cabinet()))
    if known is None:
        raise NotFound("Cette personne n'est pas de ce cabinet.")
    if _member(session, agency_id, user_id) is not None:
        return False
    session.add(AgencyMember(agency_id=agency_id, user_id=user_id))
    session.flush()
    audit.record(session, actor, "agency.joined", f"agency:{agency_id}", {"user": user_id})
    return True


def _leave(session: TenantSession, actor: str, agency_id: str, user_id: str) -> bool:
    row = _member(session, agency_id, user_id)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    audit.record(session, actor, "agency.left", f"agency:{agency_id}", {"user": user_id})
    return True


def _by_id(session: TenantSession, agency_id: str) -> Agency:
    row = session.scalar(select(Agency).where(Agency.id == agency_id))
    if row is None:
        raise NotFound("Cette agence n'est pas de ce cabinet, ou n'existe plus.")
    return row


def _agency(session: TenantSession, name: str) -> Agency:
    row = session.scalar(select(Agency).where(Agency.name == " ".join(name.split())))
    if row is None:
        raise NotFound(f"Aucune agence de ce cabinet ne s'appelle «{name}».")
    return row


def _member(session: TenantSession, agency_id: str, user_id: str) -> AgencyMember | None:
    return session.scalar(select(AgencyMember).where(AgencyMember.agency_id == agency_id, AgencyMember.user_id == user_id))
