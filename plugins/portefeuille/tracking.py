"""The status of transactions that no enabled partner link follows (BL-13, domain.md §3.6 lines 16 and 19)."""

from __future__ import annotations

from collections.abc import Sequence

from core.api.types import Cell
from core.api.types import Column
from core.api.types import Context
from core.api.types import TransactionRef

UNTRACKED = (
    "Le statut n'est suivi que pour les transactions initiées ici chez un partenaire. Celle-ci a été saisie ou "
    "importée, ou faite directement dans l'extranet du partenaire : son avancement se lit chez lui."
)
FROZEN = "Suivi arrêté : le lien avec ce partenaire n'est plus activé. Dernier statut connu."
#: The key under which partner links contribute their status column.
KEY = "status"


def columns(ctx: Context, transactions: Sequence[TransactionRef]) -> list[Column]:
    """Cells for what has no partner link, or one that is off: its last known status, frozen, and why."""
    cells = {
        row.id: _word(row)
        for row in transactions
        if row.plugin is None or row.status is None or row.plugin not in ctx.enabled
    }  # fmt: skip
    return [Column(KEY, "Statut", cells)] if cells else []


def _word(row: TransactionRef) -> Cell:
    if row.status is None:
        return Cell("sans suivi", explain=UNTRACKED)
    if row.plugin is None:  # typed here: a person's word
        return Cell(row.status_label or row.status, kind="neutral")
    return Cell(row.status_label or row.status, kind="neutral", detail=FROZEN)


def merged(contributed: Sequence[Column]) -> tuple[Column, ...]:
    """One column a key, in the order of the first: the first plugin that has a word on a row keeps it."""
    found: dict[str, Column] = {}
    for column in contributed:
        before = found.get(column.key)
        cells = {**column.cells, **before.cells} if before else dict(column.cells)
        found[column.key] = Column(column.key, before.label if before else column.label, cells)
    return tuple(found.values())
