"""Cabinets and their people."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from collections.abc import Mapping

from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import passwords
from core.cabinets import profiles
from core.cabinets import vault
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.cabinets.models import UserPhoto
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.model import new_id
from core.db.session import TenantSession
from core.hooks.types import Adviser


def folded_email(text: str) -> str:
    """An e-mail as it is compared: NFKC, no blanks around, case folded."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def add_cabinet(
    session: TenantSession, *, slug: str, name: str, siren: str | None = None, orias: str | None = None,
    address: str | None = None, demo: bool = False,
) -> Cabinet:  # fmt: skip
    """Create a cabinet. The session has none yet: it takes the new one's id.

    Raises `DomainError` for a bad slug, `Conflict` for one that is taken.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,39}", slug):
        raise DomainError("L'identifiant d'un cabinet s'écrit en minuscules, chiffres et tirets (2 à 40).")
    if session.scalar(select(Cabinet).where(Cabinet.slug == slug)):
        raise Conflict(f"Un cabinet porte déjà l'identifiant «{slug}».")
    cabinet = Cabinet(
        slug=slug, name=name, siren=siren, orias=orias, address=address, demo=demo, data_key=vault.new_data_key()
    )
    session.add(cabinet)
    session.flush()
    session.adopt(cabinet.id)
    audit.record(session, "cli", "cabinet.added", f"cabinet:{cabinet.id}", {"slug": slug, "name": name})
    return cabinet


def add_user(
    session: TenantSession, *, email: str, display_name: str, role: str, password: str | None, actor: str = "cli",
    user_id: str | None = None,
) -> User:  # fmt: skip
    """Add a person to the session's cabinet. `password` None: one that nobody knows, until a link gives another.

    Raises `Conflict` where the e-mail is taken in the instance, `DomainError` for an unknown profile, a short password.
    """
    profiles.known(session, role)
    if password is not None and len(password) < 10:
        raise DomainError("Un mot de passe compte au moins 10 caractères.")
    address = folded_email(email)
    if session.scalar(select(User).where(User.email == address)):
        raise Conflict(f"L'adresse {address} a déjà un compte.", field="email")
    user = User(
        id=user_id or new_id(), cabinet_id=session.require_cabinet(), email=address, display_name=_person_name(display_name),
        role=role, password_hash=passwords.hashed(password or secrets.token_urlsafe(32)),
    )  # fmt: skip
    session.add(user)
    session.flush()
    audit.record(session, actor, "user.added", f"user:{user.id}", {"email": address, "role": role})
    return user


def authenticate(session: TenantSession, email: str, password: str) -> User | None:
    """The person of this e-mail and password, or None; it takes as long for an unknown e-mail."""
    user = user_of(session, email)
    if not passwords.matches(user.password_hash if user else None, password):
        return None
    if user is None or not user.active:
        return None
    if passwords.outdated(user.password_hash):
        user.password_hash = passwords.hashed(password)
    return user


def user_of(session: TenantSession, email: str) -> User | None:
    """The person who has this e-mail in the instance."""
    if not email.isprintable():  # PostgreSQL refuses NUL in a text; nobody has such an address
        return None
    return session.scalar(select(User).where(User.email == folded_email(email)))


def known_user(session: TenantSession, email: str) -> User:
    """The same. Raises `NotFound` where nobody has it."""
    user = user_of(session, email)
    if user is None:
        raise NotFound(f"Personne ne se connecte avec l'adresse «{email}».")
    return user


def check_password(session: TenantSession, user: User, password: str) -> str | None:
    """Why this new password is refused for this person, in French, or None."""
    cabinet = session.get_one(Cabinet, user.cabinet_id)
    return passwords.weakness(password, (user.email, user.display_name, cabinet.name))


def change_password(session: TenantSession, user_id: str, password: str, *, actor: str, how: str) -> None:
    """Keep a new password, judged before; `how`: «self», «reset»."""
    user = session.get_one(User, user_id)
    assert user.cabinet_id == session.require_cabinet()
    user.password_hash = passwords.hashed(password)
    audit.record(session, actor, "user.password_changed", f"user:{user.id}", {"how": how})


def change_own_file(session: TenantSession, user_id: str, *, phone: str | None) -> bool:
    """What a person changes of his own file; whether anything changed."""
    user = session.get_one(User, user_id)
    assert user.cabinet_id == session.require_cabinet()
    if user.phone == phone:
        return False
    audit.record(session, user.id, "user.file_changed", f"user:{user.id}", {"phone": [user.phone, phone]})
    user.phone = phone
    return True


def set_photo(session: TenantSession, user_id: str, image: bytes | None) -> bool:
    """Keep a person's photo (a JPEG of our own making), or take it away; whether anything changed."""
    user = session.get_one(User, user_id)
    assert user.cabinet_id == session.require_cabinet()
    kept = session.scalar(select(UserPhoto).where(UserPhoto.user_id == user_id))
    if image is None and kept is None:
        return False
    if kept is not None:
        session.delete(kept)
        session.flush()  # one a person: the former goes before the new one comes
    user.photo_id = None
    if image is not None:
        row = UserPhoto(user_id=user_id, image=image)
        session.add(row)
        session.flush()
        user.photo_id = row.id
    audit.record(session, user_id, "user.photo_changed", f"user:{user_id}", {"kept": image is not None})
    return True


