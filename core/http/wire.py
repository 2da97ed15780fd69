"""One HTTP exchange under a total deadline and a byte cap (Decision 4 of partner-link.md).

requests' timeout is per read: a partner that trickles one byte a second would hold us for ever. Here every wait on
the socket is cut to what is left of the whole deadline.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from core.http import addresses


class TooLate(Exception):
    """The total deadline has passed."""


class TooLarge(Exception):
    """More bytes than the cap."""


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer as it came."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class _Cut:
    """Cuts every wait of a socket to what is left of the whole."""

    limit: float = 0.0
    patience: float = 0.0

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self._cut()
        return super().recv_into(*args, **kwargs)  # type: ignore[misc, no-any-return]

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self._cut()
        super().sendall(*args, **kwargs)  # type: ignore[misc]

    def _cut(self) -> None:
        left = self.limit - time.monotonic()
        if left <= 0:
            raise TooLate
        self.settimeout(min(left, self.patience))  # type: ignore[attr-defined]


class _Plain(_Cut, socket.socket):
    """Over TCP."""


class _Secure(_Cut, ssl.SSLSocket):
    """Over TLS."""


def exchange(
    method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, limit: float, connect: float,
    read: float, cap: int, loopback: bool,
) -> Raw:  # fmt: skip
    """Send one request, read one answer. `limit` is on the monotonic clock; `read` bounds each silence.

    Raises `TooLate`, `TooLarge`, `addresses.RefusedAddress`, OSError, http.client.HTTPException.
    """
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    raw = _connected(host, port, limit, connect, read, loopback)
    try:
        connection = http.client.HTTPConnection(host, port)
        connection.sock = _secured(raw, host) if parts.scheme == "https" else raw
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body=body, headers=dict(headers))
        answer = connection.getresponse()
        return Raw(answer.status, answer.headers, _body(answer, limit, cap))
    finally:
        raw.close()


def _connected(host: str, port: int, limit: float, connect: float, read: float, loopback: bool) -> _Plain:
    last: OSError | None = None
    for address, number in addresses.resolve(host, port, loopback=loopback):
        left = min(connect, limit - time.monotonic())
        if left <= 0:
            raise TooLate
        made = _Plain(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        made.settimeout(left)
        try:
            made.connect((address, number))
            # Asked again of the socket itself: what was resolved is what we talk to.
            addresses.check(str(made.getpeername()[0]), loopback=loopback)
        except OSError as error:
            made.close()
            last = error
            continue
        made.limit, made.patience = limit, read
        return made
    raise last or OSError("aucune adresse")


def _secured(raw: _Plain, host: str) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _Secure
    raw.settimeout(max(0.1, min(raw.patience, raw.limit - time.monotonic())))
    made = context.wrap_socket(raw, server_hostname=host)
    assert isinstance(made, _Secure)
    made.limit, made.patience = raw.limit, raw.patience
    return made


def _body(answer: http.client.HTTPResponse, limit: float, cap: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        if time.monotonic() >= limit:
            raise TooLate
        chunk = answer.read1(65536)
        if not chunk:
            return b"".join(chunks)
        size += len(chunk)
        if size > cap:
            raise TooLarge
        chunks.append(chunk)
