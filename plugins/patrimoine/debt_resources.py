"""`/p/patrimoine/debts`: what people owe beside loans, and the sureties that they gave, for programs (PA-01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import also_reads
from plugins.patrimoine import debt_schemas as shapes
from plugins.patrimoine import debt_writes
from plugins.patrimoine import debts
from plugins.patrimoine.asset_schemas import ByContact
from plugins.patrimoine.asset_terms import Debt
from plugins.patrimoine.asset_terms import DebtTerms
from plugins.patrimoine.asset_terms import Owner

READ, WRITE = "contacts:read", "contacts:write"
DEBTS = Resource(
    "patrimoine_debts", _l("Dettes"), _l("Dettes des contacts hors prêts, et cautions données."), plugin="patrimoine"
)
_BASE = "/p/patrimoine/debts"
_ONE = f"{_BASE}/{{debt_id}}"


@DEBTS.get(_BASE, _l("Lister les dettes"), shapes.DebtOut, asks=ByContact, paged=True, scope=READ)
def listed(call: Call) -> Slice[Debt]:
    """Those that somebody owes whom the owner of the token sees; or those of a contact."""
    if who := call.asked.get("contact"):
        contacts.get_contact(call.session, call.adviser, who)
        return call.among(debts.of_contact(call.session, call.adviser, who), lambda one: one.id)
    after = call.after[0] if call.after else None
    return call.page(debts.following(call.session, call.adviser, after, size=call.more), lambda one: (one.id,))


@DEBTS.post(_BASE, _l("Ajouter une dette"), shapes.DebtOut, takes=shapes.DebtNew, status=201, scope=WRITE)
def create(call: Call) -> Reply:
    """As «Ajouter une dette»."""
    given = dict(call.taken)
    owners = _owners(given.pop("owners"))
    made = debt_writes.create(call.session, call.adviser, DebtTerms(**given), owners, debt_id=call.once or None)
    return Reply(show(call, made), f"{_BASE}/{made}")


@DEBTS.get(_ONE, _l("Lire une dette"), shapes.DebtOut, scope=READ)
def show(call: Call, debt_id: str) -> Debt:
    """One, its reading noted in the files of those who owe it."""
    found = debts.get(call.session, call.adviser, debt_id)
    for one in found.owners:
        if one.visible:
            also_reads("contact", one.contact_id)
    return found


@DEBTS.patch(_ONE, _l("Modifier une dette"), shapes.DebtOut, takes=shapes.DebtPatch, scope=WRITE, same="patrimoine_debts_show")
def change(call: Call, debt_id: str) -> Debt:
    """What was sent, and nothing else."""
    found, given = debts.get(call.session, call.adviser, debt_id), dict(call.taken)
    owners = _owners(given.pop("owners")) if "owners" in given else list(found.owners)
    debt_writes.change(call.session, call.adviser, debt_id, replace(found.terms, **given), owners)
    return show(call, debt_id)


@DEBTS.post(f"{_ONE}/settle", _l("Solder une dette"), shapes.DebtOut, takes=shapes.SettleIn, scope=WRITE)
def settle(call: Call, debt_id: str) -> Debt:
    """It is owed no more."""
    debt_writes.settle(call.session, call.adviser, debt_id, call.taken["on"])
    return show(call, debt_id)


@DEBTS.post(f"{_ONE}/reopen", _l("Rouvrir une dette"), shapes.DebtOut, scope=WRITE)
def reopen(call: Call, debt_id: str) -> Debt:
    """It is owed after all."""
    debt_writes.reopen(call.session, call.adviser, debt_id)
    return show(call, debt_id)


def _owners(given: list[Mapping[str, Any]]) -> list[Owner]:
    return [Owner(one["contact_id"], one["share"]) for one in given]