def photo(session: TenantSession, user_id: str) -> bytes | None:
    """The photo of a person of the session's cabinet."""
    return session.scalar(select(UserPhoto.image).where(UserPhoto.user_id == user_id))


def photos(reader: TenantSession, cabinet_id: int) -> dict[str, str]:
    """Whoever of a cabinet has a photo, with the name of its version."""
    rows = reader.execute(select(User.id, User.photo_id).where(User.cabinet_id == cabinet_id, User.photo_id.is_not(None)))
    return {row.id: row.photo_id for row in rows}


def set_single_keys(session: TenantSession, user_id: str, *, on: bool) -> None:
    """Whether single keys are shortcuts for this person: a setting of use."""
    user = session.get_one(User, user_id)
    assert user.cabinet_id == session.require_cabinet()
    if user.single_keys is not on:
        audit.record(session, user.id, "user.single_keys", f"user:{user.id}", {"on": on})
        user.single_keys = on


def require_second_factor(session: TenantSession, *, on: bool, actor: str) -> bool:
    """Have everyone of the session's cabinet sign in with a second factor, or no longer; whether it changed."""
    cabinet = cabinet_of(session)
    if cabinet.second_factor_required is on:
        return False
    cabinet.second_factor_required = on
    audit.record(session, actor, "cabinet.second_factor", f"cabinet:{cabinet.id}", {"required": on})
    return True


def principal(session: TenantSession, user: User) -> Adviser:
    """The user as services and plugins see him. `session`: of his cabinet, unless his profile is a built-in one."""
    return Adviser(
        user_id=user.id, cabinet_id=user.cabinet_id, name=user.display_name, email=user.email, role=user.role,
        permissions=profiles.rights_of(session, user.role),
    )  # fmt: skip


def principals(session: TenantSession, user_ids: Iterable[str]) -> dict[str, Adviser]:
    """Those of these people who are active in the session's cabinet."""
    wanted = select(User).where(User.cabinet_id == session.require_cabinet(), User.active, User.id.in_(list(user_ids)))
    return {user.id: principal(session, user) for user in session.scalars(wanted)}


def set_profile(session: TenantSession, user_id: str, profile: str, *, actor: str) -> bool:
    """Give a person of the session's cabinet another profile, at his next request; False where he had it.

    Raises `DomainError` for an unknown profile, `NotFound`, `Conflict` for the last administrator, and for whoever would
    lock himself out.
    """
    user = person(session, user_id)
    wanted = profiles.known(session, profile)
    if user.role == profile:
        return False
    if "administration" not in wanted.rights:
        if actor == user.id:
            raise Conflict(
                "Vous ne pouvez pas retirer vous-même votre droit d'administrer\u202f: demandez-le à un autre administrateur.",
                field="role",
            )
        _keep_an_administrator(session, user.id)
    before, user.role = user.role, profile
    session.flush()
    audit.record(session, actor, "user.profile", f"user:{user.id}", {"before": before, "after": profile})
    return True


