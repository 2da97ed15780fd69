"""Several documents as one ZIP: named as people name them, nothing twice, written aside and sent piece by piece (AU-03)."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import IO

from flask_babel import gettext as _

from core.api import documents
from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.ged.owners import Key

#: Documents of one archive, and their bytes: beyond, it takes longer than anybody waits.
MOST, MOST_BYTES = 200, 300 * 1024 * 1024
_PIECE = 256 * 1024


def chosen(session: TenantSession, by: Adviser, asked: documents.finding.Wanted, ids: Sequence[str]) -> list[documents.Document]:
    """The documents of a list that were ticked, or all of it where none was; one more than `MOST` at most."""
    found = documents.finding.page(session, by, asked, size=MOST + 1 if not ids else 5_000).rows
    return [one for one in found if not ids or one.id in ids][: MOST + 1]


def problem(rows: Sequence[documents.Document]) -> str:
    """Why they do not fit in one archive, or «»."""
    if not rows:
        return str(_("Aucun document à télécharger\u202f: cochez ceux que vous voulez."))
    if len(rows) > MOST or sum(one.size for one in rows) > MOST_BYTES:
        return str(_(
            "Une archive compte %(most)s documents et 300\u00a0Mio au plus\u202f: cochez-en moins, ou filtrez la liste.",
            most=MOST,
        ))  # fmt: skip
    return ""


def written(session: TenantSession, rows: Sequence[documents.Document], names: Mapping[Key, str]) -> IO[bytes]:
    """The archive, in a file without a name that is gone when it is closed; its files are stored as they are."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - `pieces` closes it
    taken: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as box:
        for one in rows:
            entry = zipfile.ZipInfo(_named(one, names, taken), one.created_at.timetuple()[:6])
            box.writestr(entry, documents.read(session, one))
    out.seek(0)
    return out


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The file, piece by piece."""
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _named(one: documents.Document, names: Mapping[Key, str], taken: set[str]) -> str:
    """«Durand Jeanne/Passeport.pdf»: the title with the file's own ending, numbered where it is there already."""
    suffix = one.filename.rpartition(".")[2] if "." in one.filename else "bin"
    folder = documents.clean_name(names.get((one.owner_kind, one.owner_id), "dossier").replace("/", "-"))
    stem, number = documents.clean_name(one.title.replace("/", "-")).removesuffix(f".{suffix}"), 1
    while (name := f"{folder}/{stem}{f' ({number})' if number > 1 else ''}.{suffix}").casefold() in taken:
        number += 1
    taken.add(name.casefold())
    return name
