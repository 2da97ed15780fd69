"""Files that come before their form: looked at when they arrive, kept aside, taken by the form that names them.

What is accepted is a rule that the owner of the form registers: types (told by the bytes, never by the name), size,
number, right. A file lies in a folder of its cabinet until it is taken, and a day at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select

from core.db.clock import now
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents import office
from core.documents import services
from core.documents import tabular
from core.documents.models import Upload
from core.documents.store import ContentStore
from core.extensions import db
from core.hooks.types import Adviser
from core.jobs.queue import periodic
from core.web import formats

#: How long a file waits for its form: a day's work, and the night after it.
LIFE = timedelta(hours=24)
#: Files that one person may have waiting: beyond, the oldest forms were given up.
MOST = 100
#: Any text that is no markup, where tables and messages are not told apart.
TEXT = "text/plain"
#: Media type → how people call it, and the endings that file pickers look for.
TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "application/pdf": ("PDF", (".pdf",)),
    "image/png": ("PNG", (".png",)),
    "image/jpeg": ("JPEG", (".jpg", ".jpeg")),
    "image/svg+xml": ("SVG", (".svg",)),
    tabular.CSV: ("CSV", (".csv", ".txt", ".tsv")),
    tabular.XLSX: ("Excel (.xlsx)", (".xlsx",)),
    tabular.VCARD: ("vCard", (".vcf",)),
    tabular.XML: ("XML", (".xml", ".ofx")),
    office.DOCX: ("Word (.docx)", (".docx",)),
    office.PPTX: ("PowerPoint (.pptx)", (".pptx",)),
    office.ODT: ("OpenDocument texte (.odt)", (".odt",)),
    office.ODS: ("OpenDocument classeur (.ods)", (".ods",)),
    TEXT: ("texte", (".txt", ".csv")),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What one field of a form accepts. `permission`: asked of whoever sends; `max_bytes`: of one file."""

    name: str
    permission: str | None
    types: tuple[str, ...] = ("application/pdf", "image/png", "image/jpeg")
    max_bytes: int = services.MAX_BYTES
    max_files: int = 1
    #: Bytes of all files together, where several are many: they are in memory while they are filed. 0: no more than that.
    max_total: int = 0
    #: What these files are called, and endings beside those of the types, where people know them by other names.
    called: str = ""
    endings: tuple[str, ...] = ()

    @property
    def type_names(self) -> str:
        """«PDF, PNG ou JPEG»."""
        if self.called:
            return self.called
        names = [TYPES[one][0] for one in self.types]
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} ou {names[-1]}"

    @property
    def accept(self) -> str:
        """For the file picker: types and endings."""
        return ",".join([*self.types, *(ending for one in self.types for ending in TYPES[one][1]), *self.endings])

    @property
    def limits(self) -> str:
        """«PDF, PNG ou JPEG, 25 Mio au plus par fichier, 10 fichiers au plus.»"""
        size = f"{formats.file_size(self.max_bytes)} au plus"
        return f"{self.type_names}, {size}{'' if self.max_files == 1 else f' par fichier, {self.max_files} fichiers au plus'}."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits for its form."""

    id: str
    filename: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as a form gets it, looked at already."""

    filename: str
    media_type: str
    data: bytes


RULES: dict[str, Rule] = {}


def rule(name: str, **limits: object) -> Rule:
    """Register what a form's field accepts: `name` is «owner.what», `limits` are the fields of `Rule`. Raises ValueError
    for a name that has other limits already, or a type that we cannot tell by its bytes."""
    made = Rule(name, **{"permission": None, **limits})  # type: ignore[arg-type]
    if RULES.setdefault(name, made) != made:
        raise ValueError(f"the upload rule {name} is registered twice")
    if not made.types or set(made.types) - set(TYPES) or not 0 < made.max_bytes <= services.MAX_BYTES:
        raise ValueError(f"the upload rule {name} accepts what cannot be checked")
    return made


def rule_of(name: str, adviser: Adviser) -> Rule:
    """A rule, for who may use it. Raises `NotFound`, `Forbidden`."""
    found = RULES.get(name)
    if found is None:
        raise NotFound("Ce dépôt n'existe pas.")
    if found.permission is not None and not adviser.can(found.permission):
        raise Forbidden("Votre profil ne permet pas ce dépôt. Demandez ce droit à un administrateur du cabinet.")
    return found


def look(wanted: Rule, filename: str, data: bytes) -> Sent:
    """Check a file by its bytes. Raises `DomainError`, whose text says what is accepted; its code begins with «file-»."""
    if not data:
        raise DomainError("Ce fichier est vide\u202f: choisissez-en un autre.", code="file-empty", field="file")
    if len(data) > wanted.max_bytes:
        size, most = formats.file_size(len(data)), formats.file_size(wanted.max_bytes)
        raise DomainError(f"Ce fichier pèse {size} ; {most} au plus. Réduisez-le.", code="file-too-large", field="file")
    media_type = services.sniff(data) or _told(wanted, data)
    if media_type not in wanted.types:
        text = f"Ce format n'est pas accepté\u202f: déposez un fichier {wanted.type_names}."
        raise DomainError(text, code="file-type", field="file")
    return Sent(services.clean_name(filename), str(media_type), data)


