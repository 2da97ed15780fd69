"""Mandates as this company holds them (PLP §4): the document, the paper, the clerk's steps."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import outbox
from . import wire
from .db import Connection
from .db import Row
from .registrations import Registration

log = logging.getLogger(__name__)

_NOT_USABLE = ("suspended", "revoked", "expired")
_KEPT_S = 90 * 86_400

#: Step of the clerk → (states it starts from, state it leads to). None: nothing said yet.
STEPS: Mapping[str, tuple[tuple[str | None, ...], str]] = {
    "receive": ((None, "returned"), "received"),
    "activate": (("received", "active", "suspended"), "active"),
    "return": (("received",), "returned"),
    "refuse": (("received",), "refused"),
    "suspend": (("active",), "suspended"),
    "revoke": (("active", "suspended"), "revoked"),
}
_EVENTS = {
    "received": "mandate.received",
    "active": "mandate.activated",
    "returned": "mandate.returned",
    "refused": "mandate.refused",
    "suspended": "mandate.suspended",
    "revoked": "mandate.revoked",
}


class StepRefused(ValueError):
    """The step is not open from this state; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """One mandate. `paper_jkt`: the thumbprints on the signed paper, None before it came."""

    mandate: str
    iss: str
    version: int
    document: Mapping[str, Any]
    paper_jkt: tuple[str, ...] | None
    state: str | None
    seq: int
    received_at: float | None
    active_from: float | None
    effective_at: float | None
    code: str | None
    reason: Mapping[str, str] | None
    ended_at: float | None
    put_at: float

    @property
    def broker_code(self) -> str:
        """The cabinet's code at this company (PLP-010)."""
        return str(self.document["broker_code"])

    @property
    def scopes(self) -> frozenset[str]:
        """PLP-040."""
        return frozenset(self.document["scopes"])

    @property
    def revoked(self) -> bool:
        """By either side."""
        return self.state == "revoked" or self.document["state"] == "revoked"

    def usable(self, now: float) -> bool:
        """PLP-042, but for the adviser."""
        expires = self.document.get("expires_at")
        return (
            self.state == "active"
            and self.document["state"] not in _NOT_USABLE
            and self.active_from is not None
            and self.active_from <= now
            and (expires is None or now < wire.parse_timestamp(expires))
        )

    def kept(self, now: float) -> bool:
        """PLP-043: 90 days after a revocation its transactions are closed too."""
        return self.ended_at is None or now - self.ended_at <= _KEPT_S

    def adviser(self, sub: str) -> str | None:
        """The display name of a listed adviser, None where he is not listed."""
        return next((str(a["display"]) for a in self.document["advisers"] if a["sub"] == sub), None)

    def view(self) -> dict[str, Any]:
        """The partner's view."""
        return {
            "mandate": self.mandate, "version": self.version, "seq": self.seq, "state": self.state,
            "received_at": _stamp(self.received_at), "active_from": _stamp(self.active_from),
            "effective_at": _stamp(self.effective_at), "code": self.code, "reason": self.reason,
        }  # fmt: skip


def _stamp(at: float | None) -> str | None:
    return None if at is None else wire.timestamp(at)


def _read(row: Row) -> Mandate:
    return Mandate(
        mandate=row["mandate"], iss=row["iss"], version=row["version"], document=json.loads(row["document"]),
        paper_jkt=None if row["paper_jkt"] is None else tuple(json.loads(row["paper_jkt"])), state=row["state"],
        seq=row["seq"], received_at=row["received_at"], active_from=row["active_from"],
        effective_at=row["effective_at"], code=row["code"],
        reason=None if row["reason"] is None else json.loads(row["reason"]), ended_at=row["ended_at"],
        put_at=row["put_at"],
    )  # fmt: skip


def find(connection: Connection, mandate: object, iss: str | None = None) -> Mandate | None:
    """By its id; with `iss`, another issuer's is not found."""
    if not isinstance(mandate, str):
        return None
    row = connection.execute("SELECT * FROM mandates WHERE mandate = ?", (mandate,)).fetchone()
    if row is None or (iss is not None and row["iss"] != iss):
        return None
    return _read(row)


