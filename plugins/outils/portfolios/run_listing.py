"""The list of a run's accounts; its file has a line an order, to be carried to wherever they are given (PF-09)."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core.api import lists
from core.api.web import adviser
from core.api.web import db_session
from plugins.outils.portfolios import orders
from plugins.outils.portfolios import runs
from plugins.outils.portfolios.orders import Order
from plugins.outils.portfolios.runs import Line

STATES: Mapping[str, Any] = {
    "todo": _l("À traiter"), "asked": _l("Préparé"), "done": _l("Fait"), "skipped": _l("Passé"), "excluded": _l("Écarté"),
}  # fmt: skip
SIDES: Mapping[str, Any] = {orders.OUT: _l("Désinvestir"), orders.IN: _l("Investir")}


@dataclass(frozen=True, slots=True)
class Row:
    """An account of a run; in a file, one of its orders."""

    line: Line
    order: Order | None = None


def _of_order(row: Row) -> Decimal | None:
    return row.order.amount if row.order else None


def _turned(row: Row) -> Decimal | None:
    return row.line.turned if row.line.orders else None


SPEC = lists.ListSpec(
    "modeles.arbitrages", _l("Lot d'arbitrages"), "p_outils.run", "accounts.view",
    (
        lists.ListColumn("compte", _l("Compte"), lambda row: row.line.account.title, sortable=True, fixed=True),
        lists.ListColumn("numero", _l("Numéro"), lambda row: row.line.account.number, only_export=True),
        lists.ListColumn("compagnie", _l("Compagnie"), lambda row: row.line.account.company, default=False),
        lists.ListColumn("titulaire", _l("Titulaire"), lambda row: ", ".join(one.name for one in row.line.account.holders)),
        lists.ListColumn("modele", _l("Modèle"), lambda row: f"{row.line.model}, v{row.line.version}"),
        lists.ListColumn("valeur", _l("Valeur des lignes"), lambda row: row.line.value, numeric=True),
        lists.ListColumn("montant", _l("À arbitrer"), _turned, sortable=True, numeric=True),
        lists.ListColumn("frais", _l("Frais d'arbitrage"), lambda row: row.line.fee, numeric=True),
        lists.ListColumn("etat", _l("État"), lambda row: str(STATES[row.line.state]), sortable=True),
        lists.ListColumn("pourquoi", _l("Raison"), lambda row: row.line.why),
        lists.ListColumn("sens", _l("Sens"), lambda row: str(SIDES[row.order.side]) if row.order else None, only_export=True),
        lists.ListColumn("support", _l("Support"), lambda row: row.order.label if row.order else None, only_export=True),
        lists.ListColumn("ordre", _l("Montant de l'ordre"), _of_order, only_export=True),
    ),
    (lists.ListFilter("etat", _l("État"), every=_l("État\u202f: tous")),), "etat",
)  # fmt: skip


def read(args: MultiDict[str, str], run_id: str) -> lists.ListState:
    """The list's state. Raises `NotFound` for the run."""
    runs.get(db_session(), run_id)
    return lists.state(SPEC, args, options={"etat": list(STATES.items())}, where={"run_id": run_id})


def found(session: Any, state: lists.ListState) -> list[Line]:
    """The accounts of the run that the person may see, filtered and in order."""
    every = runs.lines(session, adviser(), state.where["run_id"])
    asked, order = state.values["etat"], list(STATES)
    rows = [one for one in every if not asked or one.state == asked]
    if state.sort == "montant":
        rows.sort(key=lambda one: one.turned, reverse=state.descending)
    elif state.sort == "compte":
        rows.sort(key=lambda one: (one.account.title.casefold(), one.account.number), reverse=state.descending)
    else:
        rows.sort(key=lambda one: order.index(one.state), reverse=state.descending)
    return rows


def _each(session: Any, state: lists.ListState, only: Sequence[str]) -> Iterator[Row]:
    for one in found(session, state):
        if only and one.id not in only:
            continue
        yield from (Row(one, order) for order in one.orders) if one.orders else (Row(one),)


PAGES = lists.ListPages(
    SPEC, read, lambda session, state, only: sum(1 for _row in _each(session, state, only)),
    lambda session, state, only: list(_each(session, state, only)),
)  # fmt: skip
