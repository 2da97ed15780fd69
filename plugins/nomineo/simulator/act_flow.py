"""An act from its form to its receipt. Each step re-reads the book inside one write transaction (PLP-079)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import book
from . import ledger
from . import mandates
from . import rules
from .acts import BY_CODE
from .book import Contract
from .db import Connection
from .forms import FORMS
from .forms.base import Context
from .forms.base import Entry
from .forms.base import Form
from .forms.base import FormErrors
from .forms.base import Initial
from .forms.base import Table
from .ledger import OPEN
from .ledger import Transaction
from .rules import Decision
from .rules import Reason
from .world import World

_TYPED_MAX = 2000


class NotYours(LookupError):
    """No such act of this adviser."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a page of an act shows. `closed`: why it cannot be entered (any more)."""

    transaction: Transaction
    contract: Contract
    decision: Decision
    closed: Reason | None
    form: Form
    context: Context

    @property
    def open(self) -> bool:
        """Still to be entered."""
        return self.transaction.status == OPEN and self.closed is None

    @property
    def title(self) -> str:
        """The form's heading, else the act's label."""
        return self.form.title(self.context) or self.decision.act.label

    def initial(self) -> Initial:
        """What was typed before, else what came with the launch."""
        typed = self.transaction.typed
        return self.form.initial(self.context) if typed is None else Initial(typed)


def look(world: World, key: str, adviser: str) -> Act:
    """The act as it stands now; closed meanwhile, its launched transaction is rejected here. Raises `NotYours`."""
    with world.store.write() as connection:
        act = _load(world, connection, key, adviser)
        act = _reject_if_closed(world, connection, act, adviser)
    world.wake.set()
    return act


def enter(world: World, key: str, adviser: str, typed: Mapping[str, str]) -> tuple[Act, dict[str, str]]:
    """Keeps what was typed; what is wrong with it comes back by field."""
    errors: dict[str, str] = {}
    with world.store.write() as connection:
        act = _reject_if_closed(world, connection, _load(world, connection, key, adviser), adviser)
        if act.open:
            kept = _known_fields(act, typed)
            ledger.keep_typed(connection, act.transaction, kept)
            try:
                act.form.parse(kept, act.context)
            except FormErrors as wrong:
                errors = wrong.errors
            act = _load(world, connection, key, adviser)
    world.wake.set()
    return act, errors


def entry_of(act: Act) -> Entry | None:
    """What would be validated; None where nothing valid was typed (yet)."""
    try:
        return act.form.parse(act.transaction.typed or {}, act.context)
    except FormErrors:
        return None


def validate(world: World, key: str, adviser: str) -> Act:
    """PLP-059: `pending`, event, feed item and hook in one transaction; a second click finds it done.

    The first of two advisers wins: BEGIN IMMEDIATE puts one after the other, and the book is asked again here.
    """
    with world.store.write() as connection:
        act = _reject_if_closed(world, connection, _load(world, connection, key, adviser), adviser)
        entry = entry_of(act) if act.open else None
        if entry is not None:
            now, today = world.clock.now(), world.clock.today()
            ledger.keep_entry(connection, act.transaction, entry.amount, entry.instructions, entry.effects)
            ledger.change(connection, act.transaction.id, "pending", now, today)
            act = _load(world, connection, key, adviser)
    world.wake.set()
    return act


def abandon(world: World, key: str, adviser: str) -> Act:
    """PLP-079: `cancelled`, seq 1, where nothing was validated yet."""
    with world.store.write() as connection:
        act = _load(world, connection, key, adviser)
        if act.transaction.status == OPEN:
            ledger.change(connection, act.transaction.id, "cancelled", world.clock.now(), world.clock.today())
            act = _load(world, connection, key, adviser)
    world.wake.set()
    return act


def _load(world: World, connection: Connection, key: str, adviser: str) -> Act:
    transaction = ledger.by_key(connection, key)
    if transaction is None or transaction.adviser != adviser or transaction.action not in FORMS:
        raise NotYours(key)
    contract = book.contract_by_id(connection, transaction.broker_code, transaction.contract_id)
    assert contract is not None
    today = world.clock.today()
    decision = _decide(world, connection, transaction, contract)
    supports = book.catalogue(connection)
    context = Context(contract, supports, decision.limits, today, transaction.prefill)
    closed = decision.reason if transaction.status == OPEN else None
    return Act(transaction, contract, decision, closed, FORMS[transaction.action], context)


def _decide(world: World, connection: Connection, transaction: Transaction, contract: Contract) -> Decision:
    """The book's word, after the mandate's for what came by a launch (PLP-042)."""
    act = BY_CODE[transaction.action]
    pending = ledger.pending_on(connection, contract.id)
    scopes = None
    if transaction.mandate is not None:
        mandate = mandates.find(connection, transaction.mandate)
        if mandate is None or not mandate.usable(world.clock.now()):
            reason = Reason("mandate_inactive", "Le mandat de votre cabinet n'est plus actif.")
            return Decision(act, reason, rules.limits_of(act, contract))
        scopes = mandate.scopes
    return rules.decide(act, contract, pending, world.clock.today(), scopes)


def _reject_if_closed(world: World, connection: Connection, act: Act, adviser: str) -> Act:
    if act.closed is None or act.transaction.transaction_ref is None:
        return act
    reason = {"code": act.closed.code, "text": act.closed.text}
    now, today = world.clock.now(), world.clock.today()
    ledger.change(connection, act.transaction.id, "rejected", now, today, reason=reason)
    return _load(world, connection, act.transaction.key, adviser)


def _known_fields(act: Act, typed: Mapping[str, str]) -> dict[str, str]:
    names = []
    for block in act.form.blocks(act.context):
        names += [line.name for line in block.lines] if isinstance(block, Table) else [block.name]
    return {name: typed[name][:_TYPED_MAX] for name in names if name in typed}
