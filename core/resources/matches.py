"""Which act a movement is of: proposals, and a person's word; as on the pages (PF-05)."""

from __future__ import annotations

from dataclasses import asdict
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from core.accounts import lists
from core.hooks.types import TransactionRef
from core.resources import match_schemas as shapes
from core.resources.accounts import ACCOUNTS
from core.resources.book import TRANSACTIONS
from core.rest.operations import Call
from core.transactions import matching

READ, WRITE = "transactions:read", "accounts:write"
_PAIR = "/transactions/{transaction_id}/movements/{movement_id}"


@ACCOUNTS.get(
    "/accounts/{account_id}/matches", _l("Lire les rapprochements d'un compte"), shapes.MatchesOut, scope=READ,
    about=_l("Entre les mouvements reçus et les actes demandés ou exécutés\u202f: proposés avec leurs raisons, puis décidés."),
)  # fmt: skip
def matches(call: Call, account_id: str) -> dict[str, Any]:
    """Proposed and decided."""
    lists.get_ref(call.session, call.adviser, account_id)
    proposed = matching.proposals(call.session, call.adviser, account_id)
    decided = matching.decided(call.session, call.adviser, account_id)
    return {
        "proposed": [
            {"act": _act(one.act), "movement": one.movement, "proposal": one.proposal, "aside": one.aside} for one in proposed
        ],
        "decided": [
            {
                "state": one.state, "act": _act(one.act), "movement": one.movement, "score": one.score, "reasons": one.reasons,
                "aside": one.aside, "who": one.who, "at": one.at,
            }
            for one in decided
        ],
    }  # fmt: skip


@TRANSACTIONS.post(
    f"{_PAIR}/confirm", _l("Confirmer qu'un mouvement est celui d'un acte"), shapes.MatchDoneOut, scope=WRITE,
    about=_l(
        "Tel qu'il est proposé. Aucun statut ne change. Ce que l'acte avait écrit lui-même, et que ce mouvement redit, "
        "est retiré, et revient si la parole est reprise."
    ),
)  # fmt: skip
def match_confirm(call: Call, transaction_id: str, movement_id: str) -> Any:
    """Once."""
    return _done(call, transaction_id, changed=matching.confirm(call.session, call.adviser, transaction_id, movement_id))


@TRANSACTIONS.post(
    f"{_PAIR}/refuse", _l("Dire qu'un mouvement n'est pas celui d'un acte"), shapes.MatchDoneOut, scope=WRITE,
    about=_l("Il n'est plus proposé pour cet acte."),
)  # fmt: skip
def match_refuse(call: Call, transaction_id: str, movement_id: str) -> Any:
    """No more proposed."""
    return _done(call, transaction_id, changed=matching.refuse(call.session, call.adviser, transaction_id, movement_id))


@TRANSACTIONS.post(f"{_PAIR}/undo", _l("Reprendre ce qui a été dit d'un mouvement"), shapes.MatchDoneOut, scope=WRITE)
def match_undo(call: Call, transaction_id: str, movement_id: str) -> Any:
    """As if nothing had been said."""
    return _done(call, transaction_id, changed=matching.undo(call.session, call.adviser, transaction_id, movement_id))


def _done(call: Call, transaction_id: str, *, changed: bool) -> dict[str, Any]:
    mine = matching.movements_of(call.session, transaction_id)
    return {"changed": changed, "movements": [replace(line, transaction_id=transaction_id) for line, _state in mine]}


def _act(act: TransactionRef) -> dict[str, Any]:
    return {**asdict(act), "notice": None}
