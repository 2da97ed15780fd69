"""Statements of several contacts: asked at once, made one by one by the worker, each exactly once however often it dies."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy import select

from core.api import Context
from core.api import audit
from core.api import documents
from core.api import jobs
from core.api import live
from core.api import messages
from core.api import pdf
from core.api import queries
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import now
from core.api.db import session
from core.api.types import Adviser
from plugins.portefeuille.statements import figures
from plugins.portefeuille.statements import keeping
from plugins.portefeuille.statements.figures import Wanted
from plugins.portefeuille.statements.models import STATES
from plugins.portefeuille.statements.models import StatementBatch
from plugins.portefeuille.statements.models import StatementLine

#: Contacts of one batch at most.
MOST = 1000
JOB = "statement"
#: Tries of a PDF that is not drawn in time, and seconds before the second, longer before each other.
TRIES, PAUSE = 6, 15
LATE = object()


@dataclass(frozen=True, slots=True)
class Line:
    """A contact of a batch, as its maker may see it now. `name` is «» for one that is no longer open to him.

    `unsent`: why nothing was sent to it when that was asked; `sent`: the message that took the statement, where `sending` looked.
    """

    contact_id: str
    name: str
    state: str
    document_id: str | None
    why: str
    unsent: str = ""
    sent: messages.Sent | None = None

    @property
    def missed(self) -> bool:
        """Whether it was to be sent and was not."""
        return bool(self.unsent) if self.sent is None else self.sent.failed


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch and how far it is."""

    id: str
    wanted: Wanted
    format: str
    count: int
    done: int
    refused: int
    created_at: datetime

    @property
    def ended(self) -> bool:
        """Whether nothing of it waits."""
        return self.done + self.refused >= self.count


def chosen(session_: TenantSession, who: Adviser, asked: queries.Asked) -> list[Any]:
    """The contacts of a request or a selection that `who` may see. Raises `DomainError` beyond `MOST`."""
    total = queries.contacts.count(session_, who, asked)
    if total > MOST:
        raise DomainError(_(
            "Un lot compte %(most)s relevés au plus, et votre recherche trouve %(total)s contacts\u202f: restreignez-la.",
            most=MOST, total=total,
        ))  # fmt: skip
    return [line for some in queries.contacts.every(session_, who, asked) for line in some]


def begin(
    ctx: Context, session_: TenantSession, who: Adviser, ids: Sequence[str], wanted: Wanted, kind: str, *, batch_id: str
) -> str:  # fmt: skip
    """Ask for them, each a job of its own; the batch that is there already where it comes twice. Raises `DomainError`."""
    if session_.scalar(select(StatementBatch.id).where(StatementBatch.id == batch_id, StatementBatch.user_id == who.user_id)):
        return batch_id
    ids = list(dict.fromkeys(ids))
    if not ids:
        raise DomainError(_("Choisissez au moins un contact."))
    session_.add(StatementBatch(
        id=batch_id, user_id=who.user_id, on=wanted.on, since=wanted.since, parts={"shown": sorted(wanted.parts)}, format=kind,
    ))  # fmt: skip
    session_.flush()
    made = [StatementLine(batch_id=batch_id, contact_id=contact_id) for contact_id in ids]
    session_.add_all(made)
    session_.flush()
    for line in made:
        jobs.enqueue(ctx, JOB, {"batch": batch_id, "line": line.id})
    audit.record(
        session_, who.user_id, "portefeuille.statements_asked", f"statements:{batch_id}",
        {"count": len(ids), "on": wanted.on.isoformat(), "format": kind},
    )  # fmt: skip
    return batch_id


def of(session_: TenantSession, who: Adviser, batch_id: str) -> Batch:
    """A batch that `who` asked for. Raises `NotFound`, also for somebody else's."""
    found = _batches(session_, who, batch_id)
    if not found:
        raise NotFound(_("Ce lot de relevés n'existe pas, ou a été demandé par quelqu'un d'autre."))
    return found[0]


def mine(session_: TenantSession, who: Adviser) -> Sequence[Batch]:
    """The last batches that `who` asked for, the newest first."""
    return _batches(session_, who, None)


def _batches(session_: TenantSession, who: Adviser, batch_id: str | None) -> list[Batch]:
    wanted = select(StatementBatch).where(StatementBatch.user_id == who.user_id)
    if batch_id is not None:
        wanted = wanted.where(StatementBatch.id == batch_id)
    rows = session_.scalars(wanted.order_by(StatementBatch.created_at.desc(), StatementBatch.id.desc()).limit(50)).all()
    counted = session_.execute(
        select(StatementLine.batch_id, StatementLine.state, func.count(StatementLine.id))
        .where(StatementLine.batch_id.in_([row.id for row in rows])).group_by(StatementLine.batch_id, StatementLine.state)
    )  # fmt: skip
    states: dict[tuple[str, str], int] = {(batch, state): count for batch, state, count in counted}
    return [
        Batch(
            row.id, _wanted(row), row.format, sum(states.get((row.id, state), 0) for state in STATES),
            states.get((row.id, "done"), 0), states.get((row.id, "refused"), 0), row.created_at,
        )
        for row in rows
    ]  # fmt: skip


