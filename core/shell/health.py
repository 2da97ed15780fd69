"""`/healthz`: whether this installation is well (interfaces.md)."""

from __future__ import annotations

from flask import Flask
from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from core.db import migrate
from core.db.clock import now
from core.extensions import db
from core.hooks.registry import API_VERSION
from core.jobs.models import Lease
from core.shell import standing
from core.shell.gate import hub
from core.version import VERSION
from core.web.policy import policy


def register(app: Flask) -> None:
    """The route."""
    app.add_url_rule("/healthz", "healthz", healthz)


@policy("public")
def healthz() -> ResponseReturnValue:
    """JSON: status, database, migrations, worker, plugins, version; 503 when not well.

    A plugin that is broken, paused, or waits for its tables is named, and turns nothing away: the rest works (PL-05).
    """
    database, worker, behind = "ok", "absent", ["?"]
    paused: list[str] = []
    registry = hub().registry
    waiting: frozenset[str] = frozenset()
    try:
        with db.session(None, write=False) as session:
            beat = session.scalar(select(Lease.until).where(Lease.name == "worker"))
            worker = "ok" if beat is not None and beat > now() else "absent"
        behind = migrate.behind(db)
        waiting = registry.tables.behind(registry.plugins)
        paused = sorted({plugin for plugin, _ in standing.read().paused})
    except SQLAlchemyError:
        database = "error" if behind == ["?"] else database
    well = database == "ok" and worker == "ok" and not behind
    migrations = "unknown" if behind == ["?"] else "behind" if behind else "ok"
    return jsonify(
        status="ok" if well else "degraded", database=database, migrations=migrations, worker=worker,
        plugins={
            "loaded": sorted(set(registry.plugins) - waiting), "broken": [item.name for item in registry.broken],
            "waiting": sorted(waiting), "paused": paused,
        },
        version=VERSION, api=API_VERSION,
    ), 200 if well else 503  # fmt: skip
