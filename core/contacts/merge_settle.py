"""What must be right of a merged file beyond its rows: one principal adviser, one primary channel of a kind (CT-02)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.cabinets.models import User
from core.contacts import merge_fields
from core.contacts.channels import KINDS
from core.contacts.merge_fields import Field
from core.contacts.merge_rows import Record
from core.contacts.merge_rows import plain
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.db.session import TenantSession
from core.hooks import references

#: Kind of channel → the choice that says whose is the primary one, and the field that the contact's row repeats.
_CHOSEN = {"address": ("city", "city"), "phone": ("phone", "number"), "email": ("email", "email")}


@dataclass(frozen=True, slots=True)
class Before:
    """Who was the principal adviser, and which channels were the primary ones, of each side."""

    kept: Mapping[str, frozenset[str]]
    merged: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, session: TenantSession, kept: str, merged: str) -> Before:
        """Read before anything moves."""

        def side(contact_id: str) -> dict[str, frozenset[str]]:
            found = {"adviser": frozenset(_principals(session, contact_id))}
            for kind, one in KINDS.items():
                first = select(one.model.id).where(one.model.contact_id == contact_id, one.model.is_primary.is_(True))
                found[kind] = frozenset(session.scalars(first))
            return found

        return cls(side(kept), side(merged))


def adviser_field(session: TenantSession, kept: Contact, merged: Contact, chosen: Mapping[str, str]) -> tuple[Field, ...]:
    """The principal adviser as one line of the comparison."""
    mine, theirs = (_principals(session, one.id) for one in (kept, merged))
    if not mine and not theirs:
        return ()
    names = {
        row.id: row.display_name
        for row in session.execute(
            select(User.id, User.display_name)
            .where(User.cabinet_id == session.require_cabinet(), User.id.in_({*mine, *theirs}))
        )
    }  # fmt: skip

    def said(ids: Any) -> str:
        return ", ".join(sorted(names.get(one, one) for one in ids)) or "—"

    return (merge_fields.field(merge_fields.ADVISER, "Conseiller principal", mine or None, theirs or None, chosen,
                               said=lambda ids: said(ids or ())),)  # fmt: skip


def settle(
    session: TenantSession, record: Record, dropped: tuple[references.Dropped, ...], before: Before, kept: Contact,
    choices: Mapping[str, str],
) -> None:  # fmt: skip
    """After the rows moved, before those that go are deleted; then each noun's own settling."""
    session.flush()
    going = {id(one.row) for one in dropped}
    first = before.merged if choices.get(merge_fields.ADVISER) == "merged" or not before.kept["adviser"] else before.kept
    for row in session.scalars(select(ContactAdviser).where(ContactAdviser.contact_id == kept.id)):
        if id(row) in going:
            continue
        if row.user_id in first["adviser"]:
            record.note(row, "role", "PRINCIPAL")
        elif row.role == "PRINCIPAL":
            record.note(row, "role", "SECONDAIRE")
    stood_for = {one.row.id: one.twin.id for one in dropped if one.twin is not None}
    for kind, one in KINDS.items():
        rows = list(session.scalars(select(one.model).where(one.model.contact_id == kept.id)))
        moved = set(record.moved.get(f"{one.model.__tablename__}.contact_id", ()))
        theirs = {stood_for.get(ref, ref) for ref in before.merged[kind]}
        wanted = choices.get(_CHOSEN[kind][0]) if kind in _CHOSEN else "kept"
        primary = theirs if (wanted == "merged" and theirs) or not before.kept[kind] else before.kept[kind]
        last = max((row.position for row in rows if row.id not in moved), default=-1)
        for row in rows:
            record.note(row, "is_primary", row.id in primary)
            if row.id in moved:
                record.note(row, "position", row.position + last + 1)
    for function in references.settlers():
        function(session, kept.id, dropped, record.note)
    session.flush()


def primaries(session: TenantSession, contact: Contact, was: Mapping[str, Any], choices: Mapping[str, str]) -> None:
    """One primary channel of each kind, and the contact's own copy of it.

    `was`: a row as it was, for a contact whose copy has no channel to come from.
    """
    session.flush()
    for kind, one in KINDS.items():
        model = one.model
        rows = list(
            session.scalars(
                select(model).where(model.contact_id == contact.id)
                .order_by(model.is_primary.desc(), model.position, model.created_at, model.id)
            )
        )  # fmt: skip
        if rows and not rows[0].is_primary:
            rows[0].is_primary = True
        if kind not in _CHOSEN:
            continue
        column, source = _CHOSEN[kind]
        if rows:
            setattr(contact, column, getattr(rows[0], source))
        elif choices.get(column) == "merged" or was.get("id") == contact.id:
            setattr(contact, column, plain(was.get(column)))
    session.flush()


def _principals(session: TenantSession, contact_id: str) -> tuple[str, ...]:
    found = select(ContactAdviser.user_id).where(ContactAdviser.contact_id == contact_id, ContactAdviser.role == "PRINCIPAL")
    return tuple(sorted(session.scalars(found)))
