"""The cabinet's own signing keys: EC P-256, ES256, named by their RFC 7638 thumbprint (PLP-016)."""

from __future__ import annotations

import json
from datetime import datetime
from datetime import timedelta
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey
from sqlalchemy import func
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import vault
from core.cabinets.models import Cabinet
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.links.models import KeyStatement
from core.links.models import Mandate
from core.links.models import MandateEvent
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
    return kid, private(session, kid)


def jwks(session: TenantSession) -> dict[str, Any]:
    """The public keys, as `jwks.json` shows them (PLP-016); none before the first use."""
    return {"keys": [row.public for row in shown(session)]}


def shown(session: TenantSession) -> list[SigningKey]:
    """The keys that a partner may meet, oldest first: the next one, the one in use, one that ended less than 7 days ago."""
    found = select(SigningKey).where(SigningKey.withdrawn_at.is_(None)).order_by(SigningKey.created_at, SigningKey.id)
    limit = now() - KEPT
    return [row for row in session.scalars(found) if row.retired_at is None or row.retired_at > limit]


def thumbprints(session: TenantSession) -> list[str]:
    """The trusted set for sheets, papers and mandates (PLP-017): the one in use first, then the others that are shown."""
    kid, _ = signing_key(session)
    return [kid, *(row.kid for row in shown(session) if row.kid != kid)]


def stated(session: TenantSession, mandate: str) -> list[str]:
    """The rotation statements since the mandate's paper, oldest first (PLP-019)."""
    paper = session.scalar(
        select(func.max(MandateEvent.at))
        .join(Mandate, (Mandate.id == MandateEvent.mandate_id) & (Mandate.cabinet_id == MandateEvent.cabinet_id))
        .where(Mandate.reference == mandate, MandateEvent.event == "issue")
    )
    found = select(KeyStatement.token).where(KeyStatement.mandate == mandate)
    if paper is not None:
        found = found.where(KeyStatement.created_at > paper)
    return list(session.scalars(found.order_by(KeyStatement.iat)))


def sign(session: TenantSession, claims: dict[str, Any], *, typ: str) -> str:
    """A compact JWS of the claims, ES256, with `kid` and `typ` in its header."""
    kid, key = signing_key(session)
    header = {"alg": ALGORITHM, "kid": kid, "typ": typ}
    body = json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode()
    return jws.serialize_compact(header, body, key, algorithms=[ALGORITHM])


def in_use(session: TenantSession) -> SigningKey | None:
    """The key that signs now: the newest that has begun, and has neither ended nor been withdrawn."""
    at = now()
    begun = [row for row in shown(session) if (row.active_from or row.created_at) <= at]
    return next((row for row in reversed(begun) if row.retired_at is None or row.retired_at > at), None)


def _in_use(session: TenantSession) -> str | None:
    found = in_use(session)
    return found.kid if found is not None else None


def private(session: TenantSession, kid: str) -> ECKey:
    """The private part of one of the cabinet's keys. Raises `VaultError` where it was lost."""
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
        return kid, private(session, kid)
    return add(session, None, actor="system")


def add(session: TenantSession, active_from: datetime | None, *, actor: str) -> tuple[str, ECKey]:
    """Make a key that signs from then on (None: from now on): its `kid`, and the key."""
    key = ECKey.generate_key("P-256", private=True)
    kid = key.thumbprint()
    public = {**_members(key), "kid": kid, "use": "sig", "alg": ALGORITHM}
    session.add(SigningKey(kid=kid, public=public, active_from=active_from))
    vault.seal(session, _owner(kid), _FIELD, json.dumps(key.as_dict(private=True)).encode())
    audit.record(session, actor, "link.key_made", f"link-key:{kid}", {"kid": kid})
    return kid, key


def _members(key: ECKey) -> dict[str, str]:
    known = key.as_dict(private=False)
    return {name: str(known[name]) for name in ("kty", "crv", "x", "y")}


def _owner(kid: str) -> str:
    return f"link-key:{kid}"
