"""The ways of reaching and paying a contact: addresses, telephones, e-mails, bank accounts (domain.md §2.1).

One of each kind is the primary one. `contact.email`, `phone` and `city` are copies of the primary ones, kept in step
here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import rights
from core.cabinets.models import User
from core.contacts import banks
from core.contacts import choices
from core.contacts import life
from core.contacts import search as contact_search
from core.contacts.access import visible
from core.contacts.access import writer
from core.contacts.channel_rules import KINDS
from core.contacts.channel_rules import checked
from core.contacts.channel_rules import folded
from core.contacts.channel_rules import kind_of
from core.contacts.models import Contact
from core.contacts.models import ContactAddress
from core.contacts.models import ContactBank
from core.contacts.models import ContactEmail
from core.contacts.models import ContactPhone
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser

__all__ = [
    "KINDS", "Channel", "add", "change", "get", "keep_primary", "of_contact", "remove", "reorder", "restore", "verify",
]  # fmt: skip
Row = ContactAddress | ContactPhone | ContactEmail | ContactBank
_DAYS = ("opt_in_on", "verified_on")
_ABSENT = "Ce contact n'existe pas, ou n'est pas ouvert à votre profil."
#: Kind → the contact's own column that repeats its primary one, and the field that it repeats.
_COPIES = {"address": ("city", "city"), "phone": ("phone", "number"), "email": ("email", "email")}


@dataclass(frozen=True, slots=True)
class Channel:
    """One address, number or account of a contact.

    `verified_by`: the name of who made sure of it. `opt_in_source`: a code of `choices.OPT_IN_SOURCES`.
    """

    id: str
    kind: str
    usage: str
    is_primary: bool
    opt_in: bool
    values: Mapping[str, str | None]
    opt_in_on: date | None = None
    opt_in_source: str | None = None
    verified_on: date | None = None
    verified_by: str = ""

    @property
    def usage_label(self) -> str:
        """«Domicile»."""
        return KINDS[self.kind].usages.get(self.usage, self.usage)

    @property
    def source_label(self) -> str:
        """«En rendez-vous»."""
        return choices.OPT_IN_SOURCES.get(self.opt_in_source or "", "")

    @property
    def bank(self) -> str:
        """The bank that an IBAN names, where the tables of python-stdnum know it; «» elsewhere."""
        return banks.named(self.values.get("iban") or "")

    @property
    def country_label(self) -> str:
        """The country of an address, where it is not France."""
        code = self.values.get("country") or "FR"
        return "" if code == "FR" else choices.countries().get(code, code)


def of_contact(session: TenantSession, adviser: Adviser, contact_id: str) -> dict[str, tuple[Channel, ...]]:
    """All channels by kind, the primary one first. Raises `NotFound`, also for a contact that the adviser may not see."""
    _contact(session, adviser, contact_id)
    rows = {kind: _rows(session, kind, contact_id) for kind in KINDS}
    masked = bool(rows["bank"]) and not rights.may(session, adviser, "contact", contact_id, "contacts.edit")
    names = _people(session, {row.verified_by for some in rows.values() for row in some if row.verified_by})
    return {kind: tuple(_item(kind, row, names, masked=masked) for row in some) for kind, some in rows.items()}


def get(session: TenantSession, adviser: Adviser, contact_id: str, kind: str, channel_id: str) -> Channel:
    """One channel. Raises `NotFound`."""
    _contact(session, adviser, contact_id)
    row = _row(session, contact_id, kind, channel_id)
    masked = kind == "bank" and not rights.may(session, adviser, "contact", contact_id, "contacts.edit")
    return _item(kind, row, _people(session, {row.verified_by} if row.verified_by else set()), masked=masked)


def add(
    session: TenantSession, by: Adviser | str, contact_id: str, kind: str, values: Mapping[str, Any], *,
    channel_id: str | None = None,
) -> str:  # fmt: skip
    """Add a channel; its id. The first of its kind is primary. One that bears `channel_id` already is left as it is.

    `values`: the fields of its kind, and `usage`, `is_primary`, `opt_in`. Raises `NotFound`, `DomainError`, `Forbidden`.
    """
    actor = writer(by, "contacts.edit")
    contact = _writable(session, by, contact_id)
    known = kind_of(kind)
    if channel_id and session.scalar(select(known.model.id).where(known.model.id == channel_id)):
        return channel_id
    clean = checked(kind, values, contact)
    life.check_opt_in(contact, clean["opt_in"])
    rows = _rows(session, kind, contact_id)
    row = known.model(contact_id=contact_id, **clean, **({"id": channel_id} if channel_id else {}))
    row.is_primary = bool(values.get("is_primary")) or not rows
    row.position = max((one.position for one in rows), default=-1) + 1
    if row.is_primary:
        _demote(session, rows)
    session.add(row)
    session.flush()
    _copy(session, contact, kind)
    audit.record(session, actor, "contact.channel_added", f"contact:{contact_id}", {"channel": kind, "after": _plain(kind, row)})
    return str(row.id)


def change(
    session: TenantSession, by: Adviser | str, contact_id: str, kind: str, channel_id: str, values: Mapping[str, Any]
) -> None:
    """Change a channel. Raises `NotFound`, `DomainError`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    contact = _writable(session, by, contact_id)
    row = _row(session, contact_id, kind, channel_id)
    before = _plain(kind, row)
    clean = checked(kind, values, contact)
    life.check_opt_in(contact, clean["opt_in"])
    if values.get("is_primary") and not row.is_primary:
        _demote(session, _rows(session, kind, contact_id))
        row.is_primary = True
    if any(getattr(row, name) != clean[name] for name in kind_of(kind).names):
        row.verified_on = row.verified_by = None  # of what it was, not of what it is
    for name, value in clean.items():
        setattr(row, name, value)
    session.flush()
    after = _plain(kind, row)
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not changed:
        return
    _copy(session, contact, kind)
    payload = {
        "channel": kind, "name": after.get(kind_of(kind).needed),
        "before": {name: before[name] for name in changed if name in before},
        "after": {name: after[name] for name in changed if name in after},
    }  # fmt: skip
    audit.record(session, actor, "contact.channel_changed", f"contact:{contact_id}", payload)


