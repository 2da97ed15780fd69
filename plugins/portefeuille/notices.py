"""Tells the adviser who began a transaction how it ended at the partner (BL-13)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from core.api import accounts
from core.api import transactions
from core.api.db import session
from core.api.notify import notify
from core.api.types import Event
from core.api.types import TransactionStatusChanged

PARIS = ZoneInfo("Europe/Paris")
#: Status → look of the notification. What is still on its way is seen in the list, not told.
TOLD: dict[str, str] = {"validated": "success", "rejected": "danger", "cancelled": "warning"}


def tell(event: Event) -> None:
    """Notify once a transaction and status. Called by a job, at least once: the key makes it idempotent."""
    if not isinstance(event, TransactionStatusChanged) or event.after not in TOLD:
        return
    adviser = transactions.initiated_by(session(), event.transaction_id)
    if adviser is None:
        return
    found = transactions.get(session(), "system", event.transaction_id)
    if found.plugin is None:
        return  # his own word on what he typed here
    account = accounts.label_of(session(), event.account_id)
    since = f"{found.created_at.astimezone(PARIS):%d/%m/%Y}"
    reason = f" Motif donné : {found.reason_text}" if found.reason_text else ""
    reference = f" (réf. {found.partner_ref})" if found.partner_ref else ""
    notify(
        session(), [adviser], kind=TOLD[event.after], key=f"transaction:{event.transaction_id}:{event.after}",
        title=f"{found.act_label} : {event.label}",
        text=f"{account} : la transaction du {since}{reference} a reçu du partenaire le statut "
        f"«{event.label}».{reason}",
        url=f"/p/portefeuille/comptes/{event.account_id}/transactions", about=("transaction", event.transaction_id),
    )  # fmt: skip
