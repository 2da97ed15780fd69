"""The names under which a contact was known before merges: an old address leads to the kept file (CT-02)."""

from __future__ import annotations

from sqlalchemy import select

from core.contacts.access import visible
from core.contacts.merge_models import ContactMerge
from core.contacts.models import Contact
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.shell import moved

_LIVE = ContactMerge.undone_at.is_(None)


def kept(session: TenantSession, contact_id: str) -> str | None:
    """The id under which a merged contact lives on, through as many merges as there were; None for one that was not."""
    found, seen = contact_id, {contact_id}
    while (after := session.scalar(select(ContactMerge.kept_id).where(ContactMerge.merged_id == found, _LIVE))) is not None:
        if after in seen:
            break
        found = after
        seen.add(found)
    return found if found != contact_id else None


def led(session: TenantSession, adviser: Adviser, contact_id: str) -> str | None:
    """The same for a person: None too where he may not see the kept file."""
    found = kept(session, contact_id)
    if found is None or session.scalar(select(Contact.id).where(Contact.id == found, visible(adviser, each=True))) is None:
        return None
    return found


def names(session: TenantSession, contact_id: str) -> tuple[str, ...]:
    """The contact's id, and those of all that were merged into it."""
    found, fresh = [contact_id], [contact_id]
    while fresh:
        fresh = [
            one for one in session.scalars(select(ContactMerge.merged_id).where(ContactMerge.kept_id.in_(fresh), _LIVE))
            if one not in found
        ]  # fmt: skip
        found += fresh
    return tuple(found)


moved.follow("contact_id", led)
