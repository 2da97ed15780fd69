"""PLP-003 to PLP-006: strict JSON, ids, moments, digests, as they go over the wire."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import time
from datetime import UTC
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
BUSINESS_REF = re.compile(r"[\x20-\x7e]{1,64}")
CODE = re.compile(r"[a-z0-9_.]{1,60}")
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")


def new_id(prefix: str) -> str:
    """PLP-004: random, 128 bits."""
    return f"{prefix}_{secrets.token_urlsafe(16)}"


def is_id(value: object) -> bool:
    """PLP-004."""
    return isinstance(value, str) and ID.fullmatch(value) is not None


def is_uuid4(value: object) -> bool:
    """PLP-008, whatever its case."""
    if not isinstance(value, str):
        return False
    try:
        found = UUID(value)
    except ValueError:
        return False
    return found.version == 4 and str(found) == value.lower()


def now() -> int:
    """Seconds since 1970."""
    return int(time.time())


def stamp(at: float) -> str:
    """PLP-005."""
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_stamp(text: object) -> float:
    """Raises `ValueError` unless it is written as PLP-005 says."""
    if not isinstance(text, str) or not TIMESTAMP.fullmatch(text):
        raise ValueError("not a timestamp")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()


def b64url(data: bytes) -> str:
    """Unpadded base64url."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def b64url_read(text: str) -> bytes:
    """Raises `ValueError` on anything but unpadded base64url."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("not base64url")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def sha256(data: bytes) -> str:
    """Unpadded base64url of the digest."""
    return b64url(hashlib.sha256(data).digest())


def dump(value: Any) -> str:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def content(data: dict[str, Any]) -> str:
    """PLP-099: what two snapshots have in common when they say the same."""
    kept = {name: value for name, value in data.items() if name not in ("status_label", "documents")}
    return json.dumps(_without_null(kept), ensure_ascii=False, sort_keys=True)


def _without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_null(item) for name, item in value.items() if item is not None}
    return [_without_null(item) for item in value] if isinstance(value, list) else value


def parse(raw: bytes | str) -> Any:
    """Strict: raises `ValueError` on a repeated member, NaN, another encoding, mad nesting."""
    text = raw if isinstance(raw, str) else raw.decode("utf-8")
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("too deep") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a member is named twice")
    return made


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def loopback(host: str | None) -> bool:
    """PLP-002."""
    return host is not None and (host in ("localhost", "::1") or host.startswith("127."))


def plain_url(url: object) -> bool:
    """PLP-001, PLP-002: https, or http on this machine; no slash at the end, no query, no fragment."""
    parts = urlsplit(str(url))
    secure = parts.scheme == "https" or (parts.scheme == "http" and loopback(parts.hostname))
    return isinstance(url, str) and secure and not parts.query and not parts.fragment and not url.endswith("/")
