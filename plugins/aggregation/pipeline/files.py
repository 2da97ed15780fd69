"""Files of feeds from their arrival to their undoing: kept by hash, read, applied in one transaction, taken back (AGG-01)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import true

from core.api import Context
from core.api import accounts
from core.api import audit
from core.api import feeds
from core.api import formats
from core.api import rights
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import now
from core.api.feeds import FeedRefused
from core.api.notify import notify
from core.api.types import AccountRef
from core.api.types import Adviser
from plugins.aggregation.pipeline import applying
from plugins.aggregation.pipeline import batches
from plugins.aggregation.pipeline import linking
from plugins.aggregation.pipeline.models import FeedAccount
from plugins.aggregation.pipeline.models import FeedFile
from plugins.aggregation.pipeline.models import FeedStep
from plugins.aggregation.pipeline.reading import Read
from plugins.aggregation.pipeline.reading import read

ABSENT = "Ce fichier n'existe pas, ou n'est pas ouvert à votre profil."
#: Findings that are kept of a file; the rest is counted.
MOST_FINDINGS = 200
#: A file of fewer bytes is read, applied, taken back while one waits; a larger one by the worker.
QUICK = 256 * 1024
#: State → what people read, how it looks, its icon.
LOOKS: dict[str, tuple[str, str, str]] = {
    "LECTURE": ("Lecture en cours", "info", "clock"), "LU": ("À appliquer", "warning", "eye"),
    "REFUSE": ("Refusé", "danger", "alert-triangle"), "ECRITURE": ("Application en cours", "info", "clock"),
    "APPLIQUE": ("Appliqué", "success", "check"), "REPRISE": ("Annulation en cours", "info", "clock"),
    "ANNULE": ("Annulé", "neutral", "history"), "ECARTE": ("Écarté", "neutral", "ban"),
}  # fmt: skip
WORKING = ("LECTURE", "ECRITURE", "REPRISE")


def receive(session: TenantSession, by: Adviser, name: str, data: bytes) -> FeedFile:
    """Keep a file, to be read. The same bytes again are the same file; it is read anew unless it is applied.

    Raises `Conflict` for a file that somebody else deposited, whom only an administrator may see.
    """
    return arrive(session, by, name, feeds.store(session.require_cabinet()).put(data), len(data))


def arrive(session: TenantSession, by: Adviser, name: str, sha256: str, size: int, *, source: str = "") -> FeedFile:
    """The same of a file that is kept already. `source`: the module that asked a partner for it."""
    row = session.scalar(select(FeedFile).where(FeedFile.sha256 == sha256))
    if row is None:
        row = FeedFile(sha256=sha256, name=name[:200], size=size, user_id=by.user_id, source=source)
        session.add(row)
        session.flush()
        told = {"file": row.name, "size": row.size, **({"source": source} if source else {})}
        audit.record(session, by.user_id, "feed.received", f"feed:{row.id}", told)
        return row
    if row.user_id != by.user_id and not by.can("administration"):
        raise Conflict("Ce fichier est déjà arrivé, déposé par une autre personne du cabinet\u202f: demandez-lui où il en est.")
    if row.state in ("LU", "REFUSE", "ANNULE", "ECARTE"):
        row.state, row.trouble = "LECTURE", ""
    return row


def work(ctx: Context, session: TenantSession, by: Adviser, row: FeedFile, found: Read | FeedRefused) -> None:
    """Carry on from the state in which the file is, with what reading it gave: checked, written or taken back."""
    if isinstance(found, FeedRefused):
        _refused(session, by, row, str(found))
    elif row.state == "LECTURE":
        _checked(session, by, row, found)
    elif row.state == "ECRITURE":
        _applied(session, by, row, found)
    if row.state == "REPRISE":
        _undone(session, by, row)
    session.flush()


def reading(ctx: Context, row: FeedFile) -> Read | FeedRefused:
    """The file as it is read now; needs no transaction."""
    if row.state == "REPRISE":
        return Read("", "", row.name)
    try:
        return read(ctx, row.cabinet_id, row.name, row.size, row.sha256)
    except FeedRefused as error:
        return error
    except (OSError, ValueError):
        return FeedRefused("ce fichier n'est plus gardé\u202f: déposez-le à nouveau.")


def begin(session: TenantSession, by: Adviser, row: FeedFile, state: str) -> None:
    """Have it applied («ECRITURE») or taken back («REPRISE»). Raises `Conflict` where it cannot be."""
    allowed = {"ECRITURE": ("LU", "APPLIQUE", "ANNULE"), "REPRISE": ("APPLIQUE",)}[state]
    if row.state == state:
        return
    if row.state not in allowed:
        raise Conflict(f"Ce fichier ne peut pas l'être\u202f: il est «\u202f{LOOKS[row.state][0].lower()}\u202f».")
    row.state, row.trouble = state, ""
    session.flush()


def put_aside(session: TenantSession, by: Adviser, row: FeedFile) -> None:
    """Want nothing of it. Raises `Conflict` where something of it is written."""
    if row.state not in ("LU", "REFUSE", "ANNULE", "ECARTE"):
        raise Conflict("Ce fichier a écrit des données\u202f: annulez-le plutôt.")
    if row.state != "ECARTE":
        row.state = "ECARTE"
        audit.record(session, by.user_id, "feed.put_aside", f"feed:{row.id}", {"file": row.name})


def get(session: TenantSession, by: Adviser, file_id: str) -> FeedFile:
    """A file of one's own; anybody's for an administrator. Raises `NotFound`."""
    row = session.scalar(select(FeedFile).where(FeedFile.id == file_id, _own(by)))
    if row is None:
        raise NotFound(ABSENT)
    return row


def listed(session: TenantSession, by: Adviser, *, limit: int, after: str | None = None) -> list[FeedFile]:
    """The newest first."""
    wanted = select(FeedFile).where(_own(by))
    if after is not None:
        wanted = wanted.where(FeedFile.id < after)
    return list(session.scalars(wanted.order_by(FeedFile.id.desc()).limit(limit)))


def steps(session: TenantSession, row: FeedFile, *, limit: int, after: int = -1) -> Sequence[tuple[FeedStep, FeedAccount]]:
    """What the file tells of each account, in the file's order."""
    found = session.execute(
        select(FeedStep, FeedAccount).join(FeedAccount, FeedAccount.id == FeedStep.feed_account_id)
        .where(FeedStep.file_id == row.id, FeedStep.rank > after).order_by(FeedStep.rank).limit(limit)
    )  # fmt: skip
    return [(step, account) for step, account in found]