def set_active(session: TenantSession, user_id: str, *, active: bool, actor: str) -> bool:
    """Let a person in, or no longer; False where it was so. The caller ends his sessions.

    Raises `NotFound`, `Conflict` for the last administrator, and for oneself.
    """
    user = person(session, user_id)
    if user.active is active:
        return False
    if not active:
        if actor == user.id:
            raise Conflict("Vous ne pouvez pas désactiver votre propre accès\u202f: demandez-le à un autre administrateur.")
        _keep_an_administrator(session, user.id)
    user.active = active
    session.flush()
    audit.record(session, actor, "user.activated" if active else "user.deactivated", f"user:{user.id}", {})
    return True


def rename(session: TenantSession, user_id: str, name: str, *, actor: str) -> bool:
    """Change how a person of the cabinet is called; False where nothing changes. Raises `NotFound`, `DomainError`."""
    user, clean = person(session, user_id), _person_name(name)
    if user.display_name == clean:
        return False
    before, user.display_name = user.display_name, clean
    session.flush()
    audit.record(session, actor, "user.renamed", f"user:{user.id}", {"before": before, "after": clean})
    return True


def person(session: TenantSession, user_id: str) -> User:
    """A person of the session's cabinet, also one who may not sign in any more. Raises `NotFound`."""
    found = session.scalar(select(User).where(User.id == user_id, User.cabinet_id == session.require_cabinet()))
    if found is None:
        raise NotFound("Cette personne n'est pas de ce cabinet.")
    return found


def _person_name(text: str) -> str:
    clean = " ".join(text.split())
    if not 1 <= len(clean) <= 120:
        raise DomainError("Le nom d'une personne compte de 1 à 120 caractères.", field="name")
    return clean


def _keep_an_administrator(session: TenantSession, user_id: str) -> None:
    if administrators(session) == [user_id]:
        raise Conflict(
            "C'est le dernier administrateur du cabinet\u202f: donnez d'abord ce profil à quelqu'un d'autre.", field="role"
        )


def users(session: TenantSession) -> list[User]:
    """The active people of the session's cabinet, by name. `user_login` is of the instance: filtered here."""
    found = select(User).where(User.cabinet_id == session.require_cabinet(), User.active)
    return list(session.scalars(found.order_by(User.display_name)))


def everybody(session: TenantSession) -> list[User]:
    """All people of the session's cabinet, also those who may not sign in any more, by name."""
    found = select(User).where(User.cabinet_id == session.require_cabinet())
    return list(session.scalars(found.order_by(User.display_name, User.email)))


def administrators(session: TenantSession) -> list[str]:
    """The user ids of those who run the session's cabinet."""
    return holders(session, "administration")


def holders(session: TenantSession, right: str) -> list[str]:
    """The user ids of those whose profile has a right."""
    having = {one.code for one in profiles.listed(session) if right in one.rights}
    return [user.id for user in users(session) if user.role in having]


def cabinet_of(session: TenantSession) -> Cabinet:
    """The session's cabinet."""
    return session.scalars(select(Cabinet).where(Cabinet.id == session.require_cabinet())).one()


#: What a cabinet says of itself.
IDENTITY = ("name", "siren", "orias", "address")


def change_cabinet(session: TenantSession, values: Mapping[str, str | None], *, actor: str) -> bool:
    """Change the cabinet's name and identity (`IDENTITY`); whether anything changed. Raises `DomainError` without a name."""
    cabinet = cabinet_of(session)
    after = {name: " ".join((values.get(name) or "").split()) or None for name in IDENTITY}
    if not after["name"]:
        raise DomainError("Saisissez le nom du cabinet.", field="name")
    before = {name: getattr(cabinet, name) for name in IDENTITY}
    changed = [name for name in IDENTITY if before[name] != after[name]]
    if not changed:
        return False
    for name in changed:
        setattr(cabinet, name, after[name])
    session.flush()
    said = {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}
    audit.record(session, actor, "cabinet.changed", f"cabinet:{cabinet.id}", said)
    return True
