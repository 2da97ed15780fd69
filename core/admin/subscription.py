"""What a cabinet has: which modules and partners, since when, for whom, what each sends out; what is installed besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.admin.words import BRINGS
from core.cabinets import audit
from core.cabinets import profiles
from core.cabinets import services as people
from core.cabinets.models import Enabling
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.registry import Registry
from core.hooks.specs import Plugin
from core.hooks.types import Adviser
from core.links import enrolments
from core.search.words import fold
from core.shell import notifications
from core.shell.models import Notification

#: Who turns modules on.
PARTNERS = "partners.manage"
#: The right without which nobody launches an act at a partner.
LAUNCHES = "transactions.initiate"


@dataclass(frozen=True, slots=True)
class Line:
    """A module of the installation. `since`: first turned on; `until`: when it was turned off, if it was."""

    name: str
    title: str
    version: str
    partner: bool
    ours: bool
    on: bool
    since: datetime | None
    until: datetime | None
    brings: tuple[Any, ...]
    sends: tuple[str, ...]
    #: Profiles that open it; empty: everyone. People who have one of them; those enrolled, at a partner.
    profiles: tuple[str, ...] = ()
    people: int = 0
    enrolled: int | None = None
    #: When the reader asked for it.
    asked: datetime | None = None


def listed(session: TenantSession, registry: Registry, reader: Adviser, opened_by: Mapping[str, frozenset[str]]) -> list[Line]:
    """Every module that works here, partners first. `opened_by`: module → the rights of which one opens it, for those that
    ask for one."""
    rows = {row.plugin: row for row in session.scalars(select(Enabling))}
    known = profiles.listed(session)
    active = [user.role for user in people.users(session)]
    asked = _asked(session, reader)
    found = [
        _line(
            session, plugin, rows.get(name), known, active, opened_by.get(name, frozenset()), asked.get(name),
            tuple(words for hook, words in BRINGS.items() if registry.one(hook, name)),
        )
        for name, plugin in registry.plugins.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.partner, fold(one.title)))


def answering(session: TenantSession) -> list[str]:
    """Who can turn a module on: those that a request reaches."""
    able = {one.code for one in profiles.listed(session) if PARTNERS in one.rights}
    return [user.id for user in people.users(session) if user.role in able]


def ask(session: TenantSession, registry: Registry, reader: Adviser, plugin: str) -> str:
    """Tell those who turn modules on that a person would like this one; its title. Once a month and person.

    Raises `NotFound`, `Conflict` for one that is on, that was asked for, or where nobody could answer.
    """
    known = registry.plugins.get(plugin)
    if known is None:
        raise NotFound("Ce module n'est pas installé.")
    if session.scalar(select(Enabling.enabled).where(Enabling.plugin == plugin)):
        raise Conflict(f"«\u202f{known.title}\u202f» est déjà activé pour votre cabinet.")
    reached = answering(session)
    if not reached:
        raise Conflict("Personne ne peut activer de module dans votre cabinet\u202f: prévenez la personne qui exploite Encours.")
    if (before := _asked(session, reader).get(plugin)) is not None and before.strftime("%Y-%m") == _month():
        raise Conflict(f"Vous avez déjà demandé «\u202f{known.title}\u202f» ce mois-ci.")
    notifications.notify(
        session, reached, kind="info", key=f"{_key(plugin, reader)}{_month()}", title=f"Module demandé\u202f: {known.title}",
        text=f"{reader.name} souhaite que «\u202f{known.title}\u202f» soit activé pour le cabinet.",
        url=f"/administration/modules/{plugin}",
    )  # fmt: skip
    audit.record(session, reader.user_id, "plugin.asked", f"plugin:{plugin}", {})
    return known.title


def _line(
    session: TenantSession, plugin: Plugin, row: Enabling | None, known: list[profiles.Known], active: list[str],
    rights: frozenset[str], asked: datetime | None, brings: tuple[Any, ...],
) -> Line:  # fmt: skip
    on, partner = row is not None and row.enabled, plugin.partner is not None
    rights = frozenset({LAUNCHES}) if partner else rights
    opens = [one for one in known if not rights or rights & one.rights]
    listed_people = enrolments.listed(session, plugin.name) if partner and on else None
    return Line(
        plugin.name, plugin.title, plugin.version, partner, type(plugin).__module__.startswith("plugins."), on,
        since=row.first_at if row is not None else None,
        until=row.changed_at if row is not None and not on and row.first_at is not None else None,
        brings=brings, sends=plugin.sends, profiles=tuple(one.label for one in opens) if len(opens) < len(known) else (),
        people=sum(role in {one.code for one in opens} for role in active),
        enrolled=sum(one.state == "enrolled" for one in listed_people) if listed_people is not None else None, asked=asked,
    )  # fmt: skip


def _asked(session: TenantSession, reader: Adviser) -> dict[str, datetime]:
    """Module → when the reader last asked for it."""
    mine = Notification.key.like(f"module-asked:%:{reader.user_id}:%")
    rows = session.execute(select(Notification.key, Notification.created_at).where(mine).order_by(Notification.created_at))
    return {row.key.split(":")[1]: row.created_at for row in rows}


def _key(plugin: str, reader: Adviser) -> str:
    return f"module-asked:{plugin}:{reader.user_id}:"


def _month() -> str:
    return f"{today():%Y-%m}"
