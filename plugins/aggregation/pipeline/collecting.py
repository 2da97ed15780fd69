"""New files of the cabinet's SFTP server: taken aside from any transaction, written like those of the watched folder (AGG-01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.api import Context
from core.api import PluginError
from core.api import feeds
from core.api import http
from core.api.db import TenantSession
from core.api.db import now
from core.api.db import session
from core.api.feeds import FeedRefused
from core.api.jobs import Job
from core.api.jobs import person
from plugins.aggregation.pipeline import pulling
from plugins.aggregation.pipeline import reading
from plugins.aggregation.pipeline import sftp
from plugins.aggregation.pipeline import sources
from plugins.aggregation.pipeline import watching
from plugins.aggregation.pipeline.models import FeedFile
from plugins.aggregation.pipeline.models import FeedPulled
from plugins.aggregation.pipeline.models import FeedSource
from plugins.aggregation.pipeline.pulling import Stopped

TOO_LARGE = FeedRefused("ce fichier est trop volumineux\u202f: 25 Mio au plus.")
#: Seconds in which the server has to answer a connection.
CONNECT = 10.0


@dataclass(frozen=True, slots=True)
class Brought:
    """A file, kept and read; `sha256` empty: it was too large."""

    mark: sftp.Mark
    sha256: str
    found: reading.Read | FeedRefused


@dataclass(frozen=True, slots=True)
class Haul:
    """What one visit brought. `offered`: a host key that a person has to confirm."""

    address: str
    files: tuple[Brought, ...]
    more: bool
    why: Stopped | None
    offered: str = ""


def ask(ctx: Context, data: Mapping[str, Any]) -> Haul | None:
    """Outside of any transaction: some new files, kept and read. None where the reading is over, or another's."""
    here = session()
    row, server = pulling.under_way(here, data), server_of(ctx)
    if row is None or server is None:
        return None
    trusted = row.host_key if row.host == server.address else ""
    told = select(FeedPulled.name, FeedPulled.size, FeedPulled.changed).where(FeedPulled.host == server.address)
    known = {(name, size, changed) for name, size, changed in here.execute(told)}
    here.rollback()  # nothing is held while the server thinks
    try:
        visit = sftp.visit(server, trusted, known, lambda: http.connected(server.host, server.port, seconds=CONNECT))
    except PluginError as error:
        return Haul(server.address, (), False, pulling.stopped(error))
    files = tuple(_kept(ctx, one) for one in visit.files)
    if (refusal := visit.refusal) is None:
        return Haul(server.address, files, visit.more, None)
    state = "CLE" if refusal.offered and not trusted else "ECHEC"
    return Haul(server.address, files, False, Stopped(refusal.text, refusal.remedy, state), refusal.offered)


def take(ctx: Context, data: Mapping[str, Any]) -> None:
    """In one transaction: each file is written, or waits with its reason; all of them are known from now on."""
    here, haul = session(), data.get("fetched")
    row = pulling.under_way(here, data)
    if row is None or haul is None:
        return
    by = person(str(data["user"]))
    if by is None or not sources.may(by):
        pulling.stop(ctx, here, row, pulling.NOBODY)
        return
    for one in haul.files:
        name, size, changed = one.mark
        here.add(FeedPulled(host=haul.address, name=name, size=size, changed=changed, sha256=one.sha256))
        if not one.sha256:
            watching.tell(here, f"Fichier refusé\u202f: {name}", str(one.found))
        elif not _there(here, one.sha256):
            watching.write(ctx, here, by, name, one.sha256, size, one.found, source=row.plugin)
    row.pages, row.asked_at = row.pages + 1, now()
    if haul.offered:
        _offer(row, haul)
    if haul.why is not None:
        pulling.stop(ctx, here, row, haul.why)
    elif haul.more:
        sources.follow(ctx, row, by)
    else:
        row.host_key_seen = ""
        pulling.done(ctx, here, by, row)


def server_of(ctx: Context) -> sftp.Server | None:
    """The cabinet's, from this module's settings; None where there is none."""
    told = ctx.settings
    if not told["sftp_host"]:
        return None
    return sftp.Server(
        str(told["sftp_host"]), int(told["sftp_port"]), str(told["sftp_user"] or ""), str(told["sftp_folder"] or ""),
        str(told["sftp_pattern"] or "*"), told["sftp_password"], told["sftp_key"],
    )  # fmt: skip


def _kept(ctx: Context, one: sftp.Found) -> Brought:
    if one.data is None:
        return Brought(one.mark, "", TOO_LARGE)
    sha256 = feeds.store(ctx.cabinet_id).put(one.data)
    try:
        return Brought(one.mark, sha256, reading.read(ctx, ctx.cabinet_id, one.mark[0], len(one.data), sha256))
    except FeedRefused as error:
        return Brought(one.mark, sha256, error)


def _there(here: TenantSession, sha256: str) -> bool:
    """Whether the same bytes came already, by whatever way, and were looked at."""
    return here.scalar(select(FeedFile.id).where(FeedFile.sha256 == sha256, FeedFile.state != "LECTURE")) is not None


def _offer(row: FeedSource, haul: Haul) -> None:
    """A key to confirm; what was trusted of another server is forgotten."""
    if row.host != haul.address:
        row.host, row.host_key = haul.address, ""
    row.host_key_seen = haul.offered


COLLECT = Job(sources.COLLECT, take, fetch=ask, example={"plugin": "aucun", "run": "", "user": ""})
