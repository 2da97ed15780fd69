"""Acts typed on an account without a partner: prepared, corrected, executed, cancelled, taken back; as on the pages (PF-04)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _l

from core.accounts import lists
from core.db.errors import DomainError
from core.hooks.types import AccountAction
from core.links import account_links
from core.links import launch
from core.resources import typed_act_schemas as shapes
from core.resources.book import TRANSACTIONS
from core.rest.operations import Call
from core.rest.operations import Reply
from core.shell.gate import current_context
from core.shell.gate import hub
from core.transactions import surrender_facts
from core.transactions import typed
from core.transactions import typed_acts
from core.transactions.typed import Given
from core.transactions.typed_shapes import Leg

WRITE = "accounts:write"
_ONE = "/transactions/{typed_id}"
_RULES = _l("Une règle locale qui bloque l'acte le refuse\u202f; une mise en garde demande reason.")


@TRANSACTIONS.post(
    "/accounts/{account_id}/transactions", _l("Préparer un acte sur un compte sans partenaire"), shapes.TypedOut,
    takes=shapes.TypedNew, status=201, scope=WRITE, about=_RULES,
)  # fmt: skip
def typed_add(call: Call, account_id: str) -> Reply:
    """Nothing is written on the account yet."""
    given = _given(call, call.taken["act"])
    typed.preview(call.session, call.adviser, account_id, given)
    _allowed(call, account_id, given)
    made = typed.add(call.session, call.adviser, account_id, given, transaction_id=call.once or None)
    return Reply(_shown(call, made), f"/transactions/{made}/typed")


@TRANSACTIONS.get(f"{_ONE}/typed", _l("Lire un acte saisi"), shapes.TypedOut, scope="transactions:read")
def typed_show(call: Call, typed_id: str) -> Any:
    """With its lines and its version."""
    return _shown(call, typed_id)


@TRANSACTIONS.post(
    f"{_ONE}/typed", _l("Corriger un acte préparé"), shapes.TypedOut, takes=shapes.TypedChange, scope=WRITE, about=_RULES,
)  # fmt: skip
def typed_change(call: Call, typed_id: str) -> Any:
    """Whole: what is not sent is empty."""
    found = typed.get(call.session, call.adviser, typed_id)
    given = _given(call, found.ref.act)
    _allowed(call, found.ref.account_id, given)
    typed.change(call.session, call.adviser, typed_id, given, seen=call.taken.get("version") or "")
    return _shown(call, typed_id)


@TRANSACTIONS.post(
    f"{_ONE}/execute", _l("Marquer un acte exécuté"), shapes.TypedOut, takes=shapes.ExecuteIn, scope=WRITE,
    about=_l("Écrit ses mouvements, les lignes et la valeur du compte ensemble, une seule fois. Ce qui est inhabituel est "
             "refusé avec un code, tant que acknowledged ne le porte pas."),
)  # fmt: skip
def typed_execute(call: Call, typed_id: str) -> Any:
    """Once."""
    found = typed.get(call.session, call.adviser, typed_id)
    if found.ref.status == "initiated":
        _allowed(call, found.ref.account_id, found.given)
    seen, known = call.taken.get("version") or "", call.taken.get("acknowledged") or []
    typed.execute(call.session, call.adviser, typed_id, seen=seen, acknowledged=known)
    return _shown(call, typed_id)


@TRANSACTIONS.post(f"{_ONE}/cancel", _l("Annuler un acte préparé"), shapes.TypedOut, scope=WRITE)
def typed_cancel(call: Call, typed_id: str) -> Any:
    """Its history stays."""
    typed.cancel(call.session, call.adviser, typed_id)
    return _shown(call, typed_id)


@TRANSACTIONS.post(
    f"{_ONE}/take-back", _l("Revenir sur un acte exécuté ou annulé"), shapes.TypedOut, scope=WRITE,
    about=_l("Ce que l'exécution a écrit est retiré, sauf si on y a touché depuis."),
)  # fmt: skip
def typed_take_back(call: Call, typed_id: str) -> Any:
    """Prepared again."""
    typed.take_back(call.session, call.adviser, typed_id)
    return _shown(call, typed_id)


def _given(call: Call, act: str) -> Given:
    sent = call.taken
    legs = tuple(
        Leg(one["side"], one["support_id"], one.get("mode") or "amount", one.get("value"), one.get("price"))
        for one in sent.get("lines") or ()
    )
    return Given(act, sent["on"], sent.get("amount"), legs, sent.get("note") or "", sent.get("reason") or "")


def _allowed(call: Call, account_id: str, given: Given) -> None:
    act = typed_acts.ACTS[given.act]
    account = account_links.attach(call.session, [lists.get_ref(call.session, call.adviser, account_id)])[0]
    asked = AccountAction(act.code, act.label, nature=act.nature)
    launch.check(hub(), current_context(), call.session, account, asked, given.reason)


def _surrender(call: Call, found: typed.Act) -> Any:
    if found.ref.status != "initiated":
        return None
    try:
        effect = typed.preview(call.session, call.adviser, found.ref.account_id, found.given)
    except DomainError:
        return None  # it may only be read, or cannot be executed as it stands
    return surrender_facts.of_act(call.session, found.ref.account_id, found.given, effect)


def _shown(call: Call, typed_id: str) -> dict[str, Any]:
    found = typed.get(call.session, call.adviser, typed_id)
    return {
        "ref": {**asdict(found.ref), "notice": None}, "given": found.given, "version": found.version,
        "executed_on": found.execution.on if found.execution else None, "surrender": _surrender(call, found),
    }  # fmt: skip
