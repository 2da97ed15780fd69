"""What programs send and get of debts beside loans. Shares are ratios: 0.5 is 50 %."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain

from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.patrimoine import asset_kinds as kinds
from plugins.patrimoine.loan_schemas import ratio
from plugins.patrimoine.loan_schemas import told


class OwerOut(Given):
    """Somebody's share of a debt."""

    contact_id = schemas.string()
    name = schemas.string()
    share = told(_l("Part de la dette"))


class DebtOut(Given):
    """A debt, or a surety, which stands beside the balance sheet."""

    id = schemas.string()
    kind = schemas.string(_l("Nature"), codes=kinds.DEBT_KINDS, source="terms.kind")
    category = schemas.string(_l("Rubrique du bilan"))
    label = schemas.string(_l("Objet"), source="terms.label")
    creditor = schemas.string(_l("Créancier"), source="terms.creditor")
    amount = schemas.money(_l("Montant dû"), source="terms.amount")
    amount_on = schemas.day(_l("Montant au"), source="terms.amount_on", null=False)
    since = schemas.day(_l("Depuis le"), source="terms.since")
    due_on = schemas.day(_l("Échéance"), source="terms.due_on")
    asset_id = schemas.string(_l("Id du bien financé"), source="terms.asset_id", null=True)
    remarks = schemas.string(_l("Remarques"), source="terms.remarks")
    owners = schemas.many(OwerOut, _l("Qui doit"))
    settled_on = schemas.day(_l("Soldée le"))
    said_by = schemas.string(_l("Saisie par"))


class OwerIn(Taken):
    """Somebody's share."""

    contact_id = schemas.ask_text(_l("Id du contact"), missing=_l("Donnez l'id de la personne."))
    share = ratio(_l("Part de la dette"), missing=_l("Saisissez sa part de la dette."))


class DebtPatch(Taken):
    """What changes of a debt."""

    kind = schemas.ask_code(_l("Nature"), kinds.DEBT_KINDS)
    label = schemas.ask_text(_l("Objet"), 120)
    creditor = schemas.ask_text(_l("Créancier"), 120)
    amount = schemas.ask_money(_l("Montant dû"))
    amount_on = schemas.ask_day(_l("Montant au"))
    since = schemas.ask_day(_l("Depuis le"), null=True)
    due_on = schemas.ask_day(_l("Échéance"), null=True)
    asset_id = schemas.ask_text(_l("Id du bien financé, parmi ceux de qui doit"), null=True)
    remarks = schemas.ask_text(_l("Remarques"), 1000, lines=True)
    owners = plain.List(plain.Nested(OwerIn), metadata={"label": _l("Qui doit, parts de somme 1")})


class DebtNew(DebtPatch):
    """A new debt."""

    kind = schemas.ask_code(_l("Nature"), kinds.DEBT_KINDS, missing=_l("Choisissez la nature de la dette."))
    label = schemas.ask_text(_l("Objet"), 120, missing=_l("Dites de quoi il s'agit."))
    creditor = schemas.ask_text(_l("Créancier"), 120, missing=_l("Saisissez le nom du créancier."))
    amount = schemas.ask_money(_l("Montant dû"), missing=_l("Saisissez le montant dû."))
    amount_on = schemas.ask_day(_l("Montant au"), missing=_l("Saisissez la date de ce montant."))
    owners = plain.List(
        plain.Nested(OwerIn), required=True, error_messages={"required": _l("Indiquez au moins une personne qui doit.")},
        metadata={"label": _l("Qui doit, parts de somme 1")},
    )  # fmt: skip


class SettleIn(Taken):
    """The end of a debt."""

    on = schemas.ask_day(_l("Soldée le"), missing=_l("Saisissez la date."), past=True)
