"""Profiles: named sets of rights. The built-in ones are the product's; a cabinet makes others of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from core.cabinets import audit
from core.cabinets.models import Profile
from core.cabinets.permissions import LABELS
from core.cabinets.permissions import ROLES
from core.cabinets.permissions import of_role
from core.cabinets.permissions import with_needs
from core.db.errors import DomainError
from core.db.session import TenantSession


@dataclass(frozen=True, slots=True)
class Known:
    """A profile as it is shown and given. `own`: the cabinet's."""

    code: str
    label: str
    rights: frozenset[str]
    own: bool


def rights_of(session: TenantSession, code: str) -> frozenset[str]:
    """The rights of a profile of the session's cabinet; none for an unknown one."""
    if code in ROLES:
        return of_role(code)
    row = session.scalar(select(Profile).where(Profile.code == code))
    return frozenset(row.rights) & frozenset(LABELS) if row is not None else frozenset()


def listed(session: TenantSession) -> list[Known]:
    """The built-in profiles, then the cabinet's own by name."""
    own = session.scalars(select(Profile).order_by(Profile.label, Profile.code))
    made = [Known(row.code, row.label, frozenset(row.rights) & frozenset(LABELS), own=True) for row in own]
    return [Known(code, label, of_role(code), own=False) for code, label in ROLES.items()] + made


def known(session: TenantSession, code: str) -> Known:
    """One profile. Raises `DomainError` for an unknown one, naming those there are."""
    found = {one.code: one for one in listed(session)}
    if code not in found:
        raise DomainError(f"Profil inconnu : {code}. Profils : {', '.join(found)}.")
    return found[code]


def define(session: TenantSession, actor: str, *, code: str, label: str, rights: Iterable[str]) -> Known:
    """Make a profile of the cabinet, or change it: effective at the next request of whoever has it.

    What a right needs is added to it. Raises `DomainError` for a built-in code, a bad one, an unknown right.
    """
    if code in ROLES:
        raise DomainError(f"«{ROLES[code]}» est un profil d'Encours : il ne se modifie pas. Choisissez un autre code.")
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{1,19}", code):
        raise DomainError("Le code d'un profil s'écrit en capitales, chiffres et tirets bas (2 à 20), par exemple CONTROLE.")
    name = " ".join(label.split())
    if not 1 <= len(name) <= 60:
        raise DomainError("Le nom d'un profil compte de 1 à 60 caractères.")
    asked = frozenset(rights)
    if unknown := sorted(asked - set(LABELS)):
        raise DomainError(f"Droit inconnu : {', '.join(unknown)}. Droits : {', '.join(LABELS)}.")
    whole = with_needs(asked)
    row = session.scalar(select(Profile).where(Profile.code == code))
    before = {"label": row.label, "rights": sorted(row.rights)} if row is not None else None
    if row is None:
        row = Profile(code=code, label=name, rights=sorted(whole))
        session.add(row)
    row.label, row.rights = name, sorted(whole)
    session.flush()
    payload = {"before": before, "after": {"label": name, "rights": sorted(whole)}}
    audit.record(session, actor, "profile.defined", f"profile:{code}", payload)
    return Known(code, name, whole, own=True)
