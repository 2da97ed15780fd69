"""The notification store: what people should know, each fact told once."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from core.cabinets import rights
from core.cabinets.rights import sees
from core.cabinets.services import administrators
from core.cabinets.services import holders
from core.cabinets.services import principals
from core.db.clock import now
from core.db.paging import Page
from core.db.scope import MANY
from core.db.scope import kept
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.live import events as live
from core.shell import undo
from core.shell.models import Notification


def notify(
    session: TenantSession, user_ids: Iterable[str], *, kind: str, key: str, title: str, text: str,
    url: str | None = None, about: tuple[str, str] | None = None,
) -> None:  # fmt: skip
    """Tell people something, in the caller's transaction. The same `key` is told to a person once.

    `about`: kind and id of the thing in a client's file that it tells of; who may not see that is not told, and who may
    not see it any more is not shown it.
    """
    rights.check(about)
    named = list(dict.fromkeys(user_ids))
    people = principals(session, named)
    wanted = [one for one in named if one in people and (about is None or sees(session, people[one], *about))]
    subject_kind, subject_id = about or (None, None)
    told = set(
        session.scalars(select(Notification.user_id).where(Notification.key == key, Notification.user_id.in_(wanted)))
    )
    for user_id in wanted:
        if user_id not in told:
            session.add(
                Notification(
                    user_id=user_id, kind=kind, key=key, title=title[:200], text=text[:600], url=url,
                    subject_kind=subject_kind, subject_id=subject_id,
                )
            )  # fmt: skip
            session.flush()
            live.publish(session, "notification", {"unread": unread(session, people[user_id])}, user_id=user_id)


def notify_administrators(
    session: TenantSession, *, kind: str, key: str, title: str, text: str, url: str | None = None
) -> None:
    """Tell those who run the session's cabinet."""
    notify(session, administrators(session), kind=kind, key=key, title=title, text=text, url=url)


def notify_holders(
    session: TenantSession, right: str, *, kind: str, key: str, title: str, text: str, url: str | None = None,
    about: tuple[str, str] | None = None, but: str = "",
) -> None:  # fmt: skip
    """Tell those whose profile has a right; `but`: not this one, who did what is told."""
    named = [one for one in holders(session, right) if one != but]
    notify(session, named, kind=kind, key=key, title=title, text=text, url=url, about=about)


def unread(session: TenantSession, adviser: Adviser) -> int:
    """How many a person has not read."""
    return session.rows(_unread(adviser), {}).scalar() or 0


@lru_cache(maxsize=MANY)
def _unread(adviser: Adviser) -> Select[int]:
    return kept(select(func.count()).select_from(Notification).where(_own(adviser), Notification.read_at.is_(None)))


