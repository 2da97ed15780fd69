"""What programs send of accounts: those of a form, strictly. Costs and shares are ratios: 0.006 is 0.60 %."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain
from marshmallow import validate

from core.accounts.envelopes import ENVELOPES
from core.accounts.envelopes import FED
from core.accounts.envelopes import MANAGEMENT_MODES
from core.accounts.envelopes import ROLES
from core.accounts.envelopes import SETTLEMENTS
from core.accounts.envelopes import STATES
from core.accounts.envelopes import TAX_OPTIONS
from core.rest import schemas
from core.rest.schemas import Given
from core.rest.schemas import Taken

_RANK = _l("Un rang va de 1 à 9.")


class Exact(schemas.Exact):
    """A number that is sent as text, within bounds."""

    default_error_messages = {
        "invalid": _l("Écrivez le nombre comme un texte, avec un point et huit décimales au plus\u202f: «\u202f12.5\u202f»."),
        "bounds": _l("Une proportion va de 0 à 1."),
    }  # fmt: skip
    most: Decimal | None = None

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Decimal:
        if not isinstance(value, str) or not re.fullmatch(r"\d{1,9}(\.\d{1,8})?", value, re.ASCII):
            raise self.make_error("invalid")
        found = Decimal(value)
        if self.most is not None and found > self.most:
            raise self.make_error("bounds")
        return found


class Ratio(Exact):
    """From 0 to 1."""

    most = Decimal(1)


def _ratio(label: Any) -> Ratio:
    return Ratio(allow_none=True, metadata={"label": label})


class RoleIn(Taken):
    """A contact's role."""

    contact_id = schemas.ask_text(_l("Id du contact"), missing=_l("Donnez l'id de la personne."))
    role = schemas.ask_code(_l("Rôle"), ROLES, missing=_l("Choisissez son rôle."))
    rank = plain.Integer(strict=True, validate=validate.Range(1, 9, error=_RANK), metadata={"label": _l("Rang")})
    share = _ratio(_l("Part, en proportion de 1"))
    clause = schemas.ask_text(_l("Clause bénéficiaire"), 2000, null=True, lines=True)
    accepted_on = schemas.ask_day(_l("Acceptée le"), null=True, past=True)


def _roles(*, required: bool) -> plain.List[Any]:
    asked: dict[str, Any] = {"metadata": {"label": _l("Qui tient quel rôle")}}
    if required:
        asked |= {"required": True, "error_messages": {"required": _l("Indiquez au moins un titulaire.")}}
    return plain.List(plain.Nested(RoleIn), validate=validate.Length(max=50), **asked)


class AccountPatch(Taken):
    """What changes of an account."""

    envelope = schemas.ask_code(_l("Enveloppe"), ENVELOPES)
    number = schemas.ask_text(_l("Numéro"), 60)
    title = schemas.ask_text(_l("Intitulé"), 200)
    company_id = schemas.ask_text(_l("Id de la compagnie"))
    depositary_id = schemas.ask_text(_l("Id du dépositaire"), null=True)
    distributor_id = schemas.ask_text(_l("Id du distributeur"), null=True)
    product_id = schemas.ask_text(_l("Id du produit"), null=True)
    currency = schemas.ask_text(_l("Devise, ISO 4217"), 3)
    state = schemas.ask_code(_l("État"), STATES)
    management_mode = schemas.ask_code(_l("Mode de gestion"), MANAGEMENT_MODES)
    opened_on = schemas.ask_day(_l("Souscription"), null=True)
    effect_on = schemas.ask_day(_l("Effet"), null=True)
    matures_on = schemas.ask_day(_l("Échéance"), null=True)
    closed_on = schemas.ask_day(_l("Clôture"), null=True)
    net_payments = schemas.ask_money(_l("Versements nets"), null=True)
    fee_entry = _ratio(_l("Frais d'entrée, en proportion de 1"))
    fee_euro = _ratio(_l("Frais de gestion du fonds en euros"))
    fee_units = _ratio(_l("Frais de gestion des unités de compte"))
    fee_switch = _ratio(_l("Frais d'arbitrage"))
    fee_exit = _ratio(_l("Frais de sortie"))
    tax_option = schemas.ask_code(_l("Option fiscale"), ("", *TAX_OPTIONS))
    settlement = schemas.ask_code(_l("Dénouement"), ("", *SETTLEMENTS))
    introducer_code = schemas.ask_text(_l("Code apporteur"), 40)
    acknowledged = schemas.ask_texts(_l("Codes des points inhabituels qui sont confirmés"))


class AccountNew(AccountPatch):
    """A new account; `company` names its company by code where the cabinet has not used it yet."""

    envelope = schemas.ask_code(_l("Enveloppe"), ENVELOPES, missing=_l("Choisissez l'enveloppe."))
    number = schemas.ask_text(_l("Numéro"), 60, missing=_l("Saisissez le numéro du compte."))
    title = schemas.ask_text(_l("Intitulé"), 200, missing=_l("Donnez un intitulé à ce compte."))
    company = schemas.ask_text(_l("Code de la compagnie, au catalogue ou dans le cabinet"), 40)
    roles = _roles(required=True)


class RolesIn(Taken):
    """Everybody on an account."""

    roles = _roles(required=True)
    acknowledged = schemas.ask_texts(_l("Codes des points inhabituels qui sont confirmés"))


class StateIn(Taken):
    """Where an account stands."""

    state = schemas.ask_code(_l("État"), STATES, missing=_l("Choisissez l'état du compte."))
    closed_on = schemas.ask_day(_l("Date de la fin, pour un état clos"), null=True, past=True)


class OverrideIn(Taken):
    """A correction of what a feed or a file says."""

    field = schemas.ask_code(_l("Champ"), FED, missing=_l("Choisissez le champ."))
    value = schemas.ask_text(_l("Valeur\u202f; une date en AAAA-MM-JJ"), 200, missing=_l("Donnez la valeur."))


class PositionIn(Taken):
    """A line."""

    support_id = schemas.ask_text(_l("Id du support"), missing=_l("Donnez l'id du support."))
    quantity = Exact(allow_none=True, metadata={"label": _l("Quantité")})
    price = Exact(allow_none=True, metadata={"label": _l("Cours")})
    value = schemas.ask_money(_l("Valorisation\u202f; sinon quantité × cours, au centime"), null=True)
    pocket = schemas.ask_text(_l("Poche"), 20)


class PositionsIn(Taken):
    """All lines of a day."""

    on = schemas.ask_day(_l("Jour"), missing=_l("Saisissez la date de ces lignes."), past=True)
    items = plain.List(
        plain.Nested(PositionIn), required=True, validate=validate.Length(min=1, max=500, error=_l("De 1 à 500 lignes.")),
        error_messages={"required": _l("Saisissez au moins une ligne.")}, metadata={"label": _l("Lignes")},
    )  # fmt: skip


class LineOut(Given):
    """A field, before and after, as people read it."""

    name = schemas.string()
    label = schemas.string()
    before = schemas.string()
    after = schemas.string()


class ChangeOut(Given):
    """One change."""

    at = schemas.moment(null=False)
    who = schemas.string()
    action = schemas.string()
    lines = schemas.many(LineOut)
    purged = schemas.flag(_l("Le détail n'est plus conservé"))


class HistoryOut(Given):
    """The changes of an account, the newest first."""

    items = schemas.many(ChangeOut)
