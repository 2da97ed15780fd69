"""Templates: the house's, files of dated versions; the cabinet's own, which go before them. A version never changes (CO-01)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import func
from sqlalchemy import select

from core.api import audit
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import day_of
from core.api.types import Adviser
from plugins.conformite.papers import kinds
from plugins.conformite.papers import markup
from plugins.conformite.papers import words
from plugins.conformite.papers.models import PaperTemplate

EDIT = "administration"
HOUSE, OWN = "E", "C"
#: Signs of a template: some twenty pages.
LONGEST, SHORTEST = 40_000, 40
#: Faults that are told at once.
TOLD = 5
_FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Template:
    """A version of a template. `ref`: «E2» of the house, «C1» of the cabinet; `title`: the document's; `sources`: the house's."""

    kind: str
    ref: str
    title: str
    text: str
    published_on: date
    sources: tuple[str, ...] = ()
    made_by: str = ""
    why: str = ""

    @property
    def own(self) -> bool:
        """Whether the cabinet wrote it."""
        return self.ref.startswith(OWN)

    @property
    def name(self) -> str:
        """«modèle du cabinet, version 2»."""
        return named(self.ref)


def named(ref: str) -> str:
    """What a version is called."""
    return f"modèle {'du cabinet' if ref.startswith(OWN) else 'Encours'}, version {ref[1:]}"


@cache
def house(kind: str) -> tuple[Template, ...]:
    """The house's versions of a kind, the oldest first. Raises `KeyError` for an unknown kind."""
    known = kinds.KINDS[kind]
    paths = sorted(_FOLDER.glob(f"{known.code}-*.json"), key=lambda path: int(path.stem.rpartition("-")[2]))
    return tuple(_read(kind, path) for path in paths)


def current(session: TenantSession, kind: str) -> Template:
    """The version in force."""
    return versions(session, kind)[0]


def versions(session: TenantSession, kind: str) -> list[Template]:
    """All that the cabinet can look at, the one in force first: its own, then the house's. Raises `NotFound`."""
    known(kind)
    return every(session, [kind])[kind]


def every(session: TenantSession, wanted: Iterable[str]) -> dict[str, list[Template]]:
    """The same of several kinds. One query."""
    codes = list(wanted)
    rows = session.scalars(select(PaperTemplate).where(PaperTemplate.kind.in_(codes)).order_by(PaperTemplate.number.desc())).all()
    return {kind: [*(_own(row) for row in rows if row.kind == kind), *reversed(house(kind))] for kind in codes}


def get(session: TenantSession, kind: str, ref: str) -> Template:
    """One version. Raises `NotFound`."""
    found = next((one for one in versions(session, kind) if one.ref == ref), None)
    if found is None:
        raise NotFound("Cette version du modèle n'existe pas.")
    return found


def known(kind: str) -> kinds.Kind:
    """The kind of a code of an address. Raises `NotFound`."""
    found = kinds.KINDS.get(kind)
    if found is None:
        raise NotFound("Ce document réglementaire n'existe pas.")
    return found


def write(
    session: TenantSession, by: Adviser, kind: str, *, title: str, text: str, why: str = "", key: str | None = None
) -> Template:  # fmt: skip
    """Put a new version of the cabinet's own in force; documents that were made of the former ones stay as they are.

    `key`: the form's, a second arrival finds what the first made. Raises `DomainError` with the field and, of the text, each
    line that is wrong; `Forbidden`, `NotFound`.
    """
    known(kind)
    if not by.can(EDIT):
        raise Forbidden("Seul un administrateur du cabinet écrit ses modèles de documents.")
    if key and (row := session.scalar(select(PaperTemplate).where(PaperTemplate.id == key))):
        return _own(row)
    title, text = " ".join(title.split()), "\n".join(line.rstrip() for line in text.strip().splitlines())
    check(kind, title, text)
    if (now := current(session, kind)).own and (now.title, now.text) == (title, text):
        raise DomainError("Ce texte est celui de la version en vigueur\u202f: rien n'est à enregistrer.", field="text")
    last = session.scalar(select(func.max(PaperTemplate.number)).where(PaperTemplate.kind == kind)) or 0
    row = PaperTemplate(kind=kind, number=last + 1, title=title, text=text, why=why.strip()[:300], made_by=by.name)
    if key:
        row.id = key
    session.add(row)
    session.flush()
    said = {"paper": kind, "version": f"{OWN}{row.number}", "reason": row.why or None}
    audit.record(session, by.user_id, "conformite.template_written", f"paper_template:{row.id}", said)
    return _own(row)


def check(kind: str, title: str, text: str) -> None:
    """Raise `DomainError` for what cannot be a template of this kind."""
    if not title:
        raise DomainError("Donnez un titre au document.", field="title")
    if not SHORTEST <= len(text) <= LONGEST:
        raise DomainError(f"Le modèle compte de {SHORTEST} à {LONGEST} caractères.", field="text")
    found = markup.faults(text, words.of_kind(kind))
    if found:
        lines = " ".join(f"Ligne {one.line}\u202f: {one.text}" for one in found[:TOLD])
        more = f" Et {len(found) - TOLD} autres lignes." if len(found) > TOLD else ""
        raise DomainError(lines + more, field="text")


def _own(row: PaperTemplate) -> Template:
    made: datetime = row.created_at
    return Template(
        row.kind, f"{OWN}{row.number}", row.title, row.text, day_of(made), made_by=row.made_by, why=row.why
    )  # fmt: skip


def _read(kind: str, path: Path) -> Template:
    read = json.loads(path.read_text("utf-8"))
    return Template(
        kind, f"{HOUSE}{path.stem.rpartition('-')[2]}", read["title"], "\n".join(read["text"]),
        date.fromisoformat(read["published_on"]), tuple(read["sources"]),
    )  # fmt: skip
