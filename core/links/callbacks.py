"""`POST /plp/hooks/<endpoint_id>`: a partner's hook, checked in the order of PLP-088 to PLP-097."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import logging
import re
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from uuid import uuid4

from flask import Blueprint
from flask import Response
from flask import request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import Headers

from core.cabinets import audit
from core.cabinets import vault
from core.db import faults
from core.db.clock import epoch
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import enabling
from core.hooks import telling
from core.links import feedback
from core.links import mandates
from core.links import partner_trust
from core.links.models import Endpoint
from core.links.models import InboxEvent
from core.links.plp_json import parse
from core.shell.notifications import notify_administrators
from core.transactions.snapshot import TYPES
from core.web.policy import policy

_log = logging.getLogger("encours.links")
#: PLP-089, bytes; PLP-090, seconds.
CAP = 65_536
TOLERANCE = 300
#: The vault's fields of an endpoint's secret; the second one during a rotation (PLP-013).
SECRETS = ("webhook-secret", "webhook-secret-old")
MANDATE_TYPES = frozenset(
    f"mandate.{word}" for word in ("received", "activated", "returned", "refused", "suspended", "revoked")
)
#: A forged hook is written to the journal at most this often (seconds) per endpoint and process.
FORGERY_PAUSE = 60.0
#: Attempts at one hook when another one writes the same numbers at the same moment.
ATTEMPTS = 5
_INTERACTION = "PLP-Interaction-Id"
_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
_STAMP = re.compile(r"[0-9]{1,12}")
_forged: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `result` is the body's word up to 299; above, `result` is the problem's slug and `text` its detail."""

    status: int
    result: str = ""
    text: str = ""
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What the inbox keeps of a hook that was taken: its outcome, and the transaction it names."""

    outcome: str
    reference: str | None = None


class Refusal(Exception):
    """An answer of 400 or more: the transaction is rolled back, nothing of the hook stays (PLP-098)."""

    def __init__(self, reply: Reply, conflict: feedback.Conflict | None = None, *, reused: bool = False) -> None:
        super().__init__(reply.result)
        self.reply = reply
        self.conflict = conflict
        self.reused = reused


def register(blueprint: Blueprint) -> None:
    """Put the route on the blueprint of `/plp`."""
    blueprint.add_url_rule("/hooks/<endpoint_id>", "hook", hook, methods=["POST"])


@policy("machine")
def hook(endpoint_id: str) -> Response:
    """Check, keep, apply: one database transaction, no call to anyone before the answer."""
    reply = _enter(endpoint_id)
    interaction = _interaction()
    # The endpoint is named only where it is one of ours: anybody may type another.
    known = endpoint_id if reply.status < 400 else "-"
    _log.info("hook %s → %s %s (%s)", known, reply.status, reply.result, interaction)
    response = Response(status=reply.status)
    if reply.status >= 400:
        response.mimetype, response.data = "application/problem+json", _problem(reply, interaction)
    elif reply.status != 204:
        response.mimetype, response.data = "application/json", json.dumps({"result": reply.result}).encode()
    response.headers["Cache-Control"] = "no-store"
    response.headers[_INTERACTION] = interaction
    if reply.retry_after is not None:
        response.headers["Retry-After"] = str(reply.retry_after)
    return response


def _enter(endpoint_id: str) -> Reply:
    """PLP-088, PLP-089; then the rest."""
    with db.session(None, write=False) as session:
        endpoint = session.get(Endpoint, endpoint_id)
    if endpoint is None:
        return Reply(404, "not-found", "Adresse inconnue.")
    if not endpoint.enabled:
        return Reply(410, "endpoint-disabled", "Cette adresse n'est plus en service.")
    body = _body()
    if body is None:
        return Reply(413, "too-large", f"{CAP} octets au plus.")
    plain = request.headers.get("Content-Encoding", "identity").strip().lower() == "identity"
    if request.mimetype != "application/json" or not plain:
        return Reply(415, "media-type", "Un objet JSON sans compression est attendu.")
    return receive(endpoint, request.headers, body)


def receive(endpoint: Endpoint, headers: Headers, body: bytes) -> Reply:
    """PLP-090 to PLP-098 for a known endpoint. `headers` finds names whatever their case."""
    with db.session(endpoint.cabinet_id, write=False) as session:
        secrets = _secrets(session, endpoint.plugin)
        on = enabling.is_enabled(session, telling.hub().registry, endpoint.plugin)
    webhook_id = headers.get("webhook-id", "")
    fault = _unsigned(headers, body, secrets)
    if fault is not None:
        _note_forgery(endpoint)
        return fault
    if not on:
        # Not 410: the partner would stop for good (PLP-087), and enabling again resumes.
        return Reply(503, "maintenance", "Le lien est suspendu par le cabinet.", retry_after=3600)
    if not _ID.fullmatch(webhook_id):
        return Reply(400, "malformed-request", "Identifiant d'envoi mal formé.")
    for attempt in range(ATTEMPTS):
        try:
            return _take(endpoint, webhook_id, body)
        except IntegrityError:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _take(endpoint: Endpoint, webhook_id: str, body: bytes) -> Reply:
    """One database transaction: inbox row, judgement, effects; or nothing at all."""
    faults.point("hook:before")
    try:
        with db.session(endpoint.cabinet_id) as session:
            reply, kept = _judge(session, endpoint.plugin, webhook_id, body)
            if kept is not None:
                session.add(
                    InboxEvent(
                        plugin=endpoint.plugin, webhook_id=webhook_id, body_sha256=_digest(body), body=body,
                        outcome=kept.outcome, transaction_ref=kept.reference,
                    )
                )  # fmt: skip
                session.flush()
            faults.point("hook:applied")
    except Refusal as refusal:
        _alert(endpoint, webhook_id, refusal)
        return refusal.reply
    faults.point("hook:committed")
    return reply


def _judge(session: TenantSession, plugin: str, webhook_id: str, body: bytes) -> tuple[Reply, Kept | None]:
    """PLP-091, PLP-092, then by type. Nothing is kept where the second member is None."""
    before = session.scalar(
        select(InboxEvent.body_sha256).where(InboxEvent.plugin == plugin, InboxEvent.webhook_id == webhook_id)
    )
    if before is not None:
        if before != _digest(body):
            text = "Un autre message porte déjà cet identifiant d'envoi."
            raise Refusal(Reply(409, "sequence-conflict", text), reused=True)
        return Reply(200, "duplicate"), None
    try:
        item = parse(body)
    except ValueError as error:
        raise Refusal(Reply(400, "malformed-request", "Le corps n'est pas du JSON admis.")) from error
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        raise Refusal(Reply(400, "malformed-request", "Un objet avec un membre type est attendu."))
    return _by_type(session, plugin, item)


def _by_type(session: TenantSession, plugin: str, item: dict[str, Any]) -> tuple[Reply, Kept | None]:
    kind = item["type"]
    if kind in TYPES:
        try:
            outcome = feedback.apply_snapshot(session, plugin, item, channel="hook")
        except feedback.Refused as refused:
            again = 3600 if refused.status == 429 else None
            reply = Reply(refused.status, refused.slug, refused.text, again)
            raise Refusal(reply, refused.conflict) from refused
        word = "accepted" if outcome.kind == "aside" else outcome.kind
        return Reply(outcome.status, word), Kept(outcome.kind, outcome.reference)
    if kind in MANDATE_TYPES:
        return _mandate(session, plugin, item)
    if kind == "ping":
        return Reply(204), Kept("ping")
    return _keys(session, plugin, item) if kind == "keys.rotated" else (Reply(202, "accepted"), Kept("unknown"))


def _keys(session: TenantSession, plugin: str, item: dict[str, Any]) -> tuple[Reply, Kept | None]:
    """PLP-018, PLP-019: the statement holds its signer's key, so that it is judged without a call. No other address is taken."""
    said = item.get("data", {}).get("statement") if isinstance(item.get("data"), dict) else None
    if not isinstance(said, str):
        raise Refusal(Reply(400, "malformed-request", "Membre absent ou d'un autre type : statement."))
    outcome = partner_trust.take(session, plugin, [said])
    if outcome == "refused":
        text = "Cette déclaration n'est pas signée par une clé reconnue, ou n'est pas de ce mandat."
        raise Refusal(Reply(422, "validation", text))
    return (Reply(204) if outcome == "taken" else Reply(200, "stale")), Kept(f"keys:{outcome}")


