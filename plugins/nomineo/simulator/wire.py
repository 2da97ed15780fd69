"""PLP-003 to PLP-006: ids, timestamps, money and JSON as they go over the wire."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from datetime import UTC
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from uuid import uuid4

ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
BUSINESS_REF = re.compile(r"[\x20-\x7e]{1,64}")
_MONEY = re.compile(r"-?\d{1,15}(\.\d{1,4})?")


def is_id(value: object) -> bool:
    """PLP-004."""
    return isinstance(value, str) and ID.fullmatch(value) is not None


def is_business_ref(value: object) -> bool:
    """PLP-004."""
    return isinstance(value, str) and BUSINESS_REF.fullmatch(value) is not None


def new_id(prefix: str) -> str:
    """PLP-004: random, 128 bits."""
    return f"{prefix}_{secrets.token_urlsafe(16)}"


def b64url(data: bytes) -> str:
    """Unpadded base64url."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def b64url_decode(text: str) -> bytes:
    """Raises `ValueError` on anything but unpadded base64url."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("not base64url")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def sha256(data: bytes) -> str:
    """Unpadded base64url of the digest."""
    return b64url(hashlib.sha256(data).digest())


def timestamp(at: float) -> str:
    """PLP-005: RFC 3339, UTC, no fraction."""
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_timestamp(text: object) -> float:
    """Raises `ValueError` unless it is written as PLP-005 says."""
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text):
        raise ValueError("not a timestamp")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()


def money(cents: int | None) -> dict[str, str] | None:
    """PLP-005, euros."""
    return None if cents is None else {"value": decimal_text(cents), "currency": "EUR"}


def decimal_text(cents: int) -> str:
    """`1500.00`."""
    return str((Decimal(cents) / 100).quantize(Decimal("0.01")))


def parse_decimal(text: object) -> Decimal:
    """Raises `ValueError` unless it is PLP-005's number."""
    if not isinstance(text, str) or not _MONEY.fullmatch(text):
        raise ValueError("not an amount")
    return Decimal(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("repeated member")
    return made


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def parse_json(raw: bytes) -> Any:
    """PLP-003: strict; raises `ValueError` on a repeated member, on NaN, on other encodings, on mad nesting."""
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("too deep") from error


def dump(value: Any) -> str:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def canonical(value: Any) -> str:
    """For comparing documents as JSON values."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def interaction_id(given: str | None) -> str:
    """PLP-008: a uuid4 is echoed, anything else replaced."""
    if given and len(given) == 36:
        try:
            found = UUID(given)
        except ValueError:
            return str(uuid4())
        if found.version == 4 and str(found) == given.lower():
            return given
    return str(uuid4())
