"""The PLP/1 client: signed requests to a partner, strict answers (partner-link.md §3, §5, §7, §8)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy import select

from core import config
from core.cabinets.models import Cabinet
from core.db.clock import epoch
from core.extensions import db
from core.hooks.errors import AuthFailed
from core.hooks.errors import MandateMissing
from core.hooks.errors import PartnerRefused
from core.hooks.errors import PartnerUnavailable
from core.hooks.errors import ProtocolError
from core.http.partner import Answer
from core.http.partner import PartnerHttp
from core.links import keys
from core.links.mandate_activity import is_on
from core.links.models import Mandate
from core.links.models import Registration
from core.links.plp_json import parse
from core.telemetry import trace

VERSION = "1"
PROBLEM = "urn:plp:problem:"
#: PLP-023: whose name stands on a request.
_BY_MANDATE = ("/transactions", "/mandates")


def issuer(slug: str) -> str:
    """PLP-001: our name for one cabinet."""
    return f"{config.current().base_url}/plp/{slug}"


def origin(url: str) -> str:
    """Where an address lies, as a content policy names it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def loopback_ports(sheet: Mapping[str, Any]) -> frozenset[int]:
    """PLP-002: the registered ports, the only ones that a loopback partner may have."""
    urls = [sheet[name] for name in ("base_url", "jwks_uri", "initiate_login_uri", "keys_statement_uri") if sheet.get(name)]
    parts = [urlsplit(url) for url in urls]
    return frozenset(part.port or (443 if part.scheme == "https" else 80) for part in parts)


class PlpClient:
    """Calls one partner for one cabinet. Opens short sessions of its own: call it outside of any transaction.

    Raises the error words of `core.hooks.errors`; `PartnerUnavailable` where the cabinet has no registration, or has
    turned the plugin off: nothing calls the partner then (BL-03).
    """

    def __init__(self, cabinet_id: int, plugin: str, *, mandate: str | None = None) -> None:
        self.cabinet_id = cabinet_id
        self.plugin = plugin
        with db.session(cabinet_id, write=False) as session:
            registration = session.scalar(select(Registration).where(Registration.plugin == plugin))
            wanted = select(Mandate.reference).where(Mandate.plugin == plugin)
            if mandate is not None:
                wanted = wanted.where(Mandate.reference == mandate)
            reference = session.scalar(wanted.order_by(Mandate.created_at.desc(), Mandate.id.desc()).limit(1))
            slug = session.scalars(select(Cabinet.slug).where(Cabinet.id == cabinet_id)).one()
            on = is_on(session, plugin)
        if not on:
            raise PartnerUnavailable("Ce lien partenaire est désactivé pour votre cabinet.")
        if registration is None or reference is None:
            raise PartnerUnavailable("Ce partenaire n'est pas encore enregistré pour votre cabinet.")
        self.sheet = registration.sheet
        self.base_url: str = registration.sheet["base_url"]
        self.mandate = reference
        self.issuer = issuer(slug)
        self._http = PartnerHttp(
            plugin, cabinet_id, allow_loopback=config.current().plp_allow_loopback, ports=loopback_ports(self.sheet)
        )

    # --- operations --------------------------------------------------------------------------------------------

    def capabilities(self, *, account: Mapping[str, Any], handle: str, broker_code: str) -> dict[str, Any]:
        """PLP §5: what is open on this account for this adviser, now. Interactive: 5 s in all."""
        body = {"account": dict(account), "actor": {"adviser": handle, "broker_code": broker_code}}
        return self._call(
            "POST", "/capabilities", operation="capabilities", body=body, subject=handle, interactive=True
        )

    def put_mandate(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """PLP-037: hand over a version of the mandate; the partner's view comes back."""
        path = f"/mandates/{document['mandate']}"
        return self._call("PUT", path, operation="mandates", body=document, mandate=str(document["mandate"]))

    def get_mandate(self, reference: str, *, interactive: bool = False) -> dict[str, Any] | None:
        """PLP-039: the partner's view; None where it knows no such mandate. `interactive`: somebody waits, 5 s in all."""
        path = f"/mandates/{reference}"
        try:
            return self._call("GET", path, operation="mandates", mandate=reference, interactive=interactive)
        except PartnerRefused as error:
            if error.problem == f"{PROBLEM}mandate-unknown":
                return None
            raise

    def get_feed(self, *, cursor: str | None = None, since: str | None = None, limit: int = 200) -> dict[str, Any]:
        """PLP-101: one page of the feed."""
        query: dict[str, str] = {"limit": str(limit)}
        if cursor is not None:
            query["cursor"] = cursor
        if since is not None:
            query["since"] = since
        return self._call("GET", "/transactions", operation="feed", query=query)

    def get_transaction(self, reference: str) -> dict[str, Any] | None:
        """PLP-103: the newest snapshot; None where the partner knows no such transaction."""
        try:
            return self._call("GET", f"/transactions/{reference}", operation="transaction")
        except PartnerRefused as error:
            if error.problem == f"{PROBLEM}transaction-unknown":
                return None
            raise

    def beside(
        self, path: str, *, operation: str, query: Mapping[str, str] | None = None, etag: str = "", cap: int = 262_144
    ) -> Answer:
        """GET something that the partner serves beside PLP/1, on the host of its `base_url`, as it came (200 or 304).

        Asked in the mandate's name, signed as §3: `aud` stays `base_url`, `htu` is the whole address without its query.
        `path` begins with a slash. `etag`: of what is known already. `cap`: bytes of answer. Raises the error words.
        """
        answer = self._exchange(
            "GET", origin(self.base_url) + path, operation=operation, query=query, subject=self.mandate,
            mandate=self.mandate, also={"If-None-Match": etag} if etag else {}, cap=cap,
        )  # fmt: skip
        if answer.status == 200:
            _check_media(answer)
        elif answer.status != 304 or not etag:
            raise _refusal(answer)
        return answer

    # --- one signed call ---------------------------------------------------------------------------------------

    def _call(
        self, method: str, path: str, *, operation: str, body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None, subject: str | None = None, mandate: str | None = None,
        interactive: bool = False,
    ) -> dict[str, Any]:  # fmt: skip
        named = mandate or self.mandate
        answer = self._exchange(
            method, self.base_url + path, operation=operation, body=body, query=query, mandate=named,
            subject=named if path.startswith(_BY_MANDATE) else subject or named, interactive=interactive,
        )  # fmt: skip
        return self._read(answer)

    def _exchange(
        self, method: str, address: str, *, operation: str, subject: str, mandate: str,
        body: Mapping[str, Any] | None = None, query: Mapping[str, str] | None = None, interactive: bool = False,
        also: Mapping[str, str] = MappingProxyType({}), cap: int = 262_144,
    ) -> Answer:  # fmt: skip
        """One signed exchange; `address` without its query is what is signed (PLP-022)."""
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() if body is not None else b""
        interaction = str(uuid4())

        def headers() -> dict[str, str]:  # PLP-036: a retried request is signed anew
            made = {
                "Authorization": f"Bearer {self._assertion(method, address, raw, subject, mandate)}",
                "PLP-Version": VERSION, "PLP-Interaction-Id": interaction,
                "Accept": "application/json, application/problem+json", "Accept-Language": "fr-FR", **also,
            }  # fmt: skip
            if body is not None:
                made["Content-Type"] = "application/json"
            return made

        trace.note(interaction=interaction)
        url = address + (f"?{urlencode(query)}" if query else "")
        answer = self._http.request(
            method, url, operation=operation, data=raw if body is not None else None, headers=headers,
            deadline=5.0 if interactive else 30.0, connect=2 if interactive else 5, read=3 if interactive else 20,
            cap=cap, interactive=interactive,
        )  # fmt: skip
        echoed = answer.headers.get("PLP-Interaction-Id")
        if echoed is not None and echoed != interaction:
            raise ProtocolError("Le partenaire a répondu à une autre demande que la nôtre.")
        return answer

    def _assertion(self, method: str, address: str, raw: bytes, subject: str, mandate: str) -> str:
        issued = epoch()
        claims = {
            "iss": self.issuer, "sub": subject, "aud": self.base_url, "mandate": mandate,
            "iat": issued, "nbf": issued - 30, "exp": issued + 60, "jti": secrets.token_urlsafe(16),
            "htm": method, "htu": address,
            "bsh": base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).rstrip(b"=").decode(),
        }  # fmt: skip
        with db.session(self.cabinet_id, write=False) as session:
            return keys.sign(session, claims, typ="plp-req+jwt")

    def _read(self, answer: Answer) -> dict[str, Any]:
        if answer.status in (200, 202):
            _check_media(answer)
            return _object(answer.body)
        raise _refusal(answer)


