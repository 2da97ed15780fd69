"""What «Ajouter» offers on an account that no partner feeds: acts that are typed here (PF-04, BL-09)."""

from __future__ import annotations

from collections.abc import Sequence

from core.api import transactions
from core.api.db import session
from core.api.types import AccountRef
from core.api.types import Context
from core.api.types import TransactionType


def types(ctx: Context, account: AccountRef) -> Sequence[TransactionType]:
    """One entry an act; none on an account that goes by a partner link, or for whoever may not write it."""
    if account.plugin is not None or not ctx.can("accounts.edit"):
        return []
    acts = transactions.typed_acts
    return [
        TransactionType(
            act.code, acts.label(act, account.envelope), act.nature, act.icon, mode="form",
            form_url=f"/p/portefeuille/comptes/{account.id}/actes/{act.code}",
        )
        for act in transactions.typed.offered(session(), account.id)
    ]  # fmt: skip
