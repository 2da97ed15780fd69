"""The four gates of a plugin, in order: installed, allowed by the operator, turned on by the cabinet, permitted to the person.

One function answers for its hooks, pages, files, machine addresses, jobs, commands and its part of the API (PL-04).
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from core.hooks.registry import Registry
from core.hooks.types import Adviser

Gate = Literal["installed", "allowed", "enabled", "permitted"]


@dataclass(frozen=True, slots=True)
class Shut:
    """The first gate that is shut, and what a person is told."""

    gate: Gate
    text: str


def shut(
    registry: Registry, plugin: str, on: Collection[str], *, by: Adviser | None = None, permission: str | None = None
) -> Shut | None:
    """The first gate at which a plugin is held up; None where all are open.

    on: the names that the cabinet turned on. by: who asks; None for work that nobody asks for (jobs, events, partners'
    calls), which needs no right. permission: the right that this one thing asks for.
    """
    if plugin in registry.barred:
        return Shut("allowed", f"L'exploitant n'autorise pas le module «{plugin}» sur cette installation.")
    found = registry.plugins.get(plugin)
    if found is None:
        return Shut("installed", f"Le module «{plugin}» n'est pas installé, ou ne démarre pas.")
    if plugin in registry.tables.behind(registry.plugins):
        return Shut("installed", f"Le module «{found.title}» attend que ses tables soient mises à jour par l'exploitant.")
    if plugin not in on:
        return Shut("enabled", f"Le module «{found.title}» n'est pas activé pour votre cabinet.")
    if permission is not None and by is not None and not by.can(permission):
        return Shut("permitted", f"Votre profil n'ouvre pas cette partie du module «{found.title}».")
    return None


def passing(registry: Registry, on: Iterable[str]) -> tuple[str, ...]:
    """Those of a cabinet's plugins that are past the first three gates, in the cabinet's order."""
    named = dict.fromkeys(on)
    return tuple(name for name in named if shut(registry, name, named) is None)
