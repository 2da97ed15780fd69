"""What a feed brings to an account beside its days: movements in numbers, and the fact that it fills the account (AGG-01)."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import delete
from sqlalchemy import select

from core.accounts import services
from core.accounts.changes import leaving
from core.accounts.changes import told
from core.accounts.envelopes import ORIGINS
from core.accounts.models import Account
from core.accounts.models import Movement
from core.cabinets import audit
from core.contacts.access import writer
from core.db.errors import Conflict
from core.db.model import new_id
from core.db.session import TenantSession
from core.hooks.types import Adviser


@dataclass(frozen=True, slots=True)
class FedMovement:
    """A movement as a feed tells it: what comes in is positive, what goes out negative."""

    on: date
    kind: str
    label: str
    amount: Decimal
    currency: str
    support_id: str | None = None
    quantity: Decimal | None = None


def filled_by(session: TenantSession, by: Adviser | str, account_id: str, origin: str) -> str:
    """Say what fills an account from now on (a code of `ORIGINS`); what did before.

    Raises `NotFound`, `Forbidden`, `Conflict` for an account that was put away, ValueError for another code.
    """
    if origin not in ORIGINS:
        raise ValueError(origin)
    actor = writer(by, "accounts.edit")
    row = services.editable(session, by, account_id)
    if row.archived_at is not None:
        raise Conflict("Ce compte est archivé\u202f: sortez-le des archives d'abord.")
    before = row.origin
    if before != origin:
        row.origin = origin
        session.flush()
        audit.record(session, actor, "account.filled_by", f"account:{account_id}", {"before": before, "after": origin})
        told(session, account_id)
    return before


def add_movements(
    session: TenantSession, by: Adviser | str, account_id: str, lines: Sequence[FedMovement], source: str
) -> list[str]:  # fmt: skip
    """Write movements, one entry in the journal for all; their ids, in that order. Raises `NotFound`, `Forbidden`."""
    if not lines:
        return []
    actor = writer(by, "accounts.edit")
    services.editable(session, by, account_id)
    ids = [new_id() for _line in lines]
    session.add_all(
        Movement(
            id=key, account_id=account_id, on=one.on, kind=one.kind, label=one.label[:200], amount=one.amount,
            currency=one.currency, support_id=one.support_id, quantity=one.quantity, source=source,
        )
        for key, one in zip(ids, lines, strict=True)
    )  # fmt: skip
    session.flush()
    days = [one.on for one in lines]
    payload = {"count": len(ids), "since": min(days).isoformat(), "until": max(days).isoformat(), "source": source}
    audit.record(session, actor, "account.movements_added", f"account:{account_id}", payload)
    return ids


def remove_movements(session: TenantSession, by: Adviser | str, account_id: str, ids: Collection[str]) -> int:
    """Take a feed's movements back; how many were still there. Raises `NotFound`, `Forbidden`."""
    if not ids:
        return 0
    actor = writer(by, "accounts.edit")
    services.editable(session, by, account_id)
    mine = Movement.account_id == account_id, Movement.id.in_(ids)
    there = session.scalars(select(Movement.id).where(*mine)).all()
    leaving(session, actor, there)
    session.execute(delete(Movement).where(*mine).execution_options(synchronize_session=False))
    session.expire_all()
    if there:
        audit.record(session, actor, "account.movements_removed", f"account:{account_id}", {"count": len(there)})
    return len(there)


def grow_old(session: TenantSession, ids: Collection[str]) -> None:
    """Say that what is known of these accounts is old: their feed went silent. The next day that comes says otherwise."""
    wanted = select(Account).where(Account.id.in_(ids), Account.freshness == "A_JOUR")
    for row in session.scalars(wanted) if ids else ():
        row.freshness = "ANCIEN"
        since = row.data_as_of.isoformat() if row.data_as_of else None
        audit.record(session, "system", "account.stale", f"account:{row.id}", {"since": since})
    session.flush()
