"""The cabinet's own signing keys: EC P-256, ES256, named by their RFC 7638 thumbprint (PLP-016)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import vault
from core.cabinets.models import Cabinet
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.links.models import SigningKey

ALGORITHM = "ES256"
#: PLP-020: a key stays in the JWKS this long after its last use.
KEPT = timedelta(days=7)
_FIELD = "private"


def signing_key(session: TenantSession) -> tuple[str, ECKey]:
    """The key the cabinet signs with, and its `kid`; made at the first need.

    Where the session only reads, a missing key is made in a transaction of its own.
    """
    kid = _in_use(session)
    if kid is None:
        kid, key = _first(session)
        return kid, key
    return kid, _private(session, kid)


def jwks(session: TenantSession) -> dict[str, Any]:
    """The public keys, as `jwks.json` shows them (PLP-016); none before the first use."""
    found = select(SigningKey).order_by(SigningKey.created_at, SigningKey.id)
    limit = now() - KEPT
    return {"keys": [row.public for row in session.scalars(found) if row.retired_at is None or row.retired_at > limit]}


def thumbprints(session: TenantSession) -> list[str]:
    """The trusted set for sheets and mandates: the thumbprints of the keys in use (PLP-017)."""
    kid, _ = signing_key(session)
    others = session.scalars(
        select(SigningKey.kid)
        .where(SigningKey.retired_at.is_(None), SigningKey.kid != kid)
        .order_by(SigningKey.created_at, SigningKey.id)
    )
    return [kid, *others]


def sign(session: TenantSession, claims: dict[str, Any], *, typ: str) -> str:
    """A compact JWS of the claims, ES256, with `kid` and `typ` in its header."""
    kid, key = signing_key(session)
    header = {"alg": ALGORITHM, "kid": kid, "typ": typ}
    body = json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode()
    return jws.serialize_compact(header, body, key, algorithms=[ALGORITHM])


def _in_use(session: TenantSession) -> str | None:
    found = select(SigningKey.kid).where(SigningKey.retired_at.is_(None))
    return session.scalar(found.order_by(SigningKey.created_at, SigningKey.id).limit(1))


def _private(session: TenantSession, kid: str) -> ECKey:
    text = vault.unseal(session, _owner(kid), _FIELD)
    if text is None:
        raise vault.VaultError(f"la clé privée {kid} n'est plus au coffre")
    return ECKey.import_key(json.loads(text))


def _first(session: TenantSession) -> tuple[str, ECKey]:
    if session.get_bind().get_execution_options().get("immediate"):
        return _made(session)
    with db.session(session.require_cabinet()) as writer:
        return _made(writer)


def _made(session: TenantSession) -> tuple[str, ECKey]:
    # One maker at a time: the cabinet's row is the lock where the database has row locks.
    session.scalars(select(Cabinet.id).where(Cabinet.id == session.require_cabinet()).with_for_update()).one()
    if (kid := _in_use(session)) is not None:
        return kid, _private(session, kid)
    key = ECKey.generate_key("P-256", private=True)
    kid = key.thumbprint()
    public = {**_members(key), "kid": kid, "use": "sig", "alg": ALGORITHM}
    session.add(SigningKey(kid=kid, public=public))
    vault.seal(session, _owner(kid), _FIELD, json.dumps(key.as_dict(private=True)).encode())
    audit.record(session, "system", "link.key_made", f"link-key:{kid}", {"kid": kid})
    return kid, key


def _members(key: ECKey) -> dict[str, str]:
    known = key.as_dict(private=False)
    return {name: str(known[name]) for name in ("kty", "crv", "x", "y")}


def _owner(kid: str) -> str:
    return f"link-key:{kid}"
