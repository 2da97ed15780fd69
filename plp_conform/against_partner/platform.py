"""A platform as the kit plays it: one issuer with its key, its mandate, its hook address, its token endpoint."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from plp_conform import calling
from plp_conform import hooks
from plp_conform import jose
from plp_conform import wire
from plp_conform.calling import Answer
from plp_conform.model import SAML_SP
from plp_conform.saml import keys
from plp_conform.serving import Incoming
from plp_conform.serving import Reply
from plp_conform.serving import Server

#: The endpoints' paths: none that a partner could have built by itself (PLP-015).
AUTHORIZE, TOKEN, SSO = "/plp/conformite-ouverture", "/plp/conformite-jeton", "/plp/conformite-saml"
CODE = "7K2M9QX4TB0D"
Change = Mapping[str, Any]


class Platform:
    """`partner` is the checked side's sheet. What the partner sends it is in `server.seen`."""

    def __init__(
        self, server: Server, partner: Mapping[str, Any], *, broker_code: str, adviser: str = "Camille Dupont",
        scopes: Iterable[str] = ("capabilities", "status"), patience: float = 8.0,
    ) -> None:  # fmt: skip
        self.server, self.partner = server, partner
        self.slug = "c" + secrets.token_hex(5)
        self.iss = f"{server.public}/plp/{self.slug}"
        self.key = jose.Key.make()
        #: Published from the start, on no paper: trusted by nobody, until a statement names it (PLP-017, PLP-020).
        self.next_key = jose.Key.make()
        self.keys: list[dict[str, Any]] = [self.key.public_jwk(), self.next_key.public_jwk()]
        self.jwks_reply: Reply | None = None
        self.jkt = [self.key.kid]
        self.statements: list[str] = []
        self.client_id, self.mandate = wire.new_id("cl"), wire.new_id("mdt")
        self.sub, self.other_sub = wire.new_id("adv"), wire.new_id("adv")
        self.display, self.broker_code = adviser, broker_code
        self.secret = hooks.new_secret()
        self.endpoint = wire.new_id("ep")
        self.scopes = list(scopes)
        self.version = 0
        self.hook_answers: list[int] = []
        self.on_hook: Callable[[Incoming], None] | None = None
        self.tokens: dict[str, Callable[[Incoming], Reply]] = {}
        #: Annex A: the certificates of its sheet; the key that signs is the last one's.
        self.certs = [keys.platforms().certificate] if partner.get("binding") == SAML_SP else []
        self.skew = 0
        self.patience = patience
        server.route("GET", f"/plp/{self.slug}", self._serve)
        server.route("POST", f"/plp/hooks/{self.endpoint}", self._hook)

    # --- what it publishes ------------------------------------------------------------------------------------------

    def _serve(self, incoming: Incoming) -> Reply:
        rest = incoming.path.removeprefix(f"/plp/{self.slug}")
        if rest == "/.well-known/openid-configuration":
            return Reply.json(self.discovery())
        if rest == "/jwks.json":
            return self.jwks_reply or Reply.json({"keys": self.keys}, Cache_Control="max-age=900")
        if rest == "/keys-statement":
            return Reply.json({"statements": self.statements})
        return Reply(404)

    def discovery(self) -> dict[str, Any]:
        """PLP-015."""
        site = self.server.public
        return {
            "issuer": self.iss, "authorization_endpoint": site + AUTHORIZE, "token_endpoint": site + TOKEN,
            "jwks_uri": f"{self.iss}/jwks.json", "response_types_supported": ["code"], "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"], "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["ES256"], "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "plp"], "prompt_values_supported": ["none"],
            "authorization_response_iss_parameter_supported": True,
        }  # fmt: skip

    def sheet(self) -> dict[str, Any]:
        """PLP §2."""
        return {
            "plp": 1, "kind": "platform", "iss": self.iss, "client_id": self.client_id, "mandate": self.mandate,
            "cabinet": {"name": f"Cabinet {self.slug}", "siren": "732829320", "orias": "07000123"},
            "broker_code": self.broker_code, "advisers": [{"sub": self.sub, "display": self.display}],
            "jwks_uri": f"{self.iss}/jwks.json", "jkt": self.jkt,
            "webhook_url": f"{self.server.public}/plp/hooks/{self.endpoint}", "webhook_secret": self.secret,
            "contact": "conformite@plateforme.example", **self._saml(),
        }  # fmt: skip

    def _saml(self) -> dict[str, Any]:
        """Annex A."""
        if not self.certs:
            return {}
        site = self.server.public
        return {
            "saml": {
                "entity_id": self.iss, "sso_url": site + SSO, "metadata": f"{self.iss}/saml/metadata", "certs": self.certs,
            }
        }  # fmt: skip

    def document(self, **changes: Any) -> dict[str, Any]:
        """The mandate's (PLP §4)."""
        return {
            "mandate": self.mandate, "version": self.version, "iss": self.iss, "client_id": self.client_id,
            "partner_id": self.partner["partner_id"], "state": "sent", "cabinet": self.sheet()["cabinet"],
            "broker_code": self.broker_code, "scopes": self.scopes,
            "advisers": [
                {"sub": self.sub, "display": self.display}, {"sub": self.other_sub, "display": "Dominique Second"},
            ],
            "jwks_uri": f"{self.iss}/jwks.json", "jkt": self.jkt, "statements": self.statements,
            "signed_at": "2026-11-20T09:00:00Z", "signed_pdf_sha256": "0" * 64, "expires_at": None, **changes,
        }  # fmt: skip

    # --- its signed requests ----------------------------------------------------------------------------------------

    def now(self) -> int:
        """Its clock: the machine's, or the partner's where that was moved."""
        return wire.now() + self.skew

    def claims(self, method: str, path: str, body: bytes, sub: str) -> dict[str, Any]:
        """PLP-022, PLP-023."""
        at, base = self.now(), str(self.partner["base_url"])
        return {
            "iss": self.iss, "sub": sub, "aud": base, "mandate": self.mandate, "iat": at, "nbf": at - 30, "exp": at + 60,
            "jti": secrets.token_urlsafe(16), "htm": method, "htu": base + path, "bsh": wire.sha256(body),
        }  # fmt: skip

    def header(self, key: jose.Key | None = None) -> dict[str, Any]:
        """Of a signed request."""
        return {"alg": "ES256", "kid": (key or self.key).kid, "typ": "plp-req+jwt"}

    def call(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, sub: str | None = None, query: str = "",
        claims: Change | None = None, drop: Iterable[str] = (), header: Change | None = None, key: jose.Key | None = None,
        make: Callable[[dict[str, Any], dict[str, Any]], str] | None = None, headers: Mapping[str, str | None] | None = None,
        note: str = "",
    ) -> Answer:  # fmt: skip
        """One signed request below `base_url`; `claims`, `drop`, `header`, `key`, `make`, `headers` spoil it.

        A member that is None in `header` or `headers` is left out. `make` makes the token of header and claims.
        """
        content = raw if raw is not None else (b"" if body is None else wire.dump(body).encode())
        said = {**self.claims(method, path, content, sub or self.mandate), **(claims or {})}
        for name in drop:
            said.pop(name, None)
        top = {name: value for name, value in {**self.header(key), **(header or {})}.items() if value is not None}
        token = make(top, said) if make else jose.sign(top, said, key or self.key)
        sent: dict[str, str | None] = {
            "Authorization": f"Bearer {token}", "PLP-Version": "1", "PLP-Interaction-Id": str(uuid4()),
            **({"Content-Type": "application/json"} if body is not None or raw is not None else {}), **(headers or {}),
        }  # fmt: skip
        kept = {name: value for name, value in sent.items() if value is not None}
        url = str(self.partner["base_url"]) + path + (f"?{query}" if query else "")
        return calling.call(method, url, headers=kept, body=content, note=f"{note}\n{_shown(kept.get('Authorization'))}".strip())

    def look(self, **spoil: Any) -> Answer:
        """Its own mandate, read: the simplest signed request."""
        return self.call("GET", f"/mandates/{self.mandate}", **spoil)

    def put(self, *, document: Change | None = None, **spoil: Any) -> Answer:
        """The next version of its mandate, or the document that is given."""
        if document is None:
            self.version += 1
            document = self.document()
        return self.call("PUT", f"/mandates/{self.mandate}", document, **spoil)

    def asked(self, ref: str, scheme: str, **actor: str) -> dict[str, Any]:
        """The body of a capability call (PLP §5)."""
        who = {"adviser": self.sub, "broker_code": self.broker_code, **actor}
        return {"account": {"scheme": scheme, "ref": ref, "product": None}, "actor": who}

    def statement(self, jkt: list[str], *, by: jose.Key | None = None, iat: int | None = None, **claims: Any) -> str:
        """PLP-018: the whole trusted set from then on."""
        key = by or self.key
        public = {name: value for name, value in key.public_jwk().items() if name in ("kty", "crv", "x", "y")}
        header = {"alg": "ES256", "kid": key.kid, "typ": "plp-keys+jwt", "jwk": public}
        said = {"iss": self.iss, "iat": iat or self.now(), "mandate": self.mandate, "jkt": jkt, **claims}
        return jose.sign(header, said, key)

    # --- what it is sent --------------------------------------------------------------------------------------------

    def _hook(self, incoming: Incoming) -> Reply:
        if self.on_hook is not None:
            self.on_hook(incoming)
        return Reply(self.hook_answers.pop(0) if self.hook_answers else 204)

    def is_hook(self, incoming: Incoming) -> bool:
        """Whether it came to its hook address."""
        return incoming.path == f"/plp/hooks/{self.endpoint}"

    def told(self, kind: str, count: int = 1) -> list[Incoming]:
        """Its hooks of one type, once there are so many."""
        return self.server.wait(lambda one: self.is_hook(one) and _event(one).get("type") == kind, count, self.patience)


def _shown(authorization: str | None) -> str:
    """What an assertion says, for the report."""
    try:
        header, claims = jose.read((authorization or "").removeprefix("Bearer "))
    except ValueError:
        return f"Authorization: {calling.masked(authorization or 'absent')[:60]}"
    return f"assertion {wire.dump(header)[:300]} {wire.dump(claims)[:600]}"


def _event(incoming: Incoming) -> dict[str, Any]:
    try:
        value = wire.parse(incoming.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
