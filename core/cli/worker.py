"""The worker: claims jobs, carries them out in a few threads, does the periodic work, shows that it lives."""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from core.cabinets.models import Cabinet
from core.db import faults
from core.db.clock import now
from core.extensions import db
from core.jobs import claims
from core.jobs import outbox
from core.jobs import queue
from core.jobs.models import Job
from core.telemetry import logs
from core.telemetry import trace

THREADS = 4
EVERY = 0.5
BEAT = 15.0
#: `/healthz` says «absent» when the heartbeat is older than this.
ALIVE = timedelta(seconds=45)
_log = logging.getLogger("encours.worker")


def run_worker(stop: threading.Event, *, every: float = EVERY) -> None:
    """Work until told to stop; what is running then has twenty seconds to end."""
    name = f"{os.getpid()}-{secrets.token_hex(4)}"
    beat = threading.Thread(target=_beat, args=(stop, name), daemon=True)
    beat.start()
    free = threading.BoundedSemaphore(THREADS)
    running = set()
    with ThreadPoolExecutor(THREADS + 1, thread_name_prefix="job") as pool:
        pool.submit(_periodic, stop, name)
        while not stop.is_set():
            if not free.acquire(timeout=every):
                continue
            job = _claim(name)
            if job is None:
                free.release()
                stop.wait(every)
                continue
            task = pool.submit(_carry, job, free)
            running.add(task)
            task.add_done_callback(running.discard)
        wait(set(running), timeout=20)


def run_due(limit: int = 1000) -> int:
    """Carry out what is due, here and now (tests, commands); how many jobs there were."""
    for count in range(limit):
        job = _claim("here")
        if job is None:
            return count
        carry_out(job)
    return limit


def carry_out(job: Job) -> None:
    """One job: done, later again, or given up; one line of the log says which. A job's id is its trace."""
    trace.begin(job.id)
    if job.cabinet_id is not None:
        trace.note(cabinet=job.cabinet_id)
    begun = time.perf_counter()
    outcome = "stopped"
    try:
        outcome = _outcome(job)
    finally:
        took = round((time.perf_counter() - begun) * 1000, 1)
        level = logging.WARNING if outcome in ("failed", "dead", "stopped") else logging.INFO
        logs.event(_log, level, "job", kind=job.kind, attempt=job.attempts, outcome=outcome, ms=took)


def _outcome(job: Job) -> str:
    registered = queue.HANDLERS.get(job.kind)
    faults.point("job:claimed")
    try:
        if registered is None:
            raise queue.Retry(60, f"aucun exécutant pour «{job.kind}»")
        if registered.transaction:
            with db.session(job.cabinet_id) as session:
                registered.run(session, job.payload)
                claims.finished(session, job.id)
                faults.point("job:done")
        else:
            registered.run(job.cabinet_id, job.payload)
            faults.point("job:done")
            with db.session(None) as session:
                claims.finished(session, job.id)
        faults.point("job:committed")
    except queue.Wait as error:
        with db.session(None) as session:
            claims.postponed(session, job.id, error.text, error.seconds or EVERY)
        return "waits"
    except queue.Retry as error:
        return "dead" if _later(job, error.text, error.seconds) else "again"
    except Exception as error:
        _log.exception("job %s (%s) failed", job.id, job.kind)
        return "dead" if _later(job, f"{type(error).__name__}: {error}", None) else "failed"
    return "done"


def _later(job: Job, text: str, seconds: float | None) -> bool:
    with db.session(None) as session:
        dead = claims.failed(session, job.id, text, seconds)
    if dead and job.kind == outbox.JOB and job.cabinet_id is not None:
        outbox.given_up(job.cabinet_id, job.payload, text)
    return dead


def _carry(job: Job, free: threading.BoundedSemaphore) -> None:
    try:
        carry_out(job)
    except Exception:
        _log.exception("job %s could not be closed", job.id)
    finally:
        free.release()


def _claim(worker: str) -> Job | None:
    try:
        with db.session(None, write=False) as session:
            waiting = session.scalar(
                select(Job.id).where(
                    ((Job.state == "queued") & (Job.run_at <= now()))
                    | ((Job.state == "running") & (Job.leased_until <= now()))
                ).limit(1)
            )  # fmt: skip
        if waiting is None:
            return None
        with db.session(None) as session:
            return claims.claim(session, worker)
    except SQLAlchemyError:
        _log.exception("no job could be claimed")
        return None


def _beat(stop: threading.Event, worker: str) -> None:
    while True:
        try:
            with db.session(None) as session:
                claims.lead(session, "worker", worker, now() + ALIVE)
                claims.renew(session, worker)
        except SQLAlchemyError:
            _log.exception("the heartbeat was missed")
        if stop.wait(BEAT):
            return


def _periodic(stop: threading.Event, worker: str) -> None:
    while not stop.wait(1.0):
        for work in list(queue.PERIODIC.values()):
            try:
                run_periodic(work, worker)
            except Exception:
                _log.exception("periodic work %s failed", work.name)


def run_periodic(work: queue.Periodic, worker: str) -> bool:
    """Do one periodic work if it is due and nobody else has it; True if it was done."""
    with db.session(None) as session:
        if not claims.lead(session, f"every:{work.name}", secrets.token_hex(8), now() + timedelta(seconds=work.seconds)):
            return False
        cabinets = session.scalars(select(Cabinet.id).order_by(Cabinet.id)).all()
    for cabinet_id in cabinets:
        try:
            work.run(cabinet_id)
        except Exception:
            _log.exception("periodic work %s failed for cabinet %s", work.name, cabinet_id)
    return True
