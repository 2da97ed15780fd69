"""Feeds that went silent: the accounts say so, and one word a source goes to those who may do something (AGG-02)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from datetime import timedelta
from typing import Any

from flask_babel import ngettext
from sqlalchemy import or_
from sqlalchemy import select

from core.api import Context
from core.api import accounts
from core.api import formats
from core.api.db import TenantSession
from core.api.db import now
from core.api.db import session
from core.api.db import today
from core.api.jobs import Job
from core.api.notify import notify_administrators
from plugins.aggregation.pipeline.models import FeedAccount
from plugins.aggregation.pipeline.models import FeedFile
from plugins.aggregation.pipeline.models import FeedSource
from plugins.aggregation.pipeline.models import FeedStep

#: For how long a partner may fail to answer before what it told is old.
FAILING = timedelta(days=3)


def look(ctx: Context, data: Mapping[str, Any]) -> None:
    """Mark the accounts whose source told nothing for the cabinet's number of days; tell it once a source and month."""
    silent = _silent(session(), today() - timedelta(days=int(ctx.settings["stale"])))
    quiet = [one.account_id for some in silent.values() for one in some if one.account_id]
    accounts.feeding.grow_old(session(), {*quiet, *_interrupted(session())})
    for origin, some in silent.items():
        last = max((one.last_on for one in some if one.last_on), default=None)
        since = f" Les dernières datent du {formats.day(last)}." if last else ""
        text = ngettext(
            "%(num)s compte de cette source ne reçoit plus de données.",
            "%(num)s comptes de cette source ne reçoivent plus de données.", len(some),
        )  # fmt: skip
        notify_administrators(
            session(), kind="warning", key=f"feed:silent:{origin}:{today():%Y%m}", url="/p/aggregation/",
            title=f"Flux silencieux\u202f: {some[0].company or origin}",
            text=f"{text}{since} Demandez un relevé à la source, ou détachez-les.",
        )  # fmt: skip


def _interrupted(at: TenantSession) -> list[str]:
    """The accounts of partners whose reading has failed for days: what is known of them grows old."""
    failing = select(FeedSource.plugin).where(FeedSource.state == "ECHEC", FeedSource.answered_at < now() - FAILING)
    found = at.scalars(
        select(FeedAccount.account_id).join(FeedStep, FeedStep.feed_account_id == FeedAccount.id)
        .join(FeedFile, FeedFile.id == FeedStep.file_id)
        .where(FeedAccount.state == "RATTACHE", FeedFile.source.in_(failing), FeedAccount.last_on < today() - FAILING).distinct()
    )  # fmt: skip
    return [one for one in found if one is not None]


def _silent(at: TenantSession, before: date) -> dict[str, list[FeedAccount]]:
    rows = at.scalars(
        select(FeedAccount)
        .where(FeedAccount.state == "RATTACHE", or_(FeedAccount.last_on.is_(None), FeedAccount.last_on < before))
        .order_by(FeedAccount.id)
    )
    found: dict[str, list[FeedAccount]] = defaultdict(list)
    for row in rows:
        if row.last_on is not None or (row.decided_at is not None and row.decided_at.date() < before):
            found[row.origin].append(row)
    return found


LOOK = Job("feeds.silence", look, every=timedelta(days=1))
