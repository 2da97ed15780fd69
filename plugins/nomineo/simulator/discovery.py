"""PLP-015: a platform's endpoints are those that it publishes; they are never built."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock

from . import calls
from . import wire

_SECONDS = 5.0
_KEPT_S = 900
_kept: dict[str, tuple[float, Endpoints]] = {}
_lock = Lock()


class DiscoveryFailed(Exception):
    """The document could not be had, or is not this issuer's."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Of one issuer."""

    issuer: str
    authorization: str
    token: str


def endpoints(iss: str) -> Endpoints:
    """Raises `DiscoveryFailed`."""
    with _lock:
        kept = _kept.get(iss)
    if kept is not None and time.monotonic() - kept[0] < _KEPT_S:
        return kept[1]
    found = _fetch(iss)
    with _lock:
        _kept[iss] = (time.monotonic(), found)
    return found


def _fetch(iss: str) -> Endpoints:
    try:
        answer = calls.call(
            "GET", f"{iss}/.well-known/openid-configuration", seconds=_SECONDS, headers={"Accept": "application/json"}
        )
        document = wire.parse_json(answer.body)
    except (calls.CallFailed, ValueError) as error:
        raise DiscoveryFailed(str(error)) from error
    if answer.status != 200 or not isinstance(document, dict) or document.get("issuer") != iss:
        raise DiscoveryFailed("another document")
    found = Endpoints(iss, str(document.get("authorization_endpoint")), str(document.get("token_endpoint")))
    if not calls.acceptable_url(found.authorization) or not calls.acceptable_url(found.token):
        raise DiscoveryFailed("endpoints refused")
    return found
