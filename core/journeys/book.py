"""The rows of journeys: who may open which, and the one way in which their state changes."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import select

from core.accounts import lists as accounts
from core.cabinets import audit
from core.cabinets import rights
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents import uploads
from core.hooks.types import AccountRef
from core.hooks.types import Adviser
from core.hooks.types import Intent
from core.journeys import draft as drafts
from core.journeys import states
from core.journeys.models import Journey
from core.journeys.slots import INITIATE
from core.links import account_links
from core.transactions import machine
from core.transactions import services as transactions


@dataclass(frozen=True, slots=True)
class Opened:
    """A journey as pages and jobs need it, held by no session."""

    id: str
    name: str
    plugin: str
    act: str
    act_label: str
    nature: str
    account: AccountRef
    transaction_id: str
    reference: str
    user_id: str
    state: str
    reason: str
    sending: str | None
    refusals: int

    def intent(self, adviser: Adviser) -> Intent:
        """What the plugin is told."""
        return Intent(self.name, self.reference, self.act, {"display": adviser.name, "locale": "fr-FR"})


def mine(adviser: Adviser) -> ColumnElement[bool]:
    """A condition on `Journey`: those that this person began, on accounts that he may still act on."""
    return and_(Journey.user_id == adviser.user_id, rights.on(Journey.account_id, adviser, "account", INITIATE, each=True))


def get(session: TenantSession, adviser: Adviser, journey_id: str) -> Journey:
    """One of the person's journeys. Raises `NotFound`, also for somebody else's."""
    row = session.scalar(select(Journey).where(Journey.id == journey_id, mine(adviser)))
    if row is None:
        raise NotFound("Cette saisie n'existe pas, ou c'est une autre personne qui l'a commencée.")
    return row


def of_form(session: TenantSession, adviser: Adviser, form: str) -> Journey | None:
    """The journey that a list's form began, if it was posted before."""
    return session.scalar(select(Journey).where(Journey.form == form, Journey.user_id == adviser.user_id))


def opened(session: TenantSession, adviser: Adviser, row: Journey) -> Opened:
    """The journey with its account, which the person may still act on. Raises `NotFound`."""
    ref = accounts.get_ref(session, adviser, row.account_id, INITIATE)
    account = account_links.attach(session, [ref])[0]
    reference = transactions.get(session, "system", row.transaction_id).reference
    return Opened(
        row.id, row.name, row.plugin, row.act, row.act_label, row.nature, account, row.transaction_id, reference, row.user_id,
        row.state, row.reason, row.sending, row.refusals,
    )  # fmt: skip


def locked(session: TenantSession, journey_id: str) -> Journey:
    """The row, held until the end of the caller's transaction. Raises `NotFound`."""
    found = select(Journey).where(Journey.id == journey_id).with_for_update().execution_options(populate_existing=True)
    row = session.scalar(found)
    if row is None:
        raise NotFound("Cette saisie n'existe plus.")
    return row


def resumable(session: TenantSession, adviser: Adviser, transaction_ids: Sequence[str]) -> Mapping[str, str]:
    """Of these transactions those that the person began to type here and has not finished: transaction → journey. One query."""
    if not transaction_ids:
        return {}
    found = select(Journey.transaction_id, Journey.id).where(
        Journey.transaction_id.in_(transaction_ids), Journey.user_id == adviser.user_id,
        Journey.state.in_(("open", "refused", "sending")),
    )  # fmt: skip
    return dict(session.execute(found).all())


def move(session: TenantSession, row: Journey, target: str, *, actor: str, said: str | None = None) -> None:
    """Change the state, with its line in the journal; the transaction says how far it is under its own status.

    Raises `Conflict` where the move is not allowed (any more).
    """
    if not states.may_move(row.state, target):
        raise Conflict(f"Cette saisie est «{states.LABELS[row.state].lower()}»\u202f: rechargez la page.")
    before, row.state = row.state, target
    row.expires_at = now() + (states.KEPT_SENDING if target == "sending" else states.KEPT)
    audit.record(
        session, actor, f"journey.{target}", f"transaction:{row.transaction_id}", {"journey": row.id, "before": before}
    )
    if said is not None:
        say(session, row, said, actor=actor)


def say(session: TenantSession, row: Journey, text: str, *, actor: str, once: bool = False) -> None:
    """How far a transaction that is only prepared is: a line of its history, open pages told. Nothing once the partner spoke.

    `once`: nothing where that is what it says already.
    """
    transaction = transactions.locked(session, row.transaction_id)
    if transaction.status != "initiated" or (once and transaction.reason_text == text[:200]):
        return
    change = transactions.Change(
        "initiated", machine.LABELS["initiated"], "journey", now(), reason_text=text[:200], actor=actor
    )
    transactions.set_status(session, transaction, change)
    transaction.next_poll_at = None  # what is typed has its own clock (core.journeys.clock)


def touch(session: TenantSession, row: Journey, draft: drafts.Draft) -> None:
    """Keep what was typed, and its files, as long again."""
    row.expires_at = now() + states.KEPT
    drafts.keep(session, row.id, draft)
    uploads.hold(session, row.user_id, draft.files.values(), row.expires_at)


def close(session: TenantSession, row: Journey, target: str, *, actor: str, source: str) -> None:
    """Give the journey up: what was typed and joined is deleted, the transaction is «Non aboutie»."""
    move(session, row, target, actor=actor)
    clear(session, row)
    transactions.apply_local(session, row.transaction_id, "abandoned", source=source)


def clear(session: TenantSession, row: Journey) -> None:
    """Nothing of what was typed or joined is kept here."""
    uploads.let_go(session, row.user_id, drafts.read(session, row.id).files.values())
    drafts.forget(session, row.id)
