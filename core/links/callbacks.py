"""`POST /plp/hooks/<endpoint_id>`: a partner's hook, checked in the order of PLP-088 to PLP-097."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask import jsonify
from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core.cabinets import vault
from core.db import faults
from core.db.clock import epoch
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import enabling
from core.hooks import telling
from core.links import feedback
from core.links import mandates
from core.links.models import Endpoint
from core.links.models import InboxEvent
from core.links.plp_json import parse
from core.shell.notifications import notify_administrators
from core.web.policy import policy

CAP = 65536
TOLERANCE = 300
_TYPES = (feedback.CHANGED, feedback.CORRECTED)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A hook as it came."""

    webhook_id: str
    body: bytes
    digest: str


def register(blueprint: Blueprint) -> None:
    """The route."""
    blueprint.add_url_rule("/hooks/<endpoint_id>", "hook", hook, methods=["POST"])


@policy("machine")
def hook(endpoint_id: str) -> ResponseReturnValue:
    """Check, keep, apply; one database transaction, no call to anyone before the answer."""
    with db.session(None, write=False) as session:
        endpoint = session.get(Endpoint, endpoint_id)
    if endpoint is None:
        return _answer(404, "unknown")
    if not endpoint.enabled:
        return _answer(410, "endpoint-disabled")
    if request.mimetype != "application/json" or request.headers.get("Content-Encoding", "identity") != "identity":
        return _answer(415, "media-type")
    if (request.content_length or 0) > CAP:
        return _answer(413, "too-large")
    body = request.stream.read(CAP + 1)
    if len(body) > CAP:
        return _answer(413, "too-large")
    with db.session(endpoint.cabinet_id, write=False) as session:
        secrets = _secrets(session, endpoint.plugin)
        plugin_on = enabling.is_enabled(session, telling.hub().registry, endpoint.plugin)
    if not plugin_on:
        return _answer(410, "endpoint-disabled")
    webhook_id = request.headers.get("webhook-id", "")
    if not _signed(webhook_id, body, secrets):
        return _answer(401, "invalid-signature")
    return _take(endpoint, Delivery(webhook_id, body, hashlib.sha256(body).hexdigest()))


def _take(endpoint: Endpoint, delivery: Delivery) -> ResponseReturnValue:
    faults.point("hook:before")
    try:
        with db.session(endpoint.cabinet_id) as session:
            result, status, outcome, reference = _judge(session, endpoint.plugin, delivery)
            if status >= 400:
                raise _Refusal(result, status)
            if outcome is not None:
                session.add(
                    InboxEvent(
                        plugin=endpoint.plugin, webhook_id=delivery.webhook_id, body_sha256=delivery.digest,
                        body=delivery.body, outcome=outcome, transaction_ref=reference,
                    )
                )  # fmt: skip
            faults.point("hook:applied")
    except _Refusal as refusal:
        if refusal.status == 409:
            _alert(endpoint, delivery)
        return _answer(refusal.status, refusal.result)
    faults.point("hook:committed")
    return _answer(status, result)


class _Refusal(Exception):
    """An answer of 400 or more: the transaction is rolled back, nothing of it stays (PLP-098)."""

    def __init__(self, result: str, status: int) -> None:
        super().__init__(result)
        self.result = result
        self.status = status


def _judge(session: TenantSession, plugin: str, delivery: Delivery) -> tuple[str, int, str | None, str | None]:
    """(result, HTTP status, outcome to keep, transaction reference)."""
    known = session.scalar(
        select(InboxEvent).where(InboxEvent.plugin == plugin, InboxEvent.webhook_id == delivery.webhook_id)
    )
    if known is not None:
        return ("duplicate", 200, None, None) if known.body_sha256 == delivery.digest else ("conflict", 409, None, None)
    try:
        item = parse(delivery.body)
    except ValueError:
        return "malformed-request", 400, None, None
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        return "malformed-request", 400, None, None
    return _by_type(session, plugin, item)


def _by_type(session: TenantSession, plugin: str, item: dict[str, Any]) -> tuple[str, int, str | None, str | None]:
    kind = item["type"]
    if kind == "ping":
        return "ok", 204, "ping", None
    if kind.startswith("mandate."):
        if not isinstance(item.get("data"), dict):
            return "malformed-request", 400, None, None
        return _mandate(session, plugin, item)
    if kind not in _TYPES:
        return "stored", 202, "unknown", None
    try:
        snapshot = feedback.read(item, feedback.declared_statuses(session, plugin))
    except feedback.Malformed as error:
        return f"malformed-request {error}", 400, None, None
    except feedback.Invalid as error:
        return f"validation {error}", 422, None, None
    outcome = feedback.apply_snapshot(session, plugin, snapshot, channel="hook")
    return outcome.kind, outcome.status, outcome.kind, snapshot.reference


def _mandate(session: TenantSession, plugin: str, item: dict[str, Any]) -> tuple[str, int, str | None, str | None]:
    outcome = mandates.apply_view(session, plugin, item["data"])
    return outcome.kind, outcome.status, "mandate", None


def _signed(webhook_id: str, body: bytes, secrets: list[bytes]) -> bool:
    """PLP-090: the signature over the raw bytes in constant time, every active secret; then the time."""
    stamp = request.headers.get("webhook-timestamp", "")
    given = [part[3:] for part in request.headers.get("webhook-signature", "").split(" ") if part.startswith("v1,")]
    if not webhook_id or not stamp.isdigit() or not given:
        return False
    content = f"{webhook_id}.{stamp}.".encode() + body
    genuine = False
    for secret in secrets:
        expected = base64.b64encode(hmac.digest(secret, content, "sha256")).decode()
        for signature in given:
            genuine |= hmac.compare_digest(expected.encode(), signature.encode())
    return genuine and abs(epoch() - int(stamp)) <= TOLERANCE


def _secrets(session: TenantSession, plugin: str) -> list[bytes]:
    found = [vault.unseal(session, f"link:{plugin}", name) for name in ("webhook-secret", "webhook-secret-old")]
    return [value for value in found if value is not None]


def _alert(endpoint: Endpoint, delivery: Delivery) -> None:
    """A conflict is told after the rollback, in a transaction of its own."""
    with db.session(endpoint.cabinet_id) as session:
        try:
            item = parse(delivery.body)
            snapshot = feedback.read(item, feedback.declared_statuses(session, endpoint.plugin))
        except (ValueError, KeyError, TypeError):
            notify_administrators(
                session, kind="conflict", key=f"conflict:{delivery.webhook_id}", title="Message contradictoire d'un partenaire",
                text="Un partenaire a envoyé deux messages différents sous le même numéro ; le second est refusé.",
            )  # fmt: skip
            return
        feedback.conflict(session, endpoint.plugin, snapshot)


def _answer(status: int, result: str) -> ResponseReturnValue:
    if status == 204:
        return "", 204
    return jsonify(result=result), status
