"""Partners that are asked for the portfolios that they keep: how each stands, a reading begun, the nightly look (AGG-01)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.api import Context
from core.api import audit
from core.api import feeds
from core.api import live
from core.api import rights
from core.api.db import Conflict
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import now
from core.api.db import session
from core.api.jobs import Job
from core.api.jobs import enqueue
from core.api.jobs import person_of
from core.api.notify import notify_administrators
from core.api.types import Adviser
from plugins.aggregation.pipeline import sftp
from plugins.aggregation.pipeline.models import FeedAccount
from plugins.aggregation.pipeline.models import FeedFile
from plugins.aggregation.pipeline.models import FeedSource
from plugins.aggregation.pipeline.models import FeedStep

#: The jobs that read one page of a partner (`pulling`), some files of the server (`collecting`); the right to have them done;
#: the part of the page that shows how far they are.
PULL, COLLECT, RIGHT, PART = "feeds.pull", "feeds.collect", "partners.manage", "feed-sources"
#: The cabinet's SFTP server, among the modules that ask partners: this very module.
SERVER = "aggregation"
#: State → what people read, how it looks, its icon.
LOOKS: dict[str, tuple[str, str, str]] = {
    "JAMAIS": ("Jamais lu", "neutral", "history"), "EN_COURS": ("Lecture en cours", "info", "clock"),
    "A_JOUR": ("À jour", "success", "check"), "ECHEC": ("Interrompu", "danger", "alert-triangle"),
    "MANDAT": ("Mandat requis", "warning", "file-text"), "CLE": ("Clé à confirmer", "warning", "shield-check"),
}  # fmt: skip
#: A reading of which nothing was heard for so long may be begun anew; a failed one is by itself, an hour later.
STUCK, AGAIN = timedelta(minutes=15), timedelta(hours=1)
#: When a night's reading is due, in Paris. A machine that was off then reads when it is on.
NIGHT, PARIS = time(2), ZoneInfo("Europe/Paris")
ABSENT = "Cette source n'existe pas, ou son module n'est pas activé."
RUNNING = "Cette source est déjà en cours de lecture\u202f: la page se met à jour toute seule."
CHANGED = "La clé que montre le serveur n'est plus celle-ci\u202f: actualisez, puis comparez de nouveau."
KIND = "feed_source"
rights.register(KIND, "accounts.edit")


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it is shown. `plugin`: the module that asks it; `on`: the day as of which it spoke last.

    `offered`: the fingerprint of the key that a server showed, where a person has to confirm it.
    """

    plugin: str
    title: str
    state: str
    asked_at: datetime | None
    answered_at: datetime | None
    on: date | None
    trouble: str
    remedy: str
    waiting: int
    offered: str

    @property
    def running(self) -> bool:
        """Whether it is being read."""
        return self.state == "EN_COURS"


def names(ctx: Context) -> dict[str, str]:
    """Name and title of each: partners in the cabinet's order, then its own server. `ctx`: this module's own."""
    host = str(ctx.settings["sftp_host"] or "")
    return {**feeds.asking(ctx), **({SERVER: f"SFTP {host}"} if host else {})}


def listed(ctx: Context, here: TenantSession) -> list[Source]:
    """Those that the cabinet's modules ask, in its order."""
    rows = {row.plugin: row for row in here.scalars(select(FeedSource))}
    waits = _waiting(here)
    return [_told(rows.get(name) or _never(name), title, waits.get(name, 0)) for name, title in names(ctx).items()]


def one(ctx: Context, here: TenantSession, plugin: str) -> Source:
    """One of them. Raises `NotFound`."""
    found = next((source for source in listed(ctx, here) if source.plugin == plugin), None)
    if found is None:
        raise NotFound(ABSENT)
    return found


def may(by: Adviser) -> bool:
    """Whether a reading may be done in this person's name: it tells of every client that the cabinet has there."""
    return rights.scope(by, RIGHT, "accounts.edit") is rights.Scope.CABINET


def begin(ctx: Context, here: TenantSession, by: Adviser, plugin: str) -> FeedSource:
    """Have it read from its beginning, once this transaction is committed. Raises `NotFound`; `Conflict` while it is read."""
    if plugin not in names(ctx):
        raise NotFound(ABSENT)
    row = here.scalar(select(FeedSource).where(FeedSource.plugin == plugin).with_for_update())
    if row is None:
        row = FeedSource(plugin=plugin)
        try:
            with here.begin_nested():
                here.add(row)
        except IntegrityError as error:  # somebody else's first press
            raise Conflict(RUNNING) from error
    elif running(row):
        raise Conflict(RUNNING)
    row.state, row.run, row.asked_at = "EN_COURS", secrets.token_urlsafe(16), now()
    row.pages, row.cursor, row.marking, row.trouble, row.remedy = 0, "", "", "", ""
    here.flush()
    audit.record(here, by.user_id, "feed.asked", f"plugin:{plugin}", {})
    follow(ctx, row, by)
    return row


