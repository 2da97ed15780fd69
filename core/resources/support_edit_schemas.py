"""What programs send of supports, and what is answered of their facts. Costs are ratios: 0.0125 is 1.25 %."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain
from marshmallow import validate

from core.resources.account_edit_schemas import Exact
from core.resources.account_edit_schemas import Ratio
from core.rest import schemas
from core.rest.schemas import Given
from core.rest.schemas import Taken
from core.supports.fact_keys import KEYS
from core.supports.fact_keys import FactKey

_ORIGINS = ("SAISIE", "FICHIER", "CATALOGUE", "DEPART")
_LEVEL = _l("Un indicateur va de 1 à 7.")


def _asked(key: FactKey) -> plain.Field[Any]:
    label, null = key.label, not key.needed
    if key.kind == "level":
        return plain.Integer(strict=True, allow_none=True, validate=validate.Range(1, 7, error=_LEVEL), metadata={"label": label})
    if key.kind == "ratio":
        return Ratio(allow_none=True, metadata={"label": label})
    if key.codes:
        return schemas.ask_code(label, key.codes, null=null)
    return schemas.ask_text(label, 3 if key.kind == "currency" else key.most, null=null)


_CAUSE: dict[str, Any] = {
    "source": schemas.ask_text(_l("D'où viennent ces valeurs\u202f: un document, un site"), 200),
    "as_of": schemas.ask_day(_l("La date à laquelle elles valent"), null=True, past=True),
}  # fmt: skip
_ABOUT = "What is said otherwise of a support; null: not known."
_FIELDS: dict[str, Any] = {**{code: _asked(key) for code, key in KEYS.items()}, **_CAUSE}
SupportPatch: type[Taken] = type("SupportPatch", (Taken,), {"__doc__": _ABOUT, **_FIELDS})


class SupportNew(SupportPatch):  # type: ignore[valid-type,misc]
    """A support that the cabinet makes: an ISIN, or a code of its own where there is none."""

    isin = schemas.ask_text(_l("Code ISIN"), 20)
    code = schemas.ask_text(_l("Code interne, pour ce qui n'a pas d'ISIN"), 40)
    label = schemas.ask_text(_l("Libellé"), 200, missing=_l("Donnez le libellé du support."))
    type = schemas.ask_code(_l("Type"), KEYS["type"].codes, missing=_l("Choisissez le type du support."))
    currency = schemas.ask_text(_l("Devise, ISO 4217"), 3, missing=_l("Écrivez le code de la devise, EUR pour l'euro."))


class ToldOut(Given):
    """A value, and who says it."""

    value = schemas.string(_l("Tel qu'il est gardé\u202f: code, nombre, proportion de 1\u202f; vide\u202f: dit non connu"))
    origin = schemas.string(_l("Qui le dit"), codes=_ORIGINS)
    source = schemas.string(_l("Document, fichier ou catalogue"))
    line = schemas.whole(_l("Ligne du fichier"), null=True)
    as_of = schemas.day(_l("La date à laquelle elle vaut"), source="on")
    said_by = schemas.string(_l("Qui l'a saisie ou importée"))
    said_at = schemas.moment()


class FactOut(Given):
    """A thing that is known of a support: the word that stands, and those that it stands before."""

    key = schemas.string(codes=KEYS, source="code")
    label = schemas.string(source="key.label")
    told = schemas.one(ToldOut)
    beneath = schemas.many(ToldOut, _l("Ce que disent les autres origines, gardé à côté"))


class FactsOut(Given):
    """All that is known of a support."""

    items = schemas.many(FactOut)


class PriceNew(Taken):
    """A price that is typed."""

    on = schemas.ask_day(_l("Jour"), missing=_l("Saisissez la date du cours."), past=True)
    value = Exact(required=True, error_messages={"required": _l("Saisissez le cours.")}, metadata={"label": _l("Cours")})
    source = schemas.ask_text(_l("Où il a été lu"), 40)
