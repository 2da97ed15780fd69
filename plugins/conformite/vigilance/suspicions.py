"""Notes of suspicion: whoever holds `vigilance.suspicion` writes and reads them; to everybody else there are none (CO-05).

It is forbidden to tell a client, or a third person, that there is a declaration or what it says (code monétaire et
financier, L. 561-18). So what a note says lies encrypted in the vault; the journal says that one was written, of nobody;
no list, request, search, export or other answer of the API knows of them. A note is never changed or taken back: another
one completes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.api import audit
from core.api import contacts
from core.api import vault
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.conformite.vigilance.models import Suspicion

RIGHT = "vigilance.suspicion"
LONGEST = 8_000
_OWNER, _FIELD = "conformite:suspicion:{}", "text"


@dataclass(frozen=True, slots=True)
class Note:
    """A note, opened. Its text is in no `repr`."""

    id: str
    contact_id: str
    written_by: str
    at: datetime
    text: str

    def __repr__(self) -> str:
        return f"Note({self.id!r})"


def of_contact(session: TenantSession, by: Adviser, contact_id: str) -> list[Note]:
    """The notes on a contact, the newest first. Raises `Forbidden` without the right, `NotFound` beyond one's contacts."""
    _check(session, by, contact_id)
    rows = session.scalars(select(Suspicion).where(Suspicion.contact_id == contact_id).order_by(Suspicion.id.desc())).all()
    texts = vault.unseal_many(session, [_OWNER.format(row.id) for row in rows], _FIELD)
    return [_opened(row, texts) for row in rows]


def write(session: TenantSession, by: Adviser, contact_id: str, text: str, *, note_id: str | None = None) -> Note:
    """Write one. `note_id`: the form's key, a second arrival finds what the first made. Raises `DomainError`, `Forbidden`,
    `NotFound`."""
    _check(session, by, contact_id)
    said = text.strip()
    if not said:
        raise DomainError("Écrivez ce qui fonde le soupçon.", field="text")
    if len(said) > LONGEST:
        raise DomainError(f"{LONGEST} caractères au plus.", field="text")
    known = select(Suspicion).where(Suspicion.id == note_id, Suspicion.contact_id == contact_id)
    if note_id and (row := session.scalar(known)) is not None:
        return _opened(row, vault.unseal_many(session, [_OWNER.format(row.id)], _FIELD))
    row = Suspicion(contact_id=contact_id, written_by=by.name)
    if note_id:
        row.id = note_id
    session.add(row)
    session.flush()
    vault.seal(session, _OWNER.format(row.id), _FIELD, said.encode())
    audit.record(session, by.user_id, "conformite.suspicion_noted", f"suspicion:{row.id}", {})
    return _opened(row, {_OWNER.format(row.id): said.encode()})


def _check(session: TenantSession, by: Adviser, contact_id: str) -> None:
    if not by.can(RIGHT):
        raise Forbidden("Cette page n'est pas ouverte à votre profil.")
    contacts.get_contact(session, by, contact_id)


def _opened(row: Suspicion, texts: Mapping[str, bytes]) -> Note:
    return Note(row.id, row.contact_id, row.written_by, row.created_at, texts.get(_OWNER.format(row.id), b"").decode())
