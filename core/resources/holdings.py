"""`/accounts/{id}/movements` and `/valuations`: what a program writes down of an account (PF-05, PF-08)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from core.accounts import holdings
from core.accounts import lists
from core.accounts.movements import KINDS
from core.accounts.schemas import MovementLine
from core.accounts.schemas import ValuationLine
from core.db.clock import today
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.performance.flows import OUTGOING
from core.resources import account_schemas
from core.resources import holding_schemas as shapes
from core.resources.accounts import ACCOUNTS
from core.rest.operations import Call
from core.rest.operations import Reply
from core.supports import lists as supports

WRITE = "accounts:write"
#: Letters of a source.
_MOST = 60


@ACCOUNTS.post(
    "/accounts/{account_id}/movements", _l("Ajouter un mouvement à un compte"), account_schemas.MovementOut,
    takes=shapes.MovementNew, scope=WRITE, status=201, about=_l(
        "Le montant est positif pour ce qui entre sur le compte, négatif pour ce qui en sort. Le jeton est noté comme source."
    ),
)  # fmt: skip
def movements_add(call: Call, account_id: str) -> Reply:
    """In the account's currency; what leaves by its nature is written down so."""
    ref = lists.get_ref(call.session, call.adviser, account_id)
    kind, amount = call.taken["kind"], call.taken["amount"]
    if not amount:
        raise DomainError("Un mouvement a un montant\u202f: indiquez-en un autre que zéro.", field="amount")
    if kind in OUTGOING:
        amount = -abs(amount)
    label, support_id = (call.taken.get("label") or "").strip() or KINDS[kind], call.taken.get("support_id") or None
    support = _support(call, support_id) if support_id else None
    made = holdings.add_movement(
        call.session, call.adviser, account_id, on=call.taken["on"], kind=kind, label=label, amount=amount,
        source=_source(call), support_id=support_id, currency=ref.currency, movement_id=call.once,
    )  # fmt: skip
    line = MovementLine(made, call.taken["on"], kind, label, amount, None, ref.currency, _source(call), support)
    return Reply(line, f"/accounts/{account_id}/movements")


@ACCOUNTS.post(
    "/accounts/{account_id}/valuations", _l("Noter la valorisation d'un compte"), account_schemas.ValuationOut,
    takes=shapes.ValuationNew, scope=WRITE, status=201, about=_l(
        "Une par jour\u202f: celle du même jour est remplacée. La plus récente devient la valeur du compte."
    ),
)  # fmt: skip
def valuations_add(call: Call, account_id: str) -> Reply:
    """One a day; the journal keeps what was said before."""
    ref = lists.get_ref(call.session, call.adviser, account_id)
    on, value = call.taken["on"], call.taken["value"]
    paid: Decimal | None = call.taken.get("net_payments")
    holdings.put_valuation(call.session, call.adviser, account_id, on, value, _source(call), paid)
    shown: dict[str, Any] = {"line": ValuationLine(on, value, paid, _source(call)), "currency": ref.currency}
    return Reply(shown, f"/accounts/{account_id}/valuations")


def _source(call: Call) -> str:
    return f"API, jeton {call.token}"[:_MOST]


def _support(call: Call, support_id: str) -> str:
    try:
        return supports.card(call.session, support_id, on=today()).line.label
    except NotFound as error:
        raise DomainError(error.text, field="support_id") from error