def refs(
    session: TenantSession, by: Adviser, found: Sequence[tuple[FeedStep, FeedAccount]]
) -> dict[str, AccountRef]:  # fmt: skip
    """Our accounts that these steps are of, those that may be seen."""
    ids = [key for step, account in found if (key := step.account_id or account.account_id)]
    return {ref.id: ref for ref in accounts.refs(session, by, account_ids=ids)} if ids else {}


def waiting(session: TenantSession, by: Adviser, *, limit: int, after: str | None = None) -> list[FeedAccount]:
    """Accounts of one's own files of which nobody said yet which of ours they are."""
    named = select(FeedStep.feed_account_id).join(FeedFile, FeedFile.id == FeedStep.file_id)
    mine = named.where(_own(by), FeedFile.state != "ECARTE")
    wanted = select(FeedAccount).where(FeedAccount.state == "A_RATTACHER", FeedAccount.id.in_(mine))
    if after is not None:
        wanted = wanted.where(FeedAccount.id > after)
    return list(session.scalars(wanted.order_by(FeedAccount.id).limit(limit)))


def account(session: TenantSession, by: Adviser, feed_account_id: str) -> FeedAccount:
    """An account that one's own files name. Raises `NotFound`."""
    mine = (
        select(FeedStep.id).join(FeedFile, FeedFile.id == FeedStep.file_id)
        .where(FeedStep.feed_account_id == feed_account_id, _own(by)).limit(1)
    )  # fmt: skip
    if session.scalar(mine) is None:
        raise NotFound(linking.ABSENT)
    return linking.get(session, feed_account_id)


def said(done: Mapping[str, int]) -> str:
    """What applying it wrote: «Écrits : 1 compte, 2 valorisations, 12 mouvements.»"""
    if not done["accounts"]:
        return str(_("Tout ce que dit ce fichier était déjà connu\u202f: rien n'est écrit."))
    counts = (
        ngettext("%(num)s compte", "%(num)s comptes", done["accounts"]),
        ngettext("%(num)s valorisation", "%(num)s valorisations", done["days"]),
        ngettext("%(count)s mouvement", "%(count)s mouvements", done["movements"], count=formats.grouped(done["movements"])),
    )
    return str(_("Écrits\u202f: %(what)s.", what=", ".join(counts)))


