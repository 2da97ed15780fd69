"""What programs get of a balance sheet. Amounts are in euros, shares are ratios: 0.5 is a half."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api.rest import Asked
from core.api.rest import Given
from core.api.rest import schemas
from plugins.patrimoine import balance_rows as rows
from plugins.patrimoine.loan_schemas import Ratio


class SharePart(Given):
    """One owner's right on a thing, and what it is of its value."""

    contact_id = schemas.string(_l("Propriétaire\u202f; vide\u202f: une personne d'un autre dossier"))
    right = schemas.string(_l("Droit"), codes=tuple(rows.RIGHTS))
    share = Ratio(metadata={"label": _l("Quote-part du droit")})
    ratio = Ratio(allow_none=True, metadata={"label": _l("Part de la valeur, null si elle n'est pas connue")})
    why = schemas.string(_l("D'où vient cette part"))


class PersonOut(Given):
    """What one of the people owns and owes."""

    contact_id = schemas.string()
    assets = schemas.money(_l("Actif brut"))
    debts = schemas.money(_l("Passif"))
    net = schemas.money(_l("Actif net"))


class AmountOut(Given):
    """One person's part of a line."""

    contact_id = schemas.string()
    amount = schemas.money(_l("Sa part, null si elle n'est pas connue"))


class BalanceLineOut(Given):
    """A thing owned or owed."""

    key = schemas.string(_l("Id de la chose chez qui la tient"))
    source = schemas.string(_l("Module qui la tient"))
    label = schemas.string(_l("Libellé"))
    category = schemas.string(_l("Catégorie"), codes=tuple(rows.CATEGORIES))
    debt = schemas.flag(_l("C'est une dette"))
    value = schemas.money(_l("Valeur du tout, null si elle n'est pas connue"))
    currency = schemas.string(_l("Devise"))
    as_of = schemas.day(_l("Date de la valeur"))
    origin = schemas.string(_l("Déclaré, agrégé ou calculé"), codes=tuple(rows.ORIGINS))
    said_by = schemas.string(_l("Source de la valeur"))
    counted = schemas.flag(_l("Dans les totaux"))
    apart = schemas.string(_l("Pourquoi elle n'y est pas"))
    common = schemas.string(_l("Comment le régime du couple s'applique"))
    shared = schemas.flag(_l("Commun, par moitié"))
    parts = schemas.many(SharePart, _l("Droits"))
    amounts = schemas.many(AmountOut, _l("Part de chacun"))


class BalanceOut(Given):
    """A balance sheet on a day."""

    contact_id = schemas.string(_l("Personne, société ou foyer"))
    on = schemas.day(_l("Date"), null=False)
    assets = schemas.money(_l("Actif brut"))
    debts = schemas.money(_l("Passif"))
    net = schemas.money(_l("Actif net"))
    people = schemas.many(PersonOut, _l("Par personne"))
    lines = schemas.many(BalanceLineOut, _l("Biens et dettes"))
    missing = schemas.texts(_l("Ce qui manque, en clair"))


class BalanceQuery(Asked):
    """The day."""

    on = schemas.ask_day(_l("Date, à défaut ce jour"), past=True)
