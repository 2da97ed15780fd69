"""Assets: what may be written, each with its line in the journal. Knows no Flask."""

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
from core.api import rights
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.patrimoine import asset_models as tables
from plugins.patrimoine import asset_rules
from plugins.patrimoine import assets
from plugins.patrimoine.asset_terms import Asset
from plugins.patrimoine.asset_terms import Facts
from plugins.patrimoine.asset_terms import Owner
from plugins.patrimoine.asset_terms import Rent
from plugins.patrimoine.asset_terms import Valuation

EDIT = "contacts.edit"
LOOK = "Votre profil permet de voir cet actif, pas de le modifier. Adressez-vous à qui suit ce client."
GONE = "Cette ligne n'existe plus."
_HOUSEHOLD = "Un foyer ne possède rien\u202f: nommez ses membres."
_DIGITS = Decimal("0.00000001")


def create(
    session: TenantSession, by: Adviser, facts: Facts, owners: Sequence[Owner], *, first: Valuation | None = None,
    asset_id: str | None = None,
) -> str:  # fmt: skip
    """Add an asset, with the first value that is known; its id. The price of a purchase is a value of its day too.

    `asset_id`: the form's key: a second arrival finds what the first made. Raises `DomainError` with the field that is
    wrong, `NotFound` for an owner whom the adviser does not follow.
    """
    if asset_id and session.scalar(select(tables.Asset.id).where(tables.Asset.id == asset_id)):
        return editable(session, by, asset_id).id
    seen(session, by, [one.contact_id for one in owners], _HOUSEHOLD)
    clean = asset_rules.checked(facts, owners)
    _company(session, by, clean.company_id)
    row = tables.Asset(**asdict(clean))
    if asset_id:
        row.id = asset_id
    session.add(row)
    session.flush()
    _write_owners(session, row.id, owners)
    subject = f"contact:{owners[0].contact_id}"
    audit.record(session, by.user_id, "patrimoine.asset_added", subject, {
        "asset": row.id, **plain(asdict(clean)), "owners": said(owners),
    })  # fmt: skip
    bought = clean.mode == "ACHAT" and clean.acquired_on is not None and clean.price is not None
    if bought and not (first and first.on == clean.acquired_on):
        assert clean.acquired_on is not None
        assert clean.price is not None
        add_value(session, by, row.id, Valuation(clean.acquired_on, clean.price, "ACTE"))
    if first is not None:
        add_value(session, by, row.id, first)
    return row.id


def change(session: TenantSession, by: Adviser, asset_id: str, facts: Facts, owners: Sequence[Owner]) -> None:
    """Replace an asset's facts and owners. Raises as `create`, and `Forbidden` where one may only look."""
    before = editable(session, by, asset_id)
    known = {one.contact_id for one in before.owners}
    seen(session, by, [one.contact_id for one in owners if one.contact_id not in known], _HOUSEHOLD)
    clean = asset_rules.checked(facts, owners)
    if clean.company_id != before.facts.company_id:
        _company(session, by, clean.company_id)
    row = _row(session, asset_id)
    for name, value in asdict(clean).items():
        setattr(row, name, value)
    old, new = plain(asdict(before.facts)), plain(asdict(clean))
    people = (said(before.owners), said(owners))
    if people[0] != people[1]:
        session.execute(delete(tables.AssetOwner).where(tables.AssetOwner.asset_id == asset_id))
        _write_owners(session, asset_id, owners)
        old["owners"], new["owners"] = people
    session.flush()
    changed(session, by, "patrimoine.asset_changed", _subject(before), {"asset": asset_id}, old, new)


def dispose(session: TenantSession, by: Adviser, asset_id: str, on: date, why: str) -> None:
    """Say that it is theirs no more: balance sheets of days before still have it. Raises `DomainError`, `Forbidden`."""
    found = editable(session, by, asset_id)
    asset_rules.disposal(found, on, why)
    row = _row(session, asset_id)
    row.disposed_on, row.disposed_why = on, why
    session.flush()
    payload = {"asset": asset_id, "on": on.isoformat(), "why": why}
    audit.record(session, by.user_id, "patrimoine.asset_disposed", _subject(found), payload)


