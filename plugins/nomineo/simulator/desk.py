"""What a clerk may do to a mandate or a contract."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from .db import Connection
from .mandates import STEPS
from .mandates import Mandate

_LABELS = {
    "receive": "Réceptionner",
    "activate": "Activer",
    "return": "Renvoyer",
    "refuse": "Refuser",
    "suspend": "Suspendre",
    "revoke": "Révoquer",
}
#: Button of the desk → flag of the contract.
SWITCHES: Mapping[str, Mapping[str, bool]] = {
    "pledge": {"pledged": True},
    "release": {"pledged": False},
    "close": {"closed": True},
    "reopen": {"closed": False},
}
_FLAGS = ("pledged", "closed", "deceased", "guarded", "accepted", "advance")
_ADVANCE = 1_000_000


def open_steps(mandate: Mandate) -> list[tuple[str, str]]:
    """(step, label of its button) that this state allows."""
    return [
        (name, "Corriger le code" if name == "activate" and mandate.state == "active" else _LABELS[name])
        for name, (starts, _) in STEPS.items()
        if mandate.state in starts
    ]


def set_contract(connection: Connection, contract_id: int, flags: Mapping[str, object], today: date) -> None:
    """Sets the book's facts on a contract. Raises `ValueError` on an unknown flag or a value that is no boolean."""
    for name, value in flags.items():
        if name not in _FLAGS or not isinstance(value, bool):
            raise ValueError(name)
        column: str = name
        kept: object = value
        if name == "pledged":
            column, kept = "pledged_to", "la Banque du Centre" if value else None
        elif name == "closed":
            column, kept = "closed_on", today.isoformat() if value else None
        elif name == "advance":
            kept = _ADVANCE if value else 0
        connection.execute(f"UPDATE contracts SET {column} = ? WHERE id = ?", (kept, contract_id))  # noqa: S608
