"""`encours plugin trace`: call a hook, plugin by plugin, and show what each call cost and gave."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import click

from core.cli.hook_scene import Scene
from core.cli.hook_scene import laid
from core.db.errors import DomainError
from core.hooks import context
from core.hooks.errors import PluginError
from core.hooks.results import WrongResult
from core.hooks.results import checked
from core.testing.watching import DOINGS
from core.testing.watching import Watch
from core.testing.watching import tried
from core.web.formats import number

LANES = {"inline": "en place", "guarded": "gardé"}


@dataclass(frozen=True, slots=True)
class Line:
    """One call. `outside`: what it reached besides the database, with how often."""

    plugin: str
    lane: str
    milliseconds: float
    queries: int
    statements: tuple[tuple[str, int], ...]
    outside: tuple[tuple[str, int], ...]
    result: str
    failed: bool


@click.command("trace")
@click.argument("hook")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
@click.option("--user", "email", help="Vu par cette personne ; sinon par un administrateur.")
@click.option("--account", help="Numéro du compte, pour ce qui porte sur un compte.")
@click.option("--sql", is_flag=True, help="Montre aussi les requêtes.")
@click.option("--json", "as_json", is_flag=True, help="Écrit en JSON.")
def trace(hook: str, slug: str, email: str | None, account: str | None, sql: bool, as_json: bool) -> None:
    """Appelle un hook et montre, module par module, le temps, les requêtes, le résultat."""
    scene = laid(hook, slug, email, account)
    if scene.args is None:
        raise DomainError(scene.why_not or f"{hook} ne s'appelle pas à la main.")
    found = lines(scene)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return
    click.echo(f"«{hook}» pour le cabinet {slug}, vu par {scene.who} :")
    for one in found:
        count = "aucune requête" if not one.queries else "1 requête" if one.queries == 1 else f"{one.queries} requêtes"
        took, mark = number(Decimal(str(one.milliseconds)), 1), "✗" if one.failed else "→"
        click.echo(f"  {one.plugin:16} {one.lane:9} {took:>8} ms  {count:15} {mark} {one.result}")
        for what, times in one.outside:
            click.echo(f"  {'':16} {what} ({times} fois)")
        for text, times in one.statements if sql else ():
            click.echo(f"  {'':16} {times} × {text}")
    if not found:
        click.echo("  Aucun module activé ne fournit ce hook : `encours plugin why` dit pourquoi.")


def lines(scene: Scene) -> list[Line]:
    """A line for each plugin that would be called; nothing is counted against any."""
    found = []
    for impl in scene.hub.registry.ordered(scene.hook, scene.ctx.enabled):
        if scene.spec.kind == "addressed" and scene.account is not None and impl.plugin.name != scene.account.plugin:
            continue
        own, watch = context.prepare(scene.ctx, impl.plugin), Watch()
        done = tried(
            impl.function, own, *(scene.args or ()), limit=scene.spec.limit if scene.spec.lane == "guarded" else 2.0,
            cabinet_id=scene.ctx.cabinet_id, watch=watch,
        )  # fmt: skip
        result, failed = _said(scene, done)
        outside = Counter(DOINGS[one.what] for one in done.doings if one.what != "open")
        statements = Counter(one.detail for one in done.statements)
        found.append(
            Line(
                impl.plugin.name, LANES[scene.spec.lane], round(done.seconds * 1000, 1), len(done.statements),
                tuple(statements.most_common()), tuple(outside.most_common()), result, failed,
            )
        )  # fmt: skip
    return found


def _said(scene: Scene, done: Any) -> tuple[str, bool]:
    if done.late:
        return f"pas de réponse en {scene.spec.limit:g} s", True
    if isinstance(done.error, PluginError):
        return f"{type(done.error).__name__} : {done.error.text}", True
    if done.error is not None:
        return f"{type(done.error).__name__} : {done.error}", True
    try:
        result = checked(scene.spec, done.result)
    except WrongResult as error:
        return str(error), True
    if scene.spec.shape == "list":
        keys = [str(getattr(item, "key", type(item).__name__)) for item in result]
    elif scene.spec.shape == "mapping":
        keys = [str(key) for key in result]
    else:
        return type(result).__name__, False
    return (f"{len(keys)} : {', '.join(keys[:8])}{'…' if len(keys) > 8 else ''}" if keys else "rien"), False