def everyone(connection: Connection) -> list[Mandate]:
    """All, newest first."""
    return [_read(row) for row in connection.execute("SELECT * FROM mandates ORDER BY put_at DESC, mandate")]


def store(
    connection: Connection, registration: Registration, document: Mapping[str, Any], now: float
) -> tuple[Mandate, bool]:
    """PLP-038: keeps a checked document; the flag: stored (200) rather than waiting for the paper (202).

    Raises `StepRefused` on a lower version, on other content under the same version, or on a mandate of another iss.
    """
    name = str(document["mandate"])
    known = find(connection, name)
    if known is not None and known.iss != registration.iss:
        raise StepRefused("mandate of another issuer")
    if known is None:
        connection.execute(
            "INSERT INTO mandates (mandate, iss, version, document, put_at) VALUES (?, ?, ?, ?, ?)",
            (name, registration.iss, document["version"], wire.dump(document), now),
        )
    elif document["version"] < known.version:
        raise StepRefused("lower version")
    elif document["version"] == known.version:
        if wire.canonical(document) != wire.canonical(known.document):
            raise StepRefused("same version, other content")
    else:
        ended = known.ended_at
        if ended is None and document["state"] in ("revoked", "expired"):
            ended = now
        connection.execute(
            "UPDATE mandates SET version = ?, document = ?, ended_at = ?, put_at = ? WHERE mandate = ?",
            (document["version"], wire.dump(document), ended, now, name),
        )
    kept = find(connection, name)
    assert kept is not None
    return kept, kept.paper_jkt is not None


def step(
    connection: Connection, mandate: str, name: str, now: float, *, code: str | None = None,
    reason: Mapping[str, str] | None = None, jkt: list[str] | None = None,
) -> Mandate:  # fmt: skip
    """One step of the clerk; queues its hook (PLP-041). `jkt`: what the paper says, by default what the document says.

    Raises `StepRefused`; `LookupError` for an unknown mandate.
    """
    known = find(connection, mandate)
    if known is None:
        raise LookupError("mandat inconnu")
    starts, state = STEPS[name]
    if known.state not in starts:
        raise StepRefused(f"étape impossible depuis l'état «\u202f{known.state or 'non reçu'}\u202f»")
    if name in ("return", "refuse", "suspend", "revoke"):
        reason = reason or {"code": "other", "text": "Décision du service partenaires."}
    changes: dict[str, object] = {"reason": None if reason is None else wire.dump(reason)}
    if name == "receive":
        paper = jkt if jkt is not None else list(known.document["jkt"])
        if set(paper) != set(known.document["jkt"]):
            log.error("paper of mandate %s: its thumbprints differ from the document's", mandate)
        changes |= {"received_at": now, "paper_jkt": wire.dump(paper)}
    if name == "activate":
        changes |= _activation(known, code, now)
    if name == "revoke":
        changes["ended_at"] = now
    assignments = ", ".join(f"{column} = ?" for column in changes)
    connection.execute(
        f"UPDATE mandates SET state = ?, seq = seq + 1, effective_at = ?, {assignments} WHERE mandate = ?",  # noqa: S608 - our own column names
        (state, now, *changes.values(), mandate),
    )
    stepped = find(connection, mandate)
    assert stepped is not None
    outbox.queue(
        connection, iss=stepped.iss, subject=mandate, kind=_EVENTS[state], data=stepped.view(), now=now,
        seq=stepped.seq, status=state,
    )  # fmt: skip
    return stepped


def typed_code(code: str) -> str:
    """PLP-021: hyphens and case count for nothing."""
    return re.sub(r"[\s-]", "", code).upper()


def _activation(known: Mandate, code: str | None, now: float) -> dict[str, object]:
    """PLP-021: the code typed from the paper; the platform alone knows whether it is right."""
    if known.state == "suspended":
        return {"code": None}
    typed = typed_code(code or "")
    if not re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{12}", typed):
        raise StepRefused("le code du mandat compte douze lettres et chiffres")
    if known.state == "active" and typed == known.code:
        raise StepRefused("le mandat est déjà actif")
    return {"code": typed, "active_from": known.active_from or now}
