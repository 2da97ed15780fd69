"""Standard Webhooks 1.0, `v1`: HMAC-SHA256 over `id.timestamp.body` (PLP §7)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from .registrations import secret_bytes


def signature(secrets: Sequence[str], webhook_id: str, at: int, body: bytes) -> str:
    """One `v1,…` for each active secret, several by spaces (PLP-013)."""
    signed = f"{webhook_id}.{at}.".encode() + body
    return " ".join(f"v1,{_mac(secret_bytes(secret) or b'', signed)}" for secret in secrets)


def _mac(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(secrets: Sequence[str], webhook_id: str, at: int, body: bytes, interaction_id: str) -> dict[str, str]:
    """Of one attempt; `at` in whole seconds."""
    return {
        "Content-Type": "application/json",
        "PLP-Interaction-Id": interaction_id,
        "webhook-id": webhook_id,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(secrets, webhook_id, at, body),
    }