def restore(session: TenantSession, by: Adviser, asset_id: str) -> None:
    """Take a disposal back. Raises `NotFound`, `Forbidden`."""
    found = editable(session, by, asset_id)
    row = _row(session, asset_id)
    if row.disposed_on is None:
        return
    row.disposed_on, row.disposed_why = None, ""
    session.flush()
    audit.record(session, by.user_id, "patrimoine.asset_restored", _subject(found), {"asset": asset_id})


def add_value(session: TenantSession, by: Adviser, asset_id: str, given: Valuation, *, value_id: str | None = None) -> str:
    """Note what it is worth on a day; the value's id. Raises `DomainError` with the field."""
    found = editable(session, by, asset_id)
    if value_id and any(one.id == value_id for one in found.values):
        return value_id
    asset_rules.value(found, given)
    row = tables.AssetValue(
        asset_id=asset_id, on=given.on, value=given.value, basis=given.basis, said_by=given.said_by or by.name[:120]
    )
    if value_id:
        row.id = value_id
    session.add(row)
    session.flush()
    payload = {"asset": asset_id, "on": given.on.isoformat(), "value": json_of(given.value), "basis": given.basis}
    audit.record(session, by.user_id, "patrimoine.asset_valued", _subject(found), payload)
    return row.id


def remove_value(session: TenantSession, by: Adviser, asset_id: str, value_id: str) -> Valuation:
    """Take a value away; what it was, to put it back. Raises `NotFound`, `Forbidden`."""
    found = editable(session, by, asset_id)
    gone = next((one for one in found.values if one.id == value_id), None)
    if gone is None:
        raise NotFound(GONE)
    session.execute(delete(tables.AssetValue).where(tables.AssetValue.id == value_id))
    payload = {"asset": asset_id, "on": gone.on.isoformat(), "value": json_of(gone.value), "basis": gone.basis}
    audit.record(session, by.user_id, "patrimoine.asset_value_removed", _subject(found), payload)
    return gone


def add_rent(session: TenantSession, by: Adviser, asset_id: str, given: Rent, *, rent_id: str | None = None) -> str:
    """Note a letting; its id. Raises `DomainError` with the field."""
    found = editable(session, by, asset_id)
    if rent_id and any(one.id == rent_id for one in found.rents):
        return rent_id
    asset_rules.rent(found, given)
    row = tables.AssetRent(asset_id=asset_id, **_rent_columns(given))
    if rent_id:
        row.id = rent_id
    session.add(row)
    session.flush()
    payload = {"asset": asset_id, "rent": row.id, **plain(_rent_columns(given))}
    audit.record(session, by.user_id, "patrimoine.rent_added", _subject(found), payload)
    return row.id


def change_rent(session: TenantSession, by: Adviser, asset_id: str, rent_id: str, given: Rent) -> None:
    """Change a letting, or say when it ended. Raises `DomainError`, `NotFound`, `Forbidden`."""
    found = editable(session, by, asset_id)
    before = _rent(found, rent_id)
    asset_rules.rent(found, given)
    row = session.scalars(select(tables.AssetRent).where(tables.AssetRent.id == rent_id)).one()
    for name, value in _rent_columns(given).items():
        setattr(row, name, value)
    session.flush()
    old, new = plain(_rent_columns(before)), plain(_rent_columns(given))
    changed(session, by, "patrimoine.rent_changed", _subject(found), {"asset": asset_id, "rent": rent_id}, old, new)


def remove_rent(session: TenantSession, by: Adviser, asset_id: str, rent_id: str) -> Rent:
    """Take away a letting that never was; what it was, to put it back. Raises `NotFound`, `Forbidden`."""
    found = editable(session, by, asset_id)
    gone = _rent(found, rent_id)
    session.execute(delete(tables.AssetRent).where(tables.AssetRent.id == rent_id))
    payload = {"asset": asset_id, "rent": rent_id, **plain(_rent_columns(gone))}
    audit.record(session, by.user_id, "patrimoine.rent_removed", _subject(found), payload)
    return gone


