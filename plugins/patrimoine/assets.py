"""Assets as they are read: those of a contact, one, those of several people for a balance sheet. Knows no Flask."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from typing import cast

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import select

from core.api import book
from core.api import contacts
from core.api import rights
from core.api import wealth
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from core.api.types import Right
from plugins.patrimoine import asset_models as tables
from plugins.patrimoine.asset_kinds import KINDS
from plugins.patrimoine.asset_terms import ZERO
from plugins.patrimoine.asset_terms import Asset
from plugins.patrimoine.asset_terms import Facts
from plugins.patrimoine.asset_terms import Owner
from plugins.patrimoine.asset_terms import Rent
from plugins.patrimoine.asset_terms import Valuation

ABSENT = "Cet actif n'existe pas, ou n'est pas ouvert à votre profil."


def reached(adviser: Adviser, *more: str, each: bool = False) -> ColumnElement[bool]:
    """A condition on `Asset`: one of its owners is a contact that the adviser may see, and act on by `more`."""
    owner = tables.AssetOwner
    theirs = select(owner.asset_id).where(rights.on(owner.contact_id, adviser, "contact", *more))
    return rights.among(theirs, tables.Asset.id, each=each)


def around(session: TenantSession, adviser: Adviser, contact_id: str) -> tuple[str, ...]:
    """Whose things the file of a contact may show: his, a household's members', and the spouse's that a regime may make common.

    Only those that the adviser may see. Raises `NotFound`.
    """
    found = wealth.people(session, adviser, contact_id)
    partners = {one.partner_id for one in contacts.relations.unions(session, found, today()).values()} - set(found)
    contact = book.Contact
    seen = select(contact.id).where(contact.id.in_(partners), rights.on(contact.id, adviser, "contact", each=True))
    return (*found, *session.scalars(seen)) if partners else found


def of_contact(session: TenantSession, adviser: Adviser, contact_id: str) -> list[Asset]:
    """The assets of a person, or of a household's members, whoever else has a right on them. Raises `NotFound`."""
    return of_people(session, adviser, wealth.people(session, adviser, contact_id))


def of_people(session: TenantSession, adviser: Adviser, people: Sequence[str]) -> list[Asset]:
    """The assets on which one of these people has a right: those that they still have first."""
    wanted = select(tables.Asset).where(tables.Asset.id.in_(_theirs(people)), reached(adviser, each=True))
    return sorted(made(session, adviser, wanted), key=lambda one: (one.disposed_on is not None, one.facts.label, one.id))


def get(session: TenantSession, adviser: Adviser, asset_id: str) -> Asset:
    """One asset. Raises `NotFound`, also for one none of whose owners the adviser may see."""
    found = find(session, adviser, asset_id)
    if found is None:
        raise NotFound(ABSENT)
    return found


def find(session: TenantSession, adviser: Adviser, asset_id: str) -> Asset | None:
    """The same, None where it is not the adviser's to see."""
    found = made(session, adviser, select(tables.Asset).where(tables.Asset.id == asset_id, reached(adviser, each=True)))
    return found[0] if found else None


def following(session: TenantSession, adviser: Adviser, after: str | None, *, size: int) -> list[Asset]:
    """Some assets in the order of their ids: a page of the API."""
    wanted = select(tables.Asset).where(reached(adviser)).order_by(tables.Asset.id).limit(size)
    return made(session, adviser, wanted if after is None else wanted.where(tables.Asset.id > after))


def owned_by(session: TenantSession, people: Sequence[str], on: date) -> list[Asset]:
    """The assets on which one of these people has a right on a day. Rights are the caller's affair."""
    wanted = select(tables.Asset).where(tables.Asset.id.in_(_theirs(people))).order_by(tables.Asset.id)
    return [one for one in made(session, None, wanted) if one.exists(on)]


def taxed(session: TenantSession, ids: Iterable[str]) -> set[str]:
    """Those of some assets that are in the base of the IFI, be it in part: what was owed to pay for them comes off it."""
    wanted = select(tables.Asset.id, tables.Asset.kind, tables.Asset.ifi).where(tables.Asset.id.in_(set(ids)))
    return {row.id for row in session.execute(wanted) if (KINDS[row.kind].ifi if row.ifi is None else row.ifi) > 0}


def _theirs(people: Sequence[str]) -> Select[Any]:
    return select(tables.AssetOwner.asset_id).where(tables.AssetOwner.contact_id.in_(people))


def made(session: TenantSession, adviser: Adviser | None, wanted: Select[Any]) -> list[Asset]:
    """Assets with their people, values and rents, in the statement's order: six queries, however many they are."""
    rows: Sequence[tables.Asset] = session.scalars(wanted).all()
    ids = [row.id for row in rows]
    if not ids:
        return []
    owner, value, rent = tables.AssetOwner, tables.AssetValue, tables.AssetRent
    people = session.scalars(select(owner).where(owner.asset_id.in_(ids)).order_by(owner.rank, owner.id)).all()
    values = session.scalars(select(value).where(value.asset_id.in_(ids)).order_by(value.on)).all()
    rents = session.scalars(select(rent).where(rent.asset_id.in_(ids)).order_by(rent.since.desc(), rent.id)).all()
    named = {one.contact_id for one in people} | {row.company_id for row in rows if row.company_id}
    names, seen = known(session, adviser, named)
    return [
        Asset(
            row.id, _facts(row), shared([one for one in people if one.asset_id == row.id], names, seen),
            tuple(_value(one) for one in values if one.asset_id == row.id),
            tuple(_rent(one) for one in rents if one.asset_id == row.id), row.disposed_on, row.disposed_why,
            Owner(row.company_id, name=names.get(row.company_id, ""), visible=row.company_id in seen) if row.company_id else None,
        )
        for row in rows
    ]  # fmt: skip


def known(session: TenantSession, adviser: Adviser | None, named: set[str]) -> tuple[dict[str, str], set[str]]:
    """The names of contacts, and those whose file the adviser may open; nothing where nobody reads."""
    if adviser is None or not named:
        return {}, set()
    names = {line.id: line.name for line in contacts.lists.lines(session, sorted(named))}
    contact = book.Contact
    seen = select(contact.id).where(contact.id.in_(named), rights.on(contact.id, adviser, "contact", each=True))
    return names, set(session.scalars(seen))


def shared(rows: Sequence[Any], names: dict[str, str], seen: set[str]) -> tuple[Owner, ...]:
    """Owners, those of one person and one right as their sum: a merge of contacts may leave two."""
    sums: dict[tuple[str, str], Decimal] = {}
    for one in rows:
        key = (one.contact_id, getattr(one, "right", "PLEINE_PROPRIETE"))
        sums[key] = sums.get(key, ZERO) + one.share
    return tuple(Owner(who, share, cast(Right, right), names.get(who, ""), who in seen) for (who, right), share in sums.items())


def _facts(row: tables.Asset) -> Facts:
    return Facts(**{name: getattr(row, name) for name in Facts.__slots__})


def _value(row: tables.AssetValue) -> Valuation:
    return Valuation(row.on, row.value, row.basis, row.said_by, row.id)


def _rent(row: tables.AssetRent) -> Rent:
    return Rent(row.monthly, row.since, row.charges, row.property_tax, row.vacancy, row.until, row.tenant, row.id)
