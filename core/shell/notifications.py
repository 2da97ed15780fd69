"""The notification store: what people should know, each fact told once."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from core.cabinets.services import administrators
from core.db.clock import now
from core.db.paging import Page
from core.db.session import TenantSession
from core.live import events as live
from core.shell.models import Notification


def notify(
    session: TenantSession, user_ids: Iterable[str], *, kind: str, key: str, title: str, text: str,
    url: str | None = None,
) -> None:  # fmt: skip
    """Tell people something, in the caller's transaction. The same `key` is told to a person once."""
    wanted = list(dict.fromkeys(user_ids))
    told = set(
        session.scalars(select(Notification.user_id).where(Notification.key == key, Notification.user_id.in_(wanted)))
    )
    for user_id in wanted:
        if user_id not in told:
            session.add(Notification(user_id=user_id, kind=kind, key=key, title=title[:200], text=text[:600], url=url))
            session.flush()
            live.publish(session, "notification", {"unread": unread(session, user_id)}, user_id=user_id)


def notify_administrators(
    session: TenantSession, *, kind: str, key: str, title: str, text: str, url: str | None = None
) -> None:
    """Tell those who run the session's cabinet."""
    notify(session, administrators(session), kind=kind, key=key, title=title, text=text, url=url)


def unread(session: TenantSession, user_id: str) -> int:
    """How many a person has not read."""
    return session.scalar(
        select(func.count()).select_from(Notification)
        .where(Notification.user_id == user_id, Notification.read_at.is_(None))
    ) or 0  # fmt: skip


def listed(
    session: TenantSession, user_id: str, *, unread_only: bool = False, kinds: Collection[str] = (), number: int = 1,
    size: int = 30,
) -> Page[Notification]:  # fmt: skip
    """One page of a person's notifications, newest first; `kinds`: of these only."""
    wanted = [Notification.user_id == user_id]
    if unread_only:
        wanted.append(Notification.read_at.is_(None))
    if kinds:
        wanted.append(Notification.kind.in_(kinds))
    total = session.scalar(select(func.count()).select_from(Notification).where(*wanted)) or 0
    number = min(max(1, number), max(1, -(-total // size)))
    order = (Notification.created_at.desc(), Notification.id.desc())
    found = select(Notification).where(*wanted).order_by(*order).limit(size).offset((number - 1) * size)
    return Page(tuple(session.scalars(found)), total, number, size)


def latest(session: TenantSession, user_id: str, *, limit: int = 8) -> list[Notification]:
    """A person's last notifications: those not read first, then the newest."""
    order = (Notification.read_at.is_not(None), Notification.created_at.desc(), Notification.id.desc())
    return list(session.scalars(select(Notification).where(Notification.user_id == user_id).order_by(*order).limit(limit)))


def kinds_of(session: TenantSession, user_id: str) -> set[str]:
    """The kinds of which a person has any."""
    return set(session.scalars(select(Notification.kind).where(Notification.user_id == user_id).distinct()))


def mark_read(session: TenantSession, user_id: str, ids: Collection[str] | None = None) -> int:
    """All of a person's notifications, or some, are read; how many were not. His open pages count anew."""
    wanted = [Notification.user_id == user_id, Notification.read_at.is_(None)]
    if ids is not None:
        wanted.append(Notification.id.in_(ids))
    rows = session.scalars(select(Notification.id).where(*wanted)).all()
    if not rows:
        return 0
    session.execute(
        update(Notification)
        .where(Notification.user_id == user_id, Notification.id.in_(rows))
        .values(read_at=now())
        .execution_options(synchronize_session=False)
    )
    live.publish(session, "notification", {"unread": unread(session, user_id)}, user_id=user_id)
    return len(rows)


def plugin_paused(session: TenantSession, plugin: str, hook: str, why: str) -> None:
    """Tell the administrators that a plugin's hook is paused (PL-05)."""
    stamp = now().strftime("%Y%m%d%H%M")
    notify_administrators(
        session, kind="plugin", key=f"paused:{plugin}:{hook}:{stamp}",
        title=f"Le module «{plugin}» est suspendu quelques minutes",
        text=f"Le hook {hook} a échoué plusieurs fois de suite ({why}). Le reste de l'application continue ; "
        "le module est de nouveau appelé dans cinq minutes.",
    )  # fmt: skip
