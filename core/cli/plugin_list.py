"""`encours plugin list`: what is installed, and where each stands at the four gates."""

from __future__ import annotations

import json
from dataclasses import asdict
from dataclasses import dataclass

import click

from core.app import create_app
from core.cli.accounts import cabinet_id
from core.extensions import db
from core.hooks import enabling
from core.hooks import gates
from core.hooks import quality
from core.hooks.hub import Hub
from core.hooks.registry import Registry

#: Gate at which it is held up → state.
STATES = {"installed": "en panne", "allowed": "non autorisé", "enabled": "non activé"}


@dataclass(frozen=True, slots=True)
class Row:
    """One plugin. `state`: installé (no cabinet asked), activé, non activé, non autorisé, en panne."""

    name: str
    state: str
    version: str = ""
    api: str = ""
    quality: str = ""
    title: str = ""
    reason: str = ""


@click.command("list")
@click.option("--cabinet", "slug", help="Montre aussi ce que ce cabinet a activé.")
@click.option("--json", "as_json", is_flag=True, help="Écrit en JSON.")
def listed(slug: str | None, as_json: bool) -> None:
    """Ce qui est installé, autorisé, activé ; de quelle qualité ; ce qui est en panne et pourquoi."""
    hub: Hub = create_app().extensions["encours_hub"]
    on: tuple[str, ...] | None = None
    if slug:
        with db.session(cabinet_id(slug), write=False) as session:
            on = enabling.enabled(session, hub.registry)
    rows = found(hub.registry, on)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in rows], ensure_ascii=False, indent=1))
        return
    for one in rows:
        line = f"{one.name:20} {one.version:8} {one.title:22} {one.state:13} {one.quality:8} {one.api and 'API ' + one.api}"
        click.echo(f"{line.rstrip()}{' : ' if one.reason else ''}{one.reason}")


def found(registry: Registry, on: tuple[str, ...] | None) -> list[Row]:
    """Every plugin by name, then those that are broken; `on`: what a cabinet turned on, None where none is asked."""
    rows = []
    for name in sorted({*registry.plugins, *registry.barred}):
        plugin = registry.plugins.get(name)
        if plugin is None:
            rows.append(Row(name, STATES["allowed"]))
            continue
        held = gates.shut(registry, name, on if on is not None else (name,))
        state = STATES[held.gate] if held is not None and held.gate in STATES else "installé" if on is None else "activé"
        why = held.text if held is not None and held.gate == "installed" else ""
        rows.append(Row(name, state, plugin.version, plugin.api, quality.of(plugin).level or "—", plugin.title, why))
    return [*rows, *(Row(one.name, STATES["installed"], reason=one.text) for one in registry.broken)]