def _mandate(session: TenantSession, plugin: str, item: dict[str, Any]) -> tuple[Reply, Kept | None]:
    """PLP-041: the partner's view of a mandate. What it counts of a wrong code stays, though the hook does not."""
    if not isinstance(item.get("data"), dict):
        raise Refusal(Reply(400, "malformed-request", "Membre absent ou d'un autre type : data."))
    try:
        outcome = mandates.apply_view(session, plugin, item["data"])
    except DomainError as error:
        raise Refusal(Reply(error.status, _slug(error.status), error.text)) from error
    if outcome.status >= 400:
        return Reply(outcome.status, _slug(outcome.status), "La vue du mandat n'est pas admise."), None
    word = "accepted" if outcome.status == 202 else outcome.kind
    return Reply(outcome.status, word), Kept(f"mandate:{outcome.kind}"[:20])


def _slug(status: int) -> str:
    return {400: "malformed-request", 404: "mandate-unknown", 409: "sequence-conflict"}.get(status, "validation")


# --- signature -----------------------------------------------------------------------------------------------------


def _unsigned(headers: Headers, body: bytes, secrets: list[bytes]) -> Reply | None:
    """PLP-090: the signature over the raw bytes, in constant time, every active secret; then the time."""
    webhook_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = [part[3:] for part in headers.get("webhook-signature", "").split(" ") if part.startswith("v1,")]
    content = f"{webhook_id}.{stamp}.".encode("utf-8", "replace") + body
    genuine = False
    for secret in secrets:
        expected = base64.b64encode(hmac.digest(secret, content, "sha256"))
        for signature in given:
            genuine |= hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
    if not genuine or not webhook_id or not _STAMP.fullmatch(stamp):
        return Reply(401, "invalid-signature", "La signature n'est pas celle de ce message.")
    if abs(epoch() - int(stamp)) > TOLERANCE:
        return Reply(401, "stale-assertion", "L'heure d'envoi est trop éloignée de la nôtre.")
    return None


