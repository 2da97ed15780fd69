"""What programs send and get of assets and debts. Shares and yields are ratios: 0.5 is 50 %."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain

from core.api.rest import Asked
from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.patrimoine import asset_kinds as kinds
from plugins.patrimoine.loan_schemas import Whole
from plugins.patrimoine.loan_schemas import ratio
from plugins.patrimoine.loan_schemas import told

_OWNERS = _l("Propriétaires\u202f: pleine et nue-propriété font 1, pleine et usufruit aussi")
_NONE = {"": _l("Aucun")}
_SHARE = _l("Saisissez la quote-part.")
_WHOSE = _l("Donnez l'id de la personne.")


class OwnerOut(Given):
    """Somebody's right on an asset; `part`: what it is worth today, null where it is not known."""

    contact_id = schemas.string()
    name = schemas.string()
    right = schemas.string(_l("Droit"), codes=kinds.RIGHTS)
    share = told(_l("Quote-part"))


class PartOut(Given):
    """What somebody has of it today in euros, by the scale of usufructs and the matrimonial regime."""

    contact_id = schemas.string()
    amount = schemas.money(_l("Sa part, null si elle n'est pas connue"))


class ValueOut(Given):
    """What the whole is worth on a day."""

    id = schemas.string()
    on = schemas.day(_l("Au"), null=False)
    value = schemas.money(_l("Valeur du tout"))
    basis = schemas.string(_l("D'où elle vient"), codes=kinds.BASES)
    said_by = schemas.string(_l("Saisie par"))


class RentOut(Given):
    """A letting."""

    id = schemas.string()
    tenant = schemas.string(_l("Locataire"))
    monthly = schemas.money(_l("Loyer mensuel, hors charges"))
    charges = schemas.money(_l("Charges annuelles du propriétaire, null si elles ne sont pas connues"))
    property_tax = schemas.money(_l("Taxe foncière annuelle, null si elle n'est pas connue"))
    vacancy = told(_l("Part de l'année sans locataire"))
    since = schemas.day(_l("Depuis le"), null=False)
    until = schemas.day(_l("Jusqu'au"))


class AssetOut(Given):
    """An asset, what it is worth today and to whom."""

    id = schemas.string()
    kind = schemas.string(_l("Nature"), codes=kinds.LABELS, source="facts.kind")
    category = schemas.string(_l("Rubrique du bilan"), codes=kinds.CATEGORIES)
    label = schemas.string(_l("Nom"), source="facts.label")
    address = schemas.string(_l("Adresse"), source="facts.address")
    surface = schemas.money(_l("Surface en m²"), source="facts.surface")
    acquired_on = schemas.day(_l("Acquis le"), source="facts.acquired_on")
    mode = schemas.string(_l("Acquis par"), codes={**_NONE, **kinds.MODES}, source="facts.mode")
    price = schemas.money(_l("Prix d'acquisition"), source="facts.price")
    costs = schemas.money(_l("Frais d'acquisition"), source="facts.costs")
    nature = schemas.string(_l("Propre, commun ou indivis"), codes={**_NONE, **kinds.NATURES}, source="facts.nature")
    usufruct_until = schemas.day(_l("Fin d'un usufruit temporaire"), source="facts.usufruct_until")
    scheme = schemas.string(_l("Dispositif"), codes={**_NONE, **kinds.SCHEMES}, source="facts.scheme")
    scheme_since = schemas.day(_l("Début de l'engagement"), source="facts.scheme_since")
    scheme_years = schemas.whole(_l("Années d'engagement"), source="facts.scheme_years", null=True)
    scheme_ends = schemas.day(_l("Fin de l'engagement"))
    ifi = told(_l("Part imposable à l'IFI"))
    company_id = schemas.string(_l("Id de la société"), source="facts.company_id", null=True)
    remarks = schemas.string(_l("Remarques"), source="facts.remarks")
    owners = schemas.many(OwnerOut, _l("Propriétaires"))
    value = schemas.money(_l("Dernière valeur connue du tout"))
    value_on = schemas.day(_l("Au"))
    parts = schemas.many(PartOut, _l("Ce que chacun en a"))
    values = schemas.many(ValueOut, _l("Valeurs, de la plus ancienne à la plus récente"))
    rents = schemas.many(RentOut, _l("Locations"))
    gross_yield = told(_l("Loyers d'un an sur la dernière valeur"))
    net_yield = told(_l("Les mêmes, vacance, charges et taxe foncière déduites"))
    disposed_on = schemas.day(_l("Sorti du patrimoine le"))
    disposed_why = schemas.string(_l("Motif"), codes={**_NONE, **kinds.DISPOSALS})


