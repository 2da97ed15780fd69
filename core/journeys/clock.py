"""The clock of journeys: what nobody finished is given up and deleted; what the partner no longer speaks of is looked at."""

from __future__ import annotations

from sqlalchemy import or_
from sqlalchemy import select

from core.db.clock import now
from core.extensions import db
from core.jobs.models import OutboxItem
from core.jobs.queue import periodic
from core.journeys import book
from core.journeys.models import Journey
from core.links import polling
from core.transactions.models import Transaction

#: Rows of one round.
MOST = 500


@periodic("journeys.clock", 600)
def tick(cabinet_id: int) -> None:
    """Expire drafts, each in a transaction of its own; then move the clock of what was sent on (PLP-105)."""
    with db.session(cabinet_id, write=False) as session:
        given_up = select(OutboxItem.id).where(OutboxItem.state.in_(("dead", "cancelled", "refused")))
        late = session.scalars(
            select(Journey.id).where(
                Journey.expires_at <= now(),
                or_(Journey.state.in_(("open", "refused")), (Journey.state == "sending") & Journey.sending.in_(given_up)),
            ).limit(MOST)
        ).all()  # fmt: skip
        quiet = session.scalars(
            select(Transaction.id)
            .join(Journey, (Journey.cabinet_id == Transaction.cabinet_id) & (Journey.transaction_id == Transaction.id))
            .where(Journey.state == "sent", Transaction.next_poll_at <= now())
            .limit(MOST)
        ).all()
    for journey_id in late:
        with db.session(cabinet_id) as session:
            row = book.locked(session, journey_id)
            if row.expires_at <= now() and row.state in ("open", "refused", "sending"):
                book.close(session, row, "expired", actor="system", source="clock")
    polling.move_on(cabinet_id, quiet)