def follow(ctx: Context, row: FeedSource, by: Adviser) -> None:
    """Have what comes next read, and open pages know how far it is."""
    enqueue(ctx, COLLECT if row.plugin == SERVER else PULL, {"plugin": row.plugin, "run": row.run, "user": by.user_id})
    live.changed(PART, about=(KIND, row.id))


def confirm(ctx: Context, here: TenantSession, by: Adviser, plugin: str, fingerprint: str) -> FeedSource:
    """Trust the key that the server showed, by a person who compared it; and read. Raises `NotFound`, `Conflict`."""
    row = here.scalar(select(FeedSource).where(FeedSource.plugin == plugin)) if plugin == SERVER else None
    if row is None or plugin not in names(ctx):
        raise NotFound(ABSENT)
    if not row.host_key_seen or sftp.fingerprint(row.host_key_seen) != fingerprint:
        raise Conflict(CHANGED)
    before = sftp.fingerprint(row.host_key) if row.host_key else None
    row.host_key, row.host_key_seen = row.host_key_seen, ""
    audit.record(
        here, by.user_id, "feed.key_confirmed", f"plugin:{plugin}", {"before": before, "after": fingerprint, "host": row.host}
    )
    return begin(ctx, here, by, plugin)


def running(row: FeedSource) -> bool:
    """Whether it is being read: of one that fell silent half-way, no longer."""
    return row.state == "EN_COURS" and row.asked_at is not None and row.asked_at > now() - STUCK


def due(row: FeedSource | None, at: datetime) -> bool:
    """Whether the night's reading is still to be done at a moment (UTC)."""
    if row is None or row.asked_at is None:
        return True
    local = at.astimezone(PARIS)
    day = local.date() if local.time() >= NIGHT else local.date() - timedelta(days=1)
    night = datetime.combine(day, NIGHT, PARIS)
    if running(row) or (row.answered_at is not None and row.answered_at >= night):
        return False
    return row.asked_at < (night if row.state in ("MANDAT", "CLE") else at - AGAIN)


def look(ctx: Context, data: Mapping[str, Any]) -> None:
    """Begin the readings that are due, in the name of who was chosen; nobody, nothing."""
    here, who = session(), str(ctx.settings["nightly"] or "")
    found = names(ctx) if who else {}
    if not found:
        return
    by = person_of(who)
    if by is None or not may(by):
        notify_administrators(
            here, kind="warning", key=f"feed:nobody:{who}:{now():%Y%m}"[:120], url="/p/aggregation/",
            title="La lecture de nuit n'a personne",
            text=f"{who} n'a pas accès à tous les comptes du cabinet\u202f: choisissez quelqu'un d'autre, Services > Agrégation.",
        )  # fmt: skip
        return
    rows = {row.plugin: row for row in here.scalars(select(FeedSource))}
    for plugin in found:
        if due(rows.get(plugin), now()):
            begin(ctx, here, by, plugin)


def _never(plugin: str) -> FeedSource:
    return FeedSource(plugin=plugin, state="JAMAIS", trouble="", remedy="", host_key_seen="")


def _told(row: FeedSource, title: str, waiting: int) -> Source:
    cut = row.state == "EN_COURS" and not running(row)
    state = "ECHEC" if cut else row.state
    trouble = _("La lecture s'est arrêtée en chemin.") if cut else row.trouble
    remedy = _("Actualisez à nouveau\u202f: ce qui est déjà écrit ne le sera pas deux fois.") if cut else row.remedy
    return Source(row.plugin, title, state, row.asked_at, row.answered_at, row.on, str(trouble), str(remedy), waiting,
                  sftp.fingerprint(row.host_key_seen) if row.host_key_seen else "")  # fmt: skip


def _waiting(here: TenantSession) -> dict[str, int]:
    """Source → how many accounts of its files nobody attached yet."""
    found = here.execute(
        select(FeedFile.source, func.count(func.distinct(FeedAccount.id)))
        .join(FeedStep, FeedStep.file_id == FeedFile.id).join(FeedAccount, FeedAccount.id == FeedStep.feed_account_id)
        .where(FeedFile.source != "", FeedFile.state != "ECARTE", FeedAccount.state == "A_RATTACHER").group_by(FeedFile.source)
    )  # fmt: skip
    return {row.source: row[1] for row in found}


NIGHTLY = Job("feeds.nightly", look, every=timedelta(minutes=30))
