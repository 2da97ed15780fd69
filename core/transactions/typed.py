"""Acts that a person types on an account that no partner feeds: prepared, executed, cancelled, taken back (PF-04).

Each version of what was typed is a line of the transaction's history, and so is its execution, with what it wrote and what stood
there before: nothing else has to be kept to take it back. Rules of other modules (`transaction_guards`) are the caller's to ask.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.accounts import days
from core.accounts import holdings
from core.accounts import values_by_hand
from core.accounts.envelopes import ENDED_STATES
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
from core.hooks.types import TransactionRef
from core.transactions import machine
from core.transactions import matching
from core.transactions import services
from core.transactions import typed_acts
from core.transactions import typed_checks
from core.transactions.models import Transaction
from core.transactions.models import TransactionEvent
from core.transactions.typed_acts import TypedAct
from core.transactions.typed_effect import Effect
from core.transactions.typed_effect import Given
from core.transactions.typed_effect import effect
from core.transactions.typed_effect import support_names
from core.transactions.typed_shapes import Leg
from core.transactions.typed_shapes import Named
from core.transactions.typed_shapes import Outcome

__all__ = [
    "SOURCE", "TYPED", "Act", "Effect", "Execution", "Given", "add", "cancel", "change", "execute", "get", "is_typed", "names",
    "offered", "preview", "take_back",
]  # fmt: skip
#: Who said the figures that an execution writes: unlike those typed one by one, they go with it alone.
SOURCE = matching.WROTE
#: Where a status of such a transaction comes from.
TYPED = "typed"
_STALE = (
    "Cet acte a changé depuis que cette page est ouverte\u202f: rien n'a été écrit. Rechargez la page, vérifiez-le, puis "
    "recommencez."
)
_LOCKED = "Cet acte est exécuté ou annulé\u202f: il ne se modifie plus. Revenez d'abord à l'état préparé."


@dataclass(frozen=True, slots=True)
class Execution:
    """What an execution wrote. `movements`: their ids; `lines`: whether lines and value were written too."""

    on: date
    movements: tuple[str, ...]
    lines: bool


@dataclass(frozen=True, slots=True)
class Act:
    """A typed act as pages and programs show it. `version`: of what was typed, to be sent back with a change."""

    ref: TransactionRef
    given: Given
    version: str
    execution: Execution | None


def preview(session: TenantSession, by: Adviser, account_id: str, given: Given) -> Effect:
    """What the act would do. Raises `DomainError` with the field, `NotFound`, `Forbidden`, `Conflict` where none may be typed."""
    return effect(session, _account(session, by, account_id, hold=False), given)


def add(session: TenantSession, by: Adviser, account_id: str, given: Given, *, transaction_id: str | None = None) -> str:
    """Note an act, prepared; its id. `transaction_id`: the form's key: a second arrival finds what the first made.

    Raises as `preview`.
    """
    if transaction_id and session.scalar(select(Transaction.id).where(Transaction.id == transaction_id)):
        return services.get(session, by, transaction_id).id
    account = _account(session, by, account_id)
    found = effect(session, account, given)
    act = typed_acts.ACTS[given.act]
    made = services.create(
        session, account_id=account_id, plugin=None, origin="SAISIE", act=act.code, nature=act.nature,
        act_label=typed_acts.label(act, account.envelope), initiated_by=by.user_id, amount=found.outcome.amount,
        currency=account.currency, transaction_id=transaction_id,
    )  # fmt: skip
    row = services.locked(session, made.id)
    _move(session, row, "initiated", by, _written(given), on=now())
    return made.id


def change(session: TenantSession, by: Adviser, transaction_id: str, given: Given, *, seen: str = "") -> None:
    """Correct an act that is prepared. `seen`: the version that was shown.

    Raises as `preview`, `Conflict` where it was changed meanwhile, or is executed or cancelled.
    """
    row, account = _held(session, by, transaction_id)
    before, version = _typed(session, row)
    if row.status != "initiated":
        raise Conflict(_LOCKED)
    if seen and seen != version:
        raise Conflict(_STALE)
    given = replace(given, act=row.act)
    found = effect(session, account, given)
    if given == before:
        return
    row.amount = found.outcome.amount
    label = machine.LABELS["initiated"]
    services.note(session, row, services.Change("initiated", label, TYPED, now(), data=_written(given)), applied=True)
    payload = plain({"act": row.act, "amount": row.amount, "on": given.on})
    audit.record(session, by.user_id, "transaction.typed", f"transaction:{row.id}", payload)
    services.tell_pages(session, row)


def execute(
    session: TenantSession, by: Adviser, transaction_id: str, *, seen: str = "", acknowledged: Collection[str] = ()
) -> bool:  # fmt: skip
    """Mark an act executed: its movements, and the account's lines and value, in the caller's transaction. Once.

    False where it was executed already. Raises as `change`, `Unconfirmed` for what is unusual and `acknowledged` does not name.
    """
    row, account = _held(session, by, transaction_id)
    if row.status == "executed_here":
        return False
    given, version = _typed(session, row)
    if row.status != "initiated":
        raise Conflict(_LOCKED)
    if seen and seen != version:
        raise Conflict(_STALE)
    values_by_hand.check_day(account, given.on)
    found = effect(session, account, given)
    outcome = found.outcome
    typed_checks.check(session, account, typed_acts.ACTS[row.act], given.on, outcome, acknowledged)
    before = days.kept(session, account.id, given.on)
    made = [
        holdings.add_movement(
            session, by, account.id, on=given.on, kind=one.kind, label=one.label, amount=one.amount, source=SOURCE,
            support_id=one.support_id, quantity=one.quantity, currency=account.currency,
        )
        for one in outcome.moves
    ]  # fmt: skip
    wrote = found.later is None and (outcome.lines is not None or outcome.value is not None)
    if wrote:
        _write(session, by, account, given.on, outcome)
    row.amount = outcome.amount
    data = {
        "on": given.on.isoformat(), "movements": made, "lines": wrote, "before": before,
        "after": days.kept(session, account.id, given.on),
    }  # fmt: skip
    matching.wrote(session, by, row.id, made)
    _move(session, row, "executed_here", by, data, on=now())
    return True


def take_back(session: TenantSession, by: Adviser, transaction_id: str) -> bool:
    """Undo an execution, or take a cancelled act up again: prepared, as it was typed. False where it is prepared already.

    Raises `Conflict` where what the execution wrote was changed since, something was told of a later day, or a movement that
    was received stands for it.
    """
    row, account = _held(session, by, transaction_id)
    if row.status == "initiated":
        return False
    given, _version = _typed(session, row)
    done = _execution(session, row)
    if row.status == "executed_here" and done is not None:
        matching.check_free(session, row.id)
        on = date.fromisoformat(done["on"])
        if done["lines"]:
            _unwritten(session, account, on, done)
            days.put_back(session, by.user_id, account, on, done["before"])
        _unmoved(session, by, account, done["movements"])
    _move(session, row, "initiated", by, _written(given), on=now())
    return True


def cancel(session: TenantSession, by: Adviser, transaction_id: str) -> bool:
    """Give up an act that is prepared; its history stays. False where it is so already. Raises `Conflict` once executed."""
    row, _account_row = _held(session, by, transaction_id)
    if row.status == "cancelled":
        return False
    if row.status != "initiated":
        raise Conflict(_LOCKED)
    _move(session, row, "cancelled", by, None, on=now())
    return True


def get(session: TenantSession, by: Adviser, transaction_id: str) -> Act:
    """A typed act. Raises `NotFound`, also for a transaction that was not typed here."""
    ref = services.get(session, by, transaction_id)
    row = session.scalar(select(Transaction).where(Transaction.id == transaction_id))
    if row is None or not is_typed(ref):
        raise NotFound("Cet acte n'a pas été saisi ici.")
    given, version = _typed(session, row)
    done = _execution(session, row) if row.status == "executed_here" else None
    execution = None
    if done is not None:
        execution = Execution(date.fromisoformat(done["on"]), tuple(done["movements"]), bool(done["lines"]))
    return Act(ref, given, version, execution)


def names(session: TenantSession, given: Given) -> Mapping[str, Named]:
    """The supports of an act's lines, as people know them."""
    return support_names(session, {leg.support_id for leg in given.legs})


