"""The outbox: an effect outside is written with the change that wants it, then carried out, never lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from core.db import faults
from core.db.clock import now
from core.db.errors import NotFound
from core.db.model import new_id
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.errors import PartnerRefused
from core.hooks.errors import PartnerUnavailable
from core.hooks.errors import PluginError
from core.jobs.models import OutboxItem
from core.jobs.queue import Retry
from core.jobs.queue import Wait
from core.jobs.queue import enqueue
from core.jobs.queue import handler

Sender = Callable[[int, str, dict[str, Any]], None]
_senders: dict[str, Sender] = {}
JOB = "outbox"


def sender(kind: str) -> Callable[[Sender], Sender]:
    """Register what carries out items of a kind: `send(cabinet_id, item_id, payload)`, outside of any transaction."""

    def mark(function: Sender) -> Sender:
        _senders[kind] = function
        return function

    return mark


def post(
    session: TenantSession, kind: str, subject: str, payload: dict[str, Any], *, lock: str | None = None,
    once: str | None = None,
) -> OutboxItem:  # fmt: skip
    """Write an effect in the session's transaction, and the job that carries it out.

    `once`: the item's id, for a caller that may come twice; the item that was there is left alone.
    """
    there = session.get(OutboxItem, (session.require_cabinet(), once)) if once else None
    if there is not None:
        return there
    item = OutboxItem(id=once or new_id(), kind=kind, subject=subject, payload=payload)
    session.add(item)
    session.flush()
    enqueue(session, JOB, {"item": item.id}, lock=lock)
    return item


def cancel(session: TenantSession, kind: str, subject_prefix: str) -> int:
    """Give up what still waits (a revoked mandate, PLP-043); how many there were."""
    waiting = session.scalars(
        select(OutboxItem).where(
            OutboxItem.kind == kind, OutboxItem.state == "waiting", OutboxItem.subject.startswith(subject_prefix)
        )
    ).all()
    for item in waiting:
        item.state, item.done_at = "cancelled", now()
    return len(waiting)


def replay(session: TenantSession, item_id: str) -> None:
    """Try again what was refused or given up. Raises `NotFound`."""
    item = session.get(OutboxItem, (session.require_cabinet(), item_id))
    if item is None or item.state not in ("refused", "dead"):
        raise NotFound("Cet envoi n'existe pas, ou n'a pas échoué.")
    item.state, item.done_at = "waiting", None
    enqueue(session, JOB, {"item": item.id})


@handler(JOB, transaction=False)
def carry_out(cabinet_id: int, payload: dict[str, Any]) -> None:
    """Send one item; what is sent already is left alone."""
    with db.session(cabinet_id, write=False) as session:
        item = session.get(OutboxItem, (cabinet_id, payload["item"]))
    if item is None or item.state != "waiting":
        return
    faults.point("outbox:before")
    try:
        _senders[item.kind](cabinet_id, item.id, dict(item.payload))
    except PartnerRefused as error:
        _note(cabinet_id, item.id, "refused", error.text)
        return
    except Wait:
        raise  # nobody was asked: no try, and no failure, however long it lasts
    except (PluginError, Retry) as error:
        _note(cabinet_id, item.id, "waiting", error.text)
        after = error.retry_after if isinstance(error, PartnerUnavailable) else getattr(error, "seconds", None)
        raise Retry(after, error.text) from error
    faults.point("outbox:sent")
    _note(cabinet_id, item.id, "sent", None)
    faults.point("outbox:committed")


def given_up(cabinet_id: int, payload: dict[str, Any], text: str) -> None:
    """The job died (75 h): the item is shown as such, and may be replayed."""
    _note(cabinet_id, payload["item"], "dead", text)


def _note(cabinet_id: int, item_id: str, state: str, error: str | None) -> None:
    with db.session(cabinet_id) as session:
        item = session.get(OutboxItem, (cabinet_id, item_id))
        if item is None or item.state != "waiting":
            return
        item.attempts += 1
        item.state, item.last_error = state, error
        if state != "waiting":
            item.done_at = now()
