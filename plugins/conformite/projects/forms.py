"""The forms of a project and of the cabinet's target allocations (CO-03, CO-04)."""

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
from plugins.conformite.projects import kinds
from plugins.conformite.projects import writing
from plugins.conformite.projects.shapes import ZERO
from plugins.conformite.projects.shapes import Project
from plugins.conformite.projects.shapes import Share
from plugins.conformite.projects.shapes import Terms
from plugins.conformite.projects.targets import CLASSES
from plugins.conformite.projects.targets import Targets
from plugins.conformite.scoring import LEVELS

HUNDRED = Decimal(100)
_DAY = _l("Exemple\u202f: 05/03/2026")
_PLACED = ("kind", (kinds.PLACED,))
LINES = range(1, kinds.MOST_LINES + 1)


class _ProjectForm(Form):
    """A project."""

    groups: ClassVar[Mapping[str, Any]] = {
        "what": _l("Projet"), "money": _l("Versements et frais"), "where": _l("Contrat et investisseurs"),
        "allocation": _l("Allocation"), "classes": _l("Poids des classes"), "supports": _l("Poids des supports"),
    }  # fmt: skip

    title = fields.line(
        _l("Titre"), 120, missing=_l("Donnez un titre à ce projet."), group="what", wide=True,
        help=_l("Par exemple «\u202fÉtudes de Zoé\u202f» ou «\u202fRetraite à 64 ans\u202f»."),
    )  # fmt: skip
    kind = fields.choice(_l("Nature"), kinds.KINDS, empty=kinds.PLACED, kind="radio", group="what", wide=True)
    goal = fields.choice(_l("Objectif"), kinds.GOALS, missing=_l("Choisissez l'objectif."), group="what")
    amount = fields.amount(
        _l("Montant visé"), missing=_l("Saisissez le montant visé."), group="what",
        help=_l("À l'horizon, ou attendu du rachat."),
    )  # fmt: skip
    starts_on = fields.day(_l("Début"), missing=_l("Saisissez la date de début."), least=writing.OLDEST, group="what", help=_DAY)
    ends_on = fields.day(_l("Horizon"), missing=_l("Saisissez la date de l'horizon."), group="what", help=_DAY, when=_PLACED)
    origin = fields.choice(_l("Origine des fonds"), kinds.ORIGINS, missing=_l("Choisissez l'origine des fonds."), group="what")
    origin_note = fields.line(
        _l("Précision sur l'origine"), 200, group="what", help=_l("Par exemple le bien vendu, la succession, l'employeur.")
    )
    initial = fields.amount(_l("Versement initial"), group="money", when=_PLACED)
    monthly = fields.amount(_l("Effort mensuel"), group="money", when=_PLACED, help=_l("Versé à la fin de chaque mois."))
    entry_cost = fields.percent(_l("Frais d'entrée"), group="money", when=_PLACED, help=_l("Pris sur chaque versement."))
    yearly_cost = fields.percent(
        _l("Frais annuels du contrat"), group="money", when=_PLACED, help=_l("Frais de gestion, hors frais des supports.")
    )
    account_id = fields.choice(
        _l("Contrat"), {}, late=True, group="where", help=_l("Celui qui est recommandé, ou celui à racheter.")
    )
    provider = fields.line(
        _l("Compagnie envisagée"), 120, group="where", when=_PLACED, help=_l("Quand le contrat n'est pas encore ouvert.")
    )
    co_contact_id = fields.choice(
        _l("Co-investisseur"), {}, late=True, group="where", help=_l("Parmi les membres du même foyer. Son profil compte aussi.")
    )
    remarks = fields.line(_l("Remarques"), 1000, lines=True, group="where", wide=True)
    allocation = fields.choice(
        _l("Allocation"), kinds.ALLOCATIONS, missing=_l("Choisissez l'allocation."), kind="radio", group="allocation", wide=True,
        when=_PLACED,
    )  # fmt: skip


def _class_field(label: str) -> Any:
    return fields.percent(label, group="classes", when=("allocation", (kinds.BY_CLASS,)))


def _rows(n: int) -> dict[str, Any]:
    asked = ("allocation", (kinds.BY_SUPPORT,))
    return {
        f"support_{n}": fields.line(
            _l("Support %(n)s", n=n), 200, autocomplete="off", group="supports", when=asked,
            **({"help": _l("Code ISIN, code interne ou libellé.")} if n == 1 else {}),
        ),
        f"weight_{n}": fields.percent(_l("Poids %(n)s", n=n), group="supports", when=asked),
    }  # fmt: skip


