"""PLP-107: the refusals and their HTTP status."""

from __future__ import annotations

from collections.abc import Mapping

STATUSES: Mapping[str, int] = {
    "malformed-request": 400, "invalid-assertion": 401, "stale-assertion": 401, "invalid-signature": 401,
    "mandate-inactive": 403, "scope-denied": 403, "adviser-not-mandated": 403, "not-found": 404, "account-unknown": 404,
    "transaction-unknown": 404, "mandate-unknown": 404, "method-not-allowed": 405, "sequence-conflict": 409,
    "endpoint-disabled": 410, "mandate-revoked": 410, "cursor-expired": 410, "too-large": 413, "media-type": 415,
    "validation": 422, "version-unsupported": 426, "rate-limited": 429, "internal": 500, "maintenance": 503,
    "upstream-timeout": 504,
}  # fmt: skip
#: PLP-108: the HTTP statuses after which a platform may ask again.
RETRIED = (408, 429, 502, 503, 504)
