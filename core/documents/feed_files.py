"""Where the raw files of feeds lie, by their hash, as long as a figure comes from one; and where new ones are left."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import select

from core.cabinets.models import Cabinet
from core.db.session import TenantSession
from core.documents import services as documents
from core.documents.store import ContentStore

#: Seconds for which a file must not have grown before it is taken.
STILL = 10
#: Ends of names that programs give while they write.
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
_DONE = "lus"


def store(cabinet_id: int) -> ContentStore:
    """`<var>/feeds/<cabinet>`."""
    return ContentStore(_var() / "feeds" / str(cabinet_id))


def inbox(session: TenantSession) -> Path:
    """`<var>/depot/<cabinet's slug>`, made where it is not there: whatever is put there is taken."""
    slug = session.scalars(select(Cabinet.slug).where(Cabinet.id == session.require_cabinet())).one()
    folder = _var() / "depot" / slug
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def arrived(folder: Path, most: int) -> list[Path]:
    """Whole files of a folder, the oldest first: no links, no hidden ones, none that is still being written."""
    before = time.time() - STILL
    found = [
        one for one in folder.iterdir()
        if one.is_file() and not one.is_symlink() and finished(one.name) and one.stat().st_mtime <= before
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.stat().st_mtime, one.name))[:most]


def finished(name: str) -> bool:
    """Whether a file of this name is neither hidden nor one that a program is still writing."""
    return not name.startswith(".") and not name.lower().endswith(_UNFINISHED)


def taken(path: Path) -> None:
    """Put a file that was read into the folder `lus` beside, under a name of its own."""
    done = path.parent / _DONE
    done.mkdir(exist_ok=True)
    wanted, number = done / path.name, 2
    while wanted.exists():
        wanted, number = done / f"{path.stem}-{number}{path.suffix}", number + 1
    path.rename(wanted)


def _var() -> Path:
    return Path(documents.content_store().root).parent
