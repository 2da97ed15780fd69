"""A statement's figures for programs: the file `releve.json` inside its PDF, and what the API answers (docs/statements.md).

Decimal numbers are texts, so that nothing is lost of them; days are ISO 8601. What is not known is null.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from plugins.portefeuille.statements.figures import AXES
from plugins.portefeuille.statements.figures import Held
from plugins.portefeuille.statements.figures import Moved
from plugins.portefeuille.statements.figures import Statement

#: What the file says it is. A member that is added keeps the version; one that changes its meaning does not.
FORMAT, VERSION = "encours-releve", 1
CURRENCY = "EUR"


def plain(found: Statement) -> dict[str, Any]:
    """The figures, as Python has them: days, decimals."""
    return {
        "format": FORMAT, "version": VERSION, "on": found.wanted.on, "since": found.wanted.since, "made_on": found.made,
        "contact": {"id": found.contact.id, "name": found.contact.name, "kind": found.contact.line.kind},
        "currency": CURRENCY, "total": found.situation.total, "oldest": found.situation.oldest, "newest": found.situation.newest,
        "accounts": [_account(one) for one in found.accounts],
        "apart": [{"account_id": one.account.id, "label": one.account.label, "why": one.why} for one in found.situation.apart],
        "shares": [
            {"axis": axis, "code": one.code, "label": one.label, "value": one.value, "share": one.share}
            for axis in AXES for one in found.situation.slices(axis)
        ],
        "movements": [_moved(one) for one in found.movements], "performance": _performance(found),
    }  # fmt: skip


def written(found: Statement) -> bytes:
    """The same as UTF-8 JSON, in one order: the same figures are the same bytes."""
    return json.dumps(plain(found), ensure_ascii=False, indent=1, default=_text).encode()


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def _account(one: Held) -> Mapping[str, Any]:
    ref = one.account
    return {
        "id": ref.id, "company": ref.company, "envelope": ref.envelope, "title": ref.title, "number": ref.number,
        "pledged": ref.pledged, "part": one.part, "value": one.value, "share": one.share, "on": one.on, "source": one.source,
        "lines": [
            {
                "label": line.label, "support_id": line.support_id, "isin": line.isin, "quantity": line.quantity,
                "price": line.price, "price_on": line.price_on, "value": line.value, "share": line.share, "on": line.on,
            }
            for line in one.lines
        ],
    }  # fmt: skip


def _moved(one: Moved) -> Mapping[str, Any]:
    return {
        "account_id": one.account.id, "on": one.on, "kind": one.kind, "label": one.label, "support": one.support,
        "amount": one.amount, "currency": one.currency, "source": one.source,
    }  # fmt: skip


def _performance(found: Statement) -> Mapping[str, Any]:
    """Amounts and ratios of the measure; null where it could not be made, and `notes` say why."""
    one = found.measure
    return {
        "known": one.known, "begin": one.begin, "finish": one.finish, "start": one.start, "end": one.end,
        "contributions": one.contributions, "gain": one.gain, "twr": _ratio(one.twr), "twr_year": _ratio(one.twr_year),
        "xirr": _ratio(one.xirr), "volatility": _ratio(one.volatility), "max_drawdown": _ratio(one.max_drawdown),
        "convention": one.convention, "notes": list(one.notes),
    }  # fmt: skip


def _ratio(value: float | None) -> Decimal | None:
    """Six decimals: ten times finer than what is shown."""
    return None if value is None else Decimal(str(round(value, 6)))
