"""The mutual's book: operations and what happened to them, in memory, or in a file that survives a restart."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

#: IBANs that the mutual pays nothing to.
BLACKLIST = ("FR7630006000011234567890189",)
#: Status → those that its back office may set next.
MOVES = {
    "pending": ("en_controle", "cancelled"),
    "en_controle": ("piece_demandee", "validated", "rejected"),
    "piece_demandee": ("en_controle", "rejected"),
}
NEEDED = ("rib", "identite")
_MARKS = {"pdf": b"%PDF-", "jpeg": b"\xff\xd8\xff"}


class Conflict(Exception):
    """The same key with another operation."""


class Book:
    """`file`: where it is kept; None: in memory only."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        #: By idempotency key: number, digest of what was asked.
        self.operations: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        if file is not None and file.exists():
            kept = json.loads(file.read_text("utf-8"))
            self.operations, self.events = kept["operations"], kept["events"]

    def take(self, key: str, asked: dict[str, Any], documents: dict[str, bytes]) -> tuple[bool, dict[str, Any]]:
        """A new operation, or the one that this key made; whether it is new. Raises `Conflict`.

        What `faults` finds is refused before: it makes nothing, and does not use up the key.
        """
        digest = _digest(asked, documents)
        with self._lock:
            if (before := self.operations.get(key)) is not None:
                if before["digest"] != digest:
                    raise Conflict
                return False, before
            number = f"MA-{len(self.operations) + 1:05}"
            made = {**asked, "number": number, "digest": digest, "status": "pending", "seq": 1, "documents": sorted(documents)}
            self.operations[key] = made
            self._keep()
            return True, made

    def move(self, number: str, status: str, reason: str = "") -> bool:
        """The back office's word; False where it is not one of the next."""
        with self._lock:
            one = next((found for found in self.operations.values() if found["number"] == number), None)
            if one is None or status not in MOVES.get(one["status"], ()):
                return False
            one["status"], one["seq"] = status, one["seq"] + 1
            self.events.append({
                "id": f"{number}-{one['seq']}", "reference": one["reference"], "number": number, "seq": one["seq"],
                "status": status, "reason": reason, "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            })  # fmt: skip
            self._keep()
            return True

    def _keep(self) -> None:
        if self._file is not None:
            said = {"operations": self.operations, "events": self.events}
            self._file.write_text(json.dumps(said, ensure_ascii=False), "utf-8")


def faults(asked: dict[str, Any], documents: dict[str, bytes]) -> dict[str, str]:
    """What the mutual refuses, by field."""
    found = {}
    if asked.get("iban") in BLACKLIST:
        found["iban"] = "Ce compte a été clôturé : demandez au souscripteur un autre IBAN."
    for slot in NEEDED:
        data = documents.get(slot)
        if data is None:
            found[slot] = "Cette pièce manque."
        elif not data.startswith(tuple(_MARKS.values())):
            found[slot] = "Cette pièce n'est pas lisible : un PDF ou un JPEG est attendu."
    return found


def _digest(asked: dict[str, Any], documents: dict[str, bytes]) -> str:
    said = [asked, {slot: hashlib.sha256(data).hexdigest() for slot, data in sorted(documents.items())}]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
