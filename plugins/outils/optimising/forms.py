"""The form of an optimisation: what is sought, then rows of supports with their bounds (PF-09)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from typing import ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import supports
from core.api.db import TenantSession
from core.api.forms import Form
from core.api.forms import fields
from plugins.outils.optimising import shapes
from plugins.outils.portfolios.shapes import Portfolio
from plugins.outils.rows import Rows

ROWS = Rows(("support", "low", "high"), shapes.MOST, shapes.LEAST)
PERIODS: Mapping[str, Any] = {"1": _l("1 an"), "3": _l("3 ans"), "5": _l("5 ans")}
#: The period with which the form opens.
USUAL = 3


def _row(n: int) -> dict[str, Any]:
    return {
        f"support_{n}": fields.line(_l("Support %(n)s", n=n), 200, autocomplete="off", group="lines"),
        f"low_{n}": fields.percent(_l("Plancher %(n)s", n=n), placeholder="0", group="lines"),
        f"high_{n}": fields.percent(_l("Plafond %(n)s", n=n), placeholder="100", group="lines"),
    }


class _WishForm(Form):
    """What is sought."""

    groups: ClassVar[Mapping[str, Any]] = {"what": _l("Ce qui est recherché"), "lines": _l("Supports et bornes")}

    goal = fields.choice(
        _l("Objectif"), shapes.GOALS, missing=_l("Choisissez un objectif."), group="what",
        help=_l("La frontière efficiente est tracée dans tous les cas."),
    )  # fmt: skip
    risk = fields.percent(
        _l("Risque cible, par an"), group="what", when=("goal", ("CIBLE",)), help=_l("Volatilité annualisée à ne pas dépasser."),
    )  # fmt: skip
    years = fields.choice(
        _l("Historique"), PERIODS, missing=_l("Choisissez une période."), group="what",
        help=_l("Rendements hebdomadaires si tous les supports ont un cours chaque semaine, sinon mensuels."),
    )  # fmt: skip
    keep = fields.flag(
        _l("Garder le poids des lignes du modèle qui ne sont pas ci-dessous"), group="what",
        help=_l("Par exemple un fonds en euros, qui n'a pas de cours\u202f: le reste du modèle est réparti."),
    )  # fmt: skip


WishForm: type[Form] = type(
    "WishForm", (_WishForm,),
    {"__doc__": "An optimisation with its rows.", **{name: one for n in ROWS.numbers for name, one in _row(n).items()}},
)  # fmt: skip


def begun(model: Portfolio, priced: list[str]) -> dict[str, Any]:
    """A form as it opens: the model's lines that have prices, without bounds."""
    values: dict[str, Any] = {"goal": "VARIANCE", "years": str(USUAL), "keep": True}
    lines = [line for line in model.version.lines if line.support_id in priced]
    for n, line in enumerate(lines, 1):
        values[f"support_{n}"] = line.isin or line.code or line.label
    return values


def read(
    session: TenantSession, values: Mapping[str, Any], actor: str
) -> tuple[shapes.Wish, dict[int, int], dict[str, str]]:
    """What was typed, the row of each of its lines, and what is wrong, by field."""
    lines, rows, errors = list[shapes.Line](), dict[int, int](), dict[str, str]()
    for n in ROWS.numbers:
        text, low, high = (values.get(f"{name}_{n}") for name in ROWS.names)
        if not text:
            if low is not None or high is not None:
                errors[f"support_{n}"] = _("Dites de quel support sont ces bornes, ou retirez la ligne.")
            continue
        support_id = supports.naming.support(session, text, actor)
        if support_id is None:
            errors[f"support_{n}"] = _("Aucun support ne porte ce code ou ce libellé\u202f: saisissez son code ISIN.")
            continue
        lines.append(shapes.Line(support_id, _ratio(low, shapes.ZERO), _ratio(high, shapes.ONE)))
        rows[len(lines)] = n
    risk = values.get("risk") if values["goal"] == "CIBLE" else None
    keep = bool(values.get("keep"))
    wish = shapes.Wish(tuple(lines), int(values["years"]), values["goal"], None if risk is None else risk / 100, keep)
    return wish, rows, errors


def _ratio(typed: Decimal | None, usual: Decimal) -> Decimal:
    return usual if typed is None else typed / 100


def again(found: shapes.Optimisation) -> dict[str, Any]:
    """The form of one that was asked, to ask another like it."""
    wish = found.wish
    values: dict[str, Any] = {
        "goal": wish.goal, "years": str(wish.years), "keep": wish.keep, "risk": None if wish.risk is None else wish.risk * 100,
    }  # fmt: skip
    for n, line in enumerate(found.lines, 1):
        values |= {f"support_{n}": line.code or line.label, f"low_{n}": line.low * 100, f"high_{n}": line.high * 100}
    return values
