"""The hub's own cost, over plugins that do nothing (architecture.md §4)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measure import Row
from benchmarks.measure import median
from core.api import Context
from core.api import Plugin
from core.api import hookimpl
from core.api.types import AccountRef
from core.api.types import Badge
from core.api.types import Guard
from core.app import create_app
from core.cabinets import services as cabinets
from core.config import Config
from core.db import migrate
from core.extensions import db
from core.hooks import context
from core.hooks.hub import Hub

PLUGINS = 10
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
    """Inline and guarded, ten plugins each."""
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
        names = tuple(f"idle{number}" for number in range(PLUGINS))
        for name in names:
            hub.registry.register(name, type(name, (Idle,), {"name": name}))
        ctx = _context(hub, names)
        account: Any = None
        inline = _each(lambda: hub.gather(Plugin.account_badges, ctx, []))
        guarded = _each(lambda: hub.gather(Plugin.transaction_guards, ctx, account, {}))
        hub.close()
        db.close()
    return [
        Row("inline lane, 10 plugins", f"{inline * 1e6:.1f} µs", "≤ 15 µs", inline <= 15e-6),
        Row("guarded lane, 10 plugins", f"{guarded * 1e6:.0f} µs", "≤ 1 ms", guarded <= 1e-3),
    ]


def _context(hub: Hub, names: tuple[str, ...]) -> Context:
    with db.session(None) as session:
        cabinet = cabinets.add_cabinet(session, slug="bench", name="Banc", siren="732829320", orias="07000123")
        cabinet_id = cabinet.id
    with db.session(cabinet_id, write=False) as session:
        return replace(context.make(session, hub.registry), enabled=names)


def _each(call: Any) -> float:
    def many() -> None:
        for _ in range(ROUND):
            call()

    return median(many, times=15) / ROUND