def _told(wanted: Rule, data: bytes) -> str | None:
    """What has no signature of its own: an archive, a text. A form of tables takes any archive, and says later what it lacks."""
    if data.startswith(office.ZIP) and office.DOCX in wanted.types:
        return office.of(data)
    found = tabular.of(data)
    return TEXT if TEXT in wanted.types and found in (tabular.CSV, tabular.VCARD) else found


def keep(session: TenantSession, adviser: Adviser, wanted: Rule, filename: str, data: bytes) -> Waiting:
    """Keep a file for the form to come. Raises `DomainError` as `look` does, and where too many wait."""
    sent = look(wanted, filename, data)
    mine = select(func.count()).select_from(Upload).where(Upload.user_id == adviser.user_id, Upload.expires_at > now())
    if (session.scalar(mine) or 0) >= MOST:
        text = f"{MOST} fichiers attendent déjà\u202f: enregistrez ou abandonnez les formulaires ouverts."
        raise DomainError(text, code="file-too-many", field="file")
    row = Upload(
        user_id=adviser.user_id, rule=wanted.name, filename=sent.filename, media_type=sent.media_type, size=len(data),
        sha256=_store(session.require_cabinet()).put(data), expires_at=now() + LIFE,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return _shown(row)


def waiting(session: TenantSession, adviser: Adviser, wanted: Rule, ids: Iterable[str]) -> tuple[Waiting, ...]:
    """The person's files of these ids that still wait, in that order; what is not theirs is left out."""
    rows = {row.id: row for row in _rows(session, adviser, wanted, ids)}
    return tuple(_shown(rows[one]) for one in dict.fromkeys(ids) if one in rows)


def read(session: TenantSession, adviser: Adviser, wanted: Rule, ids: Iterable[str]) -> tuple[Sent, ...]:
    """The files of these ids, as `waiting` finds them. They wait on until `spend`."""
    ids, store = list(dict.fromkeys(ids)), _store(session.require_cabinet())
    rows = {row.id: row for row in _rows(session, adviser, wanted, ids)}
    return tuple(Sent(row.filename, row.media_type, store.get(row.sha256)) for row in (rows[one] for one in ids if one in rows))


@dataclass(frozen=True, slots=True)
class Held:
    """A file that a form typed over days keeps: it waits until the form's own end."""

    id: str
    rule: str
    filename: str
    media_type: str
    size: int
    sha256: str
    cabinet_id: int

    def read(self) -> bytes:
        """The bytes. Raises `NotFound`."""
        return _store(self.cabinet_id).get(self.sha256)


def hold(session: TenantSession, user_id: str, ids: Iterable[str], until: datetime) -> None:
    """Let a person's files wait until then."""
    mine = select(Upload).where(Upload.id.in_(list(ids)), Upload.user_id == user_id, Upload.expires_at < until)
    for row in session.scalars(mine):
        row.expires_at = until
    session.flush()


def held(session: TenantSession, user_id: str, ids: Iterable[str]) -> dict[str, Held]:
    """A person's files that wait, by id; what is not theirs is left out."""
    mine = select(Upload).where(Upload.id.in_(list(ids)), Upload.user_id == user_id, Upload.expires_at > now())
    return {
        row.id: Held(row.id, row.rule, row.filename, row.media_type, row.size, row.sha256, row.cabinet_id)
        for row in session.scalars(mine)
    }


def let_go(session: TenantSession, user_id: str, ids: Iterable[str]) -> None:
    """A person's files wait no longer, once the session's transaction is committed."""
    mine = delete(Upload).where(Upload.id.in_(list(ids)), Upload.user_id == user_id)
    session.execute(mine.execution_options(synchronize_session=False))


def spend(session: TenantSession, adviser: Adviser, ids: Iterable[str]) -> None:
    """The form has its files: they wait no longer, once the session's transaction is committed."""
    let_go(session, adviser.user_id, ids)


def drop(session: TenantSession, adviser: Adviser, upload_id: str) -> None:
    """Give up a file that waits. Raises `NotFound`, also for somebody else's."""
    row = session.scalar(select(Upload).where(Upload.id == upload_id, Upload.user_id == adviser.user_id))
    if row is None:
        raise NotFound("Ce fichier n'attend plus.")
    session.delete(row)
    session.flush()


@periodic("documents.uploads", 3600)
def purge(cabinet_id: int) -> None:
    """Delete what waited too long, then the files that no row names any more (an hour old: one may just be coming)."""
    with db.session(cabinet_id) as session:
        session.execute(delete(Upload).where(Upload.expires_at <= now()).execution_options(synchronize_session=False))
        named = set(session.scalars(select(Upload.sha256)))
    _store(cabinet_id).sweep(named, older=timedelta(hours=1))


def _rows(session: TenantSession, adviser: Adviser, wanted: Rule, ids: Iterable[str]) -> list[Upload]:
    mine = select(Upload).where(
        Upload.id.in_(list(ids)), Upload.user_id == adviser.user_id, Upload.rule == wanted.name, Upload.expires_at > now()
    )
    return list(session.scalars(mine))


def _shown(row: Upload) -> Waiting:
    return Waiting(row.id, row.filename, row.media_type, row.size)


def _store(cabinet_id: int) -> ContentStore:
    # apart from the documents, and a folder a cabinet: what is given up is deleted without asking whether another has it
    return ContentStore(Path(services.content_store().root).parent / "uploads" / str(cabinet_id))
