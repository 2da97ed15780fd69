"""Usufructs lose worth as their holders grow older: the parts of accounts that stand on an age are reckoned anew each day."""

from __future__ import annotations

from sqlalchemy import select

from core.accounts.models import AccountRole
from core.extensions import db
from core.jobs.queue import periodic
from core.wealth import totals


@periodic("wealth.birthdays", 24 * 3600)
def birthdays(cabinet_id: int) -> None:
    """The accounts of one cabinet that somebody holds in usufruct."""
    with db.session(cabinet_id) as session:
        held = select(AccountRole.account_id).where(AccountRole.role == "USUFRUITIER").distinct()
        totals.keep(session, list(session.scalars(held)))
