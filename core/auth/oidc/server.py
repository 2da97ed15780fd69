"""Authlib's server, put together: one grant, one way to prove oneself, one word for an error (PLP-066, PLP-074)."""

from __future__ import annotations

import json
import secrets
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload
from authlib.oauth2 import OAuth2Error
from authlib.oauth2 import OAuth2Request
from flask import Request
from flask import Response
from flask import request
from werkzeug.datastructures import MultiDict

from core import config
from core.auth.oidc import clients
from core.auth.oidc.assertion import ClientAssertion
from core.auth.oidc.clients import AUTH_METHOD
from core.auth.oidc.clients import Client
from core.auth.oidc.grants import S256
from core.auth.oidc.grants import TOKEN_LIFETIME
from core.auth.oidc.grants import CodeGrant
from core.auth.oidc.grants import IdToken


class ProviderRequest(OAuth2Request):  # type: ignore[misc]
    """The Flask request under our public address: behind a proxy the socket's own scheme is http."""

    def __init__(self, flask_request: Request) -> None:
        address = config.current().base_url + flask_request.path
        super().__init__(flask_request.method, address, None, flask_request.headers)
        self.flask_request = flask_request
        self.payload = FlaskOAuth2Payload(flask_request)

    @property
    def args(self) -> MultiDict[str, str]:
        return self.flask_request.args

    @property
    def form(self) -> MultiDict[str, str]:
        return self.flask_request.form


class Provider(AuthorizationServer):  # type: ignore[misc]
    """The provider. It needs no `init_app`: nothing of it is configurable."""

    def query_client(self, client_id: str) -> Client | None:
        return clients.find(client_id)

    def create_oauth2_request(self, _request: object) -> ProviderRequest:
        return ProviderRequest(request)

    def handle_error_response(self, request: object, error: OAuth2Error) -> Response:
        """A token error: the one word of RFC 6749 §5.2 (PLP-074); a description would be an oracle.

        An error that goes to a redirect URI is left to `endpoints.authorize`, which writes all of those.
        """
        if error.redirect_uri:
            raise error
        return refusal(str(error.error), 401 if error.error == "invalid_client" else 400)

    def handle_response(self, status_code: int, payload: Any, headers: list[tuple[str, str]]) -> Response:
        response = super().handle_response(status_code, payload, headers)
        response.headers["Cache-Control"] = "no-store"
        return response  # type: ignore[no-any-return]


def refusal(error: str, status: int) -> Response:
    """A token error's answer."""
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store", "Pragma": "no-cache"}
    return Response(json.dumps({"error": error}), status, headers)


def bearer(*, scope: str, **_asked: object) -> dict[str, Any]:
    """The token answer without its ID Token; the access token opens nothing (PLP-080)."""
    return {
        "token_type": "Bearer", "expires_in": TOKEN_LIFETIME, "access_token": secrets.token_urlsafe(32), "scope": scope,
    }  # fmt: skip


def assembled() -> Provider:
    """A provider with its grant, PKCE, ID Token and client authentication."""
    made = Provider()
    made.register_grant(CodeGrant, [S256(required=True), IdToken(require_nonce=True)])
    made.register_client_auth_method(AUTH_METHOD, ClientAssertion())
    made.register_token_generator("default", bearer)
    return made


provider = assembled()
