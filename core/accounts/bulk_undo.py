"""What an import wrote of accounts taken back: those untouched since are removed, what nobody changed is put back (AC-02)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import delete
from sqlalchemy import select

from core.accounts import bulk_update
from core.accounts import overrides
from core.accounts import search as account_search
from core.accounts import services
from core.accounts.access import visible_accounts
from core.accounts.changes import told
from core.accounts.models import Account
from core.accounts.models import AccountOverride
from core.accounts.models import AccountRole
from core.accounts.models import Movement
from core.accounts.models import Position
from core.accounts.models import Valuation
from core.cabinets import audit
from core.cabinets.models import AuditEntry
from core.contacts.access import writer
from core.db.errors import DomainError
from core.db.model import Base
from core.db.model import Model
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.search import index

#: What goes with an account that is taken away.
OWN: tuple[type[Any], ...] = (AccountRole, Position, Valuation, Movement, AccountOverride)
_GONE = "Ce compte n'existe plus, ou n'est pas ouvert à votre profil."
def remove(session: TenantSession, by: Adviser | str, since: Mapping[str, int]) -> dict[str, str]:
    """Delete accounts; id → why one was kept. `since`: each account's id → the journal's link with which it was made.

    One that changed since, or that anything hangs on (a transaction, a pledge, a document), is kept. Raises `Forbidden`.
    """
    actor = writer(by, "accounts.edit")
    ids = list(since)
    wanted = select(Account.id).where(Account.id.in_(ids))
    if isinstance(by, Adviser):
        wanted = wanted.where(visible_accounts(by, "accounts.edit", each=True))
    here = set(session.scalars(wanted))
    kept = {one: _GONE for one in ids if one not in here}
    subjects = {f"account:{one}": one for one in here}
    for row in session.execute(
        select(AuditEntry.subject, AuditEntry.seq)
        .where(AuditEntry.subject.in_(list(subjects)), AuditEntry.seq > min(since.values()))
    ):  # fmt: skip
        if row.seq > since[subjects[row.subject]]:
            kept[subjects[row.subject]] = "Ce compte a été modifié depuis l'import\u202f: il est gardé."
    for one in _held(session, sorted(here - set(kept))):
        kept[one] = "Ce compte sert depuis l'import (opération, nantissement, document…)\u202f: il est gardé."
    gone = sorted(here - set(kept))
    if gone:
        deleted(session, gone)
        audit.record_many(session, actor, [("account.removed", f"account:{one}", {}) for one in gone])
    return kept


def deleted(session: TenantSession, ids: Sequence[str]) -> None:
    """Take accounts that nothing hangs on away, with what is their own; whoever calls writes the journal."""
    _unheld(session, ids)
    for model in OWN:
        session.execute(delete(model).where(model.account_id.in_(ids)).execution_options(synchronize_session=False))
    for one in ids:
        index.remove(session, account_search.KIND, one)
    session.execute(delete(Account).where(Account.id.in_(ids)).execution_options(synchronize_session=False))
    session.expire_all()


def put_back(
    session: TenantSession, by: Adviser | str, account_id: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> str | None:
    """Give an account what it had, where it still has what the import wrote; why something was kept, or None."""
    actor = writer(by, "accounts.edit")
    seen = [visible_accounts(by, "accounts.edit", each=True)] if isinstance(by, Adviser) else []
    row = session.scalar(select(Account).where(Account.id == account_id, *seen))
    if row is None:
        return _GONE
    kept = list[str]()
    back = {name: value for name, value in before["fields"].items()
            if _now(row, name, after["fields"].get(name), kept)}  # fmt: skip
    try:
        if back:
            services.update(session, by, account_id, {name: _typed(name, value) for name, value in back.items()})
        overrides.told(session, account_id, {name: overrides.typed(name, value) for name, value in before.get("fed", {}).items()})
    except DomainError as error:
        return error.text
    if "on" in after:
        _day_back(session, row, before, after, kept)
        audit.record(session, actor, "account.put_back", f"account:{account_id}", {"on": after["on"]})
        told(session, account_id)
    return f"Modifié depuis l'import, et gardé\u202f: {', '.join(dict.fromkeys(kept))}." if kept else None


def _day_back(
    session: TenantSession, row: Account, before: Mapping[str, Any], after: Mapping[str, Any], kept: list[str]
) -> None:  # fmt: skip
    on = date.fromisoformat(after["on"])
    if "positions" in after:
        if bulk_update.positions_on(session, row.id, on) != after["positions"]:
            kept.append("positions")
        else:
            session.execute(delete(Position).where(Position.account_id == row.id, Position.on == on))
            session.add_all(Position(account_id=row.id, on=on, **_line(one)) for one in before["positions"])
    if bulk_update.value_on(session, row.id, on) != after["value"]:
        kept.append("valorisation")
        session.flush()
        return
    there = session.scalar(select(Valuation).where(Valuation.account_id == row.id, Valuation.on == on))
    if there is not None and before["value"] is None:
        session.delete(there)
    elif there is not None:
        for name, value in before["value"].items():
            setattr(there, name, _typed(name, value))
    if {name: bulk_update.coded(getattr(row, name)) for name in bulk_update.HEAD} == after["head"]:
        for name, value in before["head"].items():
            setattr(row, name, _typed(name, value))
    session.flush()


def _now(row: Account, name: str, written: Any, kept: list[str]) -> bool:
    """Whether a field is still what the import wrote."""
    if bulk_update.coded(getattr(row, name)) == written:
        return True
    kept.append(_CALLED.get(name, name))
    return False


_CALLED = {"envelope": "enveloppe", "title": "intitulé", "state": "état", "opened_on": "date d'ouverture",
           "product_id": "produit", "net_payments": "versements nets"}  # fmt: skip


def _line(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _typed(name, value) for name, value in one.items()}


def _typed(name: str, value: Any) -> Any:
    """A value as the column takes it, from how the import keeps it."""
    if value is None:
        return None
    if name.endswith(("_on", "_of")):
        return date.fromisoformat(value)
    return Decimal(value) if name in ("value", "net_payments", "quantity", "price", "cost") else value


def _unheld(session: TenantSession, ids: Sequence[str]) -> None:
    """Nobody holds these accounts any more: no total counts them, and what was reckoned of them is let go."""
    session.execute(delete(AccountRole).where(AccountRole.account_id.in_(ids)).execution_options(synchronize_session=False))
    told(session, *ids)


def _held(session: TenantSession, ids: Sequence[str]) -> set[str]:
    """Those of these accounts that a row of another table names, what is reckoned of their holders' parts aside.

    Tried in a transaction within this one: once nobody holds them, what still names them is somebody's.
    """
    if not ids:
        return set()
    trial = session.begin_nested()
    _unheld(session, ids)
    found = _named(session, ids)
    trial.rollback()
    return found


def _named(session: TenantSession, ids: Sequence[str]) -> set[str]:
    # what moved on an account came from elsewhere: an import writes none
    return hung(session, ids) | set(session.scalars(select(Movement.account_id).where(Movement.account_id.in_(ids)).distinct()))


def serves(session: TenantSession, ids: Sequence[str]) -> set[str]:
    """The same, what is reckoned of their holders' parts aside; movements do not count."""
    trial = session.begin_nested()
    _unheld(session, ids)
    found = hung(session, ids)
    trial.rollback()
    return found


