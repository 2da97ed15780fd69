"""Reading accounts: references for lists in a constant number of queries, and one account's page (BL-02, BL-06)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import literal
from sqlalchemy import select
from sqlalchemy import union_all
from sqlalchemy.orm import aliased

from core.accounts.access import visible_accounts
from core.accounts.envelopes import ENVELOPES
from core.accounts.envelopes import FEES
from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.accounts.schemas import AccountCard
from core.accounts.schemas import Choice
from core.accounts.schemas import RoleLine
from core.cabinets import rights
from core.cabinets.rights import Scope
from core.contacts.access import visible
from core.contacts.models import Contact
from core.contacts.models import HouseholdMember
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import AccountRef
from core.hooks.types import Adviser
from core.hooks.types import Holder
from core.supports.models import Company
from core.supports.models import Product

ABSENT = "Ce compte n'existe pas, ou n'est pas ouvert à votre profil."
_HELD_AT = aliased(Company), aliased(Company)
_REF = (
    Account.id, Account.cabinet_id, Account.number, Account.title, Account.envelope, Account.state, Account.currency,
    Account.value, Account.value_on, Account.pledged, Account.accepted_beneficiary, Account.advance_running,
    Account.blocked, Account.opened_on, Account.data_as_of, Account.freshness, Account.net_payments, Account.archived_at,
    Company.name.label("company"), Company.code.label("company_code"), Product.name.label("product"),
)  # fmt: skip


def refs(
    session: TenantSession, adviser: Adviser, *, contact_id: str | None = None,
    account_ids: Sequence[str] | None = None, rights: Sequence[str] = (), archived: bool = False,
) -> list[AccountRef]:  # fmt: skip
    """The accounts that the adviser may see, and act on by `rights`, by title, in two queries whatever their number.

    Those that were put away are among those named by id; among others where `archived` asks for them.
    `contact_id`: those that a person holds, or any member of a household. Partner links are not filled in here; which
    accounts a request keeps, page by page: `core.queries.accounts`.
    """
    few = account_ids is not None or contact_id is not None
    found = _select().where(visible_accounts(adviser, *rights, each=few))
    if contact_id is not None:
        found = found.where(_held_by(contact_id))
    if account_ids is not None:
        found = found.where(Account.id.in_(account_ids))
    elif not archived:
        found = found.where(Account.archived_at.is_(None))
    # of a few, the index of titles would be walked through whole to find them in that order: they are sorted once found
    title = func.coalesce(Account.title, "") if few else Account.title
    return _made(session, session.execute(found.order_by(title, Account.number_key, Account.id)).all())


def in_order(session: TenantSession, ids: Sequence[str]) -> list[AccountRef]:
    """These accounts in this order, in two queries. No right is checked: the ids come from what was."""
    if not ids:
        return []
    rows = {row.id: row for row in session.execute(_select().where(Account.id.in_(ids)))}
    return _made(session, [rows[key] for key in ids if key in rows])


def get_ref(session: TenantSession, adviser: Adviser, account_id: str, *rights: str) -> AccountRef:
    """One account. Raises `NotFound`, also for one that the adviser may not see, or not act on by `rights`."""
    found = refs(session, adviser, account_ids=[account_id], rights=rights)
    if not found:
        raise NotFound(ABSENT)
    return found[0]


def label_of(session: TenantSession, account_id: str) -> str:
    """«Himalia HIM0012345», for a message to somebody who acted on it: no right is checked. Raises `NotFound`."""
    row = session.execute(select(Account.title, Account.number).where(Account.id == account_id)).first()
    if row is None:
        raise NotFound(ABSENT)
    return f"{row.title} {row.number}"


def card(session: TenantSession, adviser: Adviser, account_id: str) -> AccountCard:
    """One account's page. Raises `NotFound`, also for one that the adviser may not see."""
    ref = get_ref(session, adviser, account_id)
    depositary, distributor = _HELD_AT
    row = session.execute(
        select(
            Account.company_id, Account.management_mode, Account.origin, Account.effect_on, Account.matures_on,
            Account.closed_on, Account.delegated, Account.depositary_id, Account.distributor_id, Account.product_id,
            *(getattr(Account, name) for name in FEES), Account.tax_option, Account.settlement, Account.introducer_code,
            Account.archived_at, depositary.name.label("depositary"),
            distributor.name.label("distributor"),
        )
        .join(depositary, depositary.id == Account.depositary_id)
        .outerjoin(distributor, distributor.id == Account.distributor_id)
        .where(Account.id == account_id)
    ).one()  # fmt: skip
    return AccountCard(
        ref=ref, company_id=row.company_id, depositary=row.depositary, distributor=row.distributor,
        management_mode=row.management_mode, origin=row.origin, effect_on=row.effect_on, matures_on=row.matures_on,
        closed_on=row.closed_on, delegated=row.delegated, roles=_roles(session, adviser, account_id),
        depositary_id=row.depositary_id, distributor_id=row.distributor_id, product_id=row.product_id,
        fees=tuple((name, getattr(row, name)) for name in FEES), tax_option=row.tax_option, settlement=row.settlement,
        introducer_code=row.introducer_code, archived_at=row.archived_at,
    )  # fmt: skip


