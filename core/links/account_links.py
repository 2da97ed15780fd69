"""Which account goes by which partner link: computed in batch, on enabling and on each change of an account."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete
from sqlalchemy import select

from core.accounts.models import Account
from core.db.session import TenantSession
from core.hooks.declared import Partner
from core.hooks.registry import Registry
from core.hooks.types import AccountRef
from core.links.models import AccountLink
from core.queries import accounts as requests
from core.queries.fields import Field
from core.queries.fields import declare
from core.shell.notifications import notify_administrators
from core.supports.models import Company
from core.supports.models import Product


def claims(partner: Partner, *, company_codes: Iterable[str], product: str | None, number_key: str) -> bool:
    """Whether an account is one of this partner's."""
    if not set(company_codes) & set(partner.companies):
        return False
    if partner.products and product not in partner.products:
        return False
    return re.fullmatch(partner.number, number_key) is not None


def recompute(
    session: TenantSession, registry: Registry, enabled: Sequence[str], account_ids: Sequence[str] | None = None
) -> int:
    """Set the links of the given accounts (None: all of the cabinet's); how many there are now among them.

    Where two plugins claim an account the cabinet's order decides and the administrators are told once.
    """
    partners = [(name, registry.plugins[name].partner) for name in enabled if name in registry.plugins]
    companies = {row.id: row.code for row in session.scalars(select(Company))}
    products = {row.id: row.name for row in session.scalars(select(Product))}
    columns = (Account.id, Account.number_key, Account.company_id, Account.depositary_id, Account.product_id)
    wanted = select(*columns)
    kept = select(AccountLink)
    if account_ids is not None:
        wanted = wanted.where(Account.id.in_(account_ids))
        kept = kept.where(AccountLink.account_id.in_(account_ids))
    existing = {link.account_id: link for link in session.scalars(kept)}
    count = 0
    for account_id, number_key, company_id, depositary_id, product_id in session.execute(wanted).all():
        codes = {companies.get(company_id, ""), companies.get(depositary_id, "")}
        product = products.get(product_id or "")
        found = [
            name for name, partner in partners
            if partner and claims(partner, company_codes=codes, product=product, number_key=number_key)
        ]  # fmt: skip
        if len(found) > 1:
            _tell(session, found)
        link = existing.pop(account_id, None)
        if not found:
            if link is not None:
                session.delete(link)
            continue
        count += 1
        if link is None:
            session.add(AccountLink(account_id=account_id, plugin=found[0], ref=number_key[:64]))
        elif (link.plugin, link.ref) != (found[0], number_key[:64]):
            link.plugin, link.ref = found[0], number_key[:64]
    if existing:
        gone = [link.id for link in existing.values()]
        session.execute(delete(AccountLink).where(AccountLink.id.in_(gone)))
    session.flush()
    return count


def attach(session: TenantSession, refs: Sequence[AccountRef]) -> list[AccountRef]:
    """The same accounts with their partner link, in one query."""
    if not refs:
        return []
    rows = session.execute(
        select(AccountLink.account_id, AccountLink.plugin, AccountLink.ref).where(
            AccountLink.account_id.in_([ref.id for ref in refs])
        )
    )
    links = {account_id: (plugin, number) for account_id, plugin, number in rows}
    return [
        replace(ref, plugin=links[ref.id][0], link_ref=links[ref.id][1]) if ref.id in links else ref for ref in refs
    ]


def known_as(session: TenantSession, plugin: str, number_key: str) -> list[str]:
    """The accounts that this partner knows by this folded number; their ids."""
    wanted = select(AccountLink.account_id).where(AccountLink.plugin == plugin, AccountLink.ref == number_key[:64])
    return list(session.scalars(wanted.order_by(AccountLink.account_id)))


declare(
    Field(
        "compte.partner", requests.KEY, "choice", "Lien partenaire", among=select(AccountLink.account_id, AccountLink.plugin),
        group="Données",
    )
)  # fmt: skip


def _tell(session: TenantSession, names: list[str]) -> None:
    listed = ", ".join(names)
    notify_administrators(
        session, kind="partner", key=f"claims:{listed}", title="Deux liens partenaires réclament les mêmes comptes",
        text=f"Les modules {listed} couvrent les mêmes comptes. L'ordre des modules de votre cabinet décide\u202f: "
        f"«{names[0]}» est retenu.",
    )  # fmt: skip
