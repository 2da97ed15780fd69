"""A day of an act that comes back, in one press: rules asked, prepared, executed where nothing is to be confirmed (PF-04)."""

from __future__ import annotations

from datetime import date

from core.api import accounts
from core.api import links
from core.api import transactions
from core.api.db import Conflict
from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.portefeuille.plans import keeping
from plugins.portefeuille.plans import reading
from plugins.portefeuille.transaction_asking import allowed


def prepare(session: TenantSession, by: Adviser, plan_id: str, on: date) -> str:
    """The act of a day, prepared; its id. Raises as `keeping.prepare`, `Conflict` where a rule wants a reason."""
    found = reading.get(session, by, plan_id)
    try:
        allowed(found.account.id, found.act, found.reason)
    except links.ReasonNeeded as error:
        raise Conflict(f"{error.text} Modifiez l'acte programmé pour y noter ce motif.") from error
    return keeping.prepare(session, by, plan_id, on)


def execute(session: TenantSession, by: Adviser, plan_id: str, on: date) -> tuple[str, tuple[accounts.checks.Finding, ...]]:
    """The same, executed; what is to be confirmed first, where something is: then it is prepared only."""
    made = prepare(session, by, plan_id, on)
    try:
        with session.begin_nested():
            transactions.typed.execute(session, by, made)
    except accounts.checks.Unconfirmed as error:
        return made, tuple(error.findings)
    return made, ()
