"""`PartnerHttp`: the only way out to a partner (Decision 4, PLP-108 to PLP-110)."""

from __future__ import annotations

import http.client
import json
import logging
import threading
import time
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import pybreaker
import stamina

from core.config import is_loopback
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.errors import PartnerUnavailable
from core.hooks.errors import ProtocolError
from core.http import breaker
from core.http import wire
from core.http.addresses import RefusedAddress

_log = logging.getLogger("encours.partner")
Headers = Mapping[str, str] | Callable[[], Mapping[str, str]]

#: Bulkhead (PLP-108): calls at a time, per partner and process.
CALLS = 4
#: Answers after which an interactive call is tried once more inside its deadline; a background one by its job.
RETRIED = (502, 503, 504)
#: What the adviser is told of them; other 5xx are «une erreur».
_SAID = {429: "Le partenaire reçoit trop de demandes.", 503: "Le partenaire est en maintenance."}
OPEN_TEXT = "Le partenaire ne répondait plus\u202f; un nouvel essai est fait toutes les trente secondes."
_bulkheads: dict[tuple[str, int], threading.BoundedSemaphore] = {}
_guard = threading.Lock()


@dataclass(frozen=True, slots=True)
class Answer:
    """A partner's answer below 500, other than a redirect."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Raises ValueError."""
        return json.loads(self.body)


class _Failed(Exception):
    """A failure that the breaker counts: no answer, or 5xx, 429."""

    def __init__(self, text: str, *, again: bool, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.again = again
        self.retry_after = retry_after


class PartnerHttp:
    """Calls one partner for one cabinet. `ports`: the only ones that a loopback partner may have."""

    def __init__(
        self, plugin: str, cabinet_id: int, *, allow_loopback: bool, ports: frozenset[int] = frozenset()
    ) -> None:
        self.plugin = plugin
        self.cabinet_id = cabinet_id
        self._allow_loopback = allow_loopback
        self._ports = ports

    def request(
        self, method: str, url: str, *, operation: str, json: Any = None, data: bytes | None = None,
        headers: Headers | None = None, deadline: float = 5.0, connect: float = 2.0, read: float = 3.0,
        cap: int = 262144, interactive: bool = True,
    ) -> Answer:  # fmt: skip
        """One call under a total deadline (seconds). `headers` may be a function: called anew for each attempt.

        Raises `PartnerUnavailable` (no connection, time out, breaker open, all calls taken, 5xx, 429) and
        `ProtocolError` (redirect, too large, not HTTP). Other 4xx come back as an `Answer`.
        """
        limit = time.monotonic() + deadline
        body = data if json is None else _dumped(json)
        bulkhead = self._bulkhead()
        if not bulkhead.acquire(blocking=False):
            raise PartnerUnavailable("Trop de demandes sont déjà en cours chez ce partenaire.")
        try:
            return self._attempts(method, url, operation, body, headers, limit, connect, read, cap, interactive)
        finally:
            bulkhead.release()

    def _attempts(
        self, method: str, url: str, operation: str, body: bytes | None, headers: Headers | None, limit: float,
        connect: float, read: float, cap: int, interactive: bool,
    ) -> Answer:  # fmt: skip
        switch = breaker.make(db, self.plugin, self.cabinet_id, operation)
        attempts = stamina.retry_context(
            on=lambda error: isinstance(error, _Failed) and error.again, attempts=2 if interactive else 1,
            timeout=max(0.01, limit - time.monotonic() - 0.5), wait_initial=0.1, wait_max=0.3, wait_jitter=0.15,
        )  # fmt: skip
        try:
            for attempt in attempts:
                with attempt:
                    made: Answer = switch.call(self._once, method, url, body, headers, limit, connect, read, cap)
                    return made
        except pybreaker.CircuitBreakerError as error:
            raise PartnerUnavailable(OPEN_TEXT) from error
        except _Failed as error:
            raise PartnerUnavailable(error.text, error.retry_after) from error
        raise AssertionError("an attempt returns or raises")

    def _once(
        self, method: str, url: str, body: bytes | None, headers: Headers | None, limit: float, connect: float,
        read: float, cap: int,
    ) -> Answer:  # fmt: skip
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        loopback = self._allow_loopback and port in self._ports and is_loopback(parts.hostname or "")
        if parts.scheme != "https" and not loopback:
            raise ProtocolError("Un partenaire ne s'appelle qu'en https.")
        sent = dict(headers() if callable(headers) else headers or {})
        sent.setdefault("Accept-Encoding", "identity")
        sent.setdefault("User-Agent", "Encours")
        sent["Connection"] = "close"
        try:
            raw = wire.exchange(
                method, url, headers=sent, body=body, limit=limit, connect=connect, read=read, cap=cap,
                loopback=loopback,
            )  # fmt: skip
        except RefusedAddress as error:
            raise ProtocolError(f"Adresse refusée\u202f: {error}.") from error
        except wire.TooLarge as error:
            raise ProtocolError("La réponse du partenaire est trop volumineuse.") from error
        except (wire.TooLate, TimeoutError) as error:
            raise _Failed("Le partenaire n'a pas répondu dans les délais.", again=False) from error
        except (http.client.HTTPException, ValueError) as error:
            raise ProtocolError("La réponse du partenaire est illisible.") from error
        except OSError as error:
            raise _Failed("La connexion au partenaire a échoué.", again=True) from error
        return self._judged(raw)

    def _judged(self, raw: wire.Raw) -> Answer:
        headers = _Fields(dict(raw.headers.items()))
        self._compare_clocks(headers.get("Date"))
        if 300 <= raw.status < 400 and raw.status != 304:
            raise ProtocolError("Le partenaire renvoie vers une autre adresse\u202f; elle n'est pas suivie.")
        if (headers.get("Content-Encoding") or "identity").lower() != "identity":
            raise ProtocolError("La réponse du partenaire est compressée, ce que le protocole n'admet pas.")
        if raw.status == 429 or raw.status >= 500:
            text = _SAID.get(raw.status, "Le partenaire signale une erreur.")
            raise _Failed(text, again=raw.status in RETRIED, retry_after=_retry_after(headers.get("Retry-After")))
        return Answer(raw.status, headers, raw.body)

    def _bulkhead(self) -> threading.BoundedSemaphore:
        with _guard:
            return _bulkheads.setdefault((self.plugin, self.cabinet_id), threading.BoundedSemaphore(CALLS))

    def _compare_clocks(self, date: str | None) -> None:
        """PLP-110: a partner's clock far from ours would make every signature stale."""
        try:
            apart = abs((now() - parsedate_to_datetime(date or "")).total_seconds())
        except (TypeError, ValueError):
            return
        if apart > 10:
            level = logging.ERROR if apart > 60 else logging.WARNING
            _log.log(level, "the clock of %s is %d s away from ours", self.plugin, apart)


class _Fields(dict[str, str]):
    """Header fields, whatever their case."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__({name.lower(): value for name, value in values.items()})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)


def breaker_open_since(session: TenantSession, plugin: str, cabinet_id: int, operation: str) -> datetime | None:
    """Since when an operation's breaker has been open, for icons: read from our own table."""
    return breaker.open_since(session, plugin, cabinet_id, operation)


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _retry_after(text: str | None) -> float | None:
    """Whole seconds only (PLP-108)."""
    return float(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else None

