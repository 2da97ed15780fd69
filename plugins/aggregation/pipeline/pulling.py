"""One page of what a partner keeps: asked outside of any transaction, then written in one, like any other file (AGG-01).

Killed anywhere, it goes on: what was not committed is asked again, and the same bytes are the same file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from flask_babel import ngettext
from sqlalchemy import select

from core.api import AuthFailed
from core.api import Context
from core.api import MandateMissing
from core.api import PartnerRefused
from core.api import PluginError
from core.api import ProtocolError
from core.api import audit
from core.api import feeds
from core.api import live
from core.api.db import DomainError
from core.api.db import TenantSession
from core.api.db import now
from core.api.db import session
from core.api.db import today
from core.api.feeds import FeedRefused
from core.api.feeds import PortfolioAsked
from core.api.feeds import PortfolioPage
from core.api.jobs import Job
from core.api.jobs import person
from core.api.notify import notify_administrators
from core.api.types import Adviser
from plugins.aggregation.pipeline import files
from plugins.aggregation.pipeline import reading
from plugins.aggregation.pipeline import sources
from plugins.aggregation.pipeline.models import FeedFile
from plugins.aggregation.pipeline.models import FeedSource

#: Pages of one reading: a partner that never says «no more» does not hold the worker.
MOST_PAGES = 500
#: What a person took back or put aside is not written again by itself.
LEFT = ("ANNULE", "ECARTE")


@dataclass(frozen=True, slots=True)
class Came:
    """A page, kept and read; `found` None: nothing has changed."""

    page: PortfolioPage
    name: str
    sha256: str
    found: reading.Read | FeedRefused | None


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why there is no page, and what to do."""

    text: str
    remedy: str
    state: str = "ECHEC"


NOBODY = Stopped(
    "La personne au nom de qui la lecture se fait n'a plus accès à tous les comptes du cabinet.",
    "Choisissez quelqu'un d'autre dans Services > Agrégation.",
)


def ask(ctx: Context, data: Mapping[str, Any]) -> Came | Stopped | None:
    """Outside of any transaction: the page after those that are written. None where the reading is over, or another's."""
    here = session()
    row = under_way(here, data)
    if row is None:
        return None
    asked = PortfolioAsked(row.cursor, _since(row.on), "" if row.cursor else row.mark)
    plugin, rank = row.plugin, row.pages + 1
    here.rollback()  # nothing is held while the partner thinks
    try:
        page = feeds.fetch(ctx, plugin, asked)
    except PluginError as error:
        return stopped(error)
    if len(page.cursor) > 512 or len(page.mark) > 200 or (page.cursor and page.cursor == asked.cursor):
        return stopped(ProtocolError("Le partenaire ne dit pas comment lire la page suivante."))
    if not page.data:
        return Came(page, "", "", None)
    path = PurePath(page.name)
    name = page.name if rank == 1 else f"{path.stem}-{rank}{path.suffix}"
    sha256 = feeds.store(ctx.cabinet_id).put(page.data)
    try:
        return Came(page, name, sha256, reading.read(ctx, ctx.cabinet_id, name, len(page.data), sha256))
    except FeedRefused as error:
        return Came(page, name, sha256, error)


def take(ctx: Context, data: Mapping[str, Any]) -> None:
    """In one transaction: the page is written, and where the next one begins."""
    here, found = session(), data.get("fetched")
    row = under_way(here, data)
    if row is None or found is None:
        return
    by = person(str(data["user"]))
    if by is None or not sources.may(by):
        stop(ctx, here, row, NOBODY)
        return
    if isinstance(found, Came):
        found = _page(ctx, here, by, row, found) or found
    if isinstance(found, Stopped):
        stop(ctx, here, row, found)
    else:
        _go_on(ctx, here, by, row, found.page)


def _page(ctx: Context, here: TenantSession, by: Adviser, row: FeedSource, came: Came) -> Stopped | None:
    """Write what a page tells of the accounts that are attached. Errors of the file itself wait for a person's word."""
    known = here.scalar(select(FeedFile.state).where(FeedFile.sha256 == came.sha256))
    if came.found is None or known in LEFT:
        return None
    try:
        file = files.arrive(here, by, came.name, came.sha256, len(came.page.data), source=row.plugin)
    except DomainError as error:
        return Stopped(error.text, "")
    files.work(ctx, here, by, file, came.found)
    if file.state == "LU" and not file.tally.get("error"):
        files.begin(here, by, file, "ECRITURE")
        files.work(ctx, here, by, file, came.found)
    if file.state == "REFUSE":
        text = f"La réponse du partenaire n'a pas pu être lue. {file.trouble}"
        return Stopped(text, "Rien n'en est écrit. Si cela dure, transmettez-lui ce message.")
    if file.state == "LU":
        why = file.trouble or "Des anomalies sont à regarder avant de l'appliquer."
        notify_administrators(
            here, kind="warning", key=f"feed:waits:{file.id}", title=f"Fichier en attente\u202f: {file.name}", text=why,
            url=f"/p/aggregation/fichiers/{file.id}",
        )  # fmt: skip
    return None