def is_typed(ref: TransactionRef) -> bool:
    """Whether the transaction was typed here with all that it does: it has a status of ours, no partner."""
    return ref.plugin is None and ref.status is not None and ref.act in typed_acts.ACTS


def offered(session: TenantSession, account_id: str) -> tuple[TypedAct, ...]:
    """What may be typed on an account; nothing where its partner feeds it, or it is put away."""
    row = session.scalar(select(Account).where(Account.id == account_id))
    if row is None or row.origin == "AGREGE" or row.archived_at is not None or row.state in ENDED_STATES:
        return ()
    return typed_acts.offered(row.envelope)


def _account(session: TenantSession, by: Adviser, account_id: str, *, hold: bool = True) -> Account:
    """The account; `hold`: until the end of the caller's transaction, so that two executions read its lines in turn."""
    row = values_by_hand.open_row(session, by, account_id)
    if hold:
        mine = select(Account).where(Account.id == row.id).with_for_update()
        session.scalar(mine.execution_options(populate_existing=True))
    if row.archived_at is not None:
        raise Conflict("Ce compte est archivé\u202f: sortez-le des archives, puis recommencez.")
    if row.state in ENDED_STATES:
        raise Conflict("Ce compte est clos\u202f: rouvrez-le par «\u202fClore, rouvrir, changer d'état\u202f», puis recommencez.")
    return row


