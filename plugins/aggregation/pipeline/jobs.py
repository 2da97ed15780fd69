"""Large files, by the worker: read outside of any transaction, then checked, written or taken back in one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.api import Context
from core.api import live
from core.api.db import session
from core.api.feeds import FeedRefused
from core.api.jobs import Job
from core.api.jobs import enqueue
from core.api.jobs import person
from plugins.aggregation.pipeline import files
from plugins.aggregation.pipeline import sources
from plugins.aggregation.pipeline.models import FeedFile

KEY = "feeds.work"
#: The part of a page that shows how far a file is.
PART = "feed-{}"


def order(ctx: Context, row: FeedFile, user_id: str) -> None:
    """Have it carried on, as this person, once the transaction at hand is committed."""
    enqueue(ctx, KEY, {"file": row.id, "user": user_id})


def _read(ctx: Context, data: Mapping[str, Any]) -> Any:
    row = session().scalar(select(FeedFile).where(FeedFile.id == data.get("file")))
    return None if row is None or row.state not in files.WORKING else files.reading(ctx, row)


def _work(ctx: Context, data: Mapping[str, Any]) -> None:
    row = session().scalar(select(FeedFile).where(FeedFile.id == data.get("file")))
    found = data.get("fetched")
    if row is None or found is None or row.state not in files.WORKING:
        return
    by = person(str(data["user"]))
    if by is None:
        row.state = "REFUSE" if row.applied_at is None else "APPLIQUE"
        row.trouble = "La personne qui a lancé ce travail n'a plus accès à Encours."
        return
    files.work(ctx, session(), by, row, found if by.can("accounts.edit") else FeedRefused("votre profil ne le permet plus."))
    for part in (PART.format(row.id), sources.PART):  # the file's own page, and the list of files
        live.changed(part, about=(files.KIND, row.id))


WORK = Job(KEY, _work, fetch=_read)
