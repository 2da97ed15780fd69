"""The lists of an account's tabs Mouvements and Transactions: columns, filters, export (PF-05)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

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
MOVEMENTS = lists.ListSpec(
    "comptes.mouvements", _l("Mouvements"), "p_portefeuille.account_movements", "accounts.view",
    (
        lists.ListColumn("date", _l("Date"), lambda line: line.on, sortable=True, fixed=True),
        lists.ListColumn("libelle", _l("Libellé"), lambda line: line.label, sortable=True),
        lists.ListColumn("nature", _l("Nature"), lambda line: _KINDS.get(line.kind, line.kind)),
        lists.ListColumn("support", _l("Support"), lambda line: line.support),
        lists.ListColumn("quantite", _l("Quantité"), lambda line: line.quantity, numeric=True),
        lists.ListColumn("montant", _l("Montant"), lambda line: line.amount, sortable=True, numeric=True),
        lists.ListColumn("devise", _l("Devise"), lambda line: line.currency, only_export=True),
        lists.ListColumn("source", _l("Source"), lambda line: line.source),
    ),
    (*_PERIOD, lists.ListFilter("nature", _l("Nature"), every=_l("Nature\u202f: toutes"))), "date", descending=True,
)  # fmt: skip


def origin(row: TransactionRef) -> str:
    """Where a transaction comes from: the partner's name, or how it came in."""
    return frames.partner_name(row.plugin) or ORIGINS.get(row.origin, row.origin)


#: Partner links contribute the cells of «Statut», and may add columns of their own beside these, always shown.
TRANSACTIONS = lists.ListSpec(
    "comptes.transactions", _l("Transactions"), "p_portefeuille.account_transactions", "transactions.view",
    (
        lists.ListColumn("date", _l("Date"), lambda row: row.created_at, sortable=True, fixed=True),
        lists.ListColumn("type", _l("Type"), lambda row: row.act_label, sortable=True, fixed=True),
        lists.ListColumn("montant", _l("Montant"), lambda row: row.amount, sortable=True, numeric=True),
        lists.ListColumn("origine", _l("Origine"), origin),
        lists.ListColumn("reference", _l("Réf. partenaire"), lambda row: row.partner_ref),
        lists.ListColumn("statut", _l("Statut"), lambda row: row.status_label),
        lists.ListColumn("devise", _l("Devise"), lambda row: row.currency, only_export=True),
    ),
    (
        *_PERIOD, lists.ListFilter("nature", _l("Nature"), every=_l("Nature\u202f: toutes")),
        lists.ListFilter("statut", _l("Statut"), every=_l("Statut\u202f: tous")),
    ), "date", descending=True,
)  # fmt: skip


def read_movements(args: MultiDict[str, str], account_id: str) -> lists.ListState:
    """The state of the tab Mouvements. Raises `NotFound` for an account that the adviser may not see."""
    accounts.get_ref(db_session(), adviser(), account_id)
    options = {"nature": accounts.movement_kinds(db_session(), account_id)}
    return lists.state(MOVEMENTS, args, options=options, where={"account_id": account_id})


def wanted_movements(state: lists.ListState) -> accounts.MovementFilter:
    """What the book of record is asked for."""
    asked = state.values
    return accounts.MovementFilter(asked["nature"], asked["du"], asked["au"], state.sort, state.descending)


def read_transactions(args: MultiDict[str, str], account_id: str) -> lists.ListState:
    """The state of the tab Transactions. Raises `NotFound` for an account that the adviser may not see."""
    accounts.get_ref(db_session(), adviser(), account_id)
    options = {
        "nature": transactions.lists.natures(db_session(), adviser(), account_id),
        "statut": transactions.lists.statuses(db_session(), adviser(), account_id),
    }
    return lists.state(TRANSACTIONS, args, options=options, where={"account_id": account_id})


def wanted_transactions(state: lists.ListState) -> transactions.lists.TransactionFilter:
    """What the book of record is asked for."""
    asked = state.values
    return transactions.lists.TransactionFilter(
        asked["nature"], asked["statut"], asked["du"], asked["au"], state.sort, state.descending
    )


def _count_movements(session: Any, state: lists.ListState, _only: Sequence[str]) -> int:
    return accounts.count_movements(session, state.where["account_id"], wanted_movements(state))


def _movements(session: Any, state: lists.ListState, _only: Sequence[str]) -> Iterable[Any]:
    return accounts.every_movement(session, state.where["account_id"], wanted_movements(state))


def _count_transactions(session: Any, state: lists.ListState, _only: Sequence[str]) -> int:
    return transactions.lists.count(session, adviser(), state.where["account_id"], wanted_transactions(state))


def _transactions(session: Any, state: lists.ListState, _only: Sequence[str]) -> Iterable[Any]:
    return transactions.lists.every(session, adviser(), state.where["account_id"], wanted_transactions(state))


MOVEMENT_PAGES = lists.ListPages(MOVEMENTS, read_movements, _count_movements, _movements)
TRANSACTION_PAGES = lists.ListPages(TRANSACTIONS, read_transactions, _count_transactions, _transactions)
