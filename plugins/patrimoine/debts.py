"""Debts beside loans as they are read. Knows no Flask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import select

from core.api import rights
from core.api import wealth
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.patrimoine import debt_models as tables
from plugins.patrimoine.asset_terms import Debt
from plugins.patrimoine.asset_terms import DebtTerms
from plugins.patrimoine.assets import known
from plugins.patrimoine.assets import shared

ABSENT = "Cette dette n'existe pas, ou n'est pas ouverte à votre profil."


def reached(adviser: Adviser, *more: str, each: bool = False) -> ColumnElement[bool]:
    """A condition on `Debt`: one who owes it is a contact that the adviser may see, and act on by `more`."""
    owner = tables.DebtOwner
    theirs = select(owner.debt_id).where(rights.on(owner.contact_id, adviser, "contact", *more))
    return rights.among(theirs, tables.Debt.id, each=each)


def of_contact(session: TenantSession, adviser: Adviser, contact_id: str) -> list[Debt]:
    """The debts of a person, or of a household's members. Raises `NotFound`."""
    return of_people(session, adviser, wealth.people(session, adviser, contact_id))


def of_people(session: TenantSession, adviser: Adviser, people: Sequence[str]) -> list[Debt]:
    """The debts that one of these people owes a share of: those still owed first, the largest first."""
    wanted = select(tables.Debt).where(tables.Debt.id.in_(_theirs(people)), reached(adviser, each=True))
    return sorted(_made(session, adviser, wanted), key=lambda one: (one.settled_on is not None, -one.terms.amount, one.id))


def get(session: TenantSession, adviser: Adviser, debt_id: str) -> Debt:
    """One debt. Raises `NotFound`, also for one that nobody whom the adviser may see owes."""
    found = find(session, adviser, debt_id)
    if found is None:
        raise NotFound(ABSENT)
    return found


def find(session: TenantSession, adviser: Adviser, debt_id: str) -> Debt | None:
    """The same, None where it is not the adviser's to see."""
    found = _made(session, adviser, select(tables.Debt).where(tables.Debt.id == debt_id, reached(adviser, each=True)))
    return found[0] if found else None


def following(session: TenantSession, adviser: Adviser, after: str | None, *, size: int) -> list[Debt]:
    """Some debts in the order of their ids: a page of the API."""
    wanted = select(tables.Debt).where(reached(adviser)).order_by(tables.Debt.id).limit(size)
    return _made(session, adviser, wanted if after is None else wanted.where(tables.Debt.id > after))


def financing(session: TenantSession, adviser: Adviser, asset_id: str) -> list[Debt]:
    """The debts that paid for an asset and are still owed, as far as the adviser sees them."""
    wanted = select(tables.Debt).where(tables.Debt.asset_id == asset_id, reached(adviser, each=True)).order_by(tables.Debt.id)
    return [one for one in _made(session, adviser, wanted) if one.settled_on is None]


def owed_by(session: TenantSession, people: Sequence[str], on: date) -> list[Debt]:
    """The debts that one of these people owes a share of on a day. Rights are the caller's affair."""
    wanted = select(tables.Debt).where(tables.Debt.id.in_(_theirs(people))).order_by(tables.Debt.id)
    return [one for one in _made(session, None, wanted) if one.owed(on)]


def _theirs(people: Sequence[str]) -> Select[Any]:
    return select(tables.DebtOwner.debt_id).where(tables.DebtOwner.contact_id.in_(people))


def _made(session: TenantSession, adviser: Adviser | None, wanted: Select[Any]) -> list[Debt]:
    """Debts with their people, in the statement's order: four queries, however many they are."""
    rows: Sequence[tables.Debt] = session.scalars(wanted).all()
    owner = tables.DebtOwner
    ids = [row.id for row in rows]
    people = session.scalars(select(owner).where(owner.debt_id.in_(ids)).order_by(owner.rank, owner.id)).all() if ids else []
    names, seen = known(session, adviser, {one.contact_id for one in people})
    return [
        Debt(
            row.id, DebtTerms(**{name: getattr(row, name) for name in DebtTerms.__slots__}),
            shared([one for one in people if one.debt_id == row.id], names, seen), row.settled_on, row.said_by,
        )
        for row in rows
    ]  # fmt: skip