def _go_on(ctx: Context, here: TenantSession, by: Adviser, row: FeedSource, page: PortfolioPage) -> None:
    row.pages, row.asked_at = row.pages + 1, now()
    row.marking = page.mark if row.pages == 1 or page.mark == row.marking else ""
    row.cursor = page.cursor
    if page.cursor and row.pages >= MOST_PAGES:
        stop(ctx, here, row, Stopped(f"Le partenaire annonce plus de {MOST_PAGES} pages.", "Prévenez-le."))
    elif page.cursor:
        sources.follow(ctx, row, by)
    else:
        row.mark, row.on = row.marking, page.on or row.on
        done(ctx, here, by, row)


def stop(ctx: Context, here: TenantSession, row: FeedSource, why: Stopped) -> None:
    """The reading ends here, and says why."""
    row.state, row.trouble, row.remedy = why.state, why.text[:500], why.remedy[:500]
    audit.record(here, "system", "feed.stopped", f"plugin:{row.plugin}", {"why": row.trouble})
    if why.state == "ECHEC" or row.answered_at is not None:
        title = sources.names(ctx).get(row.plugin, row.plugin)
        notify_administrators(
            here, kind="warning", key=f"feed:stopped:{row.plugin}:{today():%Y%m%d}", url="/p/aggregation/",
            title=f"Flux interrompu\u202f: {title}", text=f"{row.trouble} {row.remedy}".strip(),
        )  # fmt: skip
    live.changed(sources.PART, about=(sources.KIND, row.id))


def done(ctx: Context, here: TenantSession, by: Adviser, row: FeedSource) -> None:
    """It was read whole."""
    row.state, row.answered_at = "A_JOUR", now()
    audit.record(here, by.user_id, "feed.answered", f"plugin:{row.plugin}", {"pages": row.pages})
    _tell_waiting(ctx, here, row)
    live.changed(sources.PART, about=(sources.KIND, row.id))


def _tell_waiting(ctx: Context, here: TenantSession, row: FeedSource) -> None:
    source = sources.one(ctx, here, row.plugin)
    if source.waiting:
        text = ngettext(
            "%(num)s compte du partenaire n'est rattaché à aucun des vôtres.",
            "%(num)s comptes du partenaire ne sont rattachés à aucun des vôtres.", source.waiting,
        )  # fmt: skip
        notify_administrators(
            here, kind="warning", key=f"feed:waiting:{row.plugin}:{source.waiting}", url="/p/aggregation/",
            title=f"Comptes à rattacher\u202f: {source.title}", text=text,
        )  # fmt: skip


def under_way(here: TenantSession, data: Mapping[str, Any]) -> FeedSource | None:
    """The source whose reading a job belongs to; None where it is over, or another's."""
    wanted = FeedSource.plugin == str(data.get("plugin")), FeedSource.run == str(data.get("run"))
    return here.scalar(select(FeedSource).where(*wanted, FeedSource.state == "EN_COURS"))


def _since(on: date | None) -> date | None:
    """The first day of the month before that of the last reading: what is booked late comes too, and is known again."""
    if on is None:
        return None
    return date(on.year - 1, 12, 1) if on.month == 1 else date(on.year, on.month - 1, 1)


def stopped(error: PluginError) -> Stopped:
    """What people are told of an error word."""
    text = error.text or "Le partenaire n'a pas répondu."
    if isinstance(error, MandateMissing):
        return Stopped(text, error.remedy, "MANDAT")
    if isinstance(error, AuthFailed):
        remedy = "Un administrateur vérifie l'enregistrement du partenaire\u202f: «\u202fTester la connexion\u202f»."
    elif isinstance(error, PartnerRefused):
        remedy = "Demandez au partenaire pourquoi il refuse."
    elif isinstance(error, ProtocolError):
        remedy = "Rien n'en est écrit. Si cela dure, transmettez ce message au partenaire."
    else:
        remedy = "Rien n'est perdu\u202f: actualisez plus tard. Une lecture de nuit réessaie d'elle-même, d'heure en heure."
    return Stopped(text, remedy)


PULL = Job(sources.PULL, take, fetch=ask, example={"plugin": "aucun", "run": "", "user": ""})
