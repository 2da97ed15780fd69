"""Claiming jobs: one winner each, by lease; a dead worker's jobs come back."""

from __future__ import annotations

import random
from datetime import datetime
from datetime import timedelta

from sqlalchemy import and_
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import aliased

from core.db import locks
from core.db.clock import now
from core.db.session import TenantSession
from core.jobs.models import Job
from core.jobs.models import Lease

_OTHER = aliased(Job)
LEASE = timedelta(seconds=60)
#: PLP-108, background calls: 1 s … 15 min, full jitter; dead after 75 h.
LONGEST = 15 * 60
GIVE_UP = timedelta(hours=75)


def claim(session: TenantSession, worker: str) -> Job | None:
    """Take the next job that is due, or whose worker is gone; None where there is none."""
    locks.alone(session, locks.CLAIMS)  # two jobs of one `lock` must not be taken at the same moment
    at = now()
    busy = select(_OTHER.lock).where(_OTHER.state == "running", _OTHER.leased_until > at, _OTHER.lock.is_not(None))
    due = or_(
        and_(Job.state == "queued", Job.run_at <= at), and_(Job.state == "running", Job.leased_until <= at)
    )
    found = select(Job.id).where(due, or_(Job.lock.is_(None), Job.lock.not_in(busy))).order_by(Job.run_at, Job.id)
    job_id = session.scalar(found.limit(1).with_for_update(skip_locked=True))
    if job_id is None:
        return None
    taken = session.execute(
        update(Job)
        .where(Job.id == job_id, or_(Job.state == "queued", Job.leased_until <= at))
        .values(state="running", worker=worker, leased_until=at + LEASE, attempts=Job.attempts + 1, key=None)
        .execution_options(synchronize_session=False)
    )
    return session.get(Job, job_id, populate_existing=True) if taken.rowcount else None  # type: ignore[attr-defined]


def renew(session: TenantSession, worker: str) -> None:
    """The worker lives: its jobs stay its own."""
    session.execute(
        update(Job)
        .where(Job.worker == worker, Job.state == "running")
        .values(leased_until=now() + LEASE)
        .execution_options(synchronize_session=False)
    )


def finished(session: TenantSession, job_id: str) -> None:
    """The job is done: nothing of it is kept."""
    job = session.get(Job, job_id)
    if job is not None:
        session.delete(job)


def failed(session: TenantSession, job_id: str, text: str, seconds: float | None) -> bool:
    """Try again later, or give up after 75 h; True when it was given up."""
    job = session.get(Job, job_id)
    if job is None:
        return False
    job.first_failed_at = job.first_failed_at or now()
    job.last_error = text[:2000]
    job.worker = job.leased_until = None
    if now() - job.first_failed_at > GIVE_UP:
        job.state = "dead"
        return True
    job.state = "queued"
    job.run_at = now() + timedelta(seconds=_pause(job.attempts, seconds))
    return False


def postponed(session: TenantSession, job_id: str, text: str, seconds: float) -> None:
    """Look again later. Nothing is counted: what waits for somebody's word is never given up."""
    job = session.get(Job, job_id)
    if job is not None:
        job.state, job.last_error, job.attempts = "queued", text[:2000], 0
        job.worker = job.leased_until = job.first_failed_at = None
        job.run_at = now() + timedelta(seconds=seconds)


def _pause(attempts: int, asked: float | None) -> float:
    if asked is not None:
        return min(asked, 3600)
    return max(1.0, random.uniform(0, min(LONGEST, 2.0**attempts)))  # noqa: S311 - jitter, not a secret


def lead(session: TenantSession, name: str, holder: str, until: datetime) -> bool:
    """Hold a lease if nobody else does."""
    locks.alone(session, locks.CLAIMS)
    row = session.get(Lease, name, with_for_update=True)
    if row is None:
        session.add(Lease(name=name, holder=holder, until=until))
        return True
    if row.holder != holder and row.until > now():
        return False
    row.holder, row.until = holder, until
    return True
