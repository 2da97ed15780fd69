"""`/healthz`: whether this installation is well (interfaces.md)."""

from __future__ import annotations

from flask import Flask
from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from core.db.clock import now
from core.extensions import db
from core.hooks.registry import API_VERSION
from core.jobs.models import Lease
from core.shell.gate import hub
from core.version import VERSION
from core.web.policy import policy


def register(app: Flask) -> None:
    """The route."""
    app.add_url_rule("/healthz", "healthz", healthz)


@policy("public")
def healthz() -> ResponseReturnValue:
    """JSON: status, database, worker, plugins, version; 503 when not well."""
    database, worker = "ok", "absent"
    try:
        with db.session(None, write=False) as session:
            beat = session.scalar(select(Lease.until).where(Lease.name == "worker"))
            worker = "ok" if beat is not None and beat > now() else "absent"
    except SQLAlchemyError:
        database = "error"
    registry = hub().registry
    well = database == "ok" and worker == "ok"
    return jsonify(
        status="ok" if well else "degraded", database=database, worker=worker,
        plugins={"loaded": sorted(registry.plugins), "broken": [item.name for item in registry.broken]},
        version=VERSION, api=API_VERSION,
    ), 200 if well else 503  # fmt: skip
