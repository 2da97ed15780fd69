"""The lists of an account's tabs Mouvements and Transactions: columns, filters, export (PF-05)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core.api import accounts
from core.api import lists
from core.api import transactions
from core.api.types import TransactionRef
from core.api.web import adviser
from core.api.web import db_session
from plugins.portefeuille import frames

ORIGINS: dict[str, str] = {"SAISIE": "Saisie ici", "IMPORT": "Import", "PARTENAIRE": "Partenaire"}
_KINDS = accounts.MOVEMENT_KINDS
_PERIOD = (
    lists.ListFilter("du", _l("Depuis le"), "since", hint=_l("Du JJ/MM/AAAA")),
    lists.ListFilter("au", _l("Jusqu'au"), "until", hint=_l("Au JJ/MM/AAAA")),
)
#: Values of the filter by what movements and acts have of each other.
MATCHED, ALONE = "rapproche", "seul"
_ONCE = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement as a file tells it. `act`: the name of the act that it is of."""

    line: Any
    act: str | None


@dataclass(frozen=True, slots=True)
class Made:
    """A transaction as a file tells it. `movements`: how many are its."""

    row: TransactionRef
    movements: int


MOVEMENTS = lists.ListSpec(
    "comptes.mouvements", _l("Mouvements"), "p_portefeuille.account_movements", "accounts.view",
    (
        lists.ListColumn("date", _l("Date"), lambda one: one.line.on, sortable=True, fixed=True),
        lists.ListColumn("libelle", _l("Libellé"), lambda one: one.line.label, sortable=True),
        lists.ListColumn("nature", _l("Nature"), lambda one: _KINDS.get(one.line.kind, one.line.kind)),
        lists.ListColumn("support", _l("Support"), lambda one: one.line.support),
        lists.ListColumn("quantite", _l("Quantité"), lambda one: one.line.quantity, numeric=True),
        lists.ListColumn("montant", _l("Montant"), lambda one: one.line.amount, sortable=True, numeric=True),
        lists.ListColumn("devise", _l("Devise"), lambda one: one.line.currency, only_export=True),
        lists.ListColumn("acte", _l("Acte"), lambda one: one.act, permission="transactions.view"),
        lists.ListColumn("source", _l("Source"), lambda one: one.line.source),
    ),
    (
        *_PERIOD, lists.ListFilter("nature", _l("Nature"), every=_l("Nature\u202f: toutes")),
        lists.ListFilter("lien", _l("Acte"), every=_l("Acte\u202f: tous"), permission="transactions.view"),
    ), "date", descending=True,
)  # fmt: skip


def origin(row: TransactionRef) -> str:
    """Where a transaction comes from: the partner's name, or how it came in."""
    return frames.partner_name(row.plugin) or ORIGINS.get(row.origin, row.origin)


#: Partner links contribute the cells of «Statut», and may add columns of their own beside these, always shown.
TRANSACTIONS = lists.ListSpec(
    "comptes.transactions", _l("Transactions"), "p_portefeuille.account_transactions", "transactions.view",
    (
        lists.ListColumn("date", _l("Date"), lambda one: one.row.created_at, sortable=True, fixed=True),
        lists.ListColumn("type", _l("Type"), lambda one: one.row.act_label, sortable=True, fixed=True),
        lists.ListColumn("montant", _l("Montant"), lambda one: one.row.amount, sortable=True, numeric=True),
        lists.ListColumn("origine", _l("Origine"), lambda one: origin(one.row)),
        lists.ListColumn("reference", _l("Réf. partenaire"), lambda one: one.row.partner_ref),
        lists.ListColumn("statut", _l("Statut"), lambda one: one.row.status_label),
        lists.ListColumn("mouvements", _l("Mouvements"), lambda one: one.movements, numeric=True),
        lists.ListColumn("devise", _l("Devise"), lambda one: one.row.currency, only_export=True),
    ),
    (
        *_PERIOD, lists.ListFilter("nature", _l("Nature"), every=_l("Nature\u202f: toutes")),
        lists.ListFilter("statut", _l("Statut"), every=_l("Statut\u202f: tous")),
        lists.ListFilter("lien", _l("Mouvements"), every=_l("Mouvements\u202f: tous")),
    ), "date", descending=True,
)  # fmt: skip


