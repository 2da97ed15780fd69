"""Reconciliation: what hooks lost, the feed and single reads bring (PLP-101 to PLP-106)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.db import faults
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import enabling
from core.hooks import telling
from core.hooks.errors import PartnerRefused
from core.hooks.errors import PluginError
from core.jobs.queue import Retry
from core.jobs.queue import handler
from core.jobs.queue import periodic
from core.links import feedback
from core.links.client import PROBLEM
from core.links.client import PlpClient
from core.links.models import Mandate
from core.links.models import Registration
from core.transactions import schedule
from core.transactions import services
from core.transactions.models import Transaction

_log = logging.getLogger("encours.links")
#: Pages of a feed read in one round: a partner that never says «no more» does not hold the worker.
PAGES = 500
#: PLP-102: a cursor that is too old, or of a mandate that was replaced since: the feed is read from its beginning.
RESTART = (f"{PROBLEM}cursor-expired", f"{PROBLEM}malformed-request")
#: What a weekly comparison looks back at.
COMPARED = timedelta(days=90)


@periodic("links.poll", 30)
def poll(cabinet_id: int) -> None:
    """Ask each partner that has transactions due; then move our own clocks on."""
    with db.session(cabinet_id, write=False) as session:
        due = _due(session)
        watched = [plugin for plugin in dict.fromkeys(row.plugin for row in due) if plugin and may_poll(session, plugin)]
    for plugin in watched:
        try:
            poll_now(cabinet_id, plugin)
        except PluginError as error:
            _log.warning("%s could not be polled: %s", plugin, error.text)
    _move_on(cabinet_id, [row.id for row in due if row.plugin in watched])


@periodic("links.compare", 7 * 86400)
def compare(cabinet_id: int) -> None:
    """Weekly: the feed of the last 90 days again; differences are applied by the same rules, and counted (PLP-105)."""
    with db.session(cabinet_id, write=False) as session:
        plugins = [name for name in session.scalars(select(Registration.plugin)) if may_poll(session, name)]
    for plugin in plugins:
        since = (now() - COMPARED).strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            changed = read_feed(cabinet_id, plugin, since=since)
        except PluginError as error:
            _log.warning("%s could not be compared: %s", plugin, error.text)
            continue
        _log.info("weekly comparison with %s: %s differences applied", plugin, changed)


@handler(feedback.RECONCILE, transaction=False)
def reconcile(cabinet_id: int, payload: dict[str, Any]) -> None:
    """Numbers are missing: read the feed soon (PLP-097)."""
    try:
        read_feed(cabinet_id, payload["plugin"])
    except PluginError as error:
        raise Retry(None, error.text) from error


def poll_all(cabinet_id: int) -> dict[str, int]:
    """One round with every partner, due or not (PLP-106): plugin → how many changes.

    One that cannot be asked does not keep the others waiting; its error word is raised in the end.
    """
    with db.session(cabinet_id, write=False) as session:
        plugins = [name for name in session.scalars(select(Registration.plugin)) if may_poll(session, name)]
        due = [row.id for row in _due(session) if row.plugin in plugins]
    changed: dict[str, int] = {}
    failed: list[PluginError] = []
    for plugin in plugins:
        try:
            changed[plugin] = poll_now(cabinet_id, plugin)
        except PluginError as error:
            failed.append(error)
    _move_on(cabinet_id, due)
    if failed:
        raise failed[0]
    return changed


def poll_now(cabinet_id: int, plugin: str) -> int:
    """One round with one partner: the feed from its cursor, then single reads of what is still due; how many changes.

    Raises the error words.
    """
    changed = read_feed(cabinet_id, plugin)
    with db.session(cabinet_id, write=False) as session:
        references = [row.reference for row in _due(session) if row.plugin == plugin and row.seq > 0]
    client = PlpClient(cabinet_id, plugin) if references else None
    for reference in references:
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
            if error.problem in RESTART and cursor is not None:
                cursor = None
                continue
            raise
        items, following = page.get("items"), page.get("next_cursor")
        if not isinstance(items, list) or not isinstance(following, str) or not 1 <= len(following) <= 512:
            _log.warning("%s: a feed page without items or cursor", plugin)
            return changed
        changed += _take(cabinet_id, plugin, items, cursor=None if since else following)
        if not page.get("has_more") or following == cursor:
            return changed
        cursor = following
    return changed


def may_poll(session: TenantSession, plugin: str) -> bool:
    """A disabled plugin is not asked; a mandate ended more than 90 days ago neither (PLP-043)."""
    if not enabling.is_enabled(session, telling.hub().registry, plugin):
        return False
    mandate = session.scalar(
        select(Mandate).where(Mandate.plugin == plugin).order_by(Mandate.created_at.desc(), Mandate.id.desc()).limit(1)
    )
    if mandate is None or mandate.partner_seq == 0:  # the partner never heard of it
        return False
    return mandate.ended_at is None or mandate.ended_at > now() - COMPARED


def _take(cabinet_id: int, plugin: str, items: Sequence[Any], *, cursor: str | None) -> int:
    """Apply one page in one transaction, its cursor with it; a bad item is logged and skipped (PLP-104)."""
    changed = 0
    faults.point("feed:before")
    with db.session(cabinet_id) as session:
        declared = feedback.declared_statuses(session, plugin)
        for item in items:
            try:
                if not isinstance(item, dict):
                    raise feedback.Refused(400, "malformed-request", "un objet était attendu")
                outcome = feedback.apply_snapshot(session, plugin, item, channel="feed", declared=declared)
            except feedback.Refused as refusal:
                _log.warning("%s: a feed item was skipped: %s", plugin, refusal.text)
                if refusal.conflict is not None:
                    feedback.alert(session, plugin, refusal.conflict)
                continue
            changed += outcome.kind == "applied"
        if cursor is not None:
            session.scalars(select(Registration).where(Registration.plugin == plugin)).one().cursor = cursor
        faults.point("feed:applied")
    faults.point("feed:committed")
    return changed


def _due(session: TenantSession) -> Sequence[Transaction]:
    return session.scalars(
        select(Transaction).where(Transaction.next_poll_at <= now(), Transaction.plugin.is_not(None))
    ).all()


def _move_on(cabinet_id: int, looked_at: Sequence[str]) -> None:
    """Each transaction's next look, or the end of the wait by our own clock (PLP-105)."""
    for transaction_id in looked_at:
        with db.session(cabinet_id) as session:
            row = services.locked(session, transaction_id)
            heard = services.last_heard(session, row)
            end = schedule.deadline(row.status or "", row.created_at, heard)
            if end is not None and end <= now():
                services.apply_local(session, row.id, schedule.outcome(row.status or ""), source="clock")
            row.next_poll_at = schedule.next_look(row.status or "", row.created_at, heard, now())