def verify(session: TenantSession, by: Adviser | str, contact_id: str, kind: str, channel_id: str) -> None:
    """Note that somebody made sure of a channel today. Changing it takes the note away. Raises `NotFound`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    _writable(session, by, contact_id)
    row = _row(session, contact_id, kind, channel_id)
    row.verified_on, row.verified_by = today(), actor
    session.flush()
    name = _plain(kind, row).get(kind_of(kind).needed)
    payload = {"channel": kind, "name": name, "after": {"verified_on": today().isoformat()}}
    audit.record(session, actor, "contact.channel_verified", f"contact:{contact_id}", payload)


def remove(session: TenantSession, by: Adviser | str, contact_id: str, kind: str, channel_id: str) -> dict[str, Any]:
    """Take a channel away; the oldest of those left takes its rank. What `restore` needs. Raises `NotFound`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    contact = _writable(session, by, contact_id)
    row = _row(session, contact_id, kind, channel_id)
    payload = {"channel": kind, "before": _plain(kind, row)}
    columns = ("id", "usage", "is_primary", "opt_in", "opt_in_source", "verified_by", "position", *kind_of(kind).names)
    kept = {"created_at": row.created_at.isoformat(), **{name: getattr(row, name) for name in columns}}
    kept |= {name: value.isoformat() for name in _DAYS if (value := getattr(row, name)) is not None}
    session.delete(row)
    session.flush()
    left = _rows(session, kind, contact_id)
    if left and not any(one.is_primary for one in left):
        left[0].is_primary = True
        session.flush()
    _copy(session, contact, kind)
    audit.record(session, actor, "contact.channel_removed", f"contact:{contact_id}", payload)
    return kept


def restore(session: TenantSession, by: Adviser | str, contact_id: str, kind: str, kept: Mapping[str, Any]) -> None:
    """Put back what `remove` took away, in its old rank. Raises `NotFound`, `Forbidden`, `Conflict` where it is back already."""
    actor = writer(by, "contacts.edit")
    contact = _writable(session, by, contact_id)
    model = kind_of(kind).model
    if session.scalar(select(model.id).where(model.id == kept["id"])):
        raise Conflict("Cette coordonnée est déjà de retour dans le dossier.")
    rows = _rows(session, kind, contact_id)
    days = {name: date.fromisoformat(kept[name]) for name in _DAYS if kept.get(name)}
    row = model(contact_id=contact_id, **folded({**kept, **days, "created_at": datetime.fromisoformat(kept["created_at"])}))
    row.is_primary = bool(kept["is_primary"]) or not rows
    if row.is_primary:
        _demote(session, rows)
    session.add(row)
    session.flush()
    _copy(session, contact, kind)
    payload = {"channel": kind, "after": _plain(kind, row)}
    audit.record(session, actor, "contact.channel_restored", f"contact:{contact_id}", payload)


