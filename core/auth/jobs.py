"""Housekeeping of sessions, codes and replay guards."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from core.auth import sessions
from core.auth.models import OidcCode
from core.auth.models import ReplayGuard
from core.db.clock import now
from core.extensions import db
from core.jobs.queue import periodic


@periodic("auth.purge", 3600)
def purge(_cabinet_id: int) -> None:
    """Delete what has ended; used codes are kept a day, so that a second use is recognised (PLP-074)."""
    with db.session(None) as session:
        sessions.purge(session)
        session.execute(delete(OidcCode).where(OidcCode.expires_at < now() - timedelta(days=1)))
        session.execute(delete(ReplayGuard).where(ReplayGuard.until < now()))
