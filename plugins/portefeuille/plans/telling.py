"""Each day, whoever follows the client is told of what waits: once a day of an act, and nothing is done of it (PF-04)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import or_
from sqlalchemy import select

from core.api import Context
from core.api import accounts
from core.api import book
from core.api import formats
from core.api import transactions
from core.api.db import TenantSession
from core.api.db import session
from core.api.db import today
from core.api.jobs import Job
from core.api.notify import notify
from plugins.portefeuille.plans.models import Plan

#: Plans told at most in one turn: the next one goes on.
MOST = 500


def look(ctx: Context, data: Mapping[str, Any]) -> None:
    """Tell of the days that came since the last turn."""
    rows = session().scalars(
        select(Plan).where(
            Plan.state == "ACTIF", Plan.next_on <= today(), or_(Plan.told_on.is_(None), Plan.told_on < Plan.next_on)
        ).order_by(Plan.id).limit(MOST)
    ).all()  # fmt: skip
    for row in rows:
        assert row.next_on is not None
        named = transactions.typed_acts.ACTS[row.act].label
        amount = f" de {formats.money(row.amount)}" if row.amount is not None else ""
        notify(
            session(), _in_charge(session(), row), kind="info", key=f"plan:{row.id}:{row.next_on}",
            title=f"Échéance à faire\u202f: {named} programmé",
            text=f"{accounts.label_of(session(), row.account_id)}\u202f: {named.lower()}{amount} du {formats.day(row.next_on)}. "
            "Rien n'est écrit sans vous\u202f: exécutez, préparez ou passez cette échéance.",
            url=f"/p/portefeuille/programmes/{row.id}", about=("account", row.account_id),
        )  # fmt: skip
        row.told_on = row.next_on
    session().flush()


def _in_charge(at: TenantSession, row: Plan) -> list[str]:
    """Who follows the account's holders first; whoever programmed it where nobody does."""
    role, follower = book.AccountRole, book.ContactAdviser
    found = at.scalars(
        select(follower.user_id).join(role, role.contact_id == follower.contact_id)
        .where(
            role.account_id == row.account_id, role.role.in_(accounts.HOLDING_ROLES), follower.role == "PRINCIPAL"
        ).order_by(follower.user_id)
    )  # fmt: skip
    return list(dict.fromkeys(found)) or [row.made_by]


TELL = Job("plans.due", look, every=timedelta(days=1))
