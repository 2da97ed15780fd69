"""Loans as they are read: those of a contact, one, those of several people for a balance sheet. Knows no Flask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import select

from core.api import book
from core.api import contacts
from core.api import rights
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.patrimoine import loan_models as tables
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Happened
from plugins.patrimoine.loan_terms import Loan
from plugins.patrimoine.loan_terms import Terms

ABSENT = "Ce prêt n'existe pas, ou n'est pas ouvert à votre profil."
_COLUMNS = [name for name in Terms.__slots__ if name not in ("steps", "guarantees")]


def reached(adviser: Adviser, *more: str, each: bool = False) -> ColumnElement[bool]:
    """A condition on `Loan`: one of its borrowers is a contact that the adviser may see, and act on by `more`."""
    borrower = tables.LoanBorrower
    theirs = select(borrower.loan_id).where(rights.on(borrower.contact_id, adviser, "contact", *more))
    return rights.among(theirs, tables.Loan.id, each=each)


def of_contact(session: TenantSession, adviser: Adviser, contact_id: str) -> list[Loan]:
    """The loans of a person, or of a household's members: open ones first, the largest first."""
    members = select(book.HouseholdMember.contact_id).where(book.HouseholdMember.household_id == contact_id)
    borrower = tables.LoanBorrower
    theirs = select(borrower.loan_id).where((borrower.contact_id == contact_id) | borrower.contact_id.in_(members))
    found = _made(session, adviser, select(tables.Loan).where(tables.Loan.id.in_(theirs), reached(adviser, each=True)))
    return sorted(found, key=lambda one: (one.closed_on is not None, -one.terms.principal, one.id))


def get(session: TenantSession, adviser: Adviser, loan_id: str) -> Loan:
    """One loan. Raises `NotFound`, also for one none of whose borrowers the adviser may see."""
    found = find(session, adviser, loan_id)
    if found is None:
        raise NotFound(ABSENT)
    return found


def find(session: TenantSession, adviser: Adviser, loan_id: str) -> Loan | None:
    """The same, None where it is not the adviser's to see."""
    found = _made(session, adviser, select(tables.Loan).where(tables.Loan.id == loan_id, reached(adviser, each=True)))
    return found[0] if found else None


def following(session: TenantSession, adviser: Adviser, after: str | None, *, size: int) -> list[Loan]:
    """Some loans in the order of their ids: a page of the API."""
    wanted = select(tables.Loan).where(reached(adviser)).order_by(tables.Loan.id).limit(size)
    return _made(session, adviser, wanted if after is None else wanted.where(tables.Loan.id > after))


def financing(session: TenantSession, adviser: Adviser, assets: Sequence[str]) -> list[Loan]:
    """The loans that paid for some assets, as far as the adviser sees them; open ones first."""
    wanted = select(tables.Loan).where(tables.Loan.asset_id.in_(assets), reached(adviser, each=True))
    return sorted(_made(session, adviser, wanted), key=lambda one: (one.closed_on is not None, -one.terms.principal, one.id))


def owed_by(session: TenantSession, people: Sequence[str], on: date) -> list[Loan]:
    """The loans that run on a day and that one of these people owes a share of. Rights are the caller's affair."""
    theirs = select(tables.LoanBorrower.loan_id).where(tables.LoanBorrower.contact_id.in_(people))
    return [one for one in _made(session, None, select(tables.Loan).where(tables.Loan.id.in_(theirs))) if one.open_on(on)]


def _made(session: TenantSession, adviser: Adviser | None, wanted: Select[Any]) -> list[Loan]:
    """Loans with their people and events, in the statement's order: five queries, however many they are."""
    rows: Sequence[tables.Loan] = session.scalars(wanted).all()
    ids = [row.id for row in rows]
    if not ids:
        return []
    borrower, happened = tables.LoanBorrower, tables.LoanEvent
    people = session.scalars(select(borrower).where(borrower.loan_id.in_(ids)).order_by(borrower.rank, borrower.id)).all()
    events = session.scalars(select(happened).where(happened.loan_id.in_(ids)).order_by(happened.on, happened.id)).all()
    named = {one.contact_id for one in people}
    names: dict[str, str] = {}
    seen: set[str] = set()
    if adviser is not None:
        names = {line.id: line.name for line in contacts.lists.lines(session, sorted(named))}
        contact = book.Contact
        seen = set(session.scalars(
            select(contact.id).where(contact.id.in_(named), rights.on(contact.id, adviser, "contact", each=True))
        ))  # fmt: skip
    return [
        Loan(
            row.id, _terms(row),
            tuple(
                Borrower(one.contact_id, one.share, one.insured, names.get(one.contact_id, ""), one.contact_id in seen)
                for one in people if one.loan_id == row.id
            ),
            tuple(_happened(one) for one in events if one.loan_id == row.id), row.closed_on, row.closed_why,
        )
        for row in rows
    ]  # fmt: skip


def _terms(row: tables.Loan) -> Terms:
    values = {name: getattr(row, name) for name in _COLUMNS}
    steps = tuple((int(count), Decimal(payment)) for count, payment in row.steps)
    return Terms(**values, steps=steps, guarantees=tuple(row.guarantees))


def _happened(row: tables.LoanEvent) -> Happened:
    return Happened(row.kind, row.on, row.rate, row.amount, row.mode, row.indemnity_kind, row.indemnity, row.id)
