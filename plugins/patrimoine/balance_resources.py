"""`/p/patrimoine/contacts/{contact_id}/balance`: a balance sheet for programs (PA-01, NX-02)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import wealth
from core.api.rest import Call
from core.api.rest import Resource
from core.api.wealth import Line
from core.api.web import hub
from core.api.web import own_context
from plugins.patrimoine import balance_schemas as shapes
from plugins.patrimoine import frames

BALANCE = Resource(
    "patrimoine_balance", _l("Bilan patrimonial"),
    _l("Ce qu'une personne, une société ou un foyer possède et doit, part par part."), plugin="patrimoine",
)  # fmt: skip


@BALANCE.get(
    "/p/patrimoine/contacts/{contact_id}/balance", _l("Lire un bilan"), shapes.BalanceOut, asks=shapes.BalanceQuery,
    scope="contacts:read", about=_l("À une date passée ou à ce jour. Ce qui n'est pas connu est null, et hors des totaux."),
)  # fmt: skip
def show(call: Call, contact_id: str) -> dict[str, Any]:
    """Patrimoine > Bilan."""
    found = wealth.balance(hub(), own_context("patrimoine"), call.session, call.adviser, contact_id, call.asked.get("on"))
    seen = set(frames.names({part.contact_id for line in found.lines for part in line.parts} | set(found.people)))
    return {
        "contact_id": contact_id, "on": found.on, "assets": found.assets(), "debts": found.debts(), "net": found.net(),
        "people": [
            {"contact_id": who, "assets": found.assets(who), "debts": found.debts(who), "net": found.net(who)}
            for who in found.people
        ],
        "lines": [_line(one, found.people, seen) for one in found.lines], "missing": list(found.missing),
    }  # fmt: skip


def _line(one: Line, people: tuple[str, ...], seen: set[str]) -> dict[str, Any]:
    item = one.item
    return {
        "key": item.key, "source": one.source, "label": item.label, "category": item.category, "debt": item.debt,
        "value": item.value, "currency": item.currency, "as_of": item.as_of, "origin": item.origin, "said_by": item.source,
        "counted": one.counted, "apart": one.apart, "common": one.common, "shared": one.shared,
        "parts": [
            {"contact_id": part.contact_id if part.contact_id in seen else "", "right": part.right, "share": part.share,
             "ratio": part.ratio, "why": part.why}
            for part in one.parts
        ],
        "amounts": [{"contact_id": who, "amount": one.amounts[who]} for who in people if who in one.amounts],
    }  # fmt: skip