def _check_media(answer: Answer) -> None:
    if answer.headers.get("Content-Type", "").split(";")[0].strip().lower() != "application/json":
        raise ProtocolError("La réponse du partenaire n'est pas dans le format convenu.")


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = parse(body)
    except ValueError as error:
        raise ProtocolError("La réponse du partenaire est illisible.") from error
    if not isinstance(value, dict):
        raise ProtocolError("La réponse du partenaire n'est pas dans le format convenu.")
    return value


def _refusal(answer: Answer) -> Exception:
    """The error word for a problem (PLP-107); without a known type the HTTP status alone counts."""
    problem: dict[str, Any] = {}
    if answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        try:
            problem = _object(answer.body)
        except ProtocolError:
            problem = {}
    kind = str(problem.get("type") or "")
    slug = kind.removeprefix(PROBLEM) if kind.startswith(PROBLEM) else ""
    if slug == "stale-assertion":
        return AuthFailed("L'horloge du partenaire et celle de votre installation diffèrent trop\u202f: il refuse la demande.")
    if answer.status == 401:
        return AuthFailed("Le partenaire ne reconnaît pas la signature de votre cabinet.")
    if slug in ("mandate-inactive", "mandate-revoked"):
        return MandateMissing("Le partenaire indique que le mandat de votre cabinet n'est pas actif.")
    if slug == "adviser-not-mandated":
        return MandateMissing(
            "Le partenaire indique que vous n'êtes pas habilité.", reason="adviser_not_enrolled",
            remedy="Demandez à un administrateur du cabinet de vous ajouter au mandat.",
        )  # fmt: skip
    if slug == "scope-denied":
        return PartnerRefused("Cet acte n'est pas prévu par le mandat.", "act_not_mandated", kind, answer.status)
    if slug == "account-unknown":
        text = "Le partenaire ne connaît pas ce contrat, ou il ne relève pas de votre code courtier."
        return PartnerRefused(text, "other", kind, answer.status)
    if answer.status == 404 and not slug:
        return PartnerUnavailable("Le partenaire ne répond pas à l'adresse convenue.")
    return PartnerRefused(
        str(problem.get("title") or f"Refus du partenaire ({answer.status})"), "other", kind or None, answer.status
    )
