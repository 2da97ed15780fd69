"""What programs get of an audit. Amounts and ratios are decimal texts: 0.25 is a quarter."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api.rest import Asked
from core.api.rest import Given
from core.api.rest import schemas
from core.api.types import SEVERITIES


class AuditLineOut(Given):
    """One line that a finding is made of."""

    label = schemas.string(_l("Libellé"))
    value = schemas.money(_l("Chiffre, null s'il n'y en a pas"))
    unit = schemas.string(_l("Ce qu'est le chiffre"), codes=("EUR", "RATIO", "NOMBRE"))
    text = schemas.string(_l("Ce qu'il y a à en dire"))
    account_id = schemas.string(_l("Compte\u202f; vide s'il n'y en a pas"))
    support_id = schemas.string(_l("Support\u202f; vide s'il n'y en a pas"))


class FindingOut(Given):
    """What one rule found."""

    key = schemas.string(_l("Règle"))
    said_by = schemas.string(_l("Module"))
    severity = schemas.string(_l("Gravité"), codes=SEVERITIES)
    title = schemas.string(_l("Titre"))
    text = schemas.string(_l("Constat"))
    source = schemas.string(_l("D'où viennent la règle et les chiffres"))
    remedy = schemas.string(_l("Que faire"))
    act = schemas.string(_l("Acte proposé\u202f; vide s'il n'y en a pas"))
    account_id = schemas.string(_l("Compte concerné\u202f; vide s'il y en a plusieurs ou aucun"))
    lines = schemas.many(AuditLineOut, _l("Lignes"))


class AuditOut(Given):
    """An audit on a day."""

    contact_id = schemas.string(_l("Personne ou foyer"))
    on = schemas.day(_l("Date"), null=False)
    accounts = schemas.texts(_l("Comptes jugés"))
    findings = schemas.many(FindingOut, _l("Constats, par module puis par règle"))
    rules = schemas.texts(_l("Règles de ce module qui ont été appliquées"))
    missing = schemas.texts(_l("Ce qui manque, en clair"))


class AuditQuery(Asked):
    """The day."""

    on = schemas.ask_day(_l("Date, à défaut ce jour"), past=True)
