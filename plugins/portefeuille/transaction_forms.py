"""The form of an act: its day, its amount, its lines; what was typed is read into an act of the book of record (PF-04)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import accounts
from core.api import transactions
from core.api.db import TenantSession
from core.api.db import today
from core.api.forms import Form
from core.api.forms import fields
from plugins.portefeuille import line_forms

#: Lines that the form has room for.
ROWS = transactions.typed_shapes.MOST_LEGS
ROW = ("side", "support", "mode", "value", "price")
_acts = transactions.typed_acts
Leg = transactions.typed_shapes.Leg
_ASIDE = ("dividende", "coupon", "frais")
MODES = {"amount": _l("Montant"), "units": _l("Quantité"), "percent": _l("Pourcentage"), "all": _l("Tout, ou le reste")}
SIDES = {_acts.OUT: _l("Désinvestir"), _acts.IN: _l("Investir")}


def _row(n: int) -> dict[str, Any]:
    numbered = {"inputmode": "decimal"}
    return {
        f"side_{n}": fields.choice(_l("Sens %(n)s", n=n), SIDES),
        f"support_{n}": fields.line(_l("Support %(n)s", n=n), 200, autocomplete="off"),
        f"mode_{n}": fields.choice(_l("Mode %(n)s", n=n), MODES),
        f"value_{n}": line_forms.Units(load_default=None, metadata={"label": _l("Valeur %(n)s", n=n), **numbered}),
        f"price_{n}": line_forms.Price(load_default=None, metadata={"label": _l("Cours %(n)s", n=n), **numbered}),
    }


_FIELDS: dict[str, Any] = {
    "on": fields.day(
        _l("Date de l'opération"), missing=_l("Saisissez la date de l'opération."),
        help=_l("Celle de l'avis d'opéré ou du relevé\u202f; à venir, elle se prépare seulement."),
    ),
    "amount": fields.amount(_l("Montant"), missing=_l("Saisissez le montant.")),
    "note": fields.line(_l("Commentaire"), 200),
    "reason": fields.line(
        _l("Motif, si une règle demande de passer outre"), 200,
        help=_l("Par exemple l'accord écrit du créancier nanti, avec sa date. Il est gardé au journal."),
    ),
    **{name: one for n in range(1, ROWS + 1) for name, one in _row(n).items()},
}  # fmt: skip
TypedForm: type[Form] = type("TypedForm", (Form,), {"__doc__": "An act that is typed.", **_FIELDS})


def schema(act: transactions.typed_acts.TypedAct) -> Form:
    """The form of this act: without what it does not ask."""
    lines = {
        "side": len(act.sides) > 1, "support": bool(act.sides), "mode": bool(act.sides) and act.code not in _ASIDE,
        "value": bool(act.sides) and act.code not in _ASIDE, "price": bool(act.sides) and act.code != "frais",
    }  # fmt: skip
    room = 1 if act.code in _ASIDE else ROWS
    gone = [f"{name}_{n}" for n in range(1, ROWS + 1) for name, asked in lines.items() if not asked or n > room]
    return TypedForm(exclude=[*([] if act.asks else ["amount"]), *gone])


def begun(act: transactions.typed_acts.TypedAct, held: Sequence[accounts.PositionLine]) -> dict[str, Any]:
    """What an empty form begins with: today, and the lines held where the act takes from them."""
    found: dict[str, Any] = {"on": today()}
    if act.code not in ("rachat_partiel", "arbitrage", "vente"):
        return found
    room = ROWS - 4 if act.code == "arbitrage" else ROWS
    for n, one in enumerate(held[:room], 1):
        found |= {f"side_{n}": _acts.OUT, f"support_{n}": one.isin or one.label, f"mode_{n}": "amount"}
    return found


def used(act: transactions.typed_acts.TypedAct, values: Mapping[str, Any], asked: int = 0) -> int:
    """How many rows are shown: those with something in them, and one more; as many as were asked for."""
    if not act.sides:
        return 0
    if act.code in _ASIDE:
        return 1
    filled = max((n for n in range(1, ROWS + 1) if any(values.get(f"{name}_{n}") for name in ("support", "value"))), default=0)
    return min(ROWS, max(filled + (0 if asked else 1), asked, len(act.sides)))


def without(values: Mapping[str, Any], gone: int) -> dict[str, Any]:
    """What was typed, without one row: those below move up."""
    kept = dict(values)
    for name in ROW:
        for n in range(gone, ROWS + 1):
            kept[f"{name}_{n}"] = values.get(f"{name}_{n + 1}", "")
    return kept


def read(
    session: TenantSession, act: transactions.typed_acts.TypedAct, values: Mapping[str, Any], currency: str, actor: str
) -> tuple[transactions.typed.Given, dict[int, int], dict[str, str]]:
    """The act that was typed, the row of each of its lines, and what is wrong, by field."""
    legs, rows, errors = list[Leg](), dict[int, int](), dict[str, str]()
    for n in range(1, ROWS + 1) if act.sides else ():
        text, value, price = (values.get(f"{name}_{n}") for name in ("support", "value", "price"))
        mode = values.get(f"mode_{n}") or "amount"
        side = values.get(f"side_{n}") or (act.sides[0] if len(act.sides) == 1 else None)
        if not text:
            if value is not None or price is not None:
                errors[f"support_{n}"] = _("Dites de quel support est cette ligne.")
            continue
        if act.code in _ASIDE:
            mode, value = "amount", values.get("amount")
        elif value is None and mode != "all":
            # a line that is held stands there to be chosen
            if side != _acts.OUT or price is not None:
                errors[f"value_{n}"] = _("Saisissez une valeur pour cette ligne, ou retirez-la.")
            continue
        if side is None:
            errors[f"side_{n}"] = _("Choisissez le sens de cette ligne.")
            continue
        support_id = line_forms.support(session, text, currency, actor)
        if support_id is None:
            errors[f"support_{n}"] = _("Aucun support ne porte ce code ou ce libellé\u202f: saisissez son code ISIN.")
            continue
        legs.append(Leg(side, support_id, mode, value if mode != "all" else None, price))
        rows[len(legs)] = n
    given = transactions.typed.Given(
        act.code, values["on"], values.get("amount"), tuple(legs), values.get("note") or "", values.get("reason") or ""
    )
    return given, rows, errors


def placed(field: str | None, rows: Mapping[int, int], known: Mapping[str, Any]) -> str:
    """The form's field of a fault, from the place of the act's line."""
    name, _sep, place = (field or "").rpartition("_")
    if place.isdecimal() and len(place) < 4 and name in ROW:
        row = rows.get(int(place), int(place))
        return next((one for one in (f"{name}_{row}", f"support_{row}") if one in known), "")
    return field if field is not None and field in known else ""


def shown(given: transactions.typed.Given, names: Mapping[str, transactions.typed_shapes.Named]) -> dict[str, Any]:
    """A typed act as the form has it."""
    found: dict[str, Any] = {"on": given.on, "amount": given.amount, "note": given.note, "reason": given.reason}
    for n, leg in enumerate(given.legs, 1):
        named = names.get(leg.support_id)
        found |= {
            f"side_{n}": leg.side, f"support_{n}": (named.isin or named.label) if named else leg.support_id,
            f"mode_{n}": leg.mode, f"value_{n}": leg.value, f"price_{n}": leg.price,
        }  # fmt: skip
    return found
