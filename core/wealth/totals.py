"""What contacts hold, in euros: «Encours» of lists, files and portfolios (CT-01, BL-02, PF-01).

Of each open account the part that a contact's role gives (`core.wealth.parts`); a household's is the sum of its members'.
Kept beside the accounts, in the transaction that changes them, so that lists of a hundred thousand go by an index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Select
from sqlalchemy import case
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import literal
from sqlalchemy import null
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from core.accounts.access import visible_accounts
from core.accounts.changes import on_change
from core.accounts.envelopes import ENDED_STATES
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.cabinets import rights
from core.cabinets.rights import Scope
from core.contacts.models import Contact
from core.contacts.models import HouseholdMember
from core.contacts.services import on_household
from core.db.clock import today
from core.db.model import new_id
from core.db.scope import MANY
from core.db.scope import arrays
from core.db.scope import kept
from core.db.scope import one_of
from core.db.session import TenantSession
from core.db.types import Money
from core.hooks import references
from core.hooks.types import Adviser
from core.wealth import accounts
from core.wealth.balance import CURRENCY
from core.wealth.balance import amounts_of
from core.wealth.models import AccountPart
from core.wealth.parts import parts

#: Accounts, and contacts, written at a time.
BATCH = 400


def worth(adviser: Adviser) -> Any:
    """A contact's total as an expression beside `Contact`: of the accounts that the adviser may see."""
    if rights.scope(adviser, "accounts.view") is Scope.CABINET:
        return Contact.worth
    seen = rights.on(AccountPart.account_id, adviser, "account", each=True)
    own = select(func.sum(AccountPart.amount)).where(AccountPart.contact_id == Contact.id, seen)
    home = (
        select(func.sum(AccountPart.amount))
        .join(HouseholdMember, HouseholdMember.contact_id == AccountPart.contact_id)
        .where(HouseholdMember.household_id == Contact.id, seen)
    )
    return case(
        (Contact.kind == "FOYER", home.correlate(Contact).scalar_subquery()), else_=own.correlate(Contact).scalar_subquery()
    )


def of_contacts(session: TenantSession, adviser: Adviser, ids: Sequence[str]) -> dict[str, Decimal]:
    """The total of each that holds a valued account, in one query. The caller has checked that he may see these contacts."""
    if not ids:
        return {}
    found = session.rows(_of_contacts(adviser, arrays(session)), {"ids": list(ids)})
    return {row.id: row.worth for row in found if row.worth is not None}


@lru_cache(maxsize=MANY)
def _of_contacts(adviser: Adviser, in_array: bool) -> Select[Any]:
    return kept(select(Contact.id, worth(adviser).label("worth")).where(one_of(Contact.id, "ids", in_array)))


def of_contact(session: TenantSession, adviser: Adviser, contact_id: str) -> tuple[Decimal, date] | None:
    """What one holds and the day of its newest valuation; None for nothing valued. The caller has checked the contact."""
    held = AccountPart.contact_id.in_(select(literal(contact_id)).union_all(_members_of(contact_id)))
    row = session.execute(
        select(func.sum(AccountPart.amount), func.max(Account.value_on))
        .join(Account, Account.id == AccountPart.account_id)
        .where(held, AccountPart.amount.is_not(None), visible_accounts(adviser, each=True))
    ).one()  # fmt: skip
    return (Decimal(row[0]), row[1]) if row[0] is not None and row[1] is not None else None


def parts_of(session: TenantSession, contact_id: str, account_ids: Sequence[str]) -> dict[str, Decimal]:
    """Account → the part of a person, or of a household's members together, as a ratio; those of which it is not known apart."""
    rows = session.execute(
        select(AccountPart.account_id, func.sum(AccountPart.part))
        .where(
            AccountPart.account_id.in_(account_ids),
            or_(AccountPart.contact_id == contact_id, AccountPart.contact_id.in_(_members_of(contact_id))),
        )
        .group_by(AccountPart.account_id)
    )  # fmt: skip
    return {account: Decimal(part) for account, part in rows}


@on_change
def keep(session: TenantSession, account_ids: Sequence[str]) -> None:
    """Reckon these accounts' parts anew, and the totals of all whom that touches."""
    touched: set[str] = set()
    ids = list(dict.fromkeys(account_ids))
    for start in range(0, len(ids), BATCH):
        touched |= _keep_parts(session, ids[start : start + BATCH])
    _keep_totals(session, touched)


@on_household
def members_changed(session: TenantSession, household_id: str) -> None:
    """Somebody joined a household or left it: its total is another."""
    _keep_totals(session, {household_id})


@references.afterwards
def contacts_changed(session: TenantSession, *contact_ids: str) -> None:
    """Two contacts are one now, or are two again: the parts of all that they hold, and their totals."""
    held = select(AccountRole.account_id).where(AccountRole.contact_id.in_(contact_ids))
    keep(session, list(session.scalars(held)))
    _keep_totals(session, set(contact_ids))


