"""Profiles: named sets of rights. The built-in ones are the product's; a cabinet makes others of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from core.cabinets import audit
from core.cabinets.models import Profile
from core.cabinets.models import User
from core.cabinets.permissions import LABELS
from core.cabinets.permissions import ROLES
from core.cabinets.permissions import of_role
from core.cabinets.permissions import with_needs
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.model import new_id
from core.db.session import TenantSession


@dataclass(frozen=True, slots=True)
class Known:
    """A profile as it is shown and given. `own`: the cabinet's; `id`: of its row, which a built-in one has not."""

    code: str
    label: str
    rights: frozenset[str]
    own: bool
    id: str = ""


def rights_of(session: TenantSession, code: str) -> frozenset[str]:
    """The rights of a profile of the session's cabinet; none for an unknown one."""
    if code in ROLES:
        return of_role(code)
    row = session.scalar(select(Profile).where(Profile.code == code))
    return frozenset(row.rights) & frozenset(LABELS) if row is not None else frozenset()


def listed(session: TenantSession) -> list[Known]:
    """The built-in profiles, then the cabinet's own by name."""
    own = session.scalars(select(Profile).order_by(Profile.label, Profile.code))
    made = [_shown(row) for row in own]
    return [Known(code, label, of_role(code), own=False) for code, label in ROLES.items()] + made


def labels(session: TenantSession) -> dict[str, str]:
    """What each profile is called, by its code."""
    return {one.code: one.label for one in listed(session)}


def known(session: TenantSession, code: str) -> Known:
    """One profile. Raises `DomainError` for an unknown one, naming those there are."""
    found = {one.code: one for one in listed(session)}
    if code not in found:
        raise DomainError(f"Profil inconnu\u202f: {code}. Profils\u202f: {', '.join(found)}.")
    return found[code]


def own(session: TenantSession, profile_id: str) -> Known:
    """A profile that the cabinet made. Raises `NotFound`."""
    return _shown(_row(session, profile_id))


def code_for(session: TenantSession, label: str) -> str:
    """A code that no profile has, made of a name: «Contrôle interne» → CONTROLE_INTERNE."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().upper()
    base = re.sub(r"[^A-Z0-9]+", "_", plain).strip("_")[:17].strip("_")
    base = base if re.match(r"[A-Z][A-Z0-9_]", base) else "PROFIL"
    taken = {one.code for one in listed(session)}
    return next(code for code in (base, *(f"{base}_{number}" for number in range(2, 100))) if code not in taken)


def add(session: TenantSession, actor: str, *, label: str, rights: Iterable[str], profile_id: str | None = None) -> Known:
    """Make a profile under a name that no other has. Raises `DomainError`, `Conflict`."""
    name = _free(session, label)
    return define(session, actor, code=code_for(session, name), label=name, rights=rights, profile_id=profile_id)


def change(session: TenantSession, actor: str, profile_id: str, *, label: str, rights: Iterable[str]) -> bool:
    """Change one of the cabinet's own; whether anything changed.

    Raises `NotFound`, `DomainError`, `Conflict` for a name that is taken, and where nobody would administer any more.
    """
    row = _row(session, profile_id)
    name = row.label if " ".join(label.split()) == row.label else _free(session, label)
    before, ran = _shown(row), _running(session)
    if (before.label, before.rights) == (name, with_needs(frozenset(rights))):
        return False
    define(session, actor, code=row.code, label=name, rights=rights)
    now = _running(session)
    if actor in ran and actor not in now:
        raise Conflict(
            "C'est votre propre profil\u202f: vous ne pouvez pas vous en retirer le droit d'administrer.", field="administration"
        )
    if ran and not now:
        text = "Plus personne n'administrerait le cabinet\u202f: donnez d'abord ce droit ailleurs."
        raise Conflict(text, field="administration")
    return True


def remove(session: TenantSession, actor: str, profile_id: str) -> Known:
    """Remove one of the cabinet's own; as it was. Raises `NotFound`, `Conflict` while somebody has it, naming who."""
    row = _row(session, profile_id)
    found = _shown(row)
    if who := [user.display_name for user in holders(session, row.code)]:
        named = who[0] if len(who) == 1 else f"{', '.join(who[:-1])} et {who[-1]}"
        raise Conflict(f"{named} {'a' if len(who) == 1 else 'ont'} ce profil\u202f: donnez d'abord un autre profil.")
    session.delete(row)
    session.flush()
    said = {"code": found.code, "label": found.label, "rights": sorted(found.rights)}
    audit.record(session, actor, "profile.removed", f"profile:{found.code}", said)
    return found


def holders(session: TenantSession, code: str) -> list[User]:
    """Who has a profile, also those who may not sign in any more, by name."""
    found = select(User).where(User.cabinet_id == session.require_cabinet(), User.role == code)
    return list(session.scalars(found.order_by(User.display_name)))


def _running(session: TenantSession) -> set[str]:
    """Who administers the cabinet."""
    codes = [one.code for one in listed(session) if "administration" in one.rights]
    found = select(User.id).where(User.cabinet_id == session.require_cabinet(), User.active, User.role.in_(codes))
    return set(session.scalars(found))


def _free(session: TenantSession, label: str) -> str:
    name = _named(label)
    if name.casefold() in {one.label.casefold() for one in listed(session)}:
        raise Conflict(f"Un profil s'appelle déjà «{name}». Choisissez un autre nom.", field="label")
    return name


def _named(label: str) -> str:
    name = " ".join(label.split())
    if not 1 <= len(name) <= 60:
        raise DomainError("Le nom d'un profil compte de 1 à 60 caractères.", field="label")
    return name


def _row(session: TenantSession, profile_id: str) -> Profile:
    row = session.scalar(select(Profile).where(Profile.id == profile_id))
    if row is None:
        raise NotFound("Ce profil n'est pas de ce cabinet, ou n'existe plus.")
    return row


def _shown(row: Profile) -> Known:
    return Known(row.code, row.label, frozenset(row.rights) & frozenset(LABELS), own=True, id=row.id)


def define(
    session: TenantSession, actor: str, *, code: str, label: str, rights: Iterable[str], profile_id: str | None = None
) -> Known:
    """Make a profile of the cabinet, or change it: effective at the next request of whoever has it.

    What a right needs is added to it. Raises `DomainError` for a built-in code, a bad one, an unknown right.
    """
    if code in ROLES:
        raise DomainError(f"«{ROLES[code]}» est un profil d'Encours\u202f: il ne se modifie pas. Choisissez un autre code.")
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{1,19}", code):
        raise DomainError("Le code d'un profil s'écrit en capitales, chiffres et tirets bas (2 à 20), par exemple CONTROLE.")
    name = _named(label)
    asked = frozenset(rights)
    if unknown := sorted(asked - set(LABELS)):
        raise DomainError(f"Droit inconnu\u202f: {', '.join(unknown)}. Droits\u202f: {', '.join(LABELS)}.")
    whole = with_needs(asked)
    row = session.scalar(select(Profile).where(Profile.code == code))
    before = {"label": row.label, "rights": sorted(row.rights)} if row is not None else None
    if row is None:
        row = Profile(id=profile_id or new_id(), code=code, label=name, rights=sorted(whole))
        session.add(row)
    row.label, row.rights = name, sorted(whole)
    session.flush()
    payload = {"before": before, "after": {"label": name, "rights": sorted(whole)}}
    audit.record(session, actor, "profile.defined", f"profile:{code}", payload)
    return _shown(row)
