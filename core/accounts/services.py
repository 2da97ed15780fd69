"""Accounts: the services that others call. Reading is in `lists` and `holdings`; here, what may be written."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import fields
from dataclasses import replace
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select

from core.accounts import merging as _settling  # noqa: F401 - what a merge of two holders sets right
from core.accounts import search as account_search
from core.accounts.access import visible_accounts
from core.accounts.changes import gathered
from core.accounts.changes import on_change
from core.accounts.changes import told
from core.accounts.envelopes import ENDED_STATES
from core.accounts.envelopes import ENVELOPES
from core.accounts.envelopes import FED
from core.accounts.envelopes import FEES
from core.accounts.envelopes import FRESHNESSES
from core.accounts.envelopes import MANAGEMENT_MODES
from core.accounts.envelopes import ORIGINS
from core.accounts.envelopes import ROLES
from core.accounts.envelopes import SETTLEMENTS
from core.accounts.envelopes import STATES
from core.accounts.envelopes import TAX_OPTIONS
from core.accounts.holders import Held
from core.accounts.holders import HolderLine
from core.accounts.holders import Holding
from core.accounts.holders import held_supports
from core.accounts.holders import holders
from core.accounts.holders import holding
from core.accounts.holdings import add_movement
from core.accounts.holdings import positions
from core.accounts.holdings import put_positions
from core.accounts.holdings import put_valuation
from core.accounts.holdings import valuations
from core.accounts.lists import ABSENT
from core.accounts.lists import card
from core.accounts.lists import companies
from core.accounts.lists import distributors
from core.accounts.lists import envelopes
from core.accounts.lists import get_ref
from core.accounts.lists import label_of
from core.accounts.lists import refs
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.accounts.movements import MovementFilter
from core.accounts.movements import count_movements
from core.accounts.movements import every_movement
from core.accounts.movements import movement_kinds
from core.accounts.movements import movements
from core.accounts.numbers import number_key
from core.accounts.schemas import AccountCard
from core.accounts.schemas import Choice
from core.accounts.schemas import Holdings
from core.accounts.schemas import MovementLine
from core.accounts.schemas import NewAccount
from core.accounts.schemas import NewPosition
from core.accounts.schemas import PositionLine
from core.accounts.schemas import Role
from core.accounts.schemas import RoleLine
from core.accounts.schemas import ValuationLine
from core.accounts.schemas import check_roles
from core.accounts.schemas import plain
from core.cabinets import audit
from core.cabinets import rights
from core.contacts.access import visible
from core.contacts.access import writer
from core.contacts.models import Contact
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import AccountRef
from core.hooks.types import Adviser
from core.search.find import Found
from core.supports.models import Company
from core.supports.models import Product

__all__ = [
    "ENDED_STATES", "ENVELOPES", "FED", "FEES", "KNOWN", "MANAGEMENT_MODES", "ORIGINS", "ROLES", "SETTLEMENTS", "STATES",
    "TAX_OPTIONS", "AccountCard",
    "Choice", "Held", "HolderLine", "Holding", "Holdings", "MovementFilter", "MovementLine", "NewAccount", "NewPosition",
    "PositionLine", "Role", "RoleLine", "ValuationLine", "add_movement", "card", "companies",
    "count_movements", "create", "distributors", "envelopes", "every_movement", "found", "gathered", "get_ref",
    "held_supports", "holders",
    "holding", "known_at", "label_of", "movement_kinds", "movements", "number_key", "on_change", "positions", "put_positions",
    "put_valuation", "refs", "set_roles", "update", "valuations",
]  # fmt: skip

#: The fields of an account, but its roles.
NAMES = tuple(field.name for field in fields(NewAccount) if field.name != "roles")
#: The code of a refusal: that number is at that depositary already.
KNOWN = "account-known"


def create(session: TenantSession, by: Adviser | str, data: NewAccount, *, account_id: str | None = None) -> str:
    """Add an account with its roles; its id. What a person types passes by `by_hand.add`, which asks the envelope's rules.

    Raises `DomainError` for what the rules refuse, `Conflict` for a number known at that depositary, `Forbidden`.
    """
    actor = writer(by, "accounts.edit")
    clean = _checked(session, data)
    _check_holders(session, by, clean.roles)
    check_roles(clean.envelope, clean.roles, _kinds(session, clean.roles))
    key = number_key(clean.number)
    check_free(session, clean, key)
    row = Account(**_columns(clean), number_key=key)
    if account_id:
        row.id = account_id
    session.add(row)
    session.flush()
    _write_roles(session, row, clean.roles)
    account_search.keep(session, row)
    audit.record(session, actor, "account.added", f"account:{row.id}", plain(_columns(clean)))
    told(session, row.id)
    return row.id


def update(session: TenantSession, by: Adviser | str, account_id: str, changes: Mapping[str, Any]) -> None:
    """Change fields of `NewAccount` but the roles. Raises `NotFound`, `DomainError`, `Conflict`, `Forbidden`."""
    actor = writer(by, "accounts.edit")
    row = editable(session, by, account_id)
    names = [field.name for field in fields(NewAccount) if field.name != "roles"]
    if unknown := set(changes) - set(names):
        raise DomainError(f"Champ non modifiable : {', '.join(sorted(unknown))}.")
    roles = _roles_of(session, account_id)
    before = NewAccount(roles=roles, **{name: getattr(row, name) for name in names})
    after = _checked(session, replace(before, **changes))
    if after.envelope != before.envelope:
        check_roles(after.envelope, roles, _kinds(session, roles))
    key = number_key(after.number)
    if (key, after.depositary_id) != (row.number_key, row.depositary_id):
        check_free(session, after, key)
    old, new = _columns(before), _columns(after)
    changed = {name: value for name, value in new.items() if old[name] != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(row, name, value)
    row.number_key = key
    session.flush()
    account_search.keep(session, row)
    payload = {"before": plain({name: old[name] for name in changed}), "after": plain(changed)}
    audit.record(session, actor, "account.changed", f"account:{row.id}", payload)
    told(session, row.id)


def found(session: TenantSession, adviser: Adviser, text: str, *, limit: int) -> tuple[list[AccountRef], Found]:
    """What the quick search finds, best first, and how (RE-02)."""
    how = account_search.found(session, adviser, text, limit=limit)
    by_id = {ref.id: ref for ref in refs(session, adviser, account_ids=how.refs)} if how.refs else {}
    return [by_id[ref] for ref in how.refs if ref in by_id], how


def set_roles(session: TenantSession, by: Adviser | str, account_id: str, roles: Sequence[Role]) -> None:
    """Replace all roles of an account. Raises `NotFound`, `DomainError`, `Forbidden`.

    A creditor makes the account pledged, an acceptance makes its beneficiary accepted (domain.md §2.2, flags).
    """
    actor = writer(by, "accounts.edit")
    row = editable(session, by, account_id)
    before = _roles_of(session, account_id)
    _check_holders(session, by, roles, {role.contact_id for role in before})
    check_roles(row.envelope, roles, _kinds(session, roles))
    session.execute(delete(AccountRole).where(AccountRole.account_id == account_id))
    _write_roles(session, row, roles)
    payload = {
        "before": [plain(asdict(role)) for role in before],
        "after": [plain(asdict(role)) for role in roles],
    }
    audit.record(session, actor, "account.roles", f"account:{account_id}", payload)
    told(session, account_id)


def _checked(session: TenantSession, data: NewAccount) -> NewAccount:
    title = " ".join(data.title.split())
    codes = (
        (data.envelope, ENVELOPES), (data.state, STATES), (data.management_mode, MANAGEMENT_MODES),
        (data.origin, ORIGINS), (data.freshness, FRESHNESSES), (data.tax_option, ("", *TAX_OPTIONS)),
        (data.settlement, ("", *SETTLEMENTS)),
    )  # fmt: skip
    for code, known in codes:
        if code not in known:
            raise DomainError(f"Valeur inconnue : {code}.")
    if not title or len(title) > 200:
        raise DomainError("L'intitulé d'un compte compte de 1 à 200 caractères.", field="title")
    if len(data.currency) != 3 or not data.currency.isupper():
        raise DomainError("La devise s'écrit par son code de trois lettres : EUR, USD…", field="currency")
    if (data.value is None) != (data.value_on is None):
        raise DomainError("Une valorisation se note avec sa date.", field="value_on")
    if data.closed_on and data.state not in ENDED_STATES:
        raise DomainError("Une date de clôture va avec un état clos.", field="closed_on")
    if data.opened_on and data.closed_on and data.closed_on < data.opened_on:
        raise DomainError("La clôture est avant l'ouverture.", field="closed_on")
    _check_companies(session, data)
    return replace(data, title=title, number=data.number.strip(), depositary_id=data.depositary_id or data.company_id)


def _check_companies(session: TenantSession, data: NewAccount) -> None:
    wanted = {data.company_id, data.depositary_id or data.company_id, data.distributor_id or data.company_id}
    if len(set(session.scalars(select(Company.id).where(Company.id.in_(wanted))))) != len(wanted):
        raise NotFound("Cette compagnie n'existe pas dans votre cabinet.")
    if data.product_id is None:
        return
    product = session.scalar(select(Product).where(Product.id == data.product_id))
    if product is None:
        raise NotFound("Ce produit n'existe pas dans votre cabinet.")
    if product.company_id != data.company_id:
        raise DomainError("Ce produit est d'une autre compagnie que le compte.", field="product_id")


def check_free(session: TenantSession, data: NewAccount, key: str) -> None:
    """Raises `Conflict` where another account bears this number at this depositary."""
    taken = select(Account.id).where(Account.depositary_id == data.depositary_id, Account.number_key == key)
    if session.scalar(taken):
        raise Conflict(f"Le compte {data.number} existe déjà chez ce dépositaire.", code=KNOWN, field="number")


def _check_holders(session: TenantSession, by: Adviser | str, roles: Sequence[Role], there: Collection[str] = ()) -> None:
    """An adviser names only contacts that he sees, beside those who stand there: another's existence is not told."""
    if isinstance(by, str):
        return
    wanted = {role.contact_id for role in roles} - set(there)
    seen = set(session.scalars(select(Contact.id).where(Contact.id.in_(wanted), visible(by, "accounts.edit", each=True))))
    if seen != wanted:
        raise NotFound("L'un des contacts n'existe pas, ou n'est pas ouvert à votre profil.")