def hung(session: TenantSession, ids: Sequence[str]) -> set[str]:
    """Those of these accounts that a row of another table names: a transaction, a pledge, a document."""
    found: set[str] = set()
    for model, names in _naming().items():
        for name in names:
            column = getattr(model, name)
            wanted = select(column).where(column.in_(ids)).distinct()
            if name == "owner_id":
                wanted = wanted.where(model.owner_kind == "account")
            found |= set(session.scalars(wanted))
    return found


def _naming() -> dict[type[Any], set[str]]:
    """Model → its columns that name an account, core's and plugins' alike; but rows that are declared to go with it."""
    made: dict[type[Any], set[str]] = defaultdict(set)
    for mapper in Base.registry.mappers:
        model = mapper.class_
        if model in OWN or not issubclass(model, Model):
            continue
        for one in mapper.local_table.constraints:  # type: ignore[attr-defined]
            if not isinstance(one, ForeignKeyConstraint) or one.ondelete == "CASCADE":
                continue
            if one.referred_table.name == Account.__tablename__:
                made[model] |= {mapper.get_property_by_column(key.parent).key for key in one.elements} - {"cabinet_id"}
        if {"owner_kind", "owner_id"} <= set(mapper.columns.keys()):
            made[model].add("owner_id")
    return made
