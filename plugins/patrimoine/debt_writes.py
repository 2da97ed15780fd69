"""Debts beside loans: what may be written, each with its line in the journal. Knows no Flask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from sqlalchemy import delete
from sqlalchemy import select

from core.api import audit
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.patrimoine import asset_rules
from plugins.patrimoine import assets
from plugins.patrimoine import debt_models as tables
from plugins.patrimoine import debts
from plugins.patrimoine.asset_terms import Debt
from plugins.patrimoine.asset_terms import DebtTerms
from plugins.patrimoine.asset_terms import Owner
from plugins.patrimoine.asset_writes import EDIT as EDIT
from plugins.patrimoine.asset_writes import changed
from plugins.patrimoine.asset_writes import may_edit
from plugins.patrimoine.asset_writes import plain
from plugins.patrimoine.asset_writes import said
from plugins.patrimoine.asset_writes import seen

LOOK = "Votre profil permet de voir cette dette, pas de la modifier. Adressez-vous à qui suit ce client."
_HOUSEHOLD = "Un foyer ne doit rien\u202f: nommez ses membres."
_DIGITS = Decimal("0.00000001")


def create(session: TenantSession, by: Adviser, terms: DebtTerms, owners: Sequence[Owner], *, debt_id: str | None = None) -> str:
    """Add a debt; its id. `debt_id`: the form's key: a second arrival finds what the first made. Raises as for an asset."""
    if debt_id and session.scalar(select(tables.Debt.id).where(tables.Debt.id == debt_id)):
        return editable(session, by, debt_id).id
    seen(session, by, [one.contact_id for one in owners], _HOUSEHOLD)
    asset_rules.debt(terms, owners)
    financed(session, by, terms.asset_id, [one.contact_id for one in owners])
    row = tables.Debt(**asdict(terms), said_by=by.name[:120])
    if debt_id:
        row.id = debt_id
    session.add(row)
    session.flush()
    _write_owners(session, row.id, owners)
    payload = {"debt": row.id, **plain(asdict(terms)), "owners": said(owners)}
    audit.record(session, by.user_id, "patrimoine.debt_added", f"contact:{owners[0].contact_id}", payload)
    return row.id


def change(session: TenantSession, by: Adviser, debt_id: str, terms: DebtTerms, owners: Sequence[Owner]) -> None:
    """Replace a debt's terms and people. Raises as `create`, and `Forbidden` where one may only look."""
    before = editable(session, by, debt_id)
    known = {one.contact_id for one in before.owners}
    seen(session, by, [one.contact_id for one in owners if one.contact_id not in known], _HOUSEHOLD)
    asset_rules.debt(terms, owners)
    if terms.asset_id != before.terms.asset_id:
        financed(session, by, terms.asset_id, [one.contact_id for one in owners])
    row = _row(session, debt_id)
    for name, value in asdict(terms).items():
        setattr(row, name, value)
    if terms.amount != before.terms.amount:
        row.said_by = by.name[:120]
    old, new = plain(asdict(before.terms)), plain(asdict(terms))
    people = (said(before.owners), said(owners))
    if people[0] != people[1]:
        session.execute(delete(tables.DebtOwner).where(tables.DebtOwner.debt_id == debt_id))
        _write_owners(session, debt_id, owners)
        old["owners"], new["owners"] = people
    session.flush()
    changed(session, by, "patrimoine.debt_changed", _subject(before), {"debt": debt_id}, old, new)


def settle(session: TenantSession, by: Adviser, debt_id: str, on: date) -> None:
    """Say that it is owed no more. Raises `DomainError`, `NotFound`, `Forbidden`."""
    found = editable(session, by, debt_id)
    asset_rules.past(on, "on")
    if found.terms.since is not None and on < found.terms.since:
        raise DomainError("Cette date précède le début de la dette\u202f: vérifiez-la.", field="on")
    _row(session, debt_id).settled_on = on
    session.flush()
    payload = {"debt": debt_id, "on": on.isoformat()}
    audit.record(session, by.user_id, "patrimoine.debt_settled", _subject(found), payload)


def reopen(session: TenantSession, by: Adviser, debt_id: str) -> None:
    """Take a settling back. Raises `NotFound`, `Forbidden`."""
    found = editable(session, by, debt_id)
    row = _row(session, debt_id)
    if row.settled_on is None:
        return
    row.settled_on = None
    session.flush()
    audit.record(session, by.user_id, "patrimoine.debt_reopened", _subject(found), {"debt": debt_id})


def editable(session: TenantSession, by: Adviser, debt_id: str) -> Debt:
    """A debt that the adviser may change. Raises `NotFound`, `Forbidden` where he may only look."""
    found = debts.get(session, by, debt_id)
    if not may_edit(session, by, found.owners):
        raise Forbidden(LOOK)
    return found


def financed(session: TenantSession, by: Adviser, asset_id: str | None, owers: Sequence[str]) -> None:
    """What a debt or a loan paid for: an asset that the adviser sees, on which one of those who owe has a right."""
    if asset_id is None:
        return
    found = assets.find(session, by, asset_id)
    if found is None or not {one.contact_id for one in found.owners} & set(owers):
        raise DomainError("Choisissez un actif de l'une des personnes qui doivent.", field="asset_id")


def _write_owners(session: TenantSession, debt_id: str, owners: Sequence[Owner]) -> None:
    session.add_all(
        tables.DebtOwner(debt_id=debt_id, contact_id=one.contact_id, rank=rank, share=one.share.quantize(_DIGITS))
        for rank, one in enumerate(owners, 1)
    )
    session.flush()


def _row(session: TenantSession, debt_id: str) -> tables.Debt:
    return session.scalars(select(tables.Debt).where(tables.Debt.id == debt_id)).one()


def _subject(found: Debt) -> str:
    return f"contact:{found.owners[0].contact_id}"
