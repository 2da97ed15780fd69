"""Loans: what may be written, each with its line in the journal. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select

from core.api import audit
from core.api import book
from core.api import finance
from core.api import rights
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from plugins.patrimoine import debt_writes
from plugins.patrimoine import loan_models as tables
from plugins.patrimoine import loan_rules
from plugins.patrimoine import loan_terms
from plugins.patrimoine import loans
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Happened
from plugins.patrimoine.loan_terms import Loan
from plugins.patrimoine.loan_terms import Terms

EDIT = "contacts.edit"
_LOOK = "Votre profil permet de voir ce prêt, pas de le modifier. Adressez-vous à qui suit ce client."
_DIGITS = Decimal("0.00000001")


def create(
    session: TenantSession, by: Adviser, terms: Terms, borrowers: Sequence[Borrower], *, loan_id: str | None = None
) -> str:
    """Add a loan; its id. `loan_id`: the form's key: a second arrival finds what the first made.

    Raises `DomainError` with the field that is wrong, `NotFound` for a borrower whom the adviser does not follow.
    """
    if loan_id and session.scalar(select(tables.Loan.id).where(tables.Loan.id == loan_id)):
        return editable(session, by, loan_id).id
    _seen(session, by, [one.contact_id for one in borrowers])
    clean = loan_rules.checked(terms, borrowers)
    debt_writes.financed(session, by, clean.asset_id, [one.contact_id for one in borrowers])
    row = tables.Loan(**_columns(clean))
    if loan_id:
        row.id = loan_id
    session.add(row)
    session.flush()
    _write_people(session, row.id, borrowers)
    audit.record(session, by.user_id, "patrimoine.loan_added", f"contact:{borrowers[0].contact_id}", {
        "loan": row.id, **_plain(clean), "borrowers": _said(borrowers),
    })  # fmt: skip
    return row.id


def change(session: TenantSession, by: Adviser, loan_id: str, terms: Terms, borrowers: Sequence[Borrower]) -> None:
    """Replace a loan's terms and people. Raises as `create`, and `Forbidden` where one may only look."""
    before = editable(session, by, loan_id)
    known = {one.contact_id for one in before.borrowers}
    _seen(session, by, [one.contact_id for one in borrowers if one.contact_id not in known])
    clean = loan_rules.checked(terms, borrowers)
    _check_events(replace(before, terms=clean, borrowers=tuple(borrowers), reckoned=[]))
    if clean.asset_id != before.terms.asset_id:
        debt_writes.financed(session, by, clean.asset_id, [one.contact_id for one in borrowers])
    row = _row(session, loan_id)
    for name, value in _columns(clean).items():
        setattr(row, name, value)
    old, new = _plain(before.terms), _plain(clean)
    people = (_said(before.borrowers), _said(borrowers))
    if people[0] != people[1]:
        session.execute(delete(tables.LoanBorrower).where(tables.LoanBorrower.loan_id == loan_id))
        _write_people(session, loan_id, borrowers)
        old["borrowers"], new["borrowers"] = people
    changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    session.flush()
    if changed:
        payload = {
            "loan": loan_id, "before": {name: old.get(name) for name in sorted(changed)},
            "after": {name: new.get(name) for name in sorted(changed)},
        }  # fmt: skip
        audit.record(session, by.user_id, "patrimoine.loan_changed", _subject(before), payload)


def close(session: TenantSession, by: Adviser, loan_id: str, on: date, why: str) -> None:
    """Say that a loan is over. Raises `DomainError`, `NotFound`, `Forbidden`."""
    found = editable(session, by, loan_id)
    if why not in loan_terms.CLOSINGS:
        raise DomainError("Dites pourquoi ce prêt est clos.", field="why")
    if on > today():
        raise DomainError("Un prêt se clôt une fois soldé\u202f: cette date est dans le futur.", field="on")
    begun = found.terms.granted_on or found.begins
    if begun and on < begun:
        raise DomainError("Cette date précède le début du prêt\u202f: vérifiez-la.", field="on")
    row = _row(session, loan_id)
    row.closed_on, row.closed_why = on, why
    session.flush()
    payload = {"loan": loan_id, "on": on.isoformat(), "why": why}
    audit.record(session, by.user_id, "patrimoine.loan_closed", _subject(found), payload)


