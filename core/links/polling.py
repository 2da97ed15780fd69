"""Reconciliation: what hooks lost, the feed and single reads bring (PLP-101 to PLP-106)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select
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
from core.links.models import Launch
from core.links.models import Mandate
from core.links.models import Registration
from core.transactions import schedule
from core.transactions import services
from core.transactions.models import Transaction

_log = logging.getLogger("encours.links")
#: Pages of a feed read in one round: a partner that never says «no more» does not hold the worker.
PAGES = 500
#: PLP-102: a cursor that is too old, or that the partner no longer knows: the feed is read from its beginning.
RESTART = (f"{PROBLEM}cursor-expired", f"{PROBLEM}malformed-request")
#: What a weekly comparison looks back at.
COMPARED = timedelta(days=90)


@periodic("links.poll", 30)
def poll(cabinet_id: int) -> None:
    """Ask each partner that has transactions due; then move our own clocks on."""
    with db.session(cabinet_id, write=False) as session:
        due = _due(session)
        watched = [plugin for plugin in dict.fromkeys(row.plugin for row in due) if plugin and followed(session, plugin)]
    for plugin in watched:
        try:
            poll_now(cabinet_id, plugin)
        except PluginError as error:
            _log.warning("%s could not be polled: %s", plugin, type(error).__name__)
    move_on(cabinet_id, [row.id for row in due if row.plugin in watched])


@periodic("links.compare", 7 * 86400)
def compare(cabinet_id: int) -> None:
    """Weekly: the feed of the last 90 days again; differences are applied by the same rules, and counted (PLP-105)."""
    with db.session(cabinet_id, write=False) as session:
        plugins = [name for name in session.scalars(select(Registration.plugin)) if followed(session, name)]
    for plugin in plugins:
        since = (now() - COMPARED).strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            changed = read_feed(cabinet_id, plugin, since=since)
        except PluginError as error:
            _log.warning("%s could not be compared: %s", plugin, type(error).__name__)
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
        plugins = [name for name in session.scalars(select(Registration.plugin)) if followed(session, name)]
        due = [row.id for row in _due(session) if row.plugin in plugins]
    changed: dict[str, int] = {}
    failed: list[PluginError] = []
    for plugin in plugins:
        try:
            changed[plugin] = poll_now(cabinet_id, plugin)
        except PluginError as error:
            failed.append(error)
    move_on(cabinet_id, due)
    if failed:
        raise failed[0]
    return changed


def poll_now(cabinet_id: int, plugin: str) -> int:
    """One round with one partner: its feed from where it was read to, then single reads of what is still due.

    Gives how many changes. Raises the error words.
    """
    changed = read_feed(cabinet_id, plugin)
    with db.session(cabinet_id, write=False) as session:
        open_ones = followed(session, plugin)
        due = [(row.reference, _mandate_of(session, row)) for row in _due(session) if row.plugin == plugin and row.seq > 0]
    for reference, mandate in due:
        if mandate in open_ones:
            item = PlpClient(cabinet_id, plugin, mandate=mandate).get_transaction(reference)
            changed += _take(cabinet_id, plugin, [item]) if item is not None else 0
    return changed


def read_feed(cabinet_id: int, plugin: str, *, since: str | None = None) -> int:
    """The feed of each mandate that is still open to us; how many changes.

    `since`: a comparison, which leaves the cursors alone. One mandate that is refused does not keep the others
    waiting; its error word is raised in the end.
    """
    with db.session(cabinet_id, write=False) as session:
        sheet = session.scalar(select(Registration.sheet).where(Registration.plugin == plugin))
        mandates = followed(session, plugin) if sheet and sheet.get("feed") else []
    changed, failed = 0, list[PluginError]()
    for mandate in mandates:
        try:
            changed += _read(cabinet_id, plugin, mandate, since)
        except PluginError as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return changed


def _read(cabinet_id: int, plugin: str, mandate: str, since: str | None) -> int:
    """One mandate's feed, page by page, its cursor saved with what it brought (PLP-104)."""
    client, changed = PlpClient(cabinet_id, plugin, mandate=mandate), 0
    with db.session(cabinet_id, write=False) as session:
        cursor = None if since else session.scalar(_kept(plugin, mandate).with_only_columns(Mandate.feed_cursor))
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
        changed += _take(cabinet_id, plugin, items, kept=None if since else (mandate, following))
        if not page.get("has_more") or following == cursor:
            return changed
        cursor = following
    return changed


def followed(session: TenantSession, plugin: str) -> list[str]:
    """The mandates of which the partner may still be asked, oldest first.

    Not one that it never spoke of, nor one that ended more than 90 days ago (PLP-043): after a renewal the former
    one's open transactions go on being followed. None while the plugin is off.
    """
    if not enabling.is_enabled(session, telling.hub().registry, plugin):
        return []
    open_ones = (Mandate.ended_at.is_(None)) | (Mandate.ended_at > now() - COMPARED)
    found = select(Mandate.reference).where(Mandate.plugin == plugin, Mandate.partner_seq > 0, open_ones)
    return list(session.scalars(found.order_by(Mandate.created_at, Mandate.id)))


def _kept(plugin: str, mandate: str) -> Select[Mandate]:
    return select(Mandate).where(Mandate.plugin == plugin, Mandate.reference == mandate)


def _mandate_of(session: TenantSession, row: Transaction) -> str | None:
    return session.scalar(select(Launch.mandate).where(Launch.transaction_id == row.id))


def _take(cabinet_id: int, plugin: str, items: Sequence[Any], *, kept: tuple[str, str] | None = None) -> int:
    """Apply one page in one transaction; a bad item is logged and skipped (PLP-104).

    `kept`: the mandate whose feed it is and the cursor behind the page, saved in the same transaction.
    """
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
                _log.warning("%s: a feed item was skipped: %s %s", plugin, refusal.status, refusal.slug)
                if refusal.conflict is not None:
                    feedback.alert(session, plugin, refusal.conflict)
                continue
            changed += outcome.kind == "applied"
        if kept is not None:
            session.scalars(_kept(plugin, kept[0])).one().feed_cursor = kept[1]
        faults.point("feed:applied")
    faults.point("feed:committed")
    return changed


def _due(session: TenantSession) -> Sequence[Transaction]:
    return session.scalars(
        select(Transaction).where(Transaction.next_poll_at <= now(), Transaction.plugin.is_not(None))
    ).all()


def move_on(cabinet_id: int, looked_at: Sequence[str]) -> None:
    """Each transaction's next look, or the end of the wait by our own clock (PLP-105)."""
    for transaction_id in looked_at:
        with db.session(cabinet_id) as session:
            row = services.locked(session, transaction_id)
            heard = services.last_heard(session, row)
            end = schedule.deadline(row.status or "", row.created_at, heard)
            if end is not None and end <= now():
                services.apply_local(session, row.id, schedule.outcome(row.status or ""), source="clock")
            row.next_poll_at = schedule.next_look(row.status or "", row.created_at, heard, now())
