"""The authorization code grant: Authlib's, with one transaction for each of its two halves."""

from __future__ import annotations

import hmac
from typing import Any

from authlib.oauth2.rfc6749 import AccessDeniedError
from authlib.oauth2.rfc6749 import InvalidGrantError
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core.grants import OpenIDCode

from core.auth.models import OidcCode
from core.auth.oidc import codes
from core.auth.oidc.clients import AUTH_METHOD
from core.auth.oidc.clients import Client
from core.auth.oidc.kinds import Asked
from core.auth.oidc.kinds import Denied
from core.auth.oidc.log import log
from core.auth.sessions import Current
from core.cabinets.models import User
from core.db import faults
from core.db.clock import epoch
from core.db.session import TenantSession
from core.extensions import db

#: Seconds: ID Token and access token (interfaces.md, «Numbers»).
TOKEN_LIFETIME = 300


class CodeUsed(Exception):
    """Another request used the code up first."""


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """Code flow for clients that sign: the code and what it consumes are written together, and used up together."""

    TOKEN_ENDPOINT_AUTH_METHODS = [AUTH_METHOD]

    #: The transaction of a token response, while there is one.
    work: TenantSession | None = None

    # --- authorize ---------------------------------------------------------------------------------------------

    def generate_authorization_code(self) -> str:
        return codes.new()

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        """Consume the launch and write the code, or neither (PLP-065)."""
        client: Client = request.client
        current: Current = request.user
        values = {name: str(request.args[name]) for name in request.args}
        asked = Asked(client.client_id, current.user_id, current.cabinet_id, current.sid_hash, values)
        try:
            if current.cabinet_id != client.cabinet_id:
                raise Denied("session of another cabinet")
            with db.session(client.cabinet_id) as session:
                granted = client.kind.grant(session, asked)
                codes.save(session, code, client, asked, granted, current)
                session.flush()
                faults.point("authorize:before")
            faults.point("authorize:committed")
        except Denied as error:
            log.info("authorize of %s denied: %s", client.client_id, error)
            raise AccessDeniedError(redirect_uri=values["redirect_uri"]) from error

    # --- token -------------------------------------------------------------------------------------------------

    def query_authorization_code(self, code: str, client: Client) -> codes.Issued | None:
        """The client's own unexpired, unused code. A used one raises the alert, whoever brings it (PLP-074)."""
        row = codes.find(code)
        if row is None:
            return None
        if row.used_at is not None:
            self._replayed(row)
            return None
        if row.client_id != client.client_id or not codes.alive(row):
            return None
        return codes.Issued(row)

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Use the code up, build and sign the token in one transaction: a refusal leaves the code as it was."""
        row: OidcCode = self.request.authorization_code.row
        try:
            with db.session(row.cabinet_id) as session:
                self.work = session
                answer: tuple[int, dict[str, Any], list[tuple[str, str]]] = super().create_token_response()
                session.flush()
                faults.point("token:before")
            faults.point("token:committed")
            return answer
        except CodeUsed as error:
            self._replayed(row)
            raise InvalidGrantError from error
        except Denied as error:
            log.info("token for %s denied: %s", row.client_id, error)
            raise InvalidGrantError from error
        finally:
            self.work = None

    def authenticate_user(self, authorization_code: codes.Issued) -> User | None:
        """The person of the code; None once he was deactivated."""
        assert self.work is not None
        user = self.work.get(User, authorization_code.row.user_id)
        active = user is not None and user.active and user.cabinet_id == authorization_code.row.cabinet_id
        return user if active else None

    def save_token(self, token: dict[str, Any]) -> None:
        """The access token opens nothing, so nothing of it is kept (PLP-080)."""

    def delete_authorization_code(self, authorization_code: codes.Issued) -> None:
        """Used up, but remembered, so that a second use is recognised."""
        assert self.work is not None
        if not codes.use(self.work, authorization_code.row):
            raise CodeUsed

    def _replayed(self, row: OidcCode) -> None:
        client = self.server.query_client(row.client_id)
        log.warning("a used code of %s came again", row.client_id)
        if client is not None:
            with db.session(row.cabinet_id) as session:
                client.kind.replayed(session, row)


def matches(verifier: str, challenge: str) -> bool:
    """Whether the verifier is the challenge's, in constant time."""
    return hmac.compare_digest(create_s256_code_challenge(verifier), challenge)


class S256(CodeChallenge):  # type: ignore[misc]
    """PKCE by S256 only; Authlib alone would take `plain`, and a request without any challenge."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    CODE_CHALLENGE_METHODS = {"S256": matches}
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        asked = grant.request.payload.data
        if not asked.get("code_challenge") or asked.get("code_challenge_method") != "S256":
            raise InvalidRequestError
        super().validate_code_challenge(grant, redirect_uri)


class IdToken(OpenIDCode):  # type: ignore[misc]
    """The ID Token: standard claims here, the rest from the client's kind (PLP-075)."""

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        """A launch serves once, and so does its nonce: a reload is `access_denied` (PLP-071), not a bad request."""
        return False

    def process_token(self, grant: CodeGrant, response: tuple[int, dict[str, Any], object]) -> None:
        """Put the token beside the access token. `at_hash` is left out: it is optional in this flow."""
        assert grant.work is not None
        client: Client = grant.request.client
        row: OidcCode = grant.request.authorization_code.row
        issued = epoch()
        claims = {
            "iss": client.issuer, "sub": row.subject, "aud": client.client_id, "nonce": row.nonce, "iat": issued,
            "exp": issued + TOKEN_LIFETIME, "auth_time": row.auth_time, "amr": list(row.amr), "sid": row.sid,
            **client.kind.claims(grant.work, row),
        }  # fmt: skip
        response[1]["id_token"] = client.kind.sign(grant.work, claims)