def editable(session: TenantSession, by: Adviser, asset_id: str) -> Asset:
    """An asset that the adviser may change. Raises `NotFound`, `Forbidden` where he may only look."""
    found = assets.get(session, by, asset_id)
    if not may_edit(session, by, found.owners):
        raise Forbidden(LOOK)
    return found


def may_edit(session: TenantSession, by: Adviser, owners: Sequence[Owner]) -> bool:
    """Whether the adviser may change the file of one of these owners."""
    return by.can(EDIT) and any(rights.sees(session, by, "contact", one.contact_id, EDIT) for one in owners if one.visible)


def seen(session: TenantSession, by: Adviser, people: Sequence[str], household: str) -> None:
    """An adviser names only contacts that he may change, and no household: `household` says so. Raises with «owners»."""
    contact = book.Contact
    wanted = select(contact.id, contact.kind).where(contact.id.in_(people), rights.on(contact.id, by, "contact", EDIT, each=True))
    found = {row.id: row.kind for row in session.execute(wanted)}
    if set(found) != set(people):
        raise NotFound("L'une des personnes nommées n'existe pas, ou n'est pas ouverte à votre profil.")
    if "FOYER" in found.values():
        raise DomainError(household, field="owners")


def changed(
    session: TenantSession, by: Adviser, action: str, subject: str, about: Mapping[str, Any], old: Mapping[str, Any],
    new: Mapping[str, Any],
) -> None:  # fmt: skip
    """A line in the journal with what is another; none where nothing is."""
    names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    if names:
        was, now = {name: old.get(name) for name in names}, {name: new.get(name) for name in names}
        audit.record(session, by.user_id, action, subject, {**about, "before": was, "after": now})


def said(owners: Sequence[Owner]) -> list[Mapping[str, str]]:
    """Owners as the journal keeps them."""
    return [{"contact": one.contact_id, "share": f"{one.share:.8f}", "right": one.right} for one in owners]


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the journal keeps them: JSON, nothing that is empty."""
    return {name: json_of(value) for name, value in values.items() if value not in (None, "")}


def json_of(value: Any) -> Any:
    """A day or an amount as text."""
    if isinstance(value, date):
        return value.isoformat()
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def _company(session: TenantSession, by: Adviser, company_id: str | None) -> None:
    if company_id is None:
        return
    contact = book.Contact
    wanted = select(contact.id).where(
        contact.id == company_id, contact.kind == "PERSONNE_MORALE", rights.on(contact.id, by, "contact", each=True)
    )
    if session.scalar(wanted) is None:
        raise DomainError("Cette société n'est pas dans vos contacts.", field="company_id")


def _rent(found: Asset, rent_id: str) -> Rent:
    one = next((one for one in found.rents if one.id == rent_id), None)
    if one is None:
        raise NotFound(GONE)
    return one


def _rent_columns(given: Rent) -> dict[str, Any]:
    values = asdict(replace(given, vacancy=given.vacancy.quantize(_DIGITS)))
    return {name: value for name, value in values.items() if name != "id"}


def _write_owners(session: TenantSession, asset_id: str, owners: Sequence[Owner]) -> None:
    session.add_all(
        tables.AssetOwner(
            asset_id=asset_id, contact_id=one.contact_id, rank=rank, right=one.right, share=one.share.quantize(_DIGITS)
        )
        for rank, one in enumerate(owners, 1)
    )
    session.flush()


def _row(session: TenantSession, asset_id: str) -> tables.Asset:
    return session.scalars(select(tables.Asset).where(tables.Asset.id == asset_id)).one()


def _subject(found: Asset) -> str:
    return f"contact:{found.owners[0].contact_id}"
