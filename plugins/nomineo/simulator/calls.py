"""Calls to the platform: no redirects, no environment proxies, a cap on bytes, a deadline in all."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from .settings import is_loopback

_CHUNK = 8192


class CallFailed(Exception):
    """No answer, or none within the time or the size allowed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """Without its parameters."""
        return self.headers.get("Content-Type", "").split(";")[0].strip().lower()


def acceptable_url(url: object) -> bool:
    """PLP-001, PLP-002: https, or http between loopback hosts; no fragment, no credentials."""
    if not isinstance(url, str) or len(url) > 2000:
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    if not host or parts.fragment or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def call(
    method: str, url: str, *, seconds: float, cap: int = 65_536, data: bytes | Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:  # fmt: skip
    """One call, `seconds` in all, at most `cap` bytes of answer. Raises `CallFailed`."""
    if not acceptable_url(url):
        raise CallFailed("address refused")
    limit = time.monotonic() + seconds
    with requests.Session() as session:
        session.trust_env = False
        try:
            response = session.request(
                method, url, data=data, headers={"Accept-Encoding": "identity", **(headers or {})},
                timeout=(min(5.0, seconds), seconds), allow_redirects=False, stream=True,
            )  # fmt: skip
            with response:
                body = bytearray()
                while chunk := response.raw.read1(_CHUNK):  # what has come, so that a trickle meets the deadline
                    body += chunk
                    if len(body) > cap:
                        raise CallFailed("answer too large")
                    if time.monotonic() > limit:
                        raise CallFailed("deadline")
                return Answer(response.status_code, response.headers, bytes(body))
        except (requests.RequestException, HTTPError, OSError) as error:
            raise CallFailed(type(error).__name__) from error