def read_movements(args: MultiDict[str, str], account_id: str) -> lists.ListState:
    """The state of the tab Mouvements. Raises `NotFound` for an account that the adviser may not see."""
    accounts.get_ref(db_session(), adviser(), account_id)
    options = {
        "nature": accounts.movement_kinds(db_session(), account_id),
        "lien": ((MATCHED, _("Avec un acte")), (ALONE, _("Sans acte"))),
    }  # fmt: skip
    return lists.state(MOVEMENTS, args, options=options, where={"account_id": account_id})


def wanted_movements(state: lists.ListState) -> accounts.MovementFilter:
    """What the book of record is asked for."""
    asked, found = state.values, _found(state)
    among = None if found is None else transactions.matching.with_act(adviser(), found=found)
    return accounts.MovementFilter(asked["nature"], asked["du"], asked["au"], state.sort, state.descending, among)


def read_transactions(args: MultiDict[str, str], account_id: str) -> lists.ListState:
    """The state of the tab Transactions. Raises `NotFound` for an account that the adviser may not see."""
    accounts.get_ref(db_session(), adviser(), account_id)
    options = {
        "nature": transactions.lists.natures(db_session(), adviser(), account_id),
        "statut": transactions.lists.statuses(db_session(), adviser(), account_id),
        "lien": ((MATCHED, _("Avec un mouvement")), (ALONE, _("Sans mouvement"))),
    }
    return lists.state(TRANSACTIONS, args, options=options, where={"account_id": account_id})


def wanted_transactions(state: lists.ListState) -> transactions.lists.TransactionFilter:
    """What the book of record is asked for."""
    asked = state.values
    return transactions.lists.TransactionFilter(
        asked["nature"], asked["statut"], asked["du"], asked["au"], state.sort, state.descending, _found(state)
    )


def _found(state: lists.ListState) -> bool | None:
    """What the filter by acts and movements asks; None for both."""
    return {MATCHED: True, ALONE: False}.get(state.values.get("lien") or "")


def _count_movements(session: Any, state: lists.ListState, _only: Sequence[str]) -> int:
    return accounts.count_movements(session, state.where["account_id"], wanted_movements(state))


def _movements(session: Any, state: lists.ListState, _only: Sequence[str]) -> Iterable[Any]:
    for some in _at_a_time(accounts.every_movement(session, state.where["account_id"], wanted_movements(state))):
        acts = transactions.matching.acts_of(session, adviser(), [line.id for line in some])
        yield from (Moved(line, acts[line.id].act_label if line.id in acts else None) for line in some)


def _count_transactions(session: Any, state: lists.ListState, _only: Sequence[str]) -> int:
    return transactions.lists.count(session, adviser(), state.where["account_id"], wanted_transactions(state))


def _transactions(session: Any, state: lists.ListState, _only: Sequence[str]) -> Iterable[Any]:
    for some in _at_a_time(transactions.lists.every(session, adviser(), state.where["account_id"], wanted_transactions(state))):
        counts = transactions.matching.counts(session, [row.id for row in some])
        yield from (Made(row, counts.get(row.id, 0)) for row in some)


def _at_a_time(found: Iterator[Any]) -> Iterator[list[Any]]:
    while some := list(islice(found, _ONCE)):
        yield some


MOVEMENT_PAGES = lists.ListPages(MOVEMENTS, read_movements, _count_movements, _movements)
TRANSACTION_PAGES = lists.ListPages(TRANSACTIONS, read_transactions, _count_transactions, _transactions)
