"""Pledges: read, given, released; how far what is pledged covers what is owed; the account's flag follows. Knows no Flask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal

from sqlalchemy import Select
from sqlalchemy import select

from core.api import accounts
from core.api import audit
from core.api import book
from core.api import rights
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import AccountRef
from core.api.types import Adviser
from plugins.patrimoine import loans
from plugins.patrimoine.loan_terms import Loan
from plugins.patrimoine.pledge_models import Pledge

EDIT = "accounts.edit"
ABSENT = "Ce nantissement n'existe pas, ou n'est pas ouvert à votre profil."
LOOK = "Votre profil permet de voir ce compte, pas de le modifier. Adressez-vous à qui suit ce client."
RANKS = 9


@dataclass(frozen=True, slots=True)
class Given:
    """A pledge as pages read it. `amount` None: the whole account. `loan`: where the reader may see it."""

    id: str
    account: AccountRef
    creditor: str
    amount: Decimal | None
    rank: int
    pledged_on: date
    released_on: date | None
    loan_id: str | None
    agreed_on: date | None = None
    agreed_until: date | None = None

    @property
    def worth(self) -> Decimal | None:
        """What it secures today: the account's value, or the amount where that is less; None where it is not known."""
        value = self.account.value
        if value is None or self.account.currency != "EUR":
            return None
        return value if self.amount is None else min(value, self.amount)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What pledged accounts are worth beside what is owed. `ratio` None: a value is not known, or nothing is owed."""

    worth: Decimal | None
    owed: Decimal

    @property
    def ratio(self) -> Decimal | None:
        """1 is 100 %."""
        if self.worth is None or self.owed <= 0:
            return None
        return (self.worth / self.owed).quantize(Decimal("0.0001"), ROUND_HALF_UP)

    def below(self, threshold: Decimal) -> bool:
        """Whether it is known to be less than a ratio."""
        return self.ratio is not None and self.ratio < threshold


def of_accounts(session: TenantSession, ids: Sequence[str], on: date) -> list[Pledge]:
    """The pledges that stand on these accounts on a day, by rank. Rights are the caller's affair."""
    standing = Pledge.released_on.is_(None) | (Pledge.released_on > on)
    wanted = select(Pledge).where(Pledge.account_id.in_(ids), Pledge.pledged_on <= on, standing)
    return list(session.scalars(wanted.order_by(Pledge.rank, Pledge.id)))


def of_contact(session: TenantSession, adviser: Adviser, contact_id: str) -> list[Given]:
    """The pledges on the accounts of a person or a household that the adviser may see; standing ones first."""
    refs = {one.id: one for one in accounts.refs(session, adviser, contact_id=contact_id)}
    return _given(session, refs, select(Pledge).where(Pledge.account_id.in_(refs)))


def of_loan(session: TenantSession, adviser: Adviser, loan_id: str) -> list[Given]:
    """The pledges that secure a loan, on accounts that the adviser may see."""
    ids = session.scalars(select(Pledge.account_id).where(Pledge.loan_id == loan_id)).all()
    refs = {one.id: one for one in accounts.refs(session, adviser, account_ids=ids)} if ids else {}
    return _given(session, refs, select(Pledge).where(Pledge.loan_id == loan_id, Pledge.account_id.in_(refs)))


def following(session: TenantSession, adviser: Adviser, after: str | None, *, size: int) -> list[Given]:
    """Some pledges on accounts that the adviser may see, in the order of their ids: a page of the API."""
    wanted = select(Pledge).where(rights.on(Pledge.account_id, adviser, "account")).order_by(Pledge.id).limit(size)
    rows = session.scalars(wanted if after is None else wanted.where(Pledge.id > after)).all()
    ids = [row.account_id for row in rows]
    refs = {one.id: one for one in accounts.refs(session, adviser, account_ids=ids)} if ids else {}
    return [_made(row, refs[row.account_id]) for row in rows]


def get(session: TenantSession, adviser: Adviser, pledge_id: str) -> Given:
    """One. Raises `NotFound`, also where the account is not the adviser's."""
    row = session.scalar(select(Pledge).where(Pledge.id == pledge_id))
    refs = accounts.refs(session, adviser, account_ids=[row.account_id]) if row is not None else []
    if row is None or not refs:
        raise NotFound(ABSENT)
    return _made(row, refs[0])


def coverage(found: Sequence[Given], loan: Loan, on: date) -> Coverage | None:
    """How far the pledges that stand cover what is owed; None where there is none."""
    standing = [one for one in found if one.loan_id == loan.id and one.released_on is None]
    if not standing:
        return None
    values = {one.account.id: one.worth for one in standing}
    known = None if None in values.values() else sum((value for value in values.values() if value is not None), Decimal(0))
    return Coverage(known, loan.owed(on).amount)