def _held(session: TenantSession, by: Adviser, transaction_id: str) -> tuple[Transaction, Account]:
    ref = services.get(session, by, transaction_id)
    if not is_typed(ref):
        raise NotFound("Cet acte n'a pas été saisi ici.")
    account = _account(session, by, ref.account_id)
    return services.locked(session, transaction_id), account


def _write(session: TenantSession, by: Adviser, account: Account, on: date, outcome: Outcome) -> None:
    net = None if account.net_payments is None else account.net_payments + outcome.flow
    if outcome.lines is not None:
        carried = {one.support_id for one in outcome.lines} - outcome.touched
        holdings.put_positions(session, by, account.id, on, outcome.lines, SOURCE, carried=carried)
    if outcome.value is not None and (outcome.lines is None or net is not None):
        holdings.put_valuation(session, by, account.id, on, outcome.value, SOURCE, net)


def _unwritten(session: TenantSession, account: Account, on: date, done: Mapping[str, Any]) -> None:
    """Raises `Conflict` where what stands there is not what the execution wrote."""
    later = days.later(session, account.id, on)
    if later is not None:
        raise Conflict(
            "Des figures plus récentes ont été notées depuis sur ce compte\u202f: retirez-les, ou l'acte qui les a écrites, "
            "avant de revenir sur celui-ci."
        )
    if days.kept(session, account.id, on) != done["after"]:
        raise Conflict(
            "Les lignes ou la valeur de ce jour ont changé depuis l'exécution\u202f: revenez d'abord sur ce qui les a changées."
        )


def _unmoved(session: TenantSession, by: Adviser, account: Account, ids: Collection[str]) -> None:
    mine = select(Movement).where(Movement.account_id == account.id, Movement.id.in_(ids), Movement.source == SOURCE)
    for one in session.scalars(mine).all():
        payload = plain({"on": one.on, "kind": one.kind, "label": one.label, "amount": one.amount})
        session.delete(one)
        audit.record(session, by.user_id, "account.movement_removed", f"account:{account.id}", payload)
    session.flush()


def _move(
    session: TenantSession, row: Transaction, status: str, by: Adviser, data: dict[str, Any] | None, *, on: datetime
) -> None:  # fmt: skip
    writer(by, "accounts.edit")
    services.set_status(session, row, services.Change(status, machine.LABELS[status], TYPED, on, data=data, actor=by.user_id))
    row.next_poll_at = None  # nobody is asked about it
    session.flush()


def _typed(session: TenantSession, row: Transaction) -> tuple[Given, str]:
    """What was typed last, and the id of its line of history."""
    found = _last(session, row, "initiated")
    if found is None or found.data is None:
        raise NotFound("Cet acte n'a pas été saisi ici.")
    data = found.data
    legs = tuple(
        Leg(one["side"], one["support_id"], one["mode"], _decimal(one["value"]), _decimal(one["price"])) for one in data["legs"]
    )
    on = date.fromisoformat(data["on"])
    return Given(row.act, on, _decimal(data["amount"]), legs, data["note"], data["reason"]), found.id


def _execution(session: TenantSession, row: Transaction) -> dict[str, Any] | None:
    found = _last(session, row, "executed_here")
    return found.data if found is not None else None


def _last(session: TenantSession, row: Transaction, status: str) -> TransactionEvent | None:
    return session.scalar(
        select(TransactionEvent)
        .where(
            TransactionEvent.transaction_id == row.id, TransactionEvent.status == status, TransactionEvent.source == TYPED,
        ).order_by(TransactionEvent.received_at.desc(), TransactionEvent.id.desc()).limit(1)
    )  # fmt: skip


def _decimal(said: str | None) -> Decimal | None:
    return None if said is None else Decimal(said)


def _written(given: Given) -> dict[str, Any]:
    return {
        "on": given.on.isoformat(), "amount": None if given.amount is None else str(given.amount),
        "legs": [
            {**asdict(one), "value": None if one.value is None else str(one.value),
             "price": None if one.price is None else str(one.price)}
            for one in given.legs
        ],
        "note": given.note, "reason": given.reason,
    }  # fmt: skip