def companies(session: TenantSession, adviser: Adviser) -> tuple[Choice, ...]:
    """The companies of the accounts that the adviser may see, by name: the choices of a filter."""
    held = exists().where(Account.company_id == Company.id, Account.cabinet_id == Company.cabinet_id, visible_accounts(adviser))
    rows = session.execute(select(Company.id, Company.name).where(held).order_by(Company.name))
    return tuple(Choice(row.id, row.name) for row in rows)


def distributors(session: TenantSession, adviser: Adviser) -> tuple[Choice, ...]:
    """The distributors of those accounts, by name."""
    by = exists().where(Account.distributor_id == Company.id, Account.cabinet_id == Company.cabinet_id, visible_accounts(adviser))
    rows = session.execute(select(Company.id, Company.name).where(by).order_by(Company.name))
    return tuple(Choice(row.id, row.name) for row in rows)


def envelopes(session: TenantSession, adviser: Adviser) -> tuple[Choice, ...]:
    """The envelopes of the accounts that the adviser may see, in the order in which lists show them."""
    used = set(session.scalars(_used_envelopes(adviser)))
    return tuple(Choice(code, label) for code, label in ENVELOPES.items() if code in used)


def _used_envelopes(adviser: Adviser) -> Select[str]:
    seen = visible_accounts(adviser)
    if rights.scope(adviser, "accounts.view") is not Scope.CABINET:
        return select(Account.envelope).distinct().where(seen)
    # of all the cabinet's accounts: one look into an index for each envelope there is
    looks = [select(Account.envelope).where(Account.envelope == code).limit(1).subquery() for code in ENVELOPES]
    return select(union_all(*(look.select() for look in looks)).subquery().c.envelope)


def _select() -> Select[*tuple[Any, ...]]:
    return (
        select(*_REF)
        .join(Company, Company.id == Account.company_id)
        .outerjoin(Product, Product.id == Account.product_id)
    )


def _held_by(contact_id: str) -> ColumnElement[bool]:
    members = select(HouseholdMember.contact_id).where(HouseholdMember.household_id == contact_id)
    # a union, not «or»: both databases then go by the holders' index, not through every account of the cabinet
    holders = select(literal(contact_id)).union_all(members)
    return Account.id.in_(
        select(AccountRole.account_id).where(AccountRole.role.in_(HOLDING_ROLES), AccountRole.contact_id.in_(holders))
    )


def _made(session: TenantSession, rows: Sequence[Any]) -> list[AccountRef]:
    held = _holders(session, [row.id for row in rows])
    return [
        AccountRef(
            id=row.id, cabinet_id=row.cabinet_id, number=row.number, title=row.title, envelope=row.envelope,
            envelope_label=ENVELOPES.get(row.envelope, row.envelope), state=row.state, company=row.company,
            company_code=row.company_code, product=row.product, currency=row.currency, value=row.value,
            value_on=row.value_on, holders=held.get(row.id, ()), pledged=row.pledged,
            accepted_beneficiary=row.accepted_beneficiary, advance_running=row.advance_running, blocked=row.blocked,
            opened_on=row.opened_on, data_as_of=row.data_as_of, freshness=row.freshness,
            net_payments=row.net_payments, archived=row.archived_at is not None,
        )
        for row in rows
    ]  # fmt: skip


def _holders(session: TenantSession, ids: Iterable[str]) -> dict[str, tuple[Holder, ...]]:
    wanted = list(ids)
    if not wanted:
        return {}
    rows = session.execute(
        select(
            AccountRole.account_id, AccountRole.role, Contact.id, Contact.display_name, Contact.kind,
            Contact.protection, Contact.vital,
        )
        .join(Contact, Contact.id == AccountRole.contact_id)
        .where(AccountRole.account_id.in_(wanted), AccountRole.role.in_(HOLDING_ROLES))
    )  # fmt: skip
    found: dict[str, list[Holder]] = {}
    for row in rows:
        holder = Holder(row.id, row.display_name, row.kind, row.role, row.protection, row.vital)
        found.setdefault(row.account_id, []).append(holder)
    order = HOLDING_ROLES.index
    return {key: tuple(sorted(who, key=lambda one: (order(one.role), one.name))) for key, who in found.items()}


def _roles(session: TenantSession, adviser: Adviser, account_id: str) -> tuple[RoleLine, ...]:
    mine = set(
        session.scalars(
            select(Contact.id).join(AccountRole, AccountRole.contact_id == Contact.id)
            .where(AccountRole.account_id == account_id, visible(adviser, each=True))
        )
    )  # fmt: skip
    rows = session.execute(
        select(
            AccountRole.contact_id, Contact.display_name, AccountRole.role, AccountRole.rank, AccountRole.share,
            AccountRole.clause, AccountRole.accepted_on,
        )
        .join(Contact, Contact.id == AccountRole.contact_id)
        .where(AccountRole.account_id == account_id)
    )  # fmt: skip
    lines = [
        RoleLine(
            row.contact_id, row.display_name, row.role, row.rank, row.share, row.clause, row.accepted_on,
            row.contact_id in mine,
        )
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (line.role not in HOLDING_ROLES, line.role, line.rank, line.name)))