def add(
    session: TenantSession, by: Adviser, account_id: str, creditor: str, pledged_on: date, *, amount: Decimal | None = None,
    rank: int = 1, loan_id: str | None = None, pledge_id: str | None = None,
) -> str:  # fmt: skip
    """Pledge an account; its id. The account is marked as pledged. Raises `DomainError`, `NotFound`, `Forbidden`."""
    if pledge_id and session.scalar(select(Pledge.id).where(Pledge.id == pledge_id)):
        return get(session, by, pledge_id).id
    account = _account(session, by, account_id)
    creditor = " ".join(creditor.split())
    if loan_id is not None:
        loans.get(session, by, loan_id)
    if not creditor or len(creditor) > 120:
        raise DomainError("Saisissez le nom du créancier, en 120 caractères au plus.", field="creditor")
    if amount is not None and amount <= 0:
        raise DomainError("Le montant garanti est positif\u202f; laissez vide pour le compte entier.", field="amount")
    if not 1 <= rank <= RANKS:
        raise DomainError(f"Un rang va de 1 à {RANKS}.", field="rank")
    if pledged_on > today():
        raise DomainError("Cette date est dans le futur\u202f: notez le nantissement une fois signé.", field="pledged_on")
    if account.opened_on and pledged_on < account.opened_on:
        raise DomainError("Le compte n'était pas encore ouvert à cette date\u202f: vérifiez-la.", field="pledged_on")
    if any(one.rank == rank for one in of_accounts(session, [account_id], today())):
        raise DomainError(f"Un nantissement de rang {rank} existe déjà sur ce compte.", field="rank")
    row = Pledge(account_id=account_id, loan_id=loan_id, creditor=creditor, amount=amount, rank=rank, pledged_on=pledged_on)
    if pledge_id:
        row.id = pledge_id
    session.add(row)
    session.flush()
    payload = {"creditor": creditor, "rank": rank, "on": pledged_on.isoformat(), "loan": loan_id or ""}
    if amount is not None:
        payload["amount"] = str(amount)
    audit.record(session, by.user_id, "patrimoine.pledged", f"account:{account_id}", payload)
    accounts.update(session, by, account_id, {"pledged": True})
    return row.id


def release(session: TenantSession, by: Adviser, pledge_id: str, on: date) -> None:
    """Note the creditor's release (mainlevée). With the last one, and no creditor among its roles, the account is free."""
    found = get(session, by, pledge_id)
    _account(session, by, found.account.id)
    if found.released_on is not None:
        return
    if on < found.pledged_on:
        raise DomainError("La mainlevée suit le nantissement\u202f: vérifiez la date.", field="released_on")
    if on > today():
        raise DomainError("Cette date est dans le futur\u202f: notez la mainlevée une fois obtenue.", field="released_on")
    row = session.scalars(select(Pledge).where(Pledge.id == pledge_id)).one()
    row.released_on = on
    session.flush()
    payload = {"creditor": found.creditor, "rank": found.rank, "on": on.isoformat()}
    audit.record(session, by.user_id, "patrimoine.pledge_released", f"account:{found.account.id}", payload)
    if not _held(session, found.account.id):
        accounts.update(session, by, found.account.id, {"pledged": False})


def agree(session: TenantSession, by: Adviser, pledge_id: str, on: date, until: date | None = None) -> None:
    """Note the creditor's written agreement to acts that take from the account; a new one takes the place of the last.

    Raises `DomainError` with the field, `NotFound`, `Forbidden`.
    """
    found = get(session, by, pledge_id)
    _account(session, by, found.account.id)
    if found.released_on is not None:
        raise DomainError("Ce nantissement est levé\u202f: aucun accord n'est plus nécessaire.")
    if on < found.pledged_on:
        raise DomainError("L'accord suit le nantissement\u202f: vérifiez la date.", field="agreed_on")
    if on > today():
        raise DomainError("Cette date est dans le futur\u202f: notez l'accord une fois reçu.", field="agreed_on")
    if until is not None and until < on:
        raise DomainError("L'accord se termine avant d'avoir commencé\u202f: vérifiez les deux dates.", field="agreed_until")
    row = session.scalars(select(Pledge).where(Pledge.id == pledge_id)).one()
    row.agreed_on, row.agreed_until = on, until
    session.flush()
    payload = {"creditor": found.creditor, "on": on.isoformat(), "until": until.isoformat() if until else ""}
    audit.record(session, by.user_id, "patrimoine.pledge_agreed", f"account:{found.account.id}", payload)


def _held(session: TenantSession, account_id: str) -> bool:
    """Whether a creditor still has a hand on it: by another pledge, or by a role that the company told."""
    role = book.AccountRole
    told = select(role.id).where(role.account_id == account_id, role.role == "CREANCIER_NANTI")
    standing = select(Pledge.id).where(Pledge.account_id == account_id, Pledge.released_on.is_(None))
    return session.scalar(standing) is not None or session.scalar(told) is not None


def _account(session: TenantSession, by: Adviser, account_id: str) -> AccountRef:
    found = accounts.get_ref(session, by, account_id)
    if not accounts.refs(session, by, account_ids=[account_id], rights=(EDIT,)):
        raise Forbidden(LOOK)
    return found


def _given(session: TenantSession, refs: dict[str, AccountRef], wanted: Select[Pledge]) -> list[Given]:
    rows = session.scalars(wanted).all() if refs else []
    made = [_made(row, refs[row.account_id]) for row in rows]
    return sorted(made, key=lambda one: (one.released_on is not None, one.account.label, one.rank, one.id))


def _made(row: Pledge, account: AccountRef) -> Given:
    return Given(row.id, account, row.creditor, row.amount, row.rank, row.pledged_on, row.released_on, row.loan_id, row.agreed_on,
                 row.agreed_until)  # fmt: skip


def free_rank(session: TenantSession, account_id: str) -> int:
    """The first rank that no pledge of the account has."""
    taken = {one.rank for one in of_accounts(session, [account_id], today())}
    return next((rank for rank in range(1, RANKS + 1) if rank not in taken), RANKS)
