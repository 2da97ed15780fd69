"""Core's own guard: no second act of a nature that the partner is still processing (BL-11)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from core.db.session import TenantSession
from core.hooks.types import AccountRef
from core.hooks.types import Guard
from core.transactions.machine import is_in_progress
from core.transactions.models import Transaction
from core.web.formats import day


def same_nature(session: TenantSession, account: AccountRef, natures: Mapping[str, str]) -> dict[str, Guard]:
    """Acts whose nature has a pending transaction on this account, by the partner's own word.

    What was only prepared or opened here blocks nothing (PLP-051); «other» is no nature.
    """
    rows = session.scalars(
        select(Transaction).where(
            Transaction.account_id == account.id, Transaction.plugin.is_not(None), Transaction.status.is_not(None)
        )
    ).all()
    running = {row.nature: row for row in rows if row.status and is_in_progress(row.status)}
    found = {}
    for act, nature in natures.items():
        row = running.get(nature)
        if row is not None and nature != "other":
            reference = f", réf. {row.partner_ref}" if row.partner_ref else ""
            text = f"«{row.act_label}» est en cours de traitement ({day(row.created_at)}{reference})."
            found[act] = Guard("block", "pending_same_kind", text, "Attendez la fin de cette transaction.")
    return found