def rest(session: TenantSession, row: FeedFile) -> bool:
    """Whether something of an applied file waits: an account that was attached since."""
    attached = select(FeedAccount.id).where(FeedAccount.state == "RATTACHE")
    waits = FeedStep.file_id == row.id, FeedStep.state == "PREVU", FeedStep.feed_account_id.in_(attached)
    return session.scalar(select(FeedStep.id).where(*waits).limit(1)) is not None


def counted(session: TenantSession, row: FeedFile) -> dict[str, int]:
    """The file's accounts by where they stand: attached, waiting, put aside."""
    named = select(FeedStep.feed_account_id).where(FeedStep.file_id == row.id)
    found = session.execute(
        select(FeedAccount.state, func.count(FeedAccount.id)).where(FeedAccount.id.in_(named)).group_by(FeedAccount.state)
    )
    return {row.state: row[1] for row in found}


def _reach(column: Any, adviser: Adviser, scope: rights.Scope, *, each: bool) -> ColumnElement[bool]:
    """A file is its depositor's; who reaches the whole cabinet is not asked."""
    return rights.among(select(FeedFile.id).where(FeedFile.user_id == adviser.user_id), column, each=each)


#: What is told to open pages is about a file (`KIND`, its id).
KIND = "feed"
rights.register(KIND, "accounts.edit", _reach)


def _own(by: Adviser) -> ColumnElement[bool]:
    return true() if by.can("administration") else FeedFile.user_id == by.user_id


def _refused(session: TenantSession, by: Adviser, row: FeedFile, text: str) -> None:
    if row.state == "ECRITURE" and row.applied_at is not None:
        row.state, row.trouble = "APPLIQUE", text[:500]
        return
    row.state, row.trouble = "REFUSE", text[:500]
    audit.record(session, by.user_id, "feed.refused", f"feed:{row.id}", {"file": row.name, "why": row.trouble})


def _checked(session: TenantSession, by: Adviser, row: FeedFile, found: Read) -> None:
    session.execute(delete(FeedStep).where(FeedStep.file_id == row.id).execution_options(synchronize_session=False))
    session.expire_all()
    row.format = found.key
    findings = list[list[str]]()
    tally: dict[str, Any] = {"days": 0, "positions": 0, "movements": 0, "error": 0, "warning": 0, "info": 0}
    for some in batches.cut(found):
        for finding in (one for _rank, block in some for one in block.findings):
            tally[finding.severity] += 1
            if len(findings) < MOST_FINDINGS:
                findings.append([finding.severity, finding.text, str(finding.place)])
        for one in itertools.chain.from_iterable(batches.planned(session, by, some, found.key, row.source)):
            tally["days"] += len(one.plan.days)
            tally["positions"] += len(one.block.positions)
            tally["movements"] += len(one.block.movements)
            session.add(
                FeedStep(
                    file_id=row.id, feed_account_id=one.row.id, account_id=one.row.account_id, rank=one.rank,
                    told=one.plan.told, on=max((each.day.on for each in one.plan.days), default=None),
                )
            )  # fmt: skip
    row.state, row.trouble, row.findings, row.tally = "LU", "", findings, {**tally, "format": found.label}


def _applied(session: TenantSession, by: Adviser, row: FeedFile, found: Read) -> None:
    try:
        with session.begin_nested():
            done = applying.write(session, by, row, found, found.label[:60])
    except DomainError as error:
        row.state, row.trouble = ("APPLIQUE" if row.applied_at else "LU"), error.text[:500]
        return
    row.state, row.applied_at, row.applied_by = "APPLIQUE", now(), by.user_id
    row.tally = {**row.tally, "done": done}
    audit.record(session, by.user_id, "feed.applied", f"feed:{row.id}", {"file": row.name, **done})
    if row.source:
        return  # each night's is no news
    notify(
        session, [by.user_id], kind="success", key=f"feed:{row.id}:{row.applied_at:%Y%m%d%H%M%S}",
        title=f"Flux appliqué\u202f: {row.name}", text=said(done), url=f"/p/aggregation/fichiers/{row.id}",
    )  # fmt: skip


def _undone(session: TenantSession, by: Adviser, row: FeedFile) -> None:
    kept = applying.take_back(session, by, row)
    row.state, row.applied_at = "ANNULE", None
    row.tally = {**row.tally, "kept": list(dict.fromkeys(kept))[:20]}
    audit.record(session, by.user_id, "feed.undone", f"feed:{row.id}", {"file": row.name, "kept": len(kept)})
