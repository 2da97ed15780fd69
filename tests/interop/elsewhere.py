"""A platform in a few lines, of PyJWT and jwcrypto only: it joins the simulated extranet and keeps what it is sent."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any

import jwt as pyjwt
import requests
from jwcrypto.jwk import JWK

from tests.stage import Stage
from tests.stage import until


class Delivery:
    """One hook as it came over the wire."""

    def __init__(self, headers: dict[str, str], body: bytes) -> None:
        self.headers, self.body = headers, body


class Platform:
    """Its issuer, keys and hook address are this server's; its mandate one of the simulated extranet's."""

    def __init__(self, stage: Stage, *, broker_code: str = "GP-99999") -> None:
        self.key = JWK.generate(kty="EC", crv="P-256")
        self.kid: str = self.key.thumbprint()
        self.deliveries: list[Delivery] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.site = f"http://127.0.0.1:{self.server.server_port}"
        self.iss = f"{self.site}/plp/ailleurs"
        self.mandate = "mdt_" + secrets.token_urlsafe(16)
        self.secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        self.sheet = {
            "plp": 1, "kind": "platform", "iss": self.iss, "client_id": "cl_" + secrets.token_urlsafe(16),
            "mandate": self.mandate, "cabinet": {"name": "Ailleurs", "siren": "732829320", "orias": "07000123"},
            "broker_code": broker_code, "advisers": [], "jwks_uri": f"{self.iss}/jwks.json", "jkt": [self.kid],
            "webhook_url": f"{self.site}/plp/hooks/ep_of_another_platform", "webhook_secret": self.secret, "contact": None,
        }  # fmt: skip
        stage.sim("POST", "/registrations", **self.sheet)
        self.base_url = f"{stage.extranet}/plp/v1"

    def document(self, version: int = 1) -> dict[str, Any]:
        """The mandate's document (PLP §4)."""
        kept = ("mandate", "iss", "client_id", "cabinet", "broker_code", "jwks_uri", "jkt")
        return {
            **{name: self.sheet[name] for name in kept}, "version": version, "partner_id": "nomineo", "state": "sent",
            "scopes": ["capabilities", "status", "launch:arbitrage"], "statements": [], "signed_pdf_sha256": "0" * 64,
            "advisers": [{"sub": "adv_of_another_platform", "display": "Camille Dupont"}],
            "signed_at": "2026-11-20T09:00:00Z", "expires_at": None,
        }  # fmt: skip

    def call(self, method: str, path: str, body: Any = None, **claims: Any) -> requests.Response:
        """A signed request (PLP §3), by PyJWT; `claims` spoil it."""
        raw = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        at = int(time.time())
        said = {
            "iss": self.iss, "sub": self.mandate, "aud": self.base_url, "mandate": self.mandate, "iat": at, "nbf": at - 30,
            "exp": at + 60, "jti": secrets.token_urlsafe(16), "htm": method, "htu": self.base_url + path,
            "bsh": base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).rstrip(b"=").decode(), **claims,
        }  # fmt: skip
        key = pyjwt.PyJWK({**json.loads(self.key.export_private()), "alg": "ES256"})
        token = pyjwt.encode(said, key, "ES256", headers={"kid": self.kid, "typ": "plp-req+jwt"})
        headers = {"Authorization": f"Bearer {token}", "PLP-Version": "1"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return requests.request(method, self.base_url + path, data=raw or None, headers=headers, timeout=15)

    def delivered(self, count: int) -> list[Delivery]:
        """The hooks so far, once there are that many."""
        until(lambda: len(self.deliveries) >= count)
        return self.deliveries

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                public = {**json.loads(platform.key.export_public()), "kid": platform.kid, "use": "sig", "alg": "ES256"}
                body = json.dumps({"keys": [public]}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                platform.deliveries.append(Delivery(dict(self.headers), body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing of it is to be read."""

        return Handler
