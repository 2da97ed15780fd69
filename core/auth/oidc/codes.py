"""Authorization codes: 128 random bits, kept as a hash, 60 s, used once (PLP-072, PLP-074)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from typing import cast

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin
from sqlalchemy import CursorResult
from sqlalchemy import update

from core.auth.models import OidcCode
from core.auth.oidc.clients import Client
from core.auth.oidc.kinds import Asked
from core.auth.oidc.kinds import Granted
from core.auth.sessions import Current
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db

#: interfaces.md, «Numbers».
LIFETIME = timedelta(seconds=60)


@dataclass(frozen=True)
class Issued(AuthorizationCodeMixin):  # type: ignore[misc]
    """A code's row, as Authlib asks about it."""

    row: OidcCode

    @property
    def code_challenge(self) -> str:
        return self.row.challenge

    @property
    def code_challenge_method(self) -> str:
        return "S256"

    def get_redirect_uri(self) -> str:
        return self.row.redirect_uri

    def get_scope(self) -> str:
        return self.row.scope


def new() -> str:
    """A new code."""
    return secrets.token_urlsafe(16)


def save(session: TenantSession, code: str, client: Client, asked: Asked, granted: Granted, current: Current) -> None:
    """Write what a code stands for, in the transaction that consumes the launch."""
    values = asked.parameters
    session.add(
        OidcCode(
            code_hash=_hashed(code), client_id=client.client_id, cabinet_id=client.cabinet_id,
            user_id=current.user_id, redirect_uri=values["redirect_uri"], scope=" ".join(sorted(client.kind.scope)),
            nonce=values["nonce"], challenge=values["code_challenge"], subject=granted.subject,
            launch_id=granted.launch_id, auth_time=int(current.auth_time.timestamp()), amr=list(current.amr),
            sid=pairwise(client.client_id, current.sid_hash), expires_at=now() + LIFETIME,
        )
    )  # fmt: skip


def find(code: str) -> OidcCode | None:
    """The row of a code, whoever it was given to."""
    with db.session(None, write=False) as session:
        return session.get(OidcCode, _hashed(code))


def alive(row: OidcCode) -> bool:
    """Whether a code may still be exchanged, as far as time goes."""
    return row.expires_at > now()


def use(session: TenantSession, row: OidcCode) -> bool:
    """Use a code up; False where it was used already. Two at once: one True."""
    done = session.execute(
        update(OidcCode)
        .where(OidcCode.code_hash == row.code_hash, OidcCode.used_at.is_(None), OidcCode.expires_at > now())
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", done).rowcount == 1


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def pairwise(client_id: str, sid_hash: str) -> str:
    """PLP-075: the session under a name that is this client's only, from which ours cannot be found."""
    return hashlib.sha256(f"{client_id}|{sid_hash}".encode()).hexdigest()
