"""What is installed, what each module brings and how it is doing, for the session's cabinet (PL-04, PL-05)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Literal

from sqlalchemy import select

from core.admin.words import BRINGS
from core.admin.words import hook_word
from core.cabinets import audit
from core.cabinets.models import Enabling
from core.cabinets.models import PluginHealth
from core.db.clock import now
from core.db.clock import today
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks import timings
from core.hooks.registry import Registry
from core.hooks.specs import Plugin
from core.hooks.timings import Pace
from core.links import mandates
from core.links.partner import PlpPlugin
from core.search.words import fold

Health = Literal["ok", "slow", "paused", "off", "broken", "waiting"]
#: Seconds of a module's median call from which it is said to be slow.
SLOW = 2.0


@dataclass(frozen=True, slots=True)
class Incident:
    """What went wrong in one hook. `text` may quote what the plugin was working on: it is the cabinet's."""

    hook: str
    label: Any
    failures: int
    at: datetime
    text: str
    trace: str
    paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """A module of the installation as the cabinet has it. `broken`: why it could not be loaded; it has nothing else then."""

    name: str
    title: str
    version: str = ""
    partner: str | None = None
    ours: bool = False
    on: bool = False
    since: datetime | None = None
    brings: tuple[Any, ...] = ()
    health: Health = "off"
    incidents: tuple[Incident, ...] = ()
    #: Its guarded calls since yesterday, all together.
    pace: Pace | None = None
    #: Whether it speaks PLP, with a mandate: others have an arrangement of their own.
    mandated: bool = False
    mandate: mandates.Standing | None = None
    has_settings: bool = False
    broken: str | None = None

    @property
    def troubled(self) -> bool:
        """Whether somebody should look."""
        returned = self.on and self.mandate is not None and self.mandate.state == "returned"
        return returned or self.health in ("paused", "broken", "waiting")


def listed(session: TenantSession, registry: Registry) -> list[Line]:
    """All modules: partners first, then the others by name, what is broken last."""
    enabled = {row.plugin: row for row in session.scalars(select(Enabling))}
    troubles, paces = _incidents(session), _paces(session)
    found = [
        _line(session, registry, one, enabled.get(one.name), troubles.get(one.name, ()), paces.get(one.name))
        for one in registry.plugins.values()
    ]
    found.sort(key=lambda one: (one.partner is None, fold(one.title)))
    return [*found, *(Line(one.name, one.name, health="broken", broken=one.text) for one in registry.broken)]


def one(session: TenantSession, registry: Registry, name: str) -> Line:
    """One module. Raises `NotFound`."""
    found = next((line for line in listed(session, registry) if line.name == name), None)
    if found is None:
        raise NotFound("Ce module n'est pas installé.")
    return found


def calls(session: TenantSession, plugin: str) -> list[tuple[Any, Pace]]:
    """How long each of a plugin's guarded hooks took since yesterday, the most called first."""
    steps = {hook: found for (name, hook), found in _since_yesterday(session).items() if name == plugin}
    told = [(hook_word(hook), pace) for hook, found in steps.items() if (pace := timings.pace(found))]
    return sorted(told, key=lambda one: -one[1].calls)


def resume(session: TenantSession, plugin: str, *, actor: str) -> bool:
    """End the pause of a plugin's hooks: the next call is the probe, and one more failure pauses it again. False: none was."""
    rows = session.scalars(select(PluginHealth).where(PluginHealth.plugin == plugin, PluginHealth.paused_until > now())).all()
    if not rows:
        return False
    for row in rows:
        row.paused_until = None
    audit.record(session, actor, "plugin.resumed", f"plugin:{plugin}", {})
    return True


def _line(
    session: TenantSession, registry: Registry, plugin: Plugin, row: Enabling | None, incidents: Iterable[Incident],
    pace: Pace | None,
) -> Line:
    on, troubles = row is not None and row.enabled, tuple(incidents)
    return Line(
        plugin.name, plugin.title, plugin.version, plugin.partner.label if plugin.partner else None,
        ours=type(plugin).__module__.startswith("plugins."), on=on, since=row.changed_at if row is not None and on else None,
        brings=tuple(words for hook, words in BRINGS.items() if registry.one(hook, plugin.name)),
        health="waiting" if plugin.name in registry.tables.behind(registry.plugins) else _health(on, troubles, pace),
        incidents=troubles, pace=pace,
        mandated=isinstance(plugin, PlpPlugin),
        mandate=mandates.standing(session, plugin.name) if plugin.partner else None,
        has_settings=plugin.settings_schema is not None,
    )  # fmt: skip


def _health(on: bool, incidents: tuple[Incident, ...], pace: Pace | None) -> Health:
    if not on:
        return "off"
    if any(one.paused_until and one.paused_until > now() for one in incidents):
        return "paused"
    return "slow" if pace is not None and pace.median >= SLOW else "ok"


def _since_yesterday(session: TenantSession) -> dict[tuple[str, str], Counter[int]]:
    return timings.since(session, today() - timedelta(days=1))


def _paces(session: TenantSession) -> dict[str, Pace]:
    whole: dict[str, Counter[int]] = {}
    for (plugin, _hook), steps in _since_yesterday(session).items():
        whole.setdefault(plugin, Counter()).update(steps)
    return {plugin: pace for plugin, steps in whole.items() if (pace := timings.pace(steps))}


def _incidents(session: TenantSession) -> dict[str, list[Incident]]:
    found: dict[str, list[Incident]] = {}
    for row in session.scalars(select(PluginHealth).where(PluginHealth.failures > 0).order_by(PluginHealth.last_at.desc())):
        if row.last_at is not None:
            found.setdefault(row.plugin, []).append(
                Incident(
                    row.hook, hook_word(row.hook), row.failures, row.last_at, row.last_text or "",
                    row.last_trace or "", row.paused_until,
                )
            )  # fmt: skip
    return found