def reopen(session: TenantSession, by: Adviser, loan_id: str) -> None:
    """Take a closing back. Raises `NotFound`, `Forbidden`."""
    found = editable(session, by, loan_id)
    row = _row(session, loan_id)
    if row.closed_on is None:
        return
    row.closed_on, row.closed_why = None, ""
    session.flush()
    audit.record(session, by.user_id, "patrimoine.loan_reopened", _subject(found), {"loan": loan_id})


def add_event(session: TenantSession, by: Adviser, loan_id: str, event: Happened, *, event_id: str | None = None) -> str:
    """Note a new rate, an early repayment or a balance that the lender told; its id. Raises `DomainError` with the field."""
    found = editable(session, by, loan_id)
    if event_id and session.scalar(select(tables.LoanEvent.id).where(tables.LoanEvent.id == event_id)):
        return event_id
    clean = _event(found, event)
    row = tables.LoanEvent(loan_id=loan_id, **{name: value for name, value in asdict(clean).items() if name != "id"})
    if event_id:
        row.id = event_id
    session.add(row)
    session.flush()
    payload = {"loan": loan_id, **_event_plain(clean)}
    audit.record(session, by.user_id, "patrimoine.loan_event_added", _subject(found), payload)
    return row.id


def remove_event(session: TenantSession, by: Adviser, loan_id: str, event_id: str) -> Happened:
    """Take one away; what it was, to put it back. Raises `NotFound`, `Forbidden`."""
    found = editable(session, by, loan_id)
    gone = next((one for one in found.events if one.id == event_id), None)
    if gone is None:
        raise NotFound("Cette ligne n'existe plus.")
    session.execute(delete(tables.LoanEvent).where(tables.LoanEvent.id == event_id))
    payload = {"loan": loan_id, **_event_plain(gone)}
    audit.record(session, by.user_id, "patrimoine.loan_event_removed", _subject(found), payload)
    return gone


def editable(session: TenantSession, by: Adviser, loan_id: str) -> Loan:
    """A loan that the adviser may change. Raises `NotFound`, `Forbidden` where he may only look."""
    found = loans.get(session, by, loan_id)
    if not may_edit(session, by, found):
        raise Forbidden(_LOOK)
    return found


def may_edit(session: TenantSession, by: Adviser, loan: Loan) -> bool:
    """Whether the adviser may change the file of one of its borrowers."""
    return by.can(EDIT) and any(
        rights.sees(session, by, "contact", one.contact_id, EDIT) for one in loan.borrowers if one.visible
    )


def _event(loan: Loan, event: Happened) -> Happened:
    """The event, made whole: what its kind has no use for is dropped."""
    if event.kind not in loan_terms.EVENTS:
        raise DomainError("Choisissez ce qui s'est passé.", field="kind")
    begun = loan.terms.granted_on or loan.begins
    if begun and event.on < begun:
        raise DomainError("Cette date précède le début du prêt\u202f: vérifiez-la.", field="on")
    if event.kind != "SOLDE" and loan.terms.kind not in loan_terms.SCHEDULED:
        raise DomainError("Ce prêt n'a pas d'échéancier\u202f: notez le solde communiqué par le prêteur.", field="kind")
    if event.kind == "TAUX":
        if event.rate is None:
            raise DomainError("Saisissez le nouveau taux.", field="rate")
        clean = Happened("TAUX", event.on, rate=event.rate)
    elif event.kind == "SOLDE":
        if event.amount is None or event.amount < 0:
            raise DomainError("Saisissez le solde communiqué par le prêteur, 0 ou davantage.", field="amount")
        if event.on > today():
            raise DomainError("Un solde se note le jour où il est connu\u202f: cette date est dans le futur.", field="on")
        return Happened("SOLDE", event.on, amount=event.amount)
    else:
        clean = _repayment(loan, event)
    _check_events(replace(loan, events=(*loan.events, clean), reckoned=[]))
    return clean


