"""The hub's own cost, over plugins that do nothing (architecture.md §4)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measure import Row
from benchmarks.measure import interleaved
from benchmarks.measure import median
from benchmarks.measure import ms
from core.api import Context
from core.api import Plugin
from core.api import hookimpl
from core.api.types import AccountRef
from core.api.types import Badge
from core.api.types import Guard
from core.app import create_app
from core.cabinets import services as cabinets
from core.cabinets.models import Enabling
from core.config import Config
from core.db import migrate
from core.extensions import db
from core.hooks import context
from core.hooks import enabling
from core.hooks.hub import Hub

COUNTS = (10, 50)
CABINETS = 1000
ROUND = 200


class Idle(Plugin):
    """Implements one inline and one guarded hook, and answers at once."""

    title, version = "Idle", "1.0"

    @hookimpl
    def account_badges(self, ctx: Context, accounts: Sequence[AccountRef]) -> Mapping[str, Badge]:
        """Nothing."""
        return {}

    @hookimpl
    def transaction_guards(self, ctx: Context, account: AccountRef, acts: Mapping[str, str]) -> Mapping[str, Guard]:
        """Nothing."""
        return {}


def run() -> list[Row]:
    """Both lanes beside bare pluggy; then what a request pays to know what its cabinet has on, among many cabinets."""
    rows = list[Row]()
    with TemporaryDirectory() as folder:
        config = Config(
            database_url=f"sqlite:///{Path(folder) / 'bench.sqlite'}", var_dir=folder, secret_key="b" * 40, testing=True,
            kek="YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI=", base_url="http://127.0.0.1:8000",
        )  # fmt: skip
        app = create_app(config)
        migrate.upgrade(db)
        hub: Hub = app.extensions["encours_hub"]
        for name in list(hub.registry.plugins):
            hub.registry.unregister(name)
        with db.session(None) as session:
            cabinet_id = cabinets.add_cabinet(session, slug="bench", name="Banc", siren="732829320", orias="07000123").id
        for count in COUNTS:
            names = tuple(f"idle{number}" for number in range(count))
            for name in names:
                if name not in hub.registry.plugins:
                    hub.registry.register(name, type(name, (Idle,), {"name": name}))
            rows += _dispatch(hub, cabinet_id, names)
        rows += _enabling(hub, cabinet_id)
        hub.close()
        db.close()
    return rows


def _dispatch(hub: Hub, cabinet_id: int, names: tuple[str, ...]) -> list[Row]:
    with db.session(cabinet_id, write=False) as session:
        ctx = replace(context.make(session, hub.registry), enabled=names)
    account: Any = None
    bare = hub.registry._manager.hook
    inline, pluggy = interleaved(
        lambda: _many(lambda: hub.gather(Plugin.account_badges, ctx, [])),
        lambda: _many(lambda: bare.account_badges(ctx=ctx, accounts=[])), pairs=15,
    )  # fmt: skip
    guarded = median(lambda: _many(lambda: hub.gather(Plugin.transaction_guards, ctx, account, {})), times=15) / ROUND
    count, inline, pluggy = len(names), inline / ROUND, pluggy / ROUND
    most = 1.5e-6 * count
    return [
        Row(
            f"inline lane, {count} plugins (bare pluggy, without isolation, checks or order: {pluggy * 1e6:.1f} µs)",
            f"{inline * 1e6:.1f} µs", f"≤ {most * 1e6:.0f} µs", inline <= most,
        ),
        Row(f"guarded lane, {count} plugins", f"{guarded * 1e6:.0f} µs", f"≤ {count / 10:.0f} ms", guarded <= 1e-4 * count),
    ]  # fmt: skip


def _enabling(hub: Hub, cabinet_id: int) -> list[Row]:
    """A request's context, alone in the database and then among a thousand cabinets that have fifty plugins each."""
    names = tuple(hub.registry.plugins)
    _turn_on([cabinet_id], names)
    alone = _context(hub, cabinet_id)
    made = []
    for number in range(CABINETS - 1):
        with db.session(None) as session:
            made.append(cabinets.add_cabinet(session, slug=f"bench{number}", name=f"Banc {number}").id)
    _turn_on(made, names)
    among = _context(hub, cabinet_id)

    def switch() -> None:
        with db.session(cabinet_id) as session:
            on = enabling.is_enabled(session, hub.registry, names[0])
            enabling.switch(session, hub.registry, names[0], on=not on, actor="cli")

    turned = median(switch, times=40)
    return [
        Row(f"a request's context, 50 plugins: among {CABINETS:,} cabinets, alone", f"{ms(among)}, {ms(alone)}", "≤ 1.5 ×",
            among <= 1.5 * alone),
        Row(f"turning a plugin on or off, {CABINETS:,} cabinets", ms(turned), "≤ 50 ms", turned <= 0.05),
    ]  # fmt: skip


def _turn_on(cabinet_ids: Sequence[int], names: Sequence[str]) -> None:
    for cabinet_id in cabinet_ids:
        with db.session(cabinet_id) as session:
            session.add_all(Enabling(plugin=name, enabled=True, position=place) for place, name in enumerate(names))


def _context(hub: Hub, cabinet_id: int) -> float:
    def make() -> None:
        with db.session(cabinet_id, write=False) as session:
            context.make(session, hub.registry, slug="bench")

    return median(make, times=200, warm=20)


def _many(call: Callable[[], Any]) -> None:
    for _ in range(ROUND):
        call()
