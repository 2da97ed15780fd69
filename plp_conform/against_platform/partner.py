"""A partner as the kit plays it: its sheet, its key, its addresses; what the platform sends it is kept and judged."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from plp_conform import calling
from plp_conform import hooks
from plp_conform import jose
from plp_conform import wire
from plp_conform.calling import Answer
from plp_conform.model import OIDC
from plp_conform.model import SAML_SP
from plp_conform.saml.keys import Pair
from plp_conform.serving import Incoming
from plp_conform.serving import Reply
from plp_conform.serving import Server

_BASE = "/plp/v1"
_LABELS = {"arbitrage": "Arbitrage", "rachat_partiel": "Rachat partiel"}
EXTRA = "conformite.en_cours"


@dataclass(frozen=True, slots=True)
class Signed:
    """A call of the platform below `base_url`, and what its assertion says. `fault`: why it is none."""

    incoming: Incoming
    token: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    fault: str | None

    @property
    def path(self) -> str:
        """Below `base_url`."""
        return self.incoming.path.removeprefix(_BASE)

    @property
    def told(self) -> str:
        """For the report."""
        return f"{self.incoming.told}\n{wire.dump(dict(self.header))}\n{wire.dump(dict(self.claims))}"


class Partner:
    """`platform` is the checked side's sheet. `state`: a file in which key and mandate outlive a run."""

    def __init__(self, server: Server, played: Mapping[str, Any], platform: Mapping[str, Any] | None) -> None:
        self.server, self.platform = server, platform or {}
        self.partner_id, self.name = str(played.get("partner_id", "conformite")), str(played.get("name", "Conformité PLP"))
        self.acts = list(played.get("acts", ("arbitrage", "rachat_partiel")))
        self.scheme = str(played.get("scheme", "contract-number"))
        self._file = Path(played["state"]) if played.get("state") else None
        kept = json.loads(self._file.read_text("utf-8")) if self._file and self._file.exists() else {}
        self.key = jose.Key.from_jwk(kept["key"]) if "key" in kept else jose.Key.make()
        self.binding = str(played.get("binding", OIDC))
        #: Annex A: what signs its requests, and what assertions are encrypted to.
        self.pairs = self._pairs(kept.get("saml", {})) if self.binding == SAML_SP else {}
        #: Published from the start of a run, on no sheet: trusted by nobody, until a statement names it (PLP-017, PLP-020).
        self.next_key = jose.Key.make()
        self.keys: list[dict[str, Any]] = [self.key.public_jwk(), self.next_key.public_jwk()]
        self.statements: list[str] = []
        self.view: dict[str, Any] = kept.get("view", {})
        self.documents: list[dict[str, Any]] = kept.get("documents", [])
        self.capabilities: Callable[[dict[str, Any], Incoming], Reply] | None = None
        self.transactions: Callable[[Incoming], Reply] | None = None
        self.feed: list[dict[str, Any]] = []
        for method in ("GET", "PUT", "POST"):
            server.route(method, _BASE, self._serve)
        server.route("GET", "/plp/jwks.json", lambda _: Reply.json({"keys": self.keys}, Cache_Control="max-age=900"))
        server.route("GET", "/plp/keys-statement", lambda _: Reply.json({"statements": self.statements}))

    @staticmethod
    def _pairs(kept: Mapping[str, Mapping[str, str]]) -> dict[str, Pair]:
        return {
            use: Pair.from_pem(**kept[use]) if use in kept else Pair.make(f"PLP conformite, {use}", signs=use == "signing")
            for use in ("signing", "encryption")
        }

    @property
    def handed_to(self) -> str:
        """Where the hand-over page leads."""
        sheet = self.sheet()
        return str(sheet["saml"]["launch_url"] if self.binding == SAML_SP else sheet["initiate_login_uri"])

    @property
    def base_url(self) -> str:
        """PLP-001."""
        return self.server.public + _BASE

    def sheet(self) -> dict[str, Any]:
        """PLP §2."""
        site, oidc = self.server.public, self.binding != SAML_SP
        return {
            "plp": 1, "kind": "partner", "partner_id": self.partner_id, "name": self.name, "base_url": self.base_url,
            "jwks_uri": f"{site}/plp/jwks.json", "keys_statement_uri": f"{site}/plp/keys-statement", "jkt": [self.key.kid],
            "binding": self.binding, "initiate_login_uri": f"{site}/plp/initiate" if oidc else None,
            "redirect_uris": [f"{site}/plp/callback"] if oidc else None,
            "target_link_uri": f"{site}/actes" if oidc else None, "launch_origins": [], "account_schemes": [self.scheme],
            "actions": [{"code": code, "label": _LABELS.get(code, code), "nature": None} for code in self.acts],
            "extra_statuses": [{"code": EXTRA, "label": "En cours de conformité"}], "feed": True, "mandates": "api",
            "saml": None if oidc else self._saml(site), "contact": "conformite@partenaire.example",
        }  # fmt: skip

    def _saml(self, site: str) -> dict[str, Any]:
        """Annex A."""
        return {
            "entity_id": f"{site}/saml", "acs_url": f"{site}/saml/acs", "launch_url": f"{site}/saml/launch",
            "signing_certs": [self.pairs["signing"].certificate], "encryption_cert": self.pairs["encryption"].certificate,
        }  # fmt: skip

    def save(self) -> None:
        """Key, view and documents, where the target file names a place for them."""
        if self._file:
            pairs = {use: {"private": one.private_pem(), "certificate": one.certificate} for use, one in self.pairs.items()}
            kept = {"key": self.key.private_jwk(), "view": self.view, "documents": self.documents[-1:], "saml": pairs}
            self._file.write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")
            self._file.chmod(0o600)

    # --- what the platform asks -------------------------------------------------------------------------------------

    def _serve(self, incoming: Incoming) -> Reply:
        echo = {"PLP-Version": "1", "PLP-Interaction-Id": incoming.headers.get("plp-interaction-id", "")}
        reply = self._answer(incoming, incoming.path.removeprefix(_BASE))
        return Reply(reply.status, reply.body, {**echo, **reply.headers})

    def _answer(self, incoming: Incoming, path: str) -> Reply:
        if incoming.method == "PUT" and path.startswith("/mandates/"):
            return self._put(incoming)
        if incoming.method == "GET" and path.startswith("/mandates/"):
            return Reply.json(self.view) if self.view else self.problem(404, "mandate-unknown")
        if incoming.method == "POST" and path == "/capabilities":
            asked = wire.parse(incoming.body)
            return (self.capabilities or self.listed)(asked, incoming)
        if incoming.method == "GET" and path == "/transactions":
            return self.transactions(incoming) if self.transactions else Reply.json(self.page(self.feed))
        return self.problem(404, "not-found" if not path.startswith("/transactions/") else "transaction-unknown")

    def _put(self, incoming: Incoming) -> Reply:
        document = wire.parse(incoming.body)
        self.documents.append(document)
        if not self.view or self.view.get("mandate") != document["mandate"]:
            self.view = {
                "mandate": document["mandate"], "version": document["version"], "seq": 0, "state": None, "received_at": None,
                "active_from": None, "effective_at": None, "code": None, "reason": None,
            }  # fmt: skip
        self.view["version"] = document["version"]
        self.save()
        return Reply.json(self.view, 202 if self.view["state"] is None else 200)

    @staticmethod
    def page(items: list[dict[str, Any]], cursor: str = "conformite-0", *, more: bool = False) -> dict[str, Any]:
        """PLP-101."""
        return {"items": items, "next_cursor": cursor, "has_more": more}

    @staticmethod
    def problem(status: int, slug: str, **headers: str) -> Reply:
        """PLP-107."""
        body = {
            "type": f"urn:plp:problem:{slug}", "title": slug, "status": status, "detail": "", "instance": _BASE,
            "interaction_id": str(uuid4()), "retryable": status in (429, 503), "reason_code": None,
        }  # fmt: skip
        return Reply(status, wire.dump(body).encode(), {"Content-Type": "application/problem+json", **headers})

    def answer(self, asked: Mapping[str, Any], actions: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
        """A right list: the first act open, the second closed with its reason."""
        first, *rest = self.acts
        usual = [
            {"code": first, "label": _LABELS.get(first, first), "state": "allowed", "accepts_prefill": False},
            *(
                {"code": code, "label": _LABELS.get(code, code), "state": "denied", "reason": {
                    "code": "pending_same_kind", "text": "Motif de conformité.", "ref": None, "until": None}}
                for code in rest
            ),
        ]  # fmt: skip
        return {
            "account_ref": asked["account"]["ref"], "evaluated_at": wire.stamp(wire.now()), "ttl_s": 0,
            "decision_id": wire.new_id("dec"), "actions": usual if actions is None else actions, **changes,
        }  # fmt: skip

    def listed(self, asked: Mapping[str, Any], _: Incoming) -> Reply:
        """The usual answer."""
        return Reply.json(self.answer(asked))

    def calls(self, path: str = "/") -> list[Signed]:
        """The platform's calls under this path, each verified."""
        came = self.server.came(lambda one: one.path.startswith(_BASE + path))
        return [self.read(one) for one in came]

    def read(self, incoming: Incoming) -> Signed:
        """PLP-022 to PLP-033, but for `jti` and the keys, which the checks look at over all calls."""
        token = incoming.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            header, claims = jose.read(token)
        except ValueError:
            return Signed(incoming, token, {}, {}, "assertion illisible")
        at, path = incoming.at, incoming.path.removeprefix(_BASE)
        rules = {
            "header": (header.get("alg"), header.get("typ")) == ("ES256", "plp-req+jwt") and isinstance(header.get("kid"), str)
            and not {"jku", "x5u", "x5c", "jwk", "crit"} & set(header) and len(token) <= 8192,
            "iss": claims.get("iss") == self.platform.get("iss"), "aud": claims.get("aud") == self.base_url,
            "htm": claims.get("htm") == incoming.method, "htu": claims.get("htu") == self.base_url + path,
            "bsh": claims.get("bsh") == wire.sha256(incoming.body),
            "times": all(type(claims.get(name)) is int for name in ("iat", "nbf", "exp")),
            "ids": all(wire.is_id(claims.get(name)) for name in ("sub", "mandate", "jti")),
        }  # fmt: skip
        if rules["times"]:
            rules["life"] = 0 < claims["exp"] - claims["iat"] <= 90 and claims["nbf"] == claims["iat"] - 30
            rules["now"] = claims["nbf"] - 30 <= at <= claims["exp"] + 30
        wrong = [name for name, right in rules.items() if not right]
        return Signed(incoming, token, header, claims, ", ".join(wrong) or None)

    # --- what it tells ----------------------------------------------------------------------------------------------

    def hook(self, kind: str, data: Any, **changes: Any) -> Answer:
        """One hook. `changes` spoil it: `webhook_id`, `secret`, `at`, `body` (bytes sent), `signed` (bytes signed),
        `headers`, `url`, `note`."""
        event = {"type": kind, "timestamp": wire.stamp(wire.now()), "data": data}
        body: bytes = changes.get("body", wire.dump(event).encode())
        webhook_id = changes.get("webhook_id") or wire.new_id("msg")
        secret = changes.get("secret") or str(self.platform["webhook_secret"])
        made = hooks.signed(secret, webhook_id, changes.get("at") or wire.now(), changes.get("signed", body))
        headers = {**made, "PLP-Interaction-Id": str(uuid4()), **changes.get("headers", {})}
        kept = {name: value for name, value in headers.items() if value is not None}
        url = changes.get("url") or str(self.platform["webhook_url"])
        return calling.call("POST", url, headers=kept, body=body, note=changes.get("note", kind))

    def step(self, state: str, **more: Any) -> dict[str, Any]:
        """The view after one step more of the partner's clerk."""
        at = wire.stamp(wire.now())
        self.view = {
            **self.view, "seq": self.view["seq"] + 1, "state": state, "effective_at": at, "code": None, "reason": None,
            "received_at": self.view["received_at"] or at, **more,
        }  # fmt: skip
        if state == "active":
            self.view["active_from"] = self.view["active_from"] or at
        self.save()
        return dict(self.view)


def make_sheet(played: Mapping[str, Any]) -> dict[str, Any]:
    """The played partner's sheet, to be handed to the platform before a run; its key is kept in `played.state`."""
    server = Server(played.get("host", "127.0.0.1"), int(played.get("port", 0)), played.get("public"))
    try:
        made = Partner(server, played, None)
        made.save()
        return made.sheet()
    finally:
        server.close()