def _kinds(session: TenantSession, roles: Sequence[Role]) -> dict[str, str]:
    wanted = {role.contact_id for role in roles}
    rows = session.execute(select(Contact.id, Contact.kind).where(Contact.id.in_(wanted)))
    return {row.id: row.kind for row in rows}


def _write_roles(session: TenantSession, row: Account, roles: Sequence[Role]) -> None:
    session.add_all(AccountRole(account_id=row.id, **asdict(role)) for role in roles)
    row.pledged = row.pledged or any(role.role == "CREANCIER_NANTI" for role in roles)
    row.accepted_beneficiary = row.accepted_beneficiary or any(role.accepted_on for role in roles)
    session.flush()


def _roles_of(session: TenantSession, account_id: str) -> tuple[Role, ...]:
    rows = session.scalars(
        select(AccountRole).where(AccountRole.account_id == account_id).order_by(AccountRole.id)
    )
    return tuple(
        Role(row.contact_id, row.role, row.rank, row.share, row.clause, row.accepted_on) for row in rows
    )


def as_new(session: TenantSession, row: Account) -> NewAccount:
    """An account as it would be created today, for rules that judge it whole."""
    return NewAccount(roles=_roles_of(session, row.id), **{name: getattr(row, name) for name in NAMES})


def _columns(data: NewAccount) -> dict[str, Any]:
    return {name: getattr(data, name) for name in NAMES}


def known_at(session: TenantSession, adviser: Adviser, depositary_id: str, number: str) -> AccountRef | None:
    """The account that bears a number at a depositary, where the adviser may see it."""
    same = select(Account.id).where(Account.depositary_id == depositary_id, Account.number_key == number_key(number))
    found = session.scalar(same)
    return next(iter(refs(session, adviser, account_ids=[found])), None) if found else None


def editable(session: TenantSession, by: Adviser | str, account_id: str) -> Account:
    """The account's row, for a write within core. Raises `NotFound`, `Forbidden`."""
    wanted = select(Account).where(Account.id == account_id)
    if isinstance(by, Adviser):
        wanted = wanted.where(visible_accounts(by, each=True))
    row = session.scalar(wanted)
    if row is None:
        raise NotFound(ABSENT)
    rights.require(session, by, "account", account_id, "accounts.edit")
    return row