def _repayment(loan: Loan, event: Happened) -> Happened:
    if event.mode not in loan_terms.MODES:
        raise DomainError("Dites ce qui diminue ensuite, la durée ou l'échéance.", field="mode")
    if event.indemnity_kind not in loan_terms.INDEMNITIES:
        raise DomainError("Dites si le prêteur demande une indemnité.", field="indemnity_kind")
    asked = event.indemnity if event.indemnity_kind == "MONTANT" else None
    if event.indemnity_kind == "MONTANT" and asked is None:
        raise DomainError("Saisissez l'indemnité convenue.", field="indemnity")
    if asked is not None and asked < 0:
        raise DomainError("Une indemnité n'est pas négative.", field="indemnity")
    lines = loan.schedule()
    due = next((place for place, one in enumerate(lines) if one.due >= event.on), None)
    if due is None:
        raise DomainError("Le prêt est terminé à cette date\u202f: il n'y a plus rien à rembourser.", field="on")
    left = lines[due].balance
    if event.amount is not None and event.amount > left:
        owed = f"{left:,.2f}".replace(",", "\u202f").replace(".", ",")
        raise DomainError(f"Il ne reste alors que {owed}\u00a0€\u202f: laissez vide pour tout rembourser.", field="amount")
    kind = "" if event.indemnity_kind == "AUCUNE" else event.indemnity_kind
    return Happened("REMBOURSEMENT", event.on, amount=event.amount, mode=event.mode, indemnity_kind=kind, indemnity=asked)


def _check_events(loan: Loan) -> None:
    try:
        loan_terms.schedule(loan.terms, loan.covered, loan.events)
    except finance.BadLoan as error:
        raise loan_rules.refused(error) from error


def _seen(session: TenantSession, by: Adviser, people: Sequence[str]) -> None:
    """An adviser names only contacts that he may change, and a household does not borrow: its members do."""
    contact = book.Contact
    wanted = select(contact.id, contact.kind).where(contact.id.in_(people), rights.on(contact.id, by, "contact", EDIT, each=True))
    found = {row.id: row.kind for row in session.execute(wanted)}
    if set(found) != set(people):
        raise NotFound("L'un des emprunteurs n'existe pas, ou n'est pas ouvert à votre profil.")
    if "FOYER" in found.values():
        raise DomainError("Un foyer n'emprunte pas\u202f: ajoutez le prêt au dossier de l'un de ses membres.", field="second")


def _write_people(session: TenantSession, loan_id: str, borrowers: Sequence[Borrower]) -> None:
    session.add_all(
        tables.LoanBorrower(
            loan_id=loan_id, contact_id=one.contact_id, rank=rank, share=one.share.quantize(_DIGITS),
            insured=one.insured.quantize(_DIGITS),
        )
        for rank, one in enumerate(borrowers, 1)
    )  # fmt: skip
    session.flush()


def _row(session: TenantSession, loan_id: str) -> tables.Loan:
    return session.scalars(select(tables.Loan).where(tables.Loan.id == loan_id)).one()


def _subject(loan: Loan) -> str:
    return f"contact:{loan.borrowers[0].contact_id}"


def _columns(terms: Terms) -> dict[str, Any]:
    values = {name: getattr(terms, name) for name in Terms.__slots__}
    return {**values, "steps": [[count, str(payment)] for count, payment in terms.steps], "guarantees": list(terms.guarantees)}


def _plain(terms: Terms) -> dict[str, Any]:
    return {name: _json(value) for name, value in _columns(terms).items() if value not in (None, "", [], 0)}


def _event_plain(event: Happened) -> dict[str, Any]:
    return {name: _json(value) for name, value in asdict(event).items() if value not in (None, "") and name != "id"}


def _said(borrowers: Sequence[Borrower]) -> list[Mapping[str, str]]:
    return [{"contact": one.contact_id, "share": f"{one.share:.8f}", "insured": f"{one.insured:.8f}"} for one in borrowers]


def _json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value