def reorder(session: TenantSession, by: Adviser | str, contact_id: str, kind: str, ids: Sequence[str]) -> list[str]:
    """Put a contact's channels of a kind in this order; the first is the primary one. The former order.

    Ids that are not theirs are left out, those that are missing come last. Raises `NotFound`, `Forbidden`.
    """
    actor = writer(by, "contacts.edit")
    contact = _writable(session, by, contact_id)
    rows = {row.id: row for row in _rows(session, kind, contact_id)}
    before = list(rows)
    after = [*(one for one in dict.fromkeys(ids) if one in rows), *(one for one in before if one not in ids)]
    if after == before:
        return before
    for place, one in enumerate(after):
        rows[one].position, rows[one].is_primary = place, place == 0
    session.flush()
    _copy(session, contact, kind)
    payload = {"channel": kind, "order": after, "former": before}
    audit.record(session, actor, "contact.channels_ordered", f"contact:{contact_id}", payload)
    return before


def keep_primary(session: TenantSession, contact: Contact, names: Iterable[str]) -> None:
    """The contact's own e-mail, telephone or city was written: so is its primary channel. The caller keeps the journal."""
    for kind, (column, field) in _COPIES.items():
        if column not in names:
            continue
        rows = _rows(session, kind, contact.id)
        primary, value = next((row for row in rows if row.is_primary), None), getattr(contact, column)
        if value is None:
            if primary is not None:
                session.delete(primary)
        elif primary is None:
            usage = next(iter(KINDS[kind].usages))
            session.add(KINDS[kind].model(contact_id=contact.id, usage=usage, is_primary=True, **folded({field: value})))
        else:
            for name, plain in folded({field: value}).items():
                setattr(primary, name, plain)
        session.flush()
        left = _rows(session, kind, contact.id)
        if left and not any(row.is_primary for row in left):
            left[0].is_primary = True
            session.flush()
            setattr(contact, column, getattr(left[0], field))
    session.flush()


def _writable(session: TenantSession, by: Adviser | str, contact_id: str) -> Contact:
    found = _contact(session, by, contact_id)
    rights.require(session, by, "contact", contact_id, "contacts.edit")
    return found


def _contact(session: TenantSession, by: Adviser | str, contact_id: str) -> Contact:
    wanted = select(Contact).where(Contact.id == contact_id)
    found = session.scalar(wanted.where(visible(by, each=True)) if isinstance(by, Adviser) else wanted)
    if found is None:
        raise NotFound(_ABSENT)
    return found


def _row(session: TenantSession, contact_id: str, kind: str, channel_id: str) -> Any:
    model = kind_of(kind).model
    found = session.scalar(select(model).where(model.id == channel_id, model.contact_id == contact_id))
    if found is None:
        raise NotFound("Cette coordonnée n'existe pas, ou n'existe plus.")
    return found


def _rows(session: TenantSession, kind: str, contact_id: str) -> list[Any]:
    model = kind_of(kind).model
    wanted = select(model).where(model.contact_id == contact_id)
    return list(session.scalars(wanted.order_by(model.is_primary.desc(), model.position, model.created_at, model.id)))


def _demote(session: TenantSession, rows: Iterable[Any]) -> None:
    for row in rows:
        row.is_primary = False
    session.flush()


def _copy(session: TenantSession, contact: Contact, kind: str) -> None:
    if kind in _COPIES:
        column, field = _COPIES[kind]
        primary = next((row for row in _rows(session, kind, contact.id) if row.is_primary), None)
        setattr(contact, column, getattr(primary, field) if primary is not None else None)
        session.flush()
        contact_search.keep(session, contact)


def _item(kind: str, row: Any, people: Mapping[str, str], *, masked: bool) -> Channel:
    values = {name: getattr(row, name) for name in KINDS[kind].names}
    if masked and values.get("iban"):
        values["iban"] = f"{values['iban'][:4]}{'•' * (len(values['iban']) - 7)}{values['iban'][-3:]}"
    return Channel(
        row.id, kind, row.usage, row.is_primary, row.opt_in, values, row.opt_in_on, row.opt_in_source, row.verified_on,
        people.get(row.verified_by or "", ""),
    )  # fmt: skip


def _people(session: TenantSession, ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    wanted = select(User.id, User.display_name).where(User.cabinet_id == session.require_cabinet(), User.id.in_(ids))
    return {row.id: row.display_name for row in session.execute(wanted)}


def _plain(kind: str, row: Any) -> dict[str, Any]:
    """A channel as the journal keeps it. Of an IBAN the ends are enough to know which it was."""
    kept = {name: getattr(row, name) for name in ("usage", "is_primary", "opt_in", "opt_in_source", *KINDS[kind].names)}
    kept |= {"opt_in_on": row.opt_in_on.isoformat() if row.opt_in_on else None}
    if kept.get("iban"):
        kept["iban"] = f"{kept['iban'][:4]}…{kept['iban'][-4:]}"
    return {name: value for name, value in kept.items() if value not in (None, "")}