def _secrets(session: TenantSession, plugin: str) -> list[bytes]:
    kept = (vault.unseal(session, f"link:{plugin}", name) for name in SECRETS)
    return [_key(value) for value in kept if value]


def _key(value: bytes) -> bytes:
    """The 32 bytes of a secret, kept as such or as it stands on the sheet, `whsec_…` (PLP-013)."""
    if not value.startswith(b"whsec_"):
        return value
    try:
        return base64.b64decode(value.removeprefix(b"whsec_"), validate=True)
    except binascii.Error as error:
        raise vault.VaultError("le secret des notifications est illisible") from error


# --- what people are told ------------------------------------------------------------------------------------------


def _alert(endpoint: Endpoint, webhook_id: str, refusal: Refusal) -> None:
    """A conflict is told after the rollback, in a transaction of its own."""
    if refusal.conflict is None and not refusal.reused:
        return
    with db.session(endpoint.cabinet_id) as session:
        if refusal.conflict is not None:
            feedback.alert(session, endpoint.plugin, refusal.conflict)
            return
        audit.record(session, f"partner:{endpoint.plugin}", "link.hook_reused", f"hook:{webhook_id}", {})
        notify_administrators(
            session, kind="danger", key=f"hook-reused:{webhook_id}", title="Message contradictoire d'un partenaire",
            text=f"Le partenaire «{endpoint.plugin}» a envoyé deux messages différents sous le même numéro "
            f"({webhook_id}). Le second n'a pas été pris en compte : signalez-le au partenaire.",
        )  # fmt: skip


def _note_forgery(endpoint: Endpoint) -> None:
    """A line in the journal for what is not signed (domain.md §3.6, 14), so seldom that nobody can fill it."""
    at = time.monotonic()
    if at - _forged.get(endpoint.id, -FORGERY_PAUSE) < FORGERY_PAUSE:
        return
    _forged[endpoint.id] = at
    with db.session(endpoint.cabinet_id) as session:
        audit.record(session, "system", "link.hook_unsigned", f"plugin:{endpoint.plugin}", {})


# --- HTTP ----------------------------------------------------------------------------------------------------------


def _body() -> bytes | None:
    """The raw bytes, or None beyond the cap: no more of them is read."""
    if (request.content_length or 0) > CAP:
        return None
    chunks: list[bytes] = []
    size = 0
    while size <= CAP and (chunk := request.stream.read(CAP + 1 - size)):
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks) if size <= CAP else None


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _interaction() -> str:
    """PLP-008: the interaction id comes back; one that is no UUID is replaced."""
    given = request.headers.get(_INTERACTION, "")
    try:
        return given if str(UUID(given)) == given.lower() else str(uuid4())
    except ValueError:
        return str(uuid4())


def _problem(reply: Reply, interaction: str) -> bytes:
    """RFC 9457 (PLP-107)."""
    document = {
        "type": f"urn:plp:problem:{reply.result}", "title": reply.text, "status": reply.status, "detail": reply.text,
        "instance": request.path, "interaction_id": interaction, "retryable": reply.status in (401, 429, 503),
        "reason_code": None,
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False).encode()