class ByContact(Asked):
    """Whose."""

    contact = schemas.ask_text(_l("Id d'un contact, ou d'un foyer"))


class OwnerIn(Taken):
    """Somebody's right."""

    contact_id = schemas.ask_text(_l("Id du contact"), missing=_WHOSE)
    share = ratio(_l("Quote-part"), missing=_SHARE)
    right = schemas.ask_code(_l("Droit\u202f; absent\u202f: pleine propriété"), kinds.RIGHTS)


class AssetPatch(Taken):
    """What changes of an asset."""

    kind = schemas.ask_code(_l("Nature"), kinds.LABELS)
    label = schemas.ask_text(_l("Nom"), 120)
    address = schemas.ask_text(_l("Adresse"), 200)
    surface = schemas.ask_money(_l("Surface en m²"), null=True)
    acquired_on = schemas.ask_day(_l("Acquis le"), null=True)
    mode = schemas.ask_code(_l("Acquis par"), {**_NONE, **kinds.MODES})
    price = schemas.ask_money(_l("Prix d'acquisition"), null=True)
    costs = schemas.ask_money(_l("Frais d'acquisition"), null=True)
    nature = schemas.ask_code(_l("Propre, commun ou indivis"), {**_NONE, **kinds.NATURES})
    usufruct_until = schemas.ask_day(_l("Fin d'un usufruit temporaire"), null=True)
    scheme = schemas.ask_code(_l("Dispositif"), {**_NONE, **kinds.SCHEMES})
    scheme_since = schemas.ask_day(_l("Début de l'engagement"), null=True)
    scheme_years = Whole(_l("Années d'engagement"), null=True)
    ifi = ratio(_l("Part imposable à l'IFI\u202f; null\u202f: celle d'usage"), null=True)
    company_id = schemas.ask_text(_l("Id de la société"), null=True)
    remarks = schemas.ask_text(_l("Remarques"), 1000, lines=True)
    owners = plain.List(
        plain.Nested(OwnerIn),
        metadata={"label": _OWNERS},
    )


class ValueIn(Taken):
    """What the whole is worth on a day."""

    on = schemas.ask_day(_l("Au"), missing=_l("Saisissez la date de cette valeur."), past=True)
    value = schemas.ask_money(_l("Valeur du tout"), missing=_l("Saisissez la valeur."))
    basis = schemas.ask_code(_l("D'où elle vient\u202f; absent\u202f: estimation"), kinds.BASES)


class AssetNew(AssetPatch):
    """A new asset."""

    kind = schemas.ask_code(_l("Nature"), kinds.LABELS, missing=_l("Choisissez la nature de l'actif."))
    label = schemas.ask_text(_l("Nom"), 120, missing=_l("Donnez un nom à cet actif."))
    owners = plain.List(
        plain.Nested(OwnerIn), required=True, error_messages={"required": _l("Indiquez au moins un propriétaire.")},
        metadata={"label": _OWNERS},
    )  # fmt: skip
    first = plain.Nested(ValueIn, metadata={"label": _l("Première valeur connue")})


class DisposeIn(Taken):
    """The end of an ownership."""

    on = schemas.ask_day(_l("Le"), missing=_l("Saisissez la date."), past=True)
    why = schemas.ask_code(_l("Motif"), kinds.DISPOSALS, missing=_l("Dites ce qu'il en est advenu."))


class RentPatch(Taken):
    """What changes of a letting."""

    tenant = schemas.ask_text(_l("Locataire"), 120)
    monthly = schemas.ask_money(_l("Loyer mensuel, hors charges"))
    charges = schemas.ask_money(_l("Charges annuelles du propriétaire"), null=True)
    property_tax = schemas.ask_money(_l("Taxe foncière annuelle"), null=True)
    vacancy = ratio(_l("Part de l'année sans locataire"))
    since = schemas.ask_day(_l("Depuis le"))
    until = schemas.ask_day(_l("Jusqu'au"), null=True)


class RentIn(RentPatch):
    """A letting."""

    monthly = schemas.ask_money(_l("Loyer mensuel, hors charges"), missing=_l("Saisissez le loyer mensuel."))
    since = schemas.ask_day(_l("Depuis le"), missing=_l("Saisissez la date de début."))
