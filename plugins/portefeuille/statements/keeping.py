"""A statement as a file, and kept among the contact's documents with who made it, when, of which day (PF-02)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import audit
from core.api import documents
from core.api import rights
from core.api.db import Forbidden
from core.api.db import TenantSession
from core.api.formats import day
from core.api.types import Adviser
from plugins.portefeuille.statements import paper
from plugins.portefeuille.statements import sheet
from plugins.portefeuille.statements.figures import Statement
from plugins.portefeuille.statements.words import stem

#: What says, of a contact's document, that it is a statement.
CATEGORY = "Relevé"
EDIT = "documents.edit"
#: Format → its media type and what it is called.
FORMATS: dict[str, tuple[str, Any]] = {
    "pdf": (paper.MEDIA, _l("PDF, données jointes")), "xlsx": (sheet.MEDIA, _l("Classeur Excel")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A statement that was written. `title`: what it is called in the file of the contact."""

    title: str
    filename: str
    media_type: str
    data: bytes


def may_keep(session: TenantSession, who: Adviser, contact_id: str) -> bool:
    """Whether `who` may keep documents of this contact."""
    return rights.sees(session, who, "contact", contact_id, EDIT)


def titled(on: date) -> str:
    """What a statement of that day is called in the file."""
    return str(_("Relevé de situation au %(day)s", day=day(on)))


def written(session: TenantSession, found: Statement, kind: str) -> File:
    """The file in one of `FORMATS`. Nothing is held while it is drawn: what was read is let go first. Raises `PdfError`."""
    name = f"{stem(found)}.{kind}"
    title = titled(found.wanted.on)
    if kind == "xlsx":
        return File(title, name, sheet.MEDIA, sheet.workbook(found))
    ready = paper.sheet_of(found)
    session.commit()
    return File(title, name, paper.MEDIA, paper.drawn(ready))


def keep(session: TenantSession, who: Adviser, found: Statement, file: File) -> Any:
    """Put it among the contact's documents; the one that is there already where it is the same to the byte. Raises `Forbidden`.

    The caller commits."""
    contact_id = found.contact.id
    if not may_keep(session, who, contact_id):
        raise Forbidden(_("Votre profil ne permet pas de déposer un document dans ce dossier."))
    for one in kept(session, who, contact_id):
        if one.title == file.title and documents.read(session, one) == file.data:
            return one
    made = documents.store(
        session, owner_kind="contact", owner_id=contact_id, category=CATEGORY, title=file.title, filename=file.filename,
        data=file.data, media_type=file.media_type, created_by=who.user_id,
    )  # fmt: skip
    audit.record(
        session, who.user_id, "portefeuille.statement_kept", f"contact:{contact_id}",
        {"document": made.id, "on": found.wanted.on.isoformat(), "filename": made.filename, "sha256": made.sha256},
    )  # fmt: skip
    return made


def kept(session: TenantSession, who: Adviser, contact_id: str) -> Sequence[Any]:
    """The statements kept of a contact that `who` may see, the newest first."""
    return [one for one in documents.of_owner(session, who, "contact", contact_id) if one.category == CATEGORY]


def format_of(media_type: str) -> str:
    """The format's code of a kept document."""
    return next((code for code, (media, _label) in FORMATS.items() if media == media_type), "pdf")
