"""The forms of debts beside loans: what a person types, and what it stands for (domain.md §2.8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from typing import ClassVar

from flask_babel import lazy_gettext as _l

from core.api.forms import Form
from core.api.forms import fields
from plugins.patrimoine import asset_kinds as kinds
from plugins.patrimoine.asset_forms import shares
from plugins.patrimoine.asset_terms import Debt
from plugins.patrimoine.asset_terms import DebtTerms

#: People that the form has room for; more, from the API, are kept as they are.
OWNERS = 4
_DAY = _l("Exemple\u202f: 05/03/2026")


def _who(label: Any, *, missing: Any = None) -> fields.Text:
    return fields.choice(label, {}, missing=missing, late=True, group="owners")


class DebtForm(Form):
    """What is owed, to whom, by whom."""

    groups: ClassVar[Mapping[str, Any]] = {"what": _l("Dette"), "owners": _l("Qui doit")}

    kind = fields.choice(
        _l("Nature"), kinds.DEBT_KINDS, missing=_l("Choisissez la nature de la dette."), group="what",
        help=_l("Une caution est un engagement\u202f: elle figure hors bilan."),
    )  # fmt: skip
    label = fields.line(
        _l("Objet"), 120, missing=_l("Dites de quoi il s'agit."), group="what",
        help=_l("Par exemple «\u202fSolde de l'impôt sur le revenu\u202f»."),
    )  # fmt: skip
    creditor = fields.line(_l("Créancier"), 120, missing=_l("Saisissez le nom du créancier."), group="what")
    amount = fields.amount(_l("Montant dû"), missing=_l("Saisissez le montant dû."), group="what")
    amount_on = fields.day(_l("Montant au"), missing=_l("Saisissez la date de ce montant."), past=True, group="what", help=_DAY)
    since = fields.day(_l("Due depuis le"), past=True, group="what")
    due_on = fields.day(_l("Échéance"), group="what")
    asset_id = fields.choice(_l("Bien financé"), {}, late=True, group="what", help=_l("Parmi les actifs de qui doit."))
    remarks = fields.line(_l("Remarques"), 1000, lines=True, group="what", wide=True)
    owner_1 = _who(_l("Qui doit"), missing=_l("Choisissez qui doit."))
    share_1 = fields.percent(_l("Sa part de la dette"), group="owners")
    owner_2 = _who(_l("Codébiteur 2"))
    share_2 = fields.percent(_l("Part du codébiteur 2"), group="owners")
    owner_3 = _who(_l("Codébiteur 3"))
    share_3 = fields.percent(_l("Part du codébiteur 3"), group="owners")
    owner_4 = _who(_l("Codébiteur 4"))
    share_4 = fields.percent(_l("Part du codébiteur 4"), group="owners")


class SettleForm(Form):
    """The end of a debt."""

    on = fields.day(_l("Soldée le"), missing=_l("Saisissez la date."), past=True, help=_DAY)


def terms(values: Mapping[str, Any]) -> DebtTerms:
    """What the form's values stand for."""
    given: dict[str, Any] = {name: values.get(name) for name in DebtTerms.__slots__}
    given |= {"asset_id": given["asset_id"] or None, "remarks": given["remarks"] or ""}
    return DebtTerms(**given)


def shown(found: Debt) -> dict[str, Any]:
    """A debt's values as the form has them."""
    return {**asdict(found.terms), **shares(found.owners, OWNERS)}
