"""Reconciliation: what hooks lost, the feed and single reads bring (PLP-101 to PLP-106)."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import or_
from sqlalchemy import select

from core.db import faults
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import enabling
from core.hooks import telling
from core.hooks.errors import PartnerRefused
from core.hooks.errors import PluginError
from core.jobs.queue import handler
from core.jobs.queue import periodic
from core.links import feedback
from core.links.client import PlpClient
from core.links.models import Mandate
from core.links.models import Registration
from core.transactions import machine
from core.transactions import services
from core.transactions.models import Transaction

_log = logging.getLogger("encours.links")
#: Age → pause until the next look (PLP-105).
LADDER = (
    (timedelta(hours=1), timedelta(minutes=5)),
    (timedelta(hours=24), timedelta(minutes=15)),
    (timedelta(days=7), timedelta(hours=1)),
    (timedelta(days=90), timedelta(days=1)),
)
ABANDONED = timedelta(hours=72)
LOST = timedelta(days=90)
#: Pages of a feed read in one round: a partner that never says «no more» does not hold the worker.
PAGES = 500


def pause(age: timedelta) -> timedelta | None:
    """How long to wait for the next look at a transaction of this age; None after 90 days."""
    return next((wait for limit, wait in LADDER if age < limit), None)


@periodic("links.poll", 30)
def poll(cabinet_id: int) -> None:
    """Ask each partner that has transactions due; then move the clocks on."""
    with db.session(cabinet_id, write=False) as session:
        due = session.scalars(
            select(Transaction.plugin).where(Transaction.next_poll_at <= now(), Transaction.plugin.is_not(None)).distinct()
        ).all()
        watched = [plugin for plugin in due if plugin and may_poll(session, plugin)]
    for plugin in watched:
        try:
            poll_now(cabinet_id, plugin)
        except PluginError as error:
            _log.warning("%s could not be polled: %s", plugin, error.text)
        reschedule(cabinet_id, plugin)
    tick(cabinet_id)


@periodic("links.compare", 7 * 86400)
def compare(cabinet_id: int) -> None:
    """Weekly: the feed of the last 90 days again; differences are applied by the same rules, and counted."""
    with db.session(cabinet_id, write=False) as session:
        plugins = [name for name in session.scalars(select(Registration.plugin)) if may_poll(session, name)]
    for plugin in plugins:
        since = (now() - LOST).strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            changed = read_feed(cabinet_id, plugin, since=since)
        except PluginError as error:
            _log.warning("%s could not be compared: %s", plugin, error.text)
            continue
        _log.info("weekly comparison with %s: %s differences applied", plugin, changed)


@handler(feedback.RECONCILE, transaction=False)
def reconcile(cabinet_id: int, payload: dict[str, Any]) -> None:
    """A gap in the numbers was seen: read the feed soon (PLP-097)."""
    poll_now(cabinet_id, payload["plugin"])
    with db.session(cabinet_id) as session:
        for row in session.scalars(select(Transaction).where(Transaction.gap)):
            row.gap = False


def poll_now(cabinet_id: int, plugin: str) -> int:
    """One round: the feed from its cursor, then single reads of what is still due; how many changes."""
    changed = read_feed(cabinet_id, plugin)
    with db.session(cabinet_id, write=False) as session:
        rows = session.execute(
            select(Transaction.reference).where(
                Transaction.plugin == plugin, Transaction.next_poll_at <= now(), Transaction.seq > 0
            )
        ).all()
    client = PlpClient(cabinet_id, plugin) if rows else None
    for (reference,) in rows:
        assert client is not None
        item = client.get_transaction(reference)
        if item is not None:
            changed += _take(cabinet_id, plugin, [item], cursor=None)
    return changed


def read_feed(cabinet_id: int, plugin: str, *, since: str | None = None) -> int:
    """The feed, page by page, the cursor saved with what it brought (PLP-104); how many changes.

    `since`: a comparison, which leaves the cursor alone. Raises the error words.
    """
    with db.session(cabinet_id, write=False) as session:
        registration = session.scalar(select(Registration).where(Registration.plugin == plugin))
    if registration is None or not registration.sheet.get("feed"):
        return 0
    client, cursor, changed = PlpClient(cabinet_id, plugin), None if since else registration.cursor, 0
    for _ in range(PAGES):
        try:
            page = client.get_feed(cursor=cursor, since=since if cursor is None else None)
        except PartnerRefused as error:
            if error.problem == "urn:plp:problem:cursor-expired" and cursor is not None:
                cursor = None
                continue
            raise
        items, following = page.get("items"), page.get("next_cursor")
        if not isinstance(items, list) or not isinstance(following, str):
            return changed
        changed += _take(cabinet_id, plugin, items, cursor=None if since else following)
        if not page.get("has_more") or following == cursor:
            return changed
        cursor = following
    return changed


def _take(cabinet_id: int, plugin: str, items: list[Any], *, cursor: str | None) -> int:
    changed = 0
    conflicts = []
    faults.point("feed:before")
    with db.session(cabinet_id) as session:
        declared = feedback.declared_statuses(session, plugin)
        for item in items:
            try:
                if not isinstance(item, dict) or item.get("type") not in (feedback.CHANGED, feedback.CORRECTED):
                    raise feedback.Malformed("type")
                snapshot = feedback.read(item, declared)
            except ValueError as error:
                _log.warning("%s: a feed item was skipped (%s): %s", plugin, error, json.dumps(item)[:300])
                continue
            outcome = feedback.apply_snapshot(session, plugin, snapshot, channel="feed")
            changed += outcome.kind == "applied"
            if outcome.kind == "conflict":
                conflicts.append(snapshot)
        if cursor is not None:
            registration = session.scalars(select(Registration).where(Registration.plugin == plugin)).one()
            registration.cursor = cursor
        for snapshot in conflicts:
            feedback.conflict(session, plugin, snapshot)
        faults.point("feed:applied")
    faults.point("feed:committed")
    return changed


def may_poll(session: TenantSession, plugin: str) -> bool:
    """A disabled plugin is not asked; a mandate revoked or expired more than 90 days ago neither (PLP-043)."""
    if not enabling.is_enabled(session, telling.hub().registry, plugin):
        return False
    mandate = session.scalar(
        select(Mandate).where(Mandate.plugin == plugin).order_by(Mandate.created_at.desc()).limit(1)
    )
    if mandate is None:
        return False
    return mandate.state not in ("revoked", "expired", "refused") or (mandate.ended_at or now()) > now() - LOST


def reschedule(cabinet_id: int, plugin: str) -> None:
    """The next look at each open transaction, by its age; nothing more once it is final."""
    with db.session(cabinet_id) as session:
        rows = session.scalars(
            select(Transaction).where(Transaction.plugin == plugin, Transaction.next_poll_at <= now())
        )
        for row in rows:
            row.next_poll_at = _next(row)


def _next(row: Transaction) -> datetime | None:
    wait = pause(now() - row.created_at)
    done = row.status in machine.FINAL or row.status in ("abandoned", "unknown")
    return None if done or wait is None else now() + wait


def tick(cabinet_id: int) -> None:
    """Our own clock: 72 h without a word → abandoned; 90 days in progress → unknown (PLP-105)."""
    with db.session(cabinet_id, write=False) as session:
        rows = session.execute(
            select(Transaction.id, Transaction.status, Transaction.created_at).where(
                Transaction.plugin.is_not(None),
                or_(
                    Transaction.status.in_(("initiated", "opened")) & (Transaction.created_at < now() - ABANDONED),
                    Transaction.status.not_in((*machine.LOCAL, *machine.FINAL)) & (Transaction.created_at < now() - LOST),
                ),
            )
        ).all()  # fmt: skip
    for transaction_id, status, _created in rows:
        with db.session(cabinet_id) as session:
            target = "abandoned" if status in ("initiated", "opened") else "unknown"
            services.apply_local(session, transaction_id, target, source="clock")
