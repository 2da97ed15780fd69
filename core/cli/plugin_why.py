"""`encours plugin why`: who contributed to a hook, who was left out, and at which gate (NX-08)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import Literal

import click
from sqlalchemy import select

from core.accounts.models import Account
from core.cabinets.models import PluginHealth
from core.cli.hook_scene import Scene
from core.cli.hook_scene import laid
from core.db.clock import now
from core.extensions import db
from core.hooks import gates
from core.hooks.errors import PluginError
from core.hooks.results import Failure
from core.hooks.specs import Plugin
from core.links.account_links import claims
from core.supports.models import Company
from core.supports.models import Product
from core.web.formats import day

#: Keys that a line shows; all are in the JSON.
MOST = 15
#: Collected hooks to which a partner link answers for its own accounts only.
OWN = ("account_badges", "transaction_types")
State = Literal["contribue", "rien", "écarté", "en échec", "sans objet"]


@dataclass(frozen=True, slots=True)
class Word:
    """What became of one plugin. `gate`: installed, allowed, enabled, permitted, paused, claimed, or none."""

    plugin: str
    state: State
    text: str
    keys: tuple[str, ...] = ()
    gate: str = ""


@click.command("why")
@click.argument("hook")
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
@click.option("--user", "email", help="Vu par cette personne ; sinon par un administrateur.")
@click.option("--account", "number", help="Numéro du compte, pour ce qui porte sur un compte.")
@click.option("--json", "as_json", is_flag=True, help="Écrit en JSON.")
def why(hook: str, slug: str, email: str | None, number: str | None, as_json: bool) -> None:
    """Dit qui contribue à un hook, qui est écarté, et pourquoi."""
    scene = laid(hook, slug, email, number)
    found = list(words(scene))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return
    about = f", compte {scene.account.number}" if scene.account else ""
    click.echo(f"«{hook}» pour le cabinet {slug}, vu par {scene.who}{about} :")
    if scene.args is None and scene.why_not:
        click.echo(f"  ({scene.why_not})")
    for one in found:
        keys = ", ".join(one.keys[:MOST]) + (f"… ({len(one.keys)} en tout)" if len(one.keys) > MOST else "")
        click.echo(f"  {one.plugin:16} {one.state:11} {keys}{' : ' if keys and one.text else ''}{one.text}")


def words(scene: Scene) -> Iterator[Word]:
    """A word on each plugin that is installed, barred or broken, by name."""
    registry = scene.hub.registry
    paused, results = _paused(scene), _asked(scene)
    broken = {one.name: one.text for one in registry.broken if one.name not in registry.plugins}
    for name in sorted({*registry.plugins, *registry.barred, *broken}):
        if name in broken:
            yield Word(name, "écarté", f"en panne : {broken[name]}", gate="installed")
        elif (held := gates.shut(registry, name, scene.ctx.enabled)) is not None:
            yield Word(name, "écarté", held.text, gate=held.gate)
        elif registry.one(scene.hook, name) is None:
            yield Word(name, "sans objet", "ne fournit pas ce hook")
        elif name in paused:
            yield Word(name, "écarté", f"en pause après plusieurs échecs, jusqu'au {_moment(paused[name])}", gate="paused")
        elif (other := _other_claims(scene, registry.plugins[name])) is not None:
            yield Word(name, "écarté", other, gate="claimed")
        elif name in results:
            yield from _contributed(scene, name, results[name])
        else:
            yield Word(name, "sans objet", scene.why_not or "n'est pas appelé pour ce compte")


def _contributed(scene: Scene, name: str, result: Any) -> Iterator[Word]:
    if isinstance(result, Failure):
        yield Word(name, "en échec", f"{result.text} ({result.kind}{', référence ' + result.trace if result.trace else ''})")
        return
    items: list[tuple[str, Any]] = []
    if isinstance(result, Mapping):
        items = list(result.items())
    elif isinstance(result, list | tuple):
        items = [(str(getattr(item, "key", place)), item) for place, item in enumerate(result, 1)]
    elif result is not None:
        items = [(type(result).__name__, result)]
    shut = [(key, item.permission) for key, item in items if getattr(item, "permission", None)]
    hidden = {key: right for key, right in shut if not scene.ctx.can(right)}
    shown = tuple(key for key, _item in items if key not in hidden)
    if shown or not hidden:
        yield Word(name, "contribue" if shown else "rien", "" if shown else "répond, sans rien ajouter ici", shown)
    for key, right in hidden.items():
        yield Word(name, "écarté", f"il manque à {scene.who} le droit {right}", (key,), "permitted")


def _asked(scene: Scene) -> dict[str, Any]:
    """What each plugin that is called answers: its whole result, or its failure."""
    if scene.args is None:
        return {}
    hook = getattr(Plugin, scene.hook)
    if scene.spec.kind == "collect":
        found = scene.hub.gather(hook, scene.ctx, *scene.args)
        return {**{one.plugin: one.item for one in found.items}, **{one.plugin: one for one in found.failures}}
    names = [scene.account.plugin] if scene.account else list(scene.ctx.enabled)
    answers: dict[str, Any] = {}
    for name in names:
        if name is None or name not in scene.ctx.enabled or scene.hub.registry.one(scene.hook, name) is None:
            continue
        try:
            answers[name] = scene.hub.ask(name, hook, scene.ctx, *scene.args)
        except PluginError as error:
            answers[name] = Failure(name, name, type(error).__name__, error.text, "", error)
    return answers


def _paused(scene: Scene) -> dict[str, datetime]:
    with db.session(scene.ctx.cabinet_id, write=False) as session:
        rows = session.scalars(
            select(PluginHealth).where(PluginHealth.hook == scene.hook, PluginHealth.paused_until > now())
        ).all()
        return {row.plugin: row.paused_until for row in rows if row.paused_until is not None}


def _other_claims(scene: Scene, plugin: Plugin) -> str | None:
    """Why a partner link is not the one of the account at hand; None where it is, or where that is no matter."""
    account, partner = scene.account, plugin.partner
    if account is None or partner is None or account.plugin == plugin.name:
        return None
    if scene.spec.kind != "addressed" and scene.hook not in OWN:
        return None
    with db.session(scene.ctx.cabinet_id, write=False) as session:
        row = session.get_one(Account, (scene.ctx.cabinet_id, account.id))
        codes = session.scalars(select(Company.code).where(Company.id.in_([row.company_id, row.depositary_id or ""]))).all()
        product = session.scalar(select(Product.name).where(Product.id == row.product_id)) if row.product_id else None
        mine = claims(partner, company_codes=codes, product=product, number_key=row.number_key)
    if mine and account.plugin:
        return f"un autre lien réclame ce compte : {account.plugin}, que l'ordre des modules du cabinet retient"
    return "ce compte n'est pas des siens : compagnie, produit ou numéro ne correspondent pas"


def _moment(at: datetime) -> str:
    return f"{day(at)} à {at.astimezone():%H:%M}"
