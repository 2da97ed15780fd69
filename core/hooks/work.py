"""Plugins' jobs: enqueued in the caller's transaction, carried out behind the gates (PL-04, PL-08)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from datetime import timedelta
from typing import Any

from core.db import current
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import context
from core.hooks import enabling
from core.hooks import gates
from core.hooks import telling
from core.hooks.errors import PartnerUnavailable
from core.hooks.job import Job
from core.hooks.results import Failure
from core.hooks.specs import Plugin
from core.hooks.types import Context
from core.jobs import queue

KIND = "plugin.job"
#: Of a job that asks outside first.
FETCH = "plugin.fetch"
#: How long a job waits before it looks again whether its module is on.
LOOK_AGAIN = 300.0
SHORTEST = timedelta(minutes=1)


def enqueue(ctx: Context, key: str, data: Mapping[str, Any] | None = None, *, at: datetime | None = None) -> None:
    """Write one of the calling plugin's jobs in the transaction at hand: it is done if, and only if, that commits.

    data: what JSON can hold. at: not before then (UTC). Raises KeyError for a job that the plugin does not declare.
    """
    job = _find(telling.hub().registry.plugins[ctx.plugin], key) if ctx.plugin else None
    if job is None:
        raise KeyError(f"{ctx.plugin} declares no job «{key}»")
    queue.enqueue(current.session(), _kind(job), {"plugin": ctx.plugin, "key": key, "data": dict(data or {})}, run_at=at)


@queue.handler(KIND)
def carry(session: TenantSession, payload: dict[str, Any]) -> None:
    """One job. Where its module is off it waits, however long; a repeated one ends, and begins again when it is on."""
    if (job := _admitted(session, payload)) is not None:
        _run(session, job, payload, payload["data"])


@queue.handler(FETCH, transaction=False)
def fetch(cabinet_id: int, payload: dict[str, Any]) -> None:
    """One job that asks outside first: nothing is held meanwhile."""
    hub, name = telling.hub(), str(payload["plugin"])
    with db.session(cabinet_id, write=False) as session:
        if (job := _admitted(session, payload)) is None:
            return
        ctx = context.make(session, hub.registry)
    asks, found = job.fetch, list[Any]()

    def ask(own: Context, data: Mapping[str, Any]) -> None:
        with current.opened(db, cabinet_id, write=False):
            found.append(asks(own, data) if asks is not None else None)

    _judged(hub.work(name, f"job:{job.key}", ask, ctx, payload["data"]))
    with db.session(cabinet_id) as session:
        if (job := _admitted(session, payload)) is not None:
            _run(session, job, payload, {**payload["data"], "fetched": found[0]})


def _admitted(session: TenantSession, payload: Mapping[str, Any]) -> Job | None:
    """The job, past the gates; None for a repeated one that ends. Raises `Wait`, `Retry`."""
    registry, name, key = telling.hub().registry, str(payload["plugin"]), str(payload["key"])
    if (held := gates.shut(registry, name, enabling.enabled(session, registry))) is not None:
        if payload.get("again"):
            return None
        raise queue.Wait(LOOK_AGAIN, held.text)
    job = _find(registry.plugins[name], key)
    if job is None:
        raise queue.Retry(None, f"{name} ne déclare plus le travail «{key}»")
    return job


def _judged(failure: Failure | None) -> None:
    if failure is not None:
        error = failure.error
        raise queue.Retry(error.retry_after if isinstance(error, PartnerUnavailable) else None, failure.text)


def _run(session: TenantSession, job: Job, payload: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    hub, name = telling.hub(), str(payload["plugin"])
    with current.bound(session):
        _judged(hub.work(name, f"job:{job.key}", job.run, context.make(session, hub.registry), data))
    if payload.get("again") and job.every is not None:
        _again(session, name, job, now() + max(job.every, SHORTEST))


@queue.periodic("plugins.jobs", 60)
def begin(cabinet_id: int) -> None:
    """Each repeated job of each module that is on has its next turn in the queue."""
    registry = telling.hub().registry
    if not any(plugin.jobs for plugin in registry.plugins.values()):
        return
    with db.session(cabinet_id) as session:
        for name in enabling.enabled(session, registry):
            for job in registry.plugins[name].jobs:
                if job.every is not None:
                    _again(session, name, job, now() + max(job.every, SHORTEST))


def _again(session: TenantSession, plugin: str, job: Job, at: datetime) -> None:
    payload = {"plugin": plugin, "key": job.key, "data": {}, "again": True}
    queue.enqueue(session, _kind(job), payload, run_at=at, key=f"{KIND}:{session.cabinet_id}:{plugin}:{job.key}")


def _kind(job: Job) -> str:
    return KIND if job.fetch is None else FETCH


def _find(plugin: Plugin, key: str) -> Job | None:
    return next((job for job in plugin.jobs if job.key == key), None)
