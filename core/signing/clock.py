"""What time does to requests: reminders by mail, the end of those that nobody signed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core.db.clock import now
from core.db.clock import today
from core.extensions import db
from core.jobs import queue
from core.jobs.queue import periodic
from core.mail import smtp
from core.signing import acting
from core.signing import letters
from core.signing.models import SignatureRequest
from core.signing.states import OPEN

#: Days after the last mail, and how many reminders at most.
EVERY, MOST = timedelta(days=5), 3


@periodic("signing.clock", 3600)
def run(cabinet_id: int) -> None:
    """End what is over; remind those who were asked five days ago."""
    with db.session(cabinet_id) as session:
        wanted = select(SignatureRequest).where(SignatureRequest.state.in_(OPEN))
        for row in session.scalars(wanted.order_by(SignatureRequest.id)).all():
            one = letters.turn(session, row.id)
            if one is None:  # all signed: sealed by now, unless its job was given up; another finds it done
                queue.enqueue(session, acting.JOB, {"request": row.id})
                continue
            if row.expires_on < today():
                acting.expire(session, row)
            elif (
                one.way == "LIEN" and one.invited_at is not None and one.reminders < MOST
                and one.invited_at < now() - EVERY and smtp.is_configured()
            ):  # fmt: skip
                acting.remind(session, row, "system")
