"""PLP §5: the answer to «what is open on this contract for this adviser, now»."""

from __future__ import annotations

from typing import Any

from . import book
from . import ledger
from . import rules
from . import wire
from .documents import Asked
from .gate import Caller
from .mandates import Mandate
from .problems import Problem
from .rules import Decision
from .world import World

_SCHEME = "contract-number"
_TTL_S = 60


def answer(world: World, caller: Caller, mandate: Mandate, asked: Asked) -> dict[str, Any]:
    """The whole list, from the book. Raises `Problem` (PLP-048)."""
    if asked.adviser != caller.sub or asked.broker_code != mandate.broker_code:
        raise Problem("adviser-not-mandated", "conseiller ou code courtier autres que ceux du mandat")
    with world.store.read() as connection:
        contract = book.contract_of(connection, mandate.broker_code, asked.ref)
        if contract is None or asked.scheme != _SCHEME:
            raise Problem("account-unknown", "aucun contrat de ce numéro sous ce code courtier")
        pending = ledger.pending_on(connection, contract.id)
    decisions = rules.evaluate(contract, pending, world.clock.today(), mandate.scopes)
    return {
        "account_ref": asked.ref,
        "evaluated_at": wire.timestamp(world.clock.now()),
        "ttl_s": _TTL_S,
        "decision_id": wire.new_id("dec"),
        "actions": [_item(decision) for decision in decisions],
    }


def _item(decision: Decision) -> dict[str, Any]:
    act = decision.act
    item: dict[str, Any] = {"code": act.code, "label": act.label, "nature": act.nature}
    if decision.reason is not None:
        reason = decision.reason
        item["state"] = "denied"
        item["reason"] = {"code": reason.code, "text": reason.text, "ref": reason.ref, "until": None}
        return item
    item["state"] = "allowed"
    item["accepts_prefill"] = act.accepts_prefill
    limits = {"min": decision.limits.minimum, "max": decision.limits.maximum}
    bounds = {name: wire.decimal_text(cents) for name, cents in limits.items() if cents is not None}
    if bounds:
        item["limits"] = {**bounds, "currency": "EUR"}
    return item
