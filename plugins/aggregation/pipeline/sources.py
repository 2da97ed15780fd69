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
from plugins.aggregation.pipeline.models import FeedAccount
from plugins.aggregation.pipeline.models import FeedFile
from plugins.aggregation.pipeline.models import FeedSource
from plugins.aggregation.pipeline.models import FeedStep

#: The job that reads one page (`pulling`); the right to have it done; the part of the page that shows how far it is.
PULL, RIGHT, PART = "feeds.pull", "partners.manage", "feed-sources"
#: State → what people read, how it looks, its icon.
LOOKS: dict[str, tuple[str, str, str]] = {
    "JAMAIS": ("Jamais lu", "neutral", "history"), "EN_COURS": ("Lecture en cours", "info", "clock"),
    "A_JOUR": ("À jour", "success", "check"), "ECHEC": ("Interrompu", "danger", "alert-triangle"),
    "MANDAT": ("Mandat requis", "warning", "file-text"),
}  # fmt: skip
#: A reading of which nothing was heard for so long may be begun anew; a failed one is by itself, an hour later.
STUCK, AGAIN = timedelta(minutes=15), timedelta(hours=1)
#: When a night's reading is due, in Paris. A machine that was off then reads when it is on.
NIGHT, PARIS = time(2), ZoneInfo("Europe/Paris")
ABSENT = "Ce partenaire ne transmet pas de portefeuilles, ou son module n'est pas activé."
KIND = "feed_source"
rights.register(KIND, "accounts.edit")


@dataclass(frozen=True, slots=True)
class Source:
    """A partner as it is shown. `plugin`: the module that asks it; `on`: the day as of which it spoke last."""

    plugin: str
    title: str
    state: str
    asked_at: datetime | None
    answered_at: datetime | None
    on: date | None
    trouble: str
    remedy: str
    waiting: int

    @property
    def running(self) -> bool:
        """Whether it is being read."""
        return self.state == "EN_COURS"


def listed(ctx: Context, here: TenantSession) -> list[Source]:
    """Those that the cabinet's modules ask, in its order."""
    rows = {row.plugin: row for row in here.scalars(select(FeedSource))}
    waits = _waiting(here)
    return [_told(rows.get(name) or FeedSource(plugin=name, state="JAMAIS", trouble="", remedy=""), title, waits.get(name, 0))
            for name, title in feeds.asking(ctx).items()]  # fmt: skip


def one(ctx: Context, here: TenantSession, plugin: str) -> Source:
    """One of them. Raises `NotFound`."""
    found = next((source for source in listed(ctx, here) if source.plugin == plugin), None)
    if found is None:
        raise NotFound(ABSENT)
    return found


def may(by: Adviser) -> bool:
    """Whether a reading may be done in this person's name: it tells of every client that the cabinet has there."""
    return by.can(RIGHT) and by.can("accounts.edit_all")


def begin(ctx: Context, here: TenantSession, by: Adviser, plugin: str) -> FeedSource:
    """Have it read from its beginning, once this transaction is committed. Raises `NotFound`; `Conflict` while it is read."""
    if plugin not in feeds.asking(ctx):
        raise NotFound(ABSENT)
    row = here.scalar(select(FeedSource).where(FeedSource.plugin == plugin))
    if row is None:
        row = FeedSource(plugin=plugin)
        here.add(row)
    elif running(row):
        raise Conflict("Ce partenaire est déjà en cours de lecture\u202f: la page se met à jour toute seule.")
    row.state, row.run, row.asked_at = "EN_COURS", secrets.token_urlsafe(16), now()
    row.pages, row.cursor, row.marking, row.trouble, row.remedy = 0, "", "", "", ""
    here.flush()
    audit.record(here, by.user_id, "feed.asked", f"plugin:{plugin}", {})
    follow(ctx, row, by)
    return row


def follow(ctx: Context, row: FeedSource, by: Adviser) -> None:
    """Have the next page read, and open pages know how far it is."""
    enqueue(ctx, PULL, {"plugin": row.plugin, "run": row.run, "user": by.user_id})
    live.changed(PART, about=(KIND, row.id))


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
    return row.asked_at < (night if row.state == "MANDAT" else at - AGAIN)


def look(ctx: Context, data: Mapping[str, Any]) -> None:
    """Begin the readings that are due, in the name of who was chosen; nobody, nothing."""
    here, who = session(), str(ctx.settings["nightly"] or "")
    found = feeds.asking(ctx) if who else {}
    if not found:
        return
    by = person_of(who)
    if by is None or not may(by):
        notify_administrators(
            here, kind="warning", key=f"feed:nobody:{who}:{now():%Y%m}"[:120], url="/p/aggregation/",
            title="La lecture de nuit des partenaires n'a personne",
            text=f"{who} n'a pas accès à tous les comptes du cabinet\u202f: choisissez quelqu'un d'autre, Services > Agrégation.",
        )  # fmt: skip
        return
    rows = {row.plugin: row for row in here.scalars(select(FeedSource))}
    for plugin in found:
        if due(rows.get(plugin), now()):
            begin(ctx, here, by, plugin)


def _told(row: FeedSource, title: str, waiting: int) -> Source:
    cut = row.state == "EN_COURS" and not running(row)
    state = "ECHEC" if cut else row.state
    trouble = _("La lecture s'est arrêtée en chemin.") if cut else row.trouble
    remedy = _("Actualisez à nouveau\u202f: ce qui est déjà écrit ne le sera pas deux fois.") if cut else row.remedy
    return Source(row.plugin, title, state, row.asked_at, row.answered_at, row.on, str(trouble), str(remedy), waiting)


def _waiting(here: TenantSession) -> dict[str, int]:
    """Source → how many accounts of its files nobody attached yet."""
    found = here.execute(
        select(FeedFile.source, func.count(func.distinct(FeedAccount.id)))
        .join(FeedStep, FeedStep.file_id == FeedFile.id).join(FeedAccount, FeedAccount.id == FeedStep.feed_account_id)
        .where(FeedFile.source != "", FeedFile.state != "ECARTE", FeedAccount.state == "A_RATTACHER").group_by(FeedFile.source)
    )  # fmt: skip
    return {row.source: row[1] for row in found}


NIGHTLY = Job("feeds.nightly", look, every=timedelta(minutes=30))
