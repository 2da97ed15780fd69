"""The forms of assets: what a person types, and what it stands for (domain.md §2.1, §2.8)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from typing import ClassVar
from typing import cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api.forms import Form
from core.api.forms import fields
from core.api.types import Right
from plugins.patrimoine import asset_kinds as kinds
from plugins.patrimoine.asset_terms import Asset
from plugins.patrimoine.asset_terms import Facts
from plugins.patrimoine.asset_terms import Owner
from plugins.patrimoine.asset_terms import Rent
from plugins.patrimoine.asset_terms import Valuation
from plugins.patrimoine.loan_forms import Deferral
from plugins.patrimoine.loan_forms import whole

HUNDRED = Decimal(100)
#: Owners that the form has room for; more, from the API, are kept as they are.
OWNERS = 6
_DAY = _l("Exemple\u202f: 05/03/2026")
_PROPERTY = ("kind", kinds.PROPERTY)
_ENGAGED = ("scheme", tuple(kinds.SCHEMES))


def _who(label: Any, *, missing: Any = None) -> fields.Text:
    return fields.choice(label, {}, missing=missing, late=True, group="owners", wide=True)


def _right(label: Any) -> fields.Text:
    return fields.choice(label, cast(Mapping[str, Any], kinds.RIGHTS), group="owners")


class AssetForm(Form):
    """What an asset is, how it was come by, whose it is."""

    groups: ClassVar[Mapping[str, Any]] = {
        "what": _l("Actif"), "owners": _l("Propriétaires"), "how": _l("Acquisition"), "tax": _l("Dispositif et fiscalité"),
        "worth": _l("Valeur"),
    }  # fmt: skip

    kind = fields.choice(_l("Nature"), kinds.LABELS, missing=_l("Choisissez la nature de l'actif."), group="what", wide=True)
    label = fields.line(
        _l("Nom"), 120, missing=_l("Donnez un nom à cet actif."), group="what", wide=True,
        help=_l("Par exemple «\u202fAppartement rue Crébillon\u202f»."),
    )  # fmt: skip
    address = fields.line(_l("Adresse"), 200, group="what", wide=True, when=_PROPERTY)
    surface = fields.amount(_l("Surface"), group="what", suffix="m²", when=_PROPERTY)
    company_id = fields.choice(
        _l("Société"), {}, late=True, group="what", when=("kind", kinds.OF_COMPANY),
        help=_l("Parmi les sociétés des relations du contact."),
    )  # fmt: skip
    remarks = fields.line(_l("Remarques"), 1000, lines=True, group="what", wide=True)
    owner_1 = _who(_l("Propriétaire"), missing=_l("Choisissez un propriétaire."))
    right_1 = _right(_l("Droit du propriétaire"))
    share_1 = fields.percent(_l("Quote-part du propriétaire"), group="owners")
    owner_2 = _who(_l("Propriétaire 2"))
    right_2 = _right(_l("Droit du propriétaire 2"))
    share_2 = fields.percent(_l("Quote-part du propriétaire 2"), group="owners")
    owner_3 = _who(_l("Propriétaire 3"))
    right_3 = _right(_l("Droit du propriétaire 3"))
    share_3 = fields.percent(_l("Quote-part du propriétaire 3"), group="owners")
    owner_4 = _who(_l("Propriétaire 4"))
    right_4 = _right(_l("Droit du propriétaire 4"))
    share_4 = fields.percent(_l("Quote-part du propriétaire 4"), group="owners")
    owner_5 = _who(_l("Propriétaire 5"))
    right_5 = _right(_l("Droit du propriétaire 5"))
    share_5 = fields.percent(_l("Quote-part du propriétaire 5"), group="owners")
    owner_6 = _who(_l("Propriétaire 6"))
    right_6 = _right(_l("Droit du propriétaire 6"))
    share_6 = fields.percent(_l("Quote-part du propriétaire 6"), group="owners")
    usufruct_until = fields.day(
        _l("Fin de l'usufruit"), group="owners", help=_l("S'il est temporaire\u202f; vide\u202f: viager.")
    )  # fmt: skip
    nature = fields.choice(
        _l("Propre, commun ou indivis"), kinds.NATURES, group="owners", help=_l("Vide\u202f: selon le régime matrimonial.")
    )
    acquired_on = fields.day(_l("Acquis le"), past=True, group="how", help=_l("Avant ou après le mariage\u202f: cela compte."))
    mode = fields.choice(_l("Mode d'acquisition"), kinds.MODES, group="how")
    price = fields.amount(
        _l("Prix ou valeur d'acquisition"), group="how", help=_l("À l'ajout d'un achat, noté aussi comme valeur de ce jour.")
    )
    costs = fields.amount(_l("Frais d'acquisition"), group="how")
    scheme = fields.choice(_l("Dispositif"), kinds.SCHEMES, group="tax", when=_PROPERTY)
    scheme_since = fields.day(_l("Début de l'engagement"), group="tax", help=_DAY, when=_ENGAGED)
    scheme_years = whole(
        _l("Durée de l'engagement"), 1, 30, _l("L'engagement va de 1 à 30 ans."), _l("Saisissez un nombre entier d'années."),
        kind=Deferral, group="tax", suffix=_l("ans"), when=_ENGAGED,
    )  # fmt: skip
    ifi = fields.percent(
        _l("Part imposable à l'IFI"), group="tax", help=_l("Vide\u202f: celle d'usage pour cette nature d'actif.")
    )  # fmt: skip


class NewAssetForm(AssetForm):
    """A new asset, with what it is worth."""

    value = fields.amount(_l("Valeur actuelle"), group="worth", help=_l("Du bien entier. Vide\u202f: non connue."))
    on = fields.day(_l("Date de cette valeur"), past=True, group="worth", help=_DAY)
    basis = fields.choice(_l("D'où vient cette valeur"), kinds.BASES, group="worth")


class ValueForm(Form):
    """What it is worth on a day."""

    value = fields.amount(_l("Valeur"), missing=_l("Saisissez la valeur."), help=_l("Du bien entier, pas d'une quote-part."))
    on = fields.day(_l("Au"), missing=_l("Saisissez la date de cette valeur."), past=True, help=_DAY)
    basis = fields.choice(_l("D'où vient cette valeur"), kinds.BASES, missing=_l("Dites d'où vient cette valeur."))


class DisposeForm(Form):
    """The end of an ownership."""

    on = fields.day(_l("Le"), missing=_l("Saisissez la date."), past=True, help=_DAY)
    why = fields.choice(_l("Motif"), kinds.DISPOSALS, missing=_l("Dites ce qu'il en est advenu."))


class RentForm(Form):
    """A letting."""

    tenant = fields.line(_l("Locataire, lot"), 120, help=_l("Par exemple «\u202fT2 du premier étage\u202f»."))
    monthly = fields.amount(_l("Loyer mensuel"), missing=_l("Saisissez le loyer mensuel."), help=_l("Hors charges."))
    charges = fields.amount(
        _l("Charges annuelles"), help=_l("Restant au propriétaire\u202f: gestion, assurance, entretien. Vide\u202f: non connues.")
    )
    property_tax = fields.amount(_l("Taxe foncière annuelle"), help=_l("Vide\u202f: non connue."))
    vacancy = fields.percent(_l("Vacance"), help=_l("Part de l'année sans locataire, par exemple 4\u00a0% pour deux semaines."))
    since = fields.day(_l("Depuis le"), missing=_l("Saisissez la date de début."), help=_DAY)
    until = fields.day(_l("Jusqu'au"), help=_l("À la fin de la location."))


def owners(values: Mapping[str, Any], count: int = OWNERS) -> tuple[list[Owner], dict[str, str]]:
    """The owners that were typed, and what is wrong with them, by field."""
    found, errors = [], dict[str, str]()
    for n in range(1, count + 1):
        who, share = values.get(f"owner_{n}"), values.get(f"share_{n}")
        if who and share is None:
            errors[f"share_{n}"] = _("Saisissez sa quote-part, 100 s'il est seul.")
        elif not who and share is not None:
            errors[f"owner_{n}"] = _("Dites à qui est cette quote-part.")
        elif who and share is not None:
            right = cast(Right, values.get(f"right_{n}") or "PLEINE_PROPRIETE")
            found.append(Owner(who, share / HUNDRED, right))
    return found, errors


def facts(values: Mapping[str, Any]) -> Facts:
    """What the form's values stand for."""
    given: dict[str, Any] = {name: values.get(name) for name in Facts.__slots__}
    given |= {name: given[name] or "" for name in ("address", "mode", "nature", "scheme", "remarks")}
    share = given["ifi"]
    given |= {"ifi": None if share is None else share / HUNDRED, "company_id": given["company_id"] or None}
    return Facts(**given)


