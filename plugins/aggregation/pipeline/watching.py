"""The watched folder: what is left there is read, and applied where nothing of it is in doubt (AGG-01, «fed automatically»)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from core.api import Context
from core.api import feeds
from core.api.db import DomainError
from core.api.db import TenantSession
from core.api.db import session
from core.api.feeds import FeedRefused
from core.api.jobs import Job
from core.api.jobs import person_of
from core.api.notify import notify_administrators
from core.api.types import Adviser
from plugins.aggregation.pipeline import files
from plugins.aggregation.pipeline import reading
from plugins.aggregation.pipeline.forms import RULE
from plugins.aggregation.pipeline.models import FeedFile

#: Files of one look; the next ones wait for the next.
MOST = 20


@dataclass(frozen=True, slots=True)
class Came:
    """A file of the folder, kept and read."""

    path: Path
    sha256: str
    size: int
    found: reading.Read | FeedRefused


def look(ctx: Context, data: Mapping[str, Any]) -> list[Came]:
    """Outside of any transaction: keep and read what came; put aside what the last look wrote."""
    if not ctx.settings["watch"]:
        return []
    here, came = session(), list[Came]()
    cabinet_id = here.require_cabinet()
    for path in feeds.arrived(feeds.inbox(here), MOST):
        if path.stat().st_size > RULE.max_bytes:
            came.append(Came(path, "", path.stat().st_size, FeedRefused("ce fichier est trop volumineux\u202f: 25 Mio au plus.")))
            continue
        data_ = path.read_bytes()
        sha256 = feeds.store(cabinet_id).put(data_)
        if here.scalar(select(FeedFile.id).where(FeedFile.sha256 == sha256, FeedFile.state != "LECTURE")) is not None:
            feeds.taken(path)
            continue
        try:
            came.append(Came(path, sha256, len(data_), reading.read(ctx, cabinet_id, path.name, len(data_), sha256)))
        except FeedRefused as error:
            came.append(Came(path, sha256, len(data_), error))
    return came


def take(ctx: Context, data: Mapping[str, Any]) -> None:
    """Write what was read, in the name of who was chosen; what is in doubt waits for a word."""
    here, by = session(), person_of(str(ctx.settings["watch"] or ""))
    for one in data.get("fetched") or ():
        if by is None or not by.can("accounts.edit"):
            text = f"«\u202f{one.path.name}\u202f» attend\u202f: dites au nom de qui, dans Services > Agrégation."
            tell(here, "Le dossier surveillé n'a personne", text)
            return
        if not one.sha256:
            tell(here, f"Fichier refusé\u202f: {one.path.name}", str(one.found))
            continue
        write(ctx, here, by, one.path.name, one.sha256, one.size, one.found)


def write(
    ctx: Context, here: TenantSession, by: Adviser, name: str, sha256: str, size: int, found: reading.Read | FeedRefused, *,
    source: str = "",
) -> None:  # fmt: skip
    """Write what a file tells where nothing of it is in doubt; else administrators are told, and it waits."""
    try:
        row = files.arrive(here, by, name, sha256, size, source=source)
    except DomainError as error:
        tell(here, f"Fichier refusé\u202f: {name}", error.text)
        return
    files.work(ctx, here, by, row, found)
    waits = files.counted(here, row).get("A_RATTACHER", 0)
    if row.state == "LU" and not waits and not row.tally.get("error"):
        files.begin(here, by, row, "ECRITURE")
        files.work(ctx, here, by, row, found)
    if row.state in ("LU", "REFUSE"):
        doubt = ngettext("%(num)s compte est à rattacher.", "%(num)s comptes sont à rattacher.", waits) if waits else _(
            "Des anomalies sont à regarder avant de l'appliquer."
        )
        why = row.trouble or doubt
        tell(here, f"Fichier en attente\u202f: {row.name}", why, f"/p/aggregation/fichiers/{row.id}")


def tell(here: TenantSession, title: str, text: str, url: str = "/p/aggregation/") -> None:
    """Administrators, once."""
    notify_administrators(here, kind="warning", key=f"feed:watched:{title}:{text}"[:120], title=title, text=text, url=url)


WATCH = Job("feeds.watch", take, fetch=look, every=timedelta(minutes=10))