def lines(session_: TenantSession, who: Adviser, batch_id: str) -> list[Line]:
    """The contacts of a batch by name, refusals first."""
    rows = session_.scalars(select(StatementLine).where(StatementLine.batch_id == batch_id)).all()
    asked = queries.Asked(only=tuple(row.contact_id for row in rows))
    names = {one.id: one.name for some in queries.contacts.every(session_, who, asked) for one in some}
    found = [Line(row.contact_id, names.get(row.contact_id, ""), row.state, row.document_id, row.why, row.unsent) for row in rows]
    return sorted(found, key=lambda one: (one.state != "refused", one.name, one.contact_id))


def _wanted(row: StatementBatch) -> Wanted:
    return Wanted(row.on, row.since, frozenset(row.parts["shown"]))


def draw(ctx: Context, data: Mapping[str, Any]) -> Any:
    """Outside of any transaction: the figures and the file of one contact, or why not; None where it is done already."""
    here = session()
    row = here.scalar(select(StatementBatch).where(StatementBatch.id == data["batch"]))
    line = _line(here, data)
    if row is None or line is None or line.state != "waiting":
        return None
    who = jobs.person(row.user_id)
    if who is None or not who.can("accounts.view"):
        return _("La personne qui a demandé ce lot n'a plus le droit de le faire.")
    wanted, kind = _wanted(row), row.format
    try:
        found = figures.statement(here, who, line.contact_id, wanted)
        return found, keeping.written(here, found, kind)
    except DomainError as error:
        return error.text
    except pdf.PdfError:
        return LATE


def keep(ctx: Context, data: Mapping[str, Any]) -> None:
    """Put it among the contact's documents and say so in the same transaction: a job that comes again finds it done."""
    made, here = data["fetched"], session()
    line = _line(here, data)
    if made is None or line is None or line.state != "waiting":
        return
    row = here.scalars(select(StatementBatch).where(StatementBatch.id == data["batch"])).one()
    who = jobs.person(row.user_id)
    tries = int(data.get("tries", 0)) + 1
    if made is LATE and tries < TRIES:  # the machine is busy: again in a while, and it counts nothing against anybody
        again = {"batch": data["batch"], "line": data["line"], "tries": tries}
        jobs.enqueue(ctx, JOB, again, at=now() + timedelta(seconds=PAUSE * tries))
        return
    if made is LATE:
        made = _("Le PDF n'a pas pu être dessiné\u202f: demandez à nouveau ce relevé.")
    if isinstance(made, str) or who is None:
        line.state, line.why = "refused", str(made)[:300]
    else:
        try:
            line.document_id, line.state = keeping.keep(here, who, *made).id, "done"
        except DomainError as error:
            line.state, line.why = "refused", error.text[:300]
    here.flush()
    live.changed(part(row.id), about=("contact", line.contact_id))


def part(batch_id: str) -> str:
    """What an open page calls the part that shows how far a batch is."""
    return f"statements:{batch_id}"


def _line(session_: TenantSession, data: Mapping[str, Any]) -> StatementLine | None:
    return session_.scalar(
        select(StatementLine).where(StatementLine.batch_id == data["batch"], StatementLine.id == data["line"])
    )


def archive(session_: TenantSession, who: Adviser, batch_id: str) -> bytes:
    """The statements of a batch that `who` may still see, in one ZIP. Raises `NotFound` where there is none."""
    kept, names = io.BytesIO(), set[str]()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as box:  # PDF and XLSX are compressed already
        for line in lines(session_, who, batch_id):
            if line.document_id is None:
                continue
            try:
                document = documents.get(session_, who, line.document_id)
            except NotFound:
                continue
            name, place = document.filename, 2
            while name in names:
                stem, _dot, suffix = document.filename.rpartition(".")
                name, place = f"{stem}-{place}.{suffix}", place + 1
            names.add(name)
            box.writestr(zipfile.ZipInfo(name), documents.read(session_, document))
    if not names:
        raise NotFound(_("Aucun relevé de ce lot n'est prêt."))
    return kept.getvalue()


STATEMENT = jobs.Job(JOB, keep, fetch=draw, example={"batch": "0" * 26, "line": "0" * 26, "fetched": None})
