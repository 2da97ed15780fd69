"""The registered clients, as Authlib asks about them."""

from __future__ import annotations

from dataclasses import dataclass

from authlib.oauth2.rfc6749 import ClientMixin

from core.auth.models import OidcClient
from core.auth.oidc.kinds import ClientKind
from core.auth.oidc.kinds import kind_named
from core.extensions import db

#: The one way a client proves itself at the token endpoint (PLP-015).
AUTH_METHOD = "private_key_jwt"


@dataclass(frozen=True)
class Client(ClientMixin):  # type: ignore[misc]
    """A registered client: code flow, `private_key_jwt`, its own redirect URIs byte for byte."""

    client_id: str
    cabinet_id: int
    kind: ClientKind
    issuer: str
    redirect_uris: tuple[str, ...]

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """There is none: a request without its redirect URI is answered by our own page (PLP-065)."""

    def get_allowed_scope(self, scope: str) -> str:
        return scope if frozenset(scope.split()) == self.kind.scope else ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == AUTH_METHOD and endpoint == "token"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


def find(client_id: str) -> Client | None:
    """The client of this id, in whatever cabinet: the id names the cabinet, never the person (PLP-012)."""
    with db.session(None, write=False) as session:
        row = session.get(OidcClient, client_id)
        kind = kind_named(row.kind) if row is not None else None
        if row is None or kind is None:
            return None
        issuer = kind.issuer(session, row.cabinet_id)
        return Client(row.client_id, row.cabinet_id, kind, issuer, tuple(map(str, row.redirect_uris)))
