"""Calls to the side under check: no redirects, no proxies of the environment, each kept as it went and came."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

import requests

from plp_conform import wire

_SECONDS = 15.0
_SHOWN = 700
_OPAQUE = re.compile(r"whsec_[A-Za-z0-9+/=]+|[A-Za-z0-9_.-]{60,}|(?<=token\":\")[^\"]{12,}")
#: Never in a report: what opens a session, or stands for a signature whose claims are shown beside it.
_HIDDEN = ("cookie", "set-cookie", "authorization", "x-sim-token")
_TOLD = (
    "content-type", "plp-version", "plp-interaction-id", "retry-after", "allow", "location", "www-authenticate",
    "cache-control", "webhook-id", "webhook-timestamp", "content-encoding",
)  # fmt: skip


class Away(Exception):
    """No answer at all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `note` says what was spoilt in the request."""

    method: str
    url: str
    sent_headers: Mapping[str, str]
    sent_body: bytes
    status: int
    headers: Mapping[str, str]
    body: bytes
    note: str = ""
    cookies: list[str] = field(default_factory=list)

    @property
    def media_type(self) -> str:
        """Without parameters, in lower case."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body by PLP-003; None where it is no such JSON."""
        try:
            return wire.parse(self.body)
        except ValueError:
            return None

    @property
    def slug(self) -> str | None:
        """Of a problem's type (PLP-107)."""
        found = self.json() if self.media_type == "application/problem+json" else None
        kind = found.get("type") if isinstance(found, dict) else None
        known = isinstance(kind, str) and kind.startswith("urn:plp:problem:")
        return str(kind).removeprefix("urn:plp:problem:") if known else None

    @property
    def sent(self) -> str:
        """The request, for the report."""
        lines = [f"{self.method} {self.url}", *([self.note] if self.note else []), *_told(self.sent_headers)]
        return "\n".join([*lines, *([_cut(self.sent_body)] if self.sent_body else [])])

    @property
    def came(self) -> str:
        """The answer, for the report."""
        return "\n".join([f"HTTP {self.status}", *_told(self.headers), *([_cut(self.body)] if self.body else [])])


def masked(text: str) -> str:
    """Signed tokens, form tokens and secrets are not for a report: their first letters are enough to follow them."""
    return _OPAQUE.sub(lambda found: found.group(0)[:10] + "…", text)


def _told(headers: Mapping[str, str]) -> list[str]:
    return [f"{name}: {masked(value[:300])}" for name, value in headers.items() if name.lower() in _TOLD and name not in _HIDDEN]


def _cut(body: bytes) -> str:
    text = masked(body.decode("utf-8", "replace"))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(body)} octets)"


def call(
    method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"", note: str = "",
    session: requests.Session | None = None, form: Mapping[str, str] | None = None, seconds: float = _SECONDS,
) -> Answer:  # fmt: skip
    """One call. Raises `Away` where nothing answers."""
    given = {"Accept-Encoding": "identity", **(headers or {})}
    client = session if session is not None else requests.Session()
    client.trust_env = False
    try:
        came = client.request(
            method, url, headers=given, data=dict(form) if form is not None else (body or None), timeout=(5, seconds),
            allow_redirects=False,
        )  # fmt: skip
    except requests.RequestException as error:
        raise Away(f"{method} {url}\u202f: {type(error).__name__}") from error
    finally:
        if session is None:
            client.close()
    raw = came.raw.headers
    sent = came.request.body
    return Answer(
        method, came.request.url or url, given, sent if isinstance(sent, bytes) else (sent or "").encode(), came.status_code,
        {name.lower(): value for name, value in came.headers.items()}, came.content, note,
        list(raw.getlist("set-cookie")) if hasattr(raw, "getlist") else [],
    )  # fmt: skip
