"""Movements and the acts that they are of: what is proposed, and a person's word, which can be taken back (PF-05, ADR 035).

A word never sets a status. Where an act that was typed here wrote its movements and a feed brings them again, the feed's
stand: the act's own are taken away, kept in the word's row, and put back with it.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from core.accounts import services as accounts
from core.accounts.changes import on_leaving
from core.accounts.models import Account
from core.accounts.models import Movement
from core.accounts.schemas import plain
from core.cabinets import audit
from core.contacts.access import writer
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.transactions import match_reading
from core.transactions import services
from core.transactions.match_reading import WROTE
from core.transactions.match_reading import Decided
from core.transactions.match_reading import Proposed
from core.transactions.match_reading import acts_of
from core.transactions.match_reading import counts
from core.transactions.match_reading import decided
from core.transactions.match_reading import movements_of
from core.transactions.match_reading import proposals
from core.transactions.match_reading import with_act
from core.transactions.models import MovementMatch
from core.transactions.models import Transaction

__all__ = [
    "WROTE", "Decided", "Proposed", "acts_of", "confirm", "counts", "decided", "movements_of", "proposals", "refuse", "undo",
    "with_act",
]  # fmt: skip
_GONE = "Ce mouvement ou cet acte n'existe plus, ou n'est pas ouvert à votre profil."
_STALE = (
    "Ce rapprochement n'est plus proposé\u202f: le mouvement ou l'acte a changé depuis, ou l'un des deux est déjà rapproché. "
    "Rechargez la page."
)


def confirm(session: TenantSession, by: Adviser, transaction_id: str, movement_id: str) -> bool:
    """Say that a movement is of an act, as it is proposed; False where that was said already.

    Raises `NotFound`, `Forbidden`, `Conflict` for what is not proposed (any more).
    """
    account_id = _held(session, by, transaction_id, movement_id)
    if (row := _row(session, transaction_id, movement_id)) is not None and row.state != "REFUSE":
        return False
    found = _proposed(session, by, account_id, transaction_id, movement_id)
    made = _said(session, by, found, "CONFIRME")
    made.aside = _set_aside(session, by.user_id, account_id, found.proposal.aside)
    session.flush()
    _told(session, by.user_id, made, "transaction.matched", score=made.score, aside=len(made.aside))
    return True


def refuse(session: TenantSession, by: Adviser, transaction_id: str, movement_id: str) -> bool:
    """Say that a movement is not of an act: it is proposed no more; False where that was said already. Raises as `confirm`."""
    account_id = _held(session, by, transaction_id, movement_id)
    if (row := _row(session, transaction_id, movement_id)) is not None and row.state == "REFUSE":
        return False
    made = _said(session, by, _proposed(session, by, account_id, transaction_id, movement_id), "REFUSE")
    _told(session, by.user_id, made, "transaction.match_refused", score=made.score)
    return True


def undo(session: TenantSession, by: Adviser, transaction_id: str, movement_id: str) -> bool:
    """Take a word back: what was set aside stands again, and the pair may be proposed; False where nothing was said.

    Raises `NotFound`, `Forbidden`, `Conflict` for what the act wrote itself.
    """
    account_id = _held(session, by, transaction_id, movement_id)
    row = _row(session, transaction_id, movement_id)
    if row is None:
        return False
    if row.state == "ECRIT":
        raise Conflict("Ce mouvement a été écrit par l'acte\u202f: il part avec lui, en revenant à l'état préparé.")
    _put_back(session, by.user_id, account_id, row)
    _told(session, by.user_id, row, "transaction.match_undone", aside=len(row.aside))
    session.delete(row)
    session.flush()
    return True


def wrote(session: TenantSession, by: Adviser, transaction_id: str, ids: Sequence[str]) -> None:
    """Note the movements that an act wrote itself."""
    session.add_all(
        MovementMatch(transaction_id=transaction_id, movement_id=one, state="ECRIT", decided_by=by.user_id) for one in ids
    )
    session.flush()


def check_free(session: TenantSession, transaction_id: str) -> None:
    """Raises `Conflict` where a movement that was received stands for the act: it would be told by nothing any more."""
    said = MovementMatch.transaction_id == transaction_id, MovementMatch.state == "CONFIRME"
    if session.scalar(select(MovementMatch.id).where(*said).limit(1)) is not None:
        raise Conflict(
            "Des mouvements reçus sont rapprochés de cet acte\u202f: défaites d'abord leur rapprochement, puis recommencez."
        )


@on_leaving
def released(session: TenantSession, actor: str, ids: Sequence[str]) -> None:
    """Movements go (a file is taken back): what they stood for stands again."""
    for begin in range(0, len(ids), 500):
        wanted = MovementMatch.movement_id.in_(list(ids[begin : begin + 500])), MovementMatch.state == "CONFIRME"
        for row in session.scalars(select(MovementMatch).where(*wanted)).all():
            account_id = session.scalar(select(Transaction.account_id).where(Transaction.id == row.transaction_id))
            if account_id is not None:
                _put_back(session, actor, account_id, row)
            _told(session, actor, row, "transaction.match_undone", aside=len(row.aside))
            session.delete(row)
    session.flush()


def _held(session: TenantSession, by: Adviser, transaction_id: str, movement_id: str) -> str:
    """The account of both, held so that one word is given at a time."""
    writer(by, "accounts.edit")
    act = services.get(session, by, transaction_id)
    accounts.editable(session, by, act.account_id)
    mine = select(Account).where(Account.id == act.account_id).with_for_update()
    account = session.scalar(mine.execution_options(populate_existing=True))
    if account is not None and account.archived_at is not None:
        raise Conflict("Ce compte est archivé\u202f: sortez-le des archives, puis recommencez.")
    there = select(Movement.id).where(Movement.id == movement_id, Movement.account_id == act.account_id)
    if session.scalar(there) is None:
        raise NotFound(_GONE)
    return act.account_id


def _row(session: TenantSession, transaction_id: str, movement_id: str) -> MovementMatch | None:
    pair = MovementMatch.transaction_id == transaction_id, MovementMatch.movement_id == movement_id
    return session.scalar(select(MovementMatch).where(*pair))


def _proposed(session: TenantSession, by: Adviser, account_id: str, transaction_id: str, movement_id: str) -> Proposed:
    found = match_reading.pair(session, by, account_id, transaction_id, movement_id)
    if found is None:
        raise Conflict(_STALE)
    return found


def _said(session: TenantSession, by: Adviser, found: Proposed, state: str) -> MovementMatch:
    row = _row(session, found.act.id, found.movement.id)
    if row is None:
        row = MovementMatch(transaction_id=found.act.id, movement_id=found.movement.id)
        session.add(row)
    row.state, row.score, row.aside = state, found.proposal.score, []
    row.reasons = [[one.code, one.text, one.points] for one in found.proposal.reasons]
    row.decided_by, row.decided_at = by.user_id, now()
    session.flush()
    return row


def _set_aside(session: TenantSession, actor: str, account_id: str, ids: Collection[str]) -> list[dict[str, Any]]:
    """Take away what the act wrote; what it was, to be put back."""
    kept = []
    for one in session.scalars(select(Movement).where(Movement.account_id == account_id, Movement.id.in_(ids))).all():
        row = {
            "id": one.id, "kind": one.kind, "label": one.label, "support_id": one.support_id, "currency": one.currency,
            "source": one.source, **plain({"on": one.on, "amount": one.amount, "quantity": one.quantity}),
        }  # fmt: skip
        kept.append(row)
        session.delete(one)
        payload = {name: row[name] for name in ("on", "kind", "label", "amount")}
        audit.record(session, actor, "account.movement_removed", f"account:{account_id}", payload)
    session.flush()
    return kept


def _put_back(session: TenantSession, actor: str, account_id: str, row: MovementMatch) -> None:
    for kept in row.aside:
        session.add(match_reading.thawed(account_id, kept))
        session.flush()
        session.add(
            MovementMatch(transaction_id=row.transaction_id, movement_id=kept["id"], state="ECRIT", decided_by=row.decided_by)
        )
        payload = {name: kept[name] for name in ("on", "kind", "label", "amount", "source")}
        audit.record(session, actor, "account.movement", f"account:{account_id}", payload)
    session.flush()


def _told(session: TenantSession, actor: str, row: MovementMatch, action: str, **more: Any) -> None:
    """The journal, and open pages."""
    audit.record(session, actor, action, f"transaction:{row.transaction_id}", {"movement": row.movement_id, **more})
    services.tell_pages(session, services.locked(session, row.transaction_id))
