"""Acts that are typed on an account without a partner, as programs send and read them (PF-04)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain
from marshmallow import validate

from core.resources.account_edit_schemas import Exact
from core.resources.book_schemas import TransactionOut
from core.rest import schemas
from core.rest.schemas import Given
from core.rest.schemas import Taken
from core.transactions.typed_acts import ACTS
from core.transactions.typed_acts import MODES
from core.transactions.typed_acts import SIDES
from core.transactions.typed_shapes import MOST_LEGS


class LegIn(Taken):
    """A line of an act."""

    side = schemas.ask_code(_l("Sens"), SIDES, missing=_l("Choisissez le sens de la ligne\u202f: in ou out."))
    support_id = schemas.ask_text(_l("Id du support"), missing=_l("Donnez l'id du support."))
    mode = schemas.ask_code(_l("Ce que dit value\u202f: amount par défaut\u202f; all\u202f: toute la ligne, ou le reste"), MODES)
    value = Exact(allow_none=True, metadata={"label": _l("Montant, quantité ou pourcentage, selon mode")})
    price = Exact(allow_none=True, metadata={"label": _l("Cours, à quatre décimales au plus\u202f; sinon celui de la ligne")})


class _Typed(Taken):
    on = schemas.ask_day(_l("Jour de l'opération"), missing=_l("Indiquez le jour de l'opération."))
    amount = schemas.ask_money(_l("Montant, pour un versement, un rachat partiel, un revenu ou des frais"), null=True)
    lines = plain.List(
        plain.Nested(LegIn), validate=validate.Length(max=MOST_LEGS, error=_l("Seize lignes au plus.")),
        metadata={"label": _l("Lignes")},
    )  # fmt: skip
    note = schemas.ask_text(_l("Commentaire"), 200)
    reason = schemas.ask_text(_l("Motif, si une règle demande de passer outre"), 200)


class TypedNew(_Typed):
    """An act to prepare."""

    act = schemas.ask_code(_l("Code de l'acte"), ACTS, missing=_l("Choisissez l'acte."))


class TypedChange(_Typed):
    """An act as it becomes, whole."""

    version = schemas.ask_text(_l("La version lue\u202f: refusé si l'acte a changé depuis"))


class ExecuteIn(Taken):
    """Marked executed."""

    version = schemas.ask_text(_l("La version lue\u202f: refusé si l'acte a changé depuis"))
    acknowledged = schemas.ask_texts(_l("Codes des points inhabituels qui sont confirmés"))


class LegOut(Given):
    """A line of an act."""

    side = schemas.string(codes=SIDES)
    support_id = schemas.string()
    mode = schemas.string(codes=MODES)
    value = Exact(metadata={"label": _l("Montant, quantité ou pourcentage, selon mode")})
    price = Exact(metadata={"label": _l("Cours")})


class DueOut(Given):
    """A levy or a tax."""

    label = schemas.string()
    text = schemas.string(_l("La règle, ou pourquoi le montant n'est pas connu"))
    source = schemas.string(_l("Le texte qui la fixe"))
    rate = Exact(metadata={"label": _l("Taux, en proportion\u202f; null s'il n'y en a pas un seul")})
    amount = schemas.money(_l("Le montant\u202f; null s'il n'est pas connu"))
    most = schemas.flag(_l("Vrai si le montant est un maximum"))


class SurrenderOut(Given):
    """A surrender, explained: an estimation."""

    gain = schemas.money(_l("La part de gain\u202f; null si elle n'est pas connue"))
    capital = schemas.money(_l("La part de capital"))
    text = schemas.string(_l("La formule avec ses figures, ou pourquoi rien ne se calcule"))
    source = schemas.string()
    dues = schemas.many(DueOut)


class TypedOut(Given):
    """A typed act."""

    transaction = schemas.one(TransactionOut, source="ref")
    on = schemas.day(_l("Jour de l'opération"), source="given.on", null=False)
    amount = schemas.money(_l("Le montant saisi\u202f; null où l'acte le calcule"), source="given.amount")
    lines = schemas.many(LegOut, source="given.legs")
    note = schemas.string(source="given.note")
    reason = schemas.string(source="given.reason")
    version = schemas.string(_l("À rendre avec une correction"))
    surrender = schemas.one(SurrenderOut, _l("D'un rachat préparé, sa part de gain\u202f; null sinon"), null=True)
    executed_on = schemas.day(_l("Jour auquel ses mouvements sont écrits"))
