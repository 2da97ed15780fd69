"""Personal access tokens: made and revoked by their owner, known by their hash alone (PL-09).

A token is drawn, 256 bits of chance: a plain SHA-256 is enough to keep it, and to look it up by.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Literal

from sqlalchemy import delete
from sqlalchemy import select

from core.auth import api_scopes
from core.auth import second_factor
from core.auth.models import ApiToken
from core.cabinets import audit
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.cabinets.permissions import ROLES
from core.cabinets.services import principal
from core.db.clock import now
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.model import new_id
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.types import Adviser

#: How a token begins, so that programs that look for secrets left in public places know it.
MARK = "encours_"
#: Days that a token may last.
LIVES = (7, 30, 90, 365)
#: Tokens that a person may have at a time.
MOST = 20
#: `last_used_at` is written at most this often.
TOUCH = timedelta(minutes=1)
#: Ended tokens are shown this long.
KEPT = timedelta(days=90)
State = Literal["active", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it."""

    id: str
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: State


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who calls, by which token. `adviser` is narrowed to its scopes; `held` are the owner's rights of now.

    `unproven`: the cabinet asks for a second factor that the owner has not.
    """

    token: Token
    adviser: Adviser
    held: frozenset[str]
    cabinet_slug: str
    cabinet_name: str
    unproven: bool


def make(
    session: TenantSession, owner: Adviser, *, name: str, scopes: Sequence[str], days: int, token_id: str | None = None
) -> tuple[str, str]:
    """A new token: its text, told this once, and its id. Raises `DomainError` for what may not be given."""
    allowed = api_scopes.open_to(owner)
    whole = api_scopes.with_needs(scopes)
    if not whole or any(code not in allowed for code in (*scopes, *whole)):
        raise DomainError("Choisissez au moins un droit, parmi les vôtres.", field="scopes")
    if days not in LIVES:
        raise DomainError("Choisissez une durée de la liste.", field="days")
    clean = " ".join(name.split())
    if not 1 <= len(clean) <= 60:
        raise DomainError("Le nom d'un jeton compte de 1 à 60 caractères.", field="name")
    active = [one for one in listed(session, owner.user_id) if one.state == "active"]
    if len(active) >= MOST:
        raise DomainError(f"Vous avez déjà {MOST} jetons\u202f: révoquez-en un avant d'en créer un autre.")
    if any(one.name.casefold() == clean.casefold() for one in active):
        raise DomainError(f"Un de vos jetons s'appelle déjà «{clean}».", field="name")
    text = MARK + secrets.token_urlsafe(32)
    row = ApiToken(
        id=token_id or new_id(), token_hash=_hashed(text), prefix=text[: len(MARK) + 6], name=clean, user_id=owner.user_id,
        cabinet_id=owner.cabinet_id, scopes=list(whole), created_at=now(), expires_at=now() + timedelta(days=days),
    )  # fmt: skip
    session.add(row)
    session.flush()
    said = {"name": clean, "scopes": list(whole), "until": row.expires_at.isoformat()}
    audit.record(session, owner.user_id, "token.made", f"token:{row.id}", said)
    return text, row.id


def revoke(session: TenantSession, user_id: str, token_id: str, *, actor: str) -> Token:
    """End one of a person's tokens at once; as it was. Raises `NotFound`, also for somebody else's."""
    row = _row(session, user_id, token_id)
    before = _shown(row)
    if row.revoked_at is None:
        row.revoked_at = now()
        session.flush()
        audit.record(session, actor, "token.revoked", f"token:{row.id}", {"name": row.name, "user": user_id})
    return before


def revoke_all(session: TenantSession, user_id: str, *, actor: str) -> int:
    """End all of a person's tokens; how many were active."""
    active = [one for one in listed(session, user_id) if one.state == "active"]
    for one in active:
        revoke(session, user_id, one.id, actor=actor)
    return len(active)


def listed(session: TenantSession, user_id: str) -> list[Token]:
    """A person's tokens, the newest first."""
    rows = session.scalars(
        select(ApiToken)
        .where(ApiToken.user_id == user_id, ApiToken.cabinet_id == session.require_cabinet())
        .order_by(ApiToken.created_at.desc(), ApiToken.id.desc())
    )
    return [_shown(row) for row in rows]


def get(session: TenantSession, user_id: str, token_id: str) -> Token:
    """One of a person's tokens. Raises `NotFound`."""
    return _shown(_row(session, user_id, token_id))


def bearer(text: str) -> Bearer | None:
    """Whose token this is, with his rights of now; None where it is unknown or has ended, or its owner may not come in."""
    if not text.startswith(MARK) or len(text) > 100:
        return None
    with db.session(None, write=False) as reader:
        found = reader.execute(
            select(ApiToken, User, Cabinet)
            .join(User, User.id == ApiToken.user_id)
            .join(Cabinet, Cabinet.id == ApiToken.cabinet_id)
            .where(ApiToken.token_hash == _hashed(text))
        ).first()
    if found is None:
        return None
    row, user, cabinet = found
    token = _shown(row)
    if token.state != "active" or not user.active or user.cabinet_id != row.cabinet_id:
        return None
    own = None if user.role in ROLES and not cabinet.second_factor_required else user.cabinet_id
    with db.session(own, write=False) as reader:
        owner = principal(reader, user)
        unproven = cabinet.second_factor_required and not second_factor.is_on(reader, user.id)
    return Bearer(token, api_scopes.narrowed(owner, token.scopes), owner.permissions, cabinet.slug, cabinet.name, unproven)


def used(token: Token) -> None:
    """Note that it served, at most once a minute."""
    at = now()
    if token.last_used_at is not None and at - token.last_used_at < TOUCH:
        return
    with db.session(None) as session:
        row = session.get(ApiToken, token.id)
        if row is not None:
            row.last_used_at = at


def purge(session: TenantSession) -> None:
    """Forget tokens that ended long ago."""
    edge = now() - KEPT
    session.execute(delete(ApiToken).where((ApiToken.expires_at < edge) | (ApiToken.revoked_at < edge)))


def _row(session: TenantSession, user_id: str, token_id: str) -> ApiToken:
    row = session.get(ApiToken, token_id)
    if row is None or row.user_id != user_id or row.cabinet_id != session.require_cabinet():
        raise NotFound("Ce jeton n'est pas l'un des vôtres, ou n'existe plus.")
    return row


def _shown(row: ApiToken) -> Token:
    state: State = "revoked" if row.revoked_at is not None else "expired" if row.expires_at <= now() else "active"
    return Token(row.id, row.name, row.prefix, tuple(row.scopes), row.created_at, row.expires_at, row.last_used_at, state)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
