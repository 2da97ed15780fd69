"""`/p/patrimoine/budget-lines` and a contact's budget: what comes in and goes out, for programs (PA-02)."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api.db import today
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import also_reads
from core.api.web import own_context
from plugins.patrimoine import budget_kinds as kinds
from plugins.patrimoine import budget_schemas as shapes
from plugins.patrimoine import budget_writes
from plugins.patrimoine import budgets
from plugins.patrimoine.budget_sums import CENT
from plugins.patrimoine.budget_sums import Budget
from plugins.patrimoine.budget_sums import Line
from plugins.patrimoine.budgets import Found

READ, WRITE = "contacts:read", "contacts:write"
BUDGETS = Resource(
    "patrimoine_budget", _l("Budget"), _l("Revenus, charges et épargne des personnes et de leurs foyers."), plugin="patrimoine"
)
_BASE = "/p/patrimoine/budget-lines"
_DIGITS = Decimal("0.00000001")


@BUDGETS.get(_BASE, _l("Lister les lignes de budget"), shapes.BudgetLineOut, asks=shapes.BudgetLineQuery, paged=True, scope=READ)
def listed(call: Call) -> Slice[Line]:
    """Those of contacts that the owner sees; or those of a contact, whenever they count."""
    if who := call.asked.get("contact"):
        found = _found(call, who)
        return call.among([*found.budget.lines, *found.apart], lambda one: one.id)
    after = call.after[0] if call.after else None
    return call.page(budgets.following(call.session, call.adviser, after, size=call.more), lambda one: (one.id,))


@BUDGETS.post(
    _BASE, _l("Ajouter une ligne de budget"), shapes.BudgetLineOut, takes=shapes.BudgetLineNew, status=201, scope=WRITE,
    about=_l("Au budget d'une personne\u202f: un foyer additionne celui de ses membres."),
)  # fmt: skip
def create(call: Call) -> Reply:
    """As «Ajouter»."""
    made = budget_writes.create(call.session, call.adviser, Line(**call.taken), line_id=call.once or None)
    return Reply(show(call, made), f"{_BASE}/{made}")


@BUDGETS.get(f"{_BASE}/{{line_id}}", _l("Lire une ligne de budget"), shapes.BudgetLineOut, scope=READ)
def show(call: Call, line_id: str) -> Line:
    """One, whose reading is noted in its person's file, which the address does not name."""
    found = budgets.get(call.session, call.adviser, line_id)
    also_reads("contact", found.contact_id)
    return found


@BUDGETS.patch(
    f"{_BASE}/{{line_id}}", _l("Modifier une ligne de budget"), shapes.BudgetLineOut, takes=shapes.BudgetLinePatch, scope=WRITE,
    same="patrimoine_budget_show",
)  # fmt: skip
def change(call: Call, line_id: str) -> Line:
    """What was sent, and nothing else."""
    found = budgets.get(call.session, call.adviser, line_id)
    budget_writes.change(call.session, call.adviser, line_id, replace(found, **call.taken))
    return show(call, line_id)


@BUDGETS.delete(f"{_BASE}/{{line_id}}", _l("Retirer une ligne de budget"), scope=WRITE, same="patrimoine_budget_show")
def remove(call: Call, line_id: str) -> None:
    """It is no more in the budget."""
    budget_writes.remove(call.session, call.adviser, line_id)


@BUDGETS.get(
    "/p/patrimoine/contacts/{contact_id}/budget", _l("Lire le budget d'une personne ou d'un foyer"), shapes.BudgetOut,
    asks=shapes.BudgetQuery, scope=READ,
    about=_l("Montants par an. Ce qui n'est pas saisi est null\u202f: sans revenu saisi, le taux d'endettement n'existe pas."),
)  # fmt: skip
def whole(call: Call, contact_id: str) -> dict[str, Any]:
    """Patrimoine > Budget."""
    found = _found(call, contact_id)
    limit = kinds.threshold(found.budget.on)
    return {
        "on": found.budget.on, "sums": _sums(found.budget), "lines": found.budget.lines, "loans": found.budget.burdens,
        "members": [{"contact_id": key, "name": name, "sums": _sums(found.of(key))} for key, name in found.people.items()],
        "rents": found.budget.rents, "threshold": limit.share if limit else None, "incomplete": found.hidden,
        "threshold_source": limit.source if limit else "",
    }  # fmt: skip


def _found(call: Call, contact_id: str) -> Found:
    card = contacts.get_contact(call.session, call.adviser, contact_id)
    rents = Decimal(own_context("patrimoine").settings["rents"]) / 100
    return budgets.of_contact(call.session, call.adviser, card, call.asked.get("on") or today(), rents=rents)


def _sums(budget: Budget) -> dict[str, Any]:
    names = ("income", "charges", "savings", "capacity", "to_live_on", "burden", "beyond")
    counted = None if budget.counted is None else budget.counted.quantize(CENT, ROUND_HALF_UP)
    ratio = None if budget.ratio is None else budget.ratio.quantize(_DIGITS)
    made = {name: getattr(budget, name) for name in names}
    return {**made, "ratio": ratio, "counted": counted, "loans_unknown": bool(budget.unknown)}
