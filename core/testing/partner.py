"""A partner that speaks PLP/1 on this machine: it checks our signature on every request, and misbehaves as it is told.

It is made for tests: one process, no state but what was asked of it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any
from typing import Literal
from urllib.parse import urlsplit

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.jwk import KeySet

from core.testing.saml import SamlPartner

Mood = Literal["well", "down", "slow", "error", "garbage"]
#: Seconds that a slow partner takes: longer than any caller waits.
SLOW = 8.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came; `claims` of its signed assertion, empty where the signature did not hold."""

    method: str
    path: str
    body: Any
    claims: Mapping[str, Any] = field(default_factory=dict)


class FakePartner:
    """A context manager: it listens on a free port of this machine while its block lasts.

    `acts`: code → label, all of them open. `saml`: people come by the binding `saml2-sp`, not `oidc-code`.
    `answers`: an act's code → the whole item to answer instead (PLP §5).
    `platform_keys` gives our public keys; `Installation.join` sets it.
    """

    def __init__(self, acts: Mapping[str, str], *, name: str = "Partenaire d'essai", saml: bool = False) -> None:
        self.acts = dict(acts)
        self.name = name
        self.by_saml = saml
        self.mood: Mood = "well"
        self.answers: dict[str, Mapping[str, Any]] = {}
        self.calls: list[Call] = []
        self.platform_keys: Callable[[], Mapping[str, Any]] = lambda: {"keys": []}
        self._key = ECKey.generate_key("P-256", private=True)
        self._server: ThreadingHTTPServer | None = None
        self._closing = threading.Event()

    def __enter__(self) -> FakePartner:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._closing.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self._server is not None, "use it in a with block"
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def sheet(self, plugin: str) -> dict[str, Any]:
        """Its registration sheet (PLP §2)."""
        made: dict[str, Any] = {
            "plp": 1, "kind": "partner", "partner_id": plugin, "name": self.name, "base_url": f"{self.url}/plp/v1",
            "jwks_uri": f"{self.url}/jwks.json", "jkt": [self._key.thumbprint()], "binding": "oidc-code",
            "initiate_login_uri": f"{self.url}/entree", "redirect_uris": [f"{self.url}/retour"],
            "target_link_uri": f"{self.url}/actes", "launch_origins": [], "account_schemes": ["contract-number"],
            "actions": [{"code": code, "label": label} for code, label in self.acts.items()], "feed": False,
            "mandates": "api",
        }  # fmt: skip
        return {**made, **self.saml.sheet()} if self.by_saml else made

    @cached_property
    def saml(self) -> SamlPartner:
        """Its end of SAML."""
        return SamlPartner(self.url)

    # --- what it answers ---------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, headers: Mapping[str, str], raw: bytes) -> tuple[int, str, bytes]:
        """Status, media type and body for one request."""
        if self.mood == "slow":
            self._closing.wait(SLOW)
        if self.mood in ("down", "error"):
            return 500, "text/plain", b"panne"
        if self.mood == "garbage":
            return 200, "application/json", b'{"actions": [{"code": 12}, "\xff'
        if path == "/jwks.json":
            public = self._key.as_dict(private=False, kid=self._key.thumbprint(), use="sig", alg="ES256")
            return 200, "application/json", json.dumps({"keys": [public]}).encode()
        claims, fault = self._verified(method, path, headers, raw)
        body = json.loads(raw) if raw else None
        self.calls.append(Call(method, path, body, claims))
        if fault:
            problem = {"type": "about:blank", "title": fault, "status": 401}
            return 401, "application/problem+json", json.dumps(problem).encode()
        return self._operation(method, path.removeprefix("/plp/v1"), body)

    def _operation(self, method: str, path: str, body: Any) -> tuple[int, str, bytes]:
        if (method, path) == ("POST", "/capabilities"):
            usual = {code: {"code": code, "label": text, "state": "allowed"} for code, text in self.acts.items()}
            said: dict[str, Any] = {
                "account_ref": body["account"]["ref"], "decision_id": "dec_essai",
                "actions": list({**usual, **self.answers}.values()),
                "evaluated_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            }  # fmt: skip
        elif method == "GET" and path.startswith("/mandates/"):
            said = {"mandate": path.rsplit("/", 1)[1], "state": "active", "seq": 2, "version": 1}
        elif (method, path) == ("GET", "/transactions"):
            said = {"items": [], "next_cursor": None, "has_more": False}
        else:
            problem = {"type": "urn:plp:problem:transaction-unknown", "title": "inconnu", "status": 404}
            return 404, "application/problem+json", json.dumps(problem).encode()
        return 200, "application/json", json.dumps(said).encode()

    def _verified(self, method: str, path: str, headers: Mapping[str, str], raw: bytes) -> tuple[dict[str, Any], str]:
        """The claims of the request's assertion (PLP-021 to PLP-024), or what is wrong with it."""
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            known = KeySet.import_key_set({"keys": list(self.platform_keys()["keys"])})
            signed = jws.deserialize_compact(token, known, algorithms=["ES256"])
            claims: dict[str, Any] = json.loads(signed.payload)
        except (JoseError, ValueError) as error:
            return {}, f"signature refusée : {error}"
        sent = base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).rstrip(b"=").decode()
        wanted: Iterable[tuple[object, object, str]] = (
            (signed.headers().get("typ"), "plp-req+jwt", "typ"), (claims.get("aud"), f"{self.url}/plp/v1", "aud"),
            (claims.get("htm"), method, "htm"), (claims.get("htu"), f"{self.url}{path}", "htu"), (claims.get("bsh"), sent, "bsh"),
        )  # fmt: skip
        for found, expected, name in wanted:
            if found != expected:
                return {}, f"{name} : {expected!r} attendu, {found!r} reçu"
        if claims.get("exp", 0) < time.time():
            return {}, "assertion périmée"
        return claims, ""


def _handler(partner: FakePartner) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            if partner.mood == "down":
                self.close_connection = True
                self.connection.close()
                return
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, kind, body = partner.answer(self.command, urlsplit(self.path).path, dict(self.headers), raw)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if interaction := self.headers.get("PLP-Interaction-Id"):
                self.send_header("PLP-Interaction-Id", interaction)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = _answer  # noqa: N815 - http.server's names

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except OSError:  # the caller gave up, or we hung up on it
                self.close_connection = True

        def log_message(self, *_words: Any) -> None:
            pass

    return Handler
