"""Files that are put away: nothing is lost, nothing is hidden from whoever opens them, all can be taken back (DO-01)."""

from __future__ import annotations

from core.cabinets import audit
from core.contacts.access import writable
from core.contacts.access import writer
from core.db.clock import now
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.web import inputs

REASON = 200


def archive(session: TenantSession, by: Adviser | str, contact_id: str, reason: str | None = None) -> bool:
    """Put a file away; whether it was not already. Raises `NotFound`, `DomainError`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    row = writable(session, by, contact_id)
    try:
        plain = inputs.plain(reason or "")
    except ValueError as error:
        raise DomainError("Ce texte contient un caractère invisible qui n'est pas accepté.", field="reason") from error
    if len(plain) > REASON:
        raise DomainError(f"{REASON} caractères au plus.", field="reason")
    if row.archived_at is not None:
        return False
    row.archived_at, row.archived_reason = now(), plain or None
    session.flush()
    audit.record(session, actor, "contact.archived", f"contact:{contact_id}", {"reason": plain} if plain else {})
    return True


def restore(session: TenantSession, by: Adviser | str, contact_id: str) -> bool:
    """Take a file back; whether it was put away. Raises `NotFound`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    row = writable(session, by, contact_id)
    if row.archived_at is None:
        return False
    row.archived_at, row.archived_reason = None, None
    session.flush()
    audit.record(session, actor, "contact.restored", f"contact:{contact_id}", {})
    return True