def missing(session: TenantSession) -> bool:
    """Whether the cabinet has accounts and no part of any: the database was brought here by an upgrade."""
    return session.scalar(select(AccountPart.id).limit(1)) is None and session.scalar(select(Account.id).limit(1)) is not None


def rebuild(session: TenantSession) -> None:
    """All of the cabinet's anew: after a load that does not pass by the services, an upgrade, a birthday of a usufructuary."""
    ids = list(session.scalars(select(Account.id).order_by(Account.id)))
    for start in range(0, len(ids), BATCH):
        _keep_parts(session, ids[start : start + BATCH])
    _keep_totals(session, set(session.scalars(select(Contact.id))))


def _keep_parts(session: TenantSession, ids: Sequence[str]) -> set[str]:
    """The parts of some accounts; the contacts whose part is another than it was."""
    session.flush()
    rows = session.execute(
        select(Account.id, Account.value, Account.currency, Account.state, Account.archived_at).where(Account.id.in_(ids))
    ).all()
    who = accounts.standings(session, ids)
    births = _births(session, {one.contact_id for some in who.values() for one in some})
    new: dict[tuple[str, str], tuple[Decimal, Decimal | None]] = {}
    for row in rows:
        owners = accounts.owners(who.get(row.id, ()))
        found = parts(owners, births, today())
        counted = row.currency == CURRENCY and row.state not in ENDED_STATES and row.archived_at is None
        amounts = amounts_of(row.value if counted else None, found)
        ratios = defaultdict[str, Decimal](Decimal)
        for one in found:
            if one.ratio is not None:
                ratios[one.contact_id] += one.ratio
        new |= {(row.id, contact): (ratio, amounts[contact]) for contact, ratio in ratios.items()}
    old = {
        (row.account_id, row.contact_id): (row.part, row.amount)
        for row in session.execute(
            select(AccountPart.account_id, AccountPart.contact_id, AccountPart.part, AccountPart.amount)
            .where(AccountPart.account_id.in_(ids))
        )
    }  # fmt: skip
    other = {key for key in {*old, *new} if old.get(key) != new.get(key)}
    _replace(session, {account for account, _contact in other}, new)
    return {contact for _account, contact in other}


def _replace(session: TenantSession, ids: set[str], new: Mapping[tuple[str, str], tuple[Decimal, Decimal | None]]) -> None:
    if not ids:
        return
    session.execute(
        delete(AccountPart).where(AccountPart.account_id.in_(ids)).execution_options(synchronize_session=False)
    )
    cabinet_id = session.require_cabinet()
    made = [
        {
            "cabinet_id": cabinet_id, "id": new_id(), "account_id": account, "contact_id": contact, "part": part,
            "amount": amount,
        }
        for (account, contact), (part, amount) in new.items() if account in ids
    ]  # fmt: skip
    if made:
        session.execute(insert(AccountPart), made)


def _keep_totals(session: TenantSession, touched: set[str]) -> None:
    """`Contact.worth` of these and of their households."""
    ids = sorted(touched)
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        homes = session.scalars(select(HouseholdMember.household_id).where(HouseholdMember.contact_id.in_(some)))
        all_of_them = sorted({*some, *homes})
        sums = _sums(session, all_of_them)
        worth = case({key: literal(total, Money()) for key, total in sums.items()}, value=Contact.id) if sums else null()
        session.execute(
            update(Contact).where(Contact.id.in_(all_of_them))
            # nobody changed the file: its «last changed» stays
            .values(worth=worth, updated_at=Contact.updated_at).execution_options(synchronize_session=False)
        )  # fmt: skip


def _sums(session: TenantSession, ids: Sequence[str]) -> dict[str, Decimal]:
    """What people hold, and what members of households do."""
    total = func.sum(AccountPart.amount)
    own = select(AccountPart.contact_id, total).where(AccountPart.contact_id.in_(ids)).group_by(AccountPart.contact_id)
    home = (
        select(HouseholdMember.household_id, total)
        .join(AccountPart, AccountPart.contact_id == HouseholdMember.contact_id)
        .where(HouseholdMember.household_id.in_(ids)).group_by(HouseholdMember.household_id)
    )  # fmt: skip
    return {key: Decimal(value) for found in (own, home) for key, value in session.execute(found) if value is not None}


def _members_of(household: Any) -> Select[str]:
    return select(HouseholdMember.contact_id).where(HouseholdMember.household_id == household)


def _births(session: TenantSession, ids: Iterable[str]) -> dict[str, date | None]:
    wanted = list(ids)
    if not wanted:
        return {}
    return {
        row.id: row.birth_date
        for row in session.execute(select(Contact.id, Contact.birth_date).where(Contact.id.in_(wanted)))
    }
