"""Which accounts of a file are there already: by number, at a company that carries, keeps or distributes them (AC-02)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.accounts.access import visible_accounts
from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.contacts.models import Contact
from core.db.session import TenantSession
from core.hooks.types import Adviser


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds an account, by all that a file may call him."""

    id: str
    kind: str
    name: str
    file_code: str
    birth_name: str | None
    usage_name: str | None
    first_names: str | None
    birth_date: date | None
    siren: str | None


@dataclass(frozen=True, slots=True)
class There:
    """An account that is there. `open`: whether whoever imports may see and change it; nothing more is told otherwise."""

    id: str
    number: str
    title: str
    origin: str
    currency: str
    companies: frozenset[str]
    open: bool
    holders: tuple[Holder, ...] = ()


def there(session: TenantSession, by: Adviser | str, keys: Collection[str]) -> dict[str, list[There]]:
    """Folded number → the cabinet's accounts that bear it. Three queries."""
    if not keys:
        return {}
    rows = session.execute(
        select(
            Account.id, Account.number, Account.number_key, Account.title, Account.origin, Account.currency, Account.company_id,
            Account.depositary_id, Account.distributor_id,
        ).where(Account.number_key.in_(keys)).order_by(Account.id)
    ).all()  # fmt: skip
    ids = [row.id for row in rows]
    mine = set(ids)
    if isinstance(by, Adviser) and ids:
        seen = visible_accounts(by, "accounts.edit", each=True)
        mine = set(session.scalars(select(Account.id).where(Account.id.in_(ids), seen)))
    held = _holders(session, ids)
    found: dict[str, list[There]] = defaultdict(list)
    for row in rows:
        companies = frozenset(filter(None, (row.company_id, row.depositary_id, row.distributor_id)))
        found[row.number_key].append(
            There(row.id, row.number, row.title, row.origin, row.currency, companies, row.id in mine, tuple(held[row.id]))
        )
    return found


def _holders(session: TenantSession, ids: Collection[str]) -> dict[str, list[Holder]]:
    found: dict[str, list[Holder]] = defaultdict(list)
    if not ids:
        return found
    rows = session.execute(
        select(
            AccountRole.account_id, Contact.id, Contact.kind, Contact.display_name, Contact.file_code, Contact.birth_name,
            Contact.usage_name, Contact.first_names, Contact.birth_date, Contact.siren,
        )
        .join(Contact, Contact.id == AccountRole.contact_id)
        .where(AccountRole.account_id.in_(ids), AccountRole.role.in_(HOLDING_ROLES)).order_by(AccountRole.id)
    )  # fmt: skip
    for account_id, *who in rows:
        found[account_id].append(Holder(*who))
    return found
