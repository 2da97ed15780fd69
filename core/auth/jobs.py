"""Housekeeping of what has ended; what the sign-in leaves to be done after its answer."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from core.auth import api_tokens
from core.auth import devices
from core.auth import entry
from core.auth import limits
from core.auth import resets
from core.auth import sessions
from core.auth.models import OidcCode
from core.auth.models import ReplayGuard
from core.cabinets import access_log
from core.cabinets import audit
from core.cabinets import services
from core.db.clock import now
from core.extensions import db
from core.jobs.queue import handler
from core.jobs.queue import periodic

_log = logging.getLogger("encours.auth")


@periodic("auth.purge", 3600)
def purge(_cabinet_id: int) -> None:
    """Delete what has ended; used codes are kept a day, so that a second use is recognised (PLP-074)."""
    with db.session(None) as session:
        sessions.purge(session)
        limits.purge(session)
        devices.purge(session)
        resets.purge(session)
        api_tokens.purge(session)
        session.execute(delete(OidcCode).where(OidcCode.expires_at < now() - timedelta(days=1)))
        session.execute(delete(ReplayGuard).where(ReplayGuard.until < now()))


@periodic("access.purge", 86_400)
def purge_reads(cabinet_id: int) -> None:
    """Forget who read what, a year later."""
    with db.session(cabinet_id) as session:
        access_log.purge(session, now() - access_log.KEPT)


@handler(entry.TRY, transaction=False)
def refused_try(_cabinet_id: int | None, payload: dict[str, Any]) -> None:
    """The journal of a refused sign-in: in the cabinet of whoever has this e-mail; without one, a line that names nobody."""
    with db.session(None, write=False) as reader:
        user = services.user_of(reader, payload["email"])
    if user is None:
        _log.info("sign-in %s for an unknown e-mail from %s", payload["outcome"], payload["ip"])
        return
    with db.session(user.cabinet_id) as session:
        said = {"ip": payload["ip"], "at": payload["at"]}
        audit.record(session, "system", f"session.{payload['outcome']}", f"user:{user.id}", said, once=payload["id"])


@handler(resets.ASKED, transaction=False)
def reset_asked(_cabinet_id: int | None, payload: dict[str, Any]) -> None:
    """A link was asked for: post it, if somebody has this e-mail."""
    resets.answer(payload)
