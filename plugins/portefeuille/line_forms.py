"""The form of an account's lines: a support by ISIN, code or label; quantity and price, or an amount (domain.md §2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import accounts
from core.api import supports
from core.api.db import TenantSession
from core.api.formats import number
from core.api.forms import Form
from core.api.forms import fields
from core.api.forms import inputs

#: Lines that the form has room for.
ROWS = 12


class Units(fields.Amount):
    """A number of units, with up to six decimals (domain.md §2)."""

    parse = staticmethod(partial(inputs.amount, decimals=6))

    def shown(self, value: Decimal) -> str:
        return number(value, 6).rstrip("0").rstrip(",")


class Price(fields.Amount):
    """A price, with up to four decimals."""

    parse = staticmethod(partial(inputs.amount, decimals=4))

    def shown(self, value: Decimal) -> str:
        return number(value, 4)


def _row(n: int) -> dict[str, Any]:
    numbered = {"inputmode": "decimal"}
    return {
        f"support_{n}": fields.line(_l("Support %(n)s", n=n), 200, autocomplete="off"),
        f"quantity_{n}": Units(load_default=None, metadata={"label": _l("Quantité %(n)s", n=n), **numbered}),
        f"price_{n}": Price(load_default=None, metadata={"label": _l("Cours %(n)s", n=n), **numbered}),
        f"value_{n}": fields.amount(_l("Montant %(n)s", n=n)),
    }


_FIELDS: dict[str, Any] = {
    "on": fields.day(_l("Au"), missing=_l("Saisissez la date de ces lignes."), past=True),
    **{name: one for n in range(1, ROWS + 1) for name, one in _row(n).items()},
}  # fmt: skip
LinesForm: type[Form] = type("LinesForm", (Form,), {"__doc__": "All lines of a day.", **_FIELDS})


def read(
    session: TenantSession, values: Mapping[str, Any], currency: str, actor: str
) -> tuple[list[accounts.NewPosition], dict[str, str]]:
    """The lines that were typed, and what is wrong, by field."""
    found, errors = list[accounts.NewPosition](), dict[str, str]()
    on: date = values["on"]
    for n in range(1, ROWS + 1):
        text, quantity, price, value = (values.get(f"{name}_{n}") for name in ("support", "quantity", "price", "value"))
        if not text:
            if any(one is not None for one in (quantity, price, value)):
                errors[f"support_{n}"] = _("Dites de quel support est cette ligne.")
            continue
        if (quantity is None) != (price is None):
            lacking = f"price_{n}" if price is None else f"quantity_{n}"
            errors[lacking] = _("Saisissez la quantité et le cours, ou le montant seul.")
        if value is None and quantity is not None and price is not None:
            value = accounts.values_by_hand.worth(quantity, price)
        if value is None:
            errors.setdefault(f"value_{n}", _("Saisissez le montant de cette ligne."))
        support_id = support(session, text, currency, actor)
        if support_id is None:
            errors[f"support_{n}"] = _("Aucun support ne porte ce code ou ce libellé\u202f: saisissez son code ISIN.")
        if value is not None and support_id is not None:
            day = on if price is not None else None
            found.append(accounts.NewPosition(support_id, value, quantity, price, day, None, currency))
    return found, errors


def support(session: TenantSession, text: str, currency: str, actor: str) -> str | None:
    """The cabinet's support that a text names, made from the catalogue on first use; None for none."""
    code = text.replace(" ", "").upper()
    known = supports.naming.supports(session, [code], [text.strip(), code], labels=True)
    one = known.by_isin.get(code) or known.by_code.get(text.strip()) or known.by_code.get(code)
    one = one or known.by_label.get(supports.naming.folded(text))
    return supports.support_for(session, isin=one.isin, code=one.code, currency=currency, actor=actor) if one else None


def shown(held: Sequence[accounts.PositionLine]) -> dict[str, Any]:
    """The last lines known, as the form has them."""
    found: dict[str, Any] = {}
    for n, one in enumerate(held[:ROWS], 1):
        found |= {f"support_{n}": one.isin or one.label, f"quantity_{n}": one.quantity, f"price_{n}": one.price}
        found[f"value_{n}"] = one.value if one.quantity is None else None
    return found
