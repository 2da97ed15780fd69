"""`private_key_jwt`: how a client proves itself at the token endpoint (RFC 7523, PLP-073)."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from typing import Any

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from core.auth.models import ReplayGuard
from core.auth.oidc.clients import AUTH_METHOD
from core.auth.oidc.clients import Client
from core.auth.oidc.discovery import token_endpoint
from core.auth.oidc.kinds import UnknownKey
from core.db.clock import epoch
from core.db.clock import now
from core.extensions import db

#: interfaces.md, «Numbers»: seconds.
LEEWAY = 30
LIFETIME = 90
MAX_BYTES = 8 * 1024
TYPES = (None, "JWT", "client-authentication+jwt")
#: Members that name or carry a key, or change what the signature covers: never taken from the token.
_FORBIDDEN = frozenset({"jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64"})
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_JTI = re.compile(r"[A-Za-z0-9_-]{16,64}")


class ClientAssertion(JWTBearerClientAssertion):  # type: ignore[misc]
    """Authlib's method with PLP-073's rules, which are narrower at each point."""

    CLIENT_AUTH_METHOD = AUTH_METHOD

    def __call__(self, query_client: Callable[[str], Client | None], request: OAuth2Request) -> Client:
        """The client that signed. Raises `InvalidClientError`, or `KeysAway` where its keys cannot be had."""
        assertion = request.form["client_assertion"]
        header, claims = self.extract_assertion(assertion)
        client = query_client(request.form["client_id"])
        if client is None:
            raise InvalidClientError
        self.check_claims(claims, client)
        self.process_assertion_claims(assertion, self.key(client, header["kid"]))
        self.use_up(claims, client)
        return client

    def extract_assertion(self, assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Header and claims, not yet believed. Raises `InvalidClientError` for a token of another make."""
        if len(assertion) > MAX_BYTES or not _COMPACT.fullmatch(assertion):
            raise InvalidClientError
        head, body, _ = assertion.split(".")
        header, claims = _object(head), _object(body)
        if header.get("alg") != "ES256" or header.get("typ") not in TYPES or _FORBIDDEN & header.keys():
            raise InvalidClientError
        if not isinstance(header.get("kid"), str):
            raise InvalidClientError
        return header, claims

    def check_claims(self, claims: dict[str, Any], client: Client) -> None:
        """Who, to whom, when, which. Types first: an `aud` list or a boolean time is refused, not converted."""
        issued, expires, begins = claims.get("iat"), claims.get("exp"), claims.get("nbf", claims.get("iat"))
        if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
            raise InvalidClientError
        audience = claims.get("aud")
        if not isinstance(audience, str) or audience not in (client.issuer, token_endpoint()):
            raise InvalidClientError
        if type(issued) is not int or type(expires) is not int or type(begins) is not int:
            raise InvalidClientError
        at = epoch()
        if not 0 < expires - issued <= LIFETIME:
            raise InvalidClientError
        if issued > at + LEEWAY or begins > at + LEEWAY or expires <= at - LEEWAY:
            raise InvalidClientError
        jti = claims.get("jti")
        if not isinstance(jti, str) or not _JTI.fullmatch(jti):
            raise InvalidClientError

    def key(self, client: Client, kid: str) -> ECKey:
        """The trusted key of this name (PLP-017)."""
        try:
            return client.kind.public_key(client.cabinet_id, client.client_id, kid)
        except UnknownKey as error:
            raise InvalidClientError from error

    def process_assertion_claims(self, assertion: str, resolve_key: ECKey) -> None:
        """Verify the signature, ES256 and nothing else."""
        try:
            jws.deserialize_compact(assertion, resolve_key, algorithms=["ES256"])
        except (JoseError, ValueError) as error:
            raise InvalidClientError from error

    def use_up(self, claims: dict[str, Any], client: Client) -> None:
        """PLP-073: a `jti` serves once, and is remembered until its assertion could no longer be accepted."""
        until = datetime.fromtimestamp(claims["exp"] + LEEWAY, UTC)
        try:
            with db.session(None) as session:
                ended = (ReplayGuard.issuer == client.client_id, ReplayGuard.until < now())
                session.execute(delete(ReplayGuard).where(*ended).execution_options(synchronize_session=False))
                session.add(ReplayGuard(issuer=client.client_id, jti=claims["jti"], until=until))
        except IntegrityError as error:
            raise InvalidClientError from error


def _object(part: str) -> dict[str, Any]:
    """A JSON object of a token; a repeated member, which two readers would read differently, is refused."""
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        value = json.loads(raw.decode(), object_pairs_hook=_once)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise InvalidClientError from error
    if not isinstance(value, dict):
        raise InvalidClientError
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is repeated")
    return members