def listed(
    session: TenantSession, adviser: Adviser, *, unread_only: bool = False, kinds: Collection[str] = (), number: int = 1,
    size: int = 30,
) -> Page[Notification]:  # fmt: skip
    """One page of a person's notifications, newest first; `kinds`: of these only."""
    wanted = [_own(adviser)]
    if unread_only:
        wanted.append(Notification.read_at.is_(None))
    if kinds:
        wanted.append(Notification.kind.in_(kinds))
    total = session.scalar(select(func.count(Notification.id)).where(*wanted)) or 0
    number = min(max(1, number), max(1, -(-total // size)))
    order = (Notification.created_at.desc(), Notification.id.desc())
    found = select(Notification).where(*wanted).order_by(*order).limit(size).offset((number - 1) * size)
    return Page(tuple(session.scalars(found)), total, number, size)


def before_id(
    session: TenantSession, adviser: Adviser, edge: str | None, *, unread_only: bool, kinds: Collection[str] = (), size: int
) -> list[Notification]:
    """A person's notifications, the last written first, from before one of them: pages that no change moves."""
    found = select(Notification).where(_own(adviser))
    if unread_only:
        found = found.where(Notification.read_at.is_(None))
    if kinds:
        found = found.where(Notification.kind.in_(kinds))
    if edge is not None:
        found = found.where(Notification.id < edge)
    return list(session.scalars(found.order_by(Notification.id.desc()).limit(size)))


def latest(session: TenantSession, adviser: Adviser, *, limit: int = 8) -> list[Notification]:
    """A person's last notifications: those not read first, then the newest."""
    order = (Notification.read_at.is_not(None), Notification.created_at.desc(), Notification.id.desc())
    return list(session.scalars(select(Notification).where(_own(adviser)).order_by(*order).limit(limit)))


def kinds_of(session: TenantSession, adviser: Adviser) -> set[str]:
    """The kinds of which a person has any."""
    return set(session.scalars(select(Notification.kind).where(_own(adviser)).distinct()))


@dataclass(frozen=True, slots=True)
class Marked:
    """How many were marked as read, and the moment by which `mark_unread` finds them again."""

    count: int
    at: datetime


def mark_read(session: TenantSession, adviser: Adviser, ids: Collection[str] | None = None) -> Marked:
    """All of a person's notifications, or some, are read. His open pages count anew."""
    at = now()
    wanted = [Notification.user_id == adviser.user_id, Notification.read_at.is_(None), Notification.dismissed_at.is_(None)]
    if ids is not None:
        wanted.append(Notification.id.in_(ids))
    return Marked(_set(session, adviser, session.scalars(select(Notification.id).where(*wanted)).all(), read_at=at), at)


def settled(session: TenantSession, key: str) -> int:
    """What was told under a key is dealt with, by whomever: it is read for all who were told. How many there were."""
    wanted = select(Notification.user_id, Notification.id).where(Notification.key == key, Notification.read_at.is_(None))
    rows = session.execute(wanted).all()
    people, at = principals(session, {row.user_id for row in rows}), now()
    for row in rows:
        if row.user_id in people:
            _set(session, people[row.user_id], [row.id], read_at=at)
    return len(rows)


def mark_unread(session: TenantSession, adviser: Adviser, at: datetime) -> int:
    """Those that were marked as read at that moment are unread again; how many."""
    same = (Notification.user_id == adviser.user_id, Notification.read_at == at)
    return _set(session, adviser, session.scalars(select(Notification.id).where(*same)).all(), read_at=None)


def _set(session: TenantSession, adviser: Adviser, ids: Sequence[str], **values: datetime | None) -> int:
    if ids:
        session.execute(
            update(Notification)
            .where(Notification.user_id == adviser.user_id, Notification.id.in_(ids))
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        live.publish(session, "notification", {"unread": unread(session, adviser)}, user_id=adviser.user_id)
    return len(ids)


def dismiss(session: TenantSession, adviser: Adviser, ids: Collection[str]) -> Marked:
    """These are shown no more: the person has dealt with them. His open pages count anew."""
    at = now()
    mine = (Notification.user_id == adviser.user_id, Notification.dismissed_at.is_(None), Notification.id.in_(ids))
    return Marked(_set(session, adviser, session.scalars(select(Notification.id).where(*mine)).all(), dismissed_at=at), at)


def bring_back(session: TenantSession, adviser: Adviser, at: datetime) -> int:
    """Those that were dismissed at that moment are shown again; how many."""
    same = (Notification.user_id == adviser.user_id, Notification.dismissed_at == at)
    return _set(session, adviser, session.scalars(select(Notification.id).where(*same)).all(), dismissed_at=None)


@undo.command("shell.notifications_dismissed")
def _shown_again(session: TenantSession, adviser: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of «Écarter»."""
    count = bring_back(session, adviser, datetime.fromisoformat(payload["at"]))
    return "Une notification est de nouveau affichée." if count == 1 else f"{count} notifications sont de nouveau affichées."


@undo.command("shell.notifications_read")
def _unread_again(session: TenantSession, adviser: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of «Tout marquer comme lu»."""
    count = mark_unread(session, adviser, datetime.fromisoformat(payload["at"]))
    return "Une notification est de nouveau non lue." if count == 1 else f"{count} notifications sont de nouveau non lues."


def _own(adviser: Adviser) -> ColumnElement[bool]:
    """A condition on `Notification`: the person's own, but for those dismissed, or about what he may not see any more."""
    seen = rights.about(Notification.subject_kind, Notification.subject_id, adviser, free=True)
    return and_(Notification.user_id == adviser.user_id, Notification.dismissed_at.is_(None), seen)


def plugin_paused(session: TenantSession, plugin: str, hook: str, why: str) -> None:
    """Tell the administrators that a plugin's hook is paused (PL-05)."""
    stamp = now().strftime("%Y%m%d%H%M")
    notify_administrators(
        session, kind="plugin", key=f"paused:{plugin}:{hook}:{stamp}",
        title=f"Le module «{plugin}» est suspendu quelques minutes",
        text=f"Le hook {hook} a échoué plusieurs fois de suite ({why}). Le reste de l'application continue\u202f; "
        "le module est de nouveau appelé dans cinq minutes.",
    )  # fmt: skip
