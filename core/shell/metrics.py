"""`/metrics`, for Prometheus: the web processes' counts, and what the database knows of work, partners and plugins."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence

from flask import Flask
from flask import Response
from flask import abort
from flask import request
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from core import config
from core.config import is_loopback
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.registry import API_VERSION
from core.http.models import BreakerRow
from core.jobs.models import Job
from core.jobs.models import Lease
from core.shell import standing
from core.shell.gate import hub
from core.telemetry import metrics
from core.version import VERSION
from core.web.policy import policy

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Row = tuple[dict[str, str], float]


def register(app: Flask) -> None:
    """The route."""
    app.add_url_rule("/metrics", "metrics", show)


@policy("machine")
def show() -> Response:
    """The text format; 401 without the token, 404 for whoever may not know that it exists."""
    _refuse_strangers()
    lines = metrics.written().decode() + "".join(_known())
    return Response(lines, content_type=CONTENT_TYPE)


def _refuse_strangers() -> None:
    """With a token: whoever holds it. Without: this machine, and only where no proxy stands in front (http).

    Behind a TLS proxy every request may come from this very machine: its address proves nothing.
    """
    chosen = config.current()
    if chosen.metrics_token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), chosen.metrics_token.encode()):
            abort(401)
    elif chosen.secure or not is_loopback(request.remote_addr or ""):
        abort(404)


def _known() -> Iterator[str]:
    """What is counted at the moment of the question; without a database, that alone is said."""
    registry = hub().registry
    yield _family("encours_build_info", "gauge", "The version that runs.", [({"version": VERSION, "api": API_VERSION}, 1)])
    broken = [({"plugin": item.name}, 1.0) for item in registry.broken]
    yield _family("encours_plugin_broken", "gauge", "Plugins that could not be loaded.", broken)
    try:
        with db.session(None, write=False) as session:
            found = [*_instance(session)]
        found += _cabinets(standing.read())
    except SQLAlchemyError:
        yield _family("encours_database_up", "gauge", "Whether the database answers.", [({}, 0)])
        return
    yield _family("encours_database_up", "gauge", "Whether the database answers.", [({}, 1)])
    yield from found


def _instance(session: TenantSession) -> Iterator[str]:
    at = now()
    beat = session.scalar(select(Lease.until).where(Lease.name == "worker"))
    yield _family("encours_worker_up", "gauge", "Whether a worker's heartbeat is fresh.", [({}, bool(beat and beat > at))])
    jobs = session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
    states = dict.fromkeys(("queued", "running", "dead"), 0)
    states.update((row.state, row[1]) for row in jobs)
    yield _family("encours_jobs", "gauge", "Jobs by state.", [({"state": name}, n) for name, n in states.items()])
    oldest = session.scalar(select(func.min(Job.run_at)).where(Job.state == "queued", Job.run_at <= at))
    late = (at - oldest).total_seconds() if oldest else 0.0
    yield _family("encours_jobs_late_seconds", "gauge", "How long the oldest job that is due has waited.", [({}, late)])
    breakers = session.execute(
        select(BreakerRow.plugin, BreakerRow.operation, BreakerRow.state, func.count()).group_by(
            BreakerRow.plugin, BreakerRow.operation, BreakerRow.state
        )
    ).all()
    rows = [({"plugin": p, "operation": o, "state": s}, float(n)) for p, o, s, n in breakers]
    yield _family("encours_breakers", "gauge", "Breakers by plugin, operation, state: cabinets in it.", rows)


def _cabinets(known: standing.Standing) -> Iterator[str]:
    states = {**dict.fromkeys(("waiting", "sent", "refused", "dead", "cancelled"), 0), **known.outbox}
    yield _family("encours_outbox", "gauge", "Effects outside, by state.", [({"state": k}, v) for k, v in states.items()])
    failures = [({"plugin": plugin, "hook": hook}, n) for (plugin, hook), n in known.failures.items()]
    yield _family("encours_plugin_failures_total", "counter", "Failures of plugins' hooks, all cabinets.", failures)
    paused = Counter(plugin for plugin, _ in known.paused)
    yield _family("encours_plugin_paused", "gauge", "Hooks paused now.", [({"plugin": k}, v) for k, v in paused.items()])


def _family(name: str, kind: str, words: str, rows: Sequence[Row]) -> str:
    """One metric in Prometheus' text format."""
    lines = [f"# HELP {name} {words}", f"# TYPE {name} {kind}"]
    for labels, value in rows:
        inner = ",".join(f'{key}="{_escaped(text)}"' for key, text in sorted(labels.items()))
        lines.append(f"{name}{{{inner}}} {float(value)}" if inner else f"{name} {float(value)}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
