"""The form of a model portfolio: its name and profile, then rows that are added and taken away (OU-01)."""

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
from plugins.outils.portfolios import shapes
from plugins.outils.rows import Rows

ROWS = Rows(("support", "weight", "band"), shapes.MOST, 3)
HUNDRED = Decimal(100)
#: The band of a row that says none.
BAND = Decimal(5)


def _row(n: int) -> dict[str, Any]:
    return {
        f"support_{n}": fields.line(_l("Support %(n)s", n=n), 200, autocomplete="off", group="lines"),
        f"weight_{n}": fields.percent(_l("Poids %(n)s", n=n), group="lines"),
        f"band_{n}": fields.percent(_l("Bande %(n)s", n=n), suffix=_l("points"), placeholder="5", group="lines"),
    }


class _ModelForm(Form):
    """A model portfolio."""

    groups: ClassVar[Mapping[str, Any]] = {"what": _l("Modèle"), "lines": _l("Lignes")}

    name = fields.line(
        _l("Nom"), 120, missing=_l("Donnez un nom à ce modèle."), group="what",
        help=_l("Par exemple «\u202fÉquilibré 60/40\u202f»."),
    )  # fmt: skip
    profile = fields.choice(_l("Profil"), shapes.PROFILES, missing=_l("Choisissez un profil."), group="what")
    remarks = fields.line(_l("Remarques"), 500, lines=True, group="what", wide=True)


ModelForm: type[Form] = type(
    "ModelForm", (_ModelForm,),
    {"__doc__": "A model portfolio with its rows.", **{name: one for n in ROWS.numbers for name, one in _row(n).items()}},
)  # fmt: skip


def read(
    session: TenantSession, values: Mapping[str, Any], actor: str
) -> tuple[shapes.Terms, dict[int, int], dict[str, str]]:
    """The model that was typed, the row of each of its lines, and what is wrong, by field."""
    lines, rows, errors = list[shapes.Target](), dict[int, int](), dict[str, str]()
    for n in ROWS.numbers:
        text, weight, band = (values.get(f"{name}_{n}") for name in ROWS.names)
        if not text:
            if weight is not None:
                errors[f"support_{n}"] = _("Dites de quel support est ce poids, ou retirez la ligne.")
            continue
        if weight is None:
            errors[f"weight_{n}"] = _("Saisissez le poids de ce support, en pourcentage.")
            continue
        support_id = supports.naming.support(session, text, actor)
        if support_id is None:
            errors[f"support_{n}"] = _("Aucun support ne porte ce code ou ce libellé\u202f: saisissez son code ISIN.")
            continue
        lines.append(shapes.Target(support_id, weight / HUNDRED, (BAND if band is None else band) / HUNDRED))
        rows[len(lines)] = n
    terms = shapes.Terms(values["name"], values["profile"], values.get("remarks") or "", tuple(lines))
    return terms, rows, errors


def shown(found: shapes.Portfolio) -> dict[str, Any]:
    """A model as the form has it."""
    held = found.version
    values: dict[str, Any] = {"name": found.name, "profile": held.profile, "remarks": held.remarks}
    for n, line in enumerate(held.lines, 1):
        values |= {
            f"support_{n}": line.isin or line.code or line.label, f"weight_{n}": line.weight * HUNDRED,
            f"band_{n}": line.band * HUNDRED,
        }  # fmt: skip
    return values


def total(values: Mapping[str, Any]) -> Decimal:
    """The weights that could be read, together, in percent."""
    return sum((values[f"weight_{n}"] for n in ROWS.numbers if isinstance(values.get(f"weight_{n}"), Decimal)), Decimal(0))
