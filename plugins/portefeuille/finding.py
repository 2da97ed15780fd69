"""What the quick search shows of an account (RE-02)."""

from __future__ import annotations

from core.api import Context
from core.api import accounts
from core.api.db import session
from core.api.formats import money
from core.api.types import AccountRef
from core.api.types import SearchHit
from core.api.types import SearchHits


def accounts_found(ctx: Context, text: str, limit: int) -> SearchHits:
    """Accounts that the person may see; each leads to its page."""
    assert ctx.principal is not None
    found, how = accounts.found(session(), ctx.principal, text, limit=limit)
    return SearchHits(
        tuple(
            SearchHit(ref.id, ref.label, "p_portefeuille.account", {"account_id": ref.id}, _detail(ref), _value(ref))
            for ref in found
        ),
        more=how.more, near=how.near, all_endpoint="p_portefeuille.accounts_list", all_values={"q": text},
    )  # fmt: skip


def _detail(ref: AccountRef) -> str:
    return " · ".join([*(holder.name for holder in ref.holders[:1]), ref.company])


def _value(ref: AccountRef) -> str:
    return money(ref.value) if ref.value is not None else ""