def shown(found: Asset) -> dict[str, Any]:
    """An asset's values as the form has them."""
    values = asdict(found.facts)
    values["ifi"] = None if found.facts.ifi is None else found.facts.ifi * HUNDRED
    return {**values, **shares(found.owners)}


def shares(found: Sequence[Owner], count: int = OWNERS) -> dict[str, Any]:
    """Owners as a form has them."""
    values: dict[str, Any] = {}
    for n, one in enumerate(found[:count], 1):
        values |= {f"owner_{n}": one.contact_id, f"right_{n}": one.right, f"share_{n}": one.share * HUNDRED}
    return values


def first(values: Mapping[str, Any]) -> tuple[Valuation | None, dict[str, str]]:
    """The first value of a new asset, where one was typed; what is wrong with it."""
    if values.get("value") is None:
        return None, {}
    if values.get("on") is None:
        return None, {"on": _("Saisissez la date de cette valeur.")}
    return Valuation(values["on"], values["value"], values.get("basis") or "ESTIMATION"), {}


def rent(values: Mapping[str, Any]) -> Rent:
    """A letting."""
    return Rent(
        values["monthly"], values["since"], values.get("charges"), values.get("property_tax"),
        (values.get("vacancy") or Decimal(0)) / HUNDRED, values.get("until"), values.get("tenant") or "",
    )  # fmt: skip


def rent_shown(found: Rent) -> dict[str, Any]:
    """A letting as its form has it."""
    return {**asdict(found), "vacancy": found.vacancy * HUNDRED or None}