ProjectForm: type[Form] = type(
    "ProjectForm", (_ProjectForm,),
    {
        "__doc__": "A project with its allocation.", "__module__": __name__,
        **{f"class_{code}": _class_field(label) for code, label in CLASSES.items()},
        **{name: one for n in LINES for name, one in _rows(n).items()},
    },
)  # fmt: skip


def _levels() -> dict[str, Any]:
    made: dict[str, Any] = {
        f"w_{level}_{code}": fields.percent(label, group=f"level_{level}") for level in LEVELS for code, label in CLASSES.items()
    }
    remarks = fields.line(_l("Remarques"), 500, lines=True, group="about", wide=True, help=_l("Ce qui change, et pourquoi."))
    groups = {**{f"level_{level}": label for level, label in LEVELS.items()}, "about": _l("Version")}
    return {**made, "remarks": remarks, "groups": groups}


#: The allocation of each level, class by class.
TargetsForm: type[Form] = type(
    "TargetsForm", (Form,), {"__doc__": "The cabinet's target allocations.", "__module__": __name__, **_levels()}
)


def read(session: TenantSession, values: Mapping[str, Any], actor: str) -> tuple[Terms, dict[int, int], dict[str, str]]:
    """The project that was typed, the row of each support, and what is wrong, by field."""
    shares, rows, errors = list[Share](), dict[int, int](), dict[str, str]()
    allocation = values.get("allocation") or kinds.BY_NOTHING
    if allocation == kinds.BY_CLASS:
        shares = [Share(_ratio(values.get(f"class_{code}")), code) for code in CLASSES if values.get(f"class_{code}")]
    for n in LINES if allocation == kinds.BY_SUPPORT else ():
        text, weight = values.get(f"support_{n}"), values.get(f"weight_{n}")
        if not text:
            if weight:
                errors[f"support_{n}"] = _("Dites de quel support est ce poids, ou videz la ligne.")
            continue
        support_id = supports.naming.support(session, text, actor)
        if support_id is None:
            errors[f"support_{n}"] = _("Aucun support ne porte ce code ou ce libellé\u202f: saisissez son code ISIN.")
        elif weight is None:
            errors[f"weight_{n}"] = _("Saisissez le poids de ce support, en pourcentage.")
        else:
            shares.append(Share(_ratio(weight), None, support_id))
            rows[len(shares)] = n
    terms = Terms(
        values["title"], values["kind"], values["goal"], values["amount"], values["origin"], values["starts_on"],
        values.get("ends_on") or values["starts_on"], values.get("initial") or ZERO, values.get("monthly") or ZERO,
        _ratio(values.get("entry_cost")), _ratio(values.get("yearly_cost")), allocation, tuple(shares),
        values.get("account_id") or None, values.get("co_contact_id") or None, values.get("origin_note") or "",
        values.get("provider") or "", values.get("remarks") or "",
    )  # fmt: skip
    return terms, rows, errors


def placed(field: str | None, rows: Mapping[int, int]) -> str:
    """The form's field of a service's: its second line may stand in the third row."""
    name, _sign, n = (field or "").rpartition("_")
    if name not in ("support", "weight") or not (n.isascii() and n.isdigit() and len(n) < 3):
        return field or ""
    return f"{name}_{rows.get(int(n), n)}"


def shown(found: Project) -> dict[str, Any]:
    """A project as the form has it."""
    one = found.terms
    names = ("title", "kind", "goal", "amount", "starts_on", "origin", "origin_note", "account_id", "provider", "co_contact_id",
             "remarks", "allocation")  # fmt: skip
    values: dict[str, Any] = {name: getattr(one, name) for name in names}
    if not found.surrender:
        values |= {
            "ends_on": one.ends_on, "initial": one.initial, "monthly": one.monthly, "entry_cost": one.entry_cost * HUNDRED,
            "yearly_cost": one.yearly_cost * HUNDRED,
        }  # fmt: skip
    for n, line in enumerate(found.lines, 1):
        if line.support_id:
            values |= {f"support_{n}": line.code or line.label, f"weight_{n}": line.weight * HUNDRED}
        else:
            values[f"class_{line.asset_class}"] = line.weight * HUNDRED
    return values


def shown_targets(found: Targets) -> dict[str, Any]:
    """Target allocations as the form has them; remarks are each version's own."""
    return {f"w_{level}_{code}": weight * HUNDRED for level, some in found.levels.items() for code, weight in some.items()}


def read_targets(values: Mapping[str, Any]) -> dict[int, dict[str, Decimal]]:
    """The allocations that were typed."""
    typed = {level: {code: values.get(f"w_{level}_{code}") for code in CLASSES} for level in LEVELS}
    return {level: {code: _ratio(weight) for code, weight in some.items() if weight} for level, some in typed.items()}


def _ratio(percent: Decimal | None) -> Decimal:
    return ZERO if percent is None else percent / HUNDRED
