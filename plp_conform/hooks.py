"""Standard Webhooks 1.0, `v1`: HMAC-SHA256 over `id.timestamp.body` (PLP-013, PLP-087, PLP-090)."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Mapping


def new_secret() -> str:
    """PLP-013."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def secret_bytes(secret: str) -> bytes:
    """The key of `whsec_…`. Raises `ValueError` unless it is 32 bytes in padded standard base64."""
    raw = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    if not secret.startswith("whsec_") or len(raw) != 32:
        raise ValueError("not whsec_ and 32 bytes")
    return raw


def signature(secret: str, webhook_id: str, at: int | str, body: bytes) -> str:
    """`v1,…`."""
    return f"v1,{base64.b64encode(hmac.digest(secret_bytes(secret), f'{webhook_id}.{at}.'.encode() + body, 'sha256')).decode()}"


def signed(secret: str, webhook_id: str, at: int, body: bytes) -> dict[str, str]:
    """The headers of one attempt."""
    return {
        "Content-Type": "application/json", "webhook-id": webhook_id, "webhook-timestamp": str(at),
        "webhook-signature": signature(secret, webhook_id, at, body),
    }  # fmt: skip


def verified(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Whether one of the signatures is this secret's. `headers` in lower case."""
    expected = signature(secret, headers.get("webhook-id", ""), headers.get("webhook-timestamp", ""), body)
    return any(hmac.compare_digest(expected, one) for one in headers.get("webhook-signature", "").split(" "))
