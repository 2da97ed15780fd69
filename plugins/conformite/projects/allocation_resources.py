"""`/p/conformite/allocations` and a contact's allocation: what suits each profile, and what is held, for programs (CO-03)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields
from marshmallow import validate

from core.api import contacts
from core.api.db import DomainError
from core.api.db import today
from core.api.rest import Call
from core.api.rest import Given
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.conformite.projects import allocations
from plugins.conformite.projects import holding
from plugins.conformite.projects import offering
from plugins.conformite.projects.targets import CLASSES
from plugins.conformite.projects.targets import Targets
from plugins.conformite.scoring import LEVELS

ALLOCATIONS = Resource(
    "conformite_allocations", _l("Allocations"),
    _l("Allocation qui va avec chaque profil, et celle d'un client à côté. Poids et écarts en pourcentage."),
    plugin="conformite",
)  # fmt: skip
_BASE = "/p/conformite/allocations"
_LEVELS = {str(level): words for level, words in LEVELS.items()}
_HUNDRED, _DIGITS = Decimal(100), Decimal("0.01")
_MOST = len(LEVELS) * len(CLASSES)


class WeightOut(Given):
    """A class of a level."""

    level = schemas.whole(_l("Niveau du profil, de 1 à 5"))
    asset_class = schemas.string(_l("Classe d'actifs"), codes=CLASSES)
    weight = schemas.money(_l("Poids"))


class TargetsOut(Given):
    """A version of the target allocations."""

    number = schemas.whole(_l("Numéro\u202f; 0\u202f: celles de la maison"))
    dated = schemas.day(_l("Du"), null=False)
    author = schemas.string(_l("Auteur"))
    remarks = schemas.string(_l("Remarques"))
    margin = schemas.money(_l("Volatilité admise au-dessus, en points"))
    weights = schemas.many(WeightOut, _l("Poids\u202f; ceux de chaque niveau font 100"))


class VersionsOut(Given):
    """All versions, the one that holds first."""

    items = schemas.many(TargetsOut)


class WeightIn(Taken):
    """A class of a level, to write."""

    level = schemas.ask_code(_l("Niveau du profil"), _LEVELS, missing=_l("Donnez le niveau."))
    asset_class = schemas.ask_code(_l("Classe d'actifs"), CLASSES, missing=_l("Donnez la classe d'actifs."))
    weight = schemas.ask_money(_l("Poids, en pourcentage\u202f: 60.00"), missing=_l("Saisissez le poids."))


class TargetsNew(Taken):
    """A new version: all levels."""

    weights = fields.List(
        fields.Nested(WeightIn), required=True, validate=validate.Length(max=_MOST, error=_l("{max} lignes au plus.")),
        error_messages={"required": _l("Donnez les poids de chaque niveau.")},
        metadata={"label": _l("Poids\u202f; ceux de chaque niveau font 100")},
    )  # fmt: skip
    remarks = schemas.ask_text(_l("Remarques"), allocations.LONGEST, lines=True)


class GapOut(Given):
    """A class: what is held, what suits."""

    asset_class = schemas.string(_l("Classe d'actifs"), codes=CLASSES)
    value = schemas.money(_l("Valeur"))
    weight = schemas.money(_l("Poids actuel"))
    target = schemas.money(_l("Poids cible"))
    gap = schemas.money(_l("Écart, en points"))
    amount = schemas.money(_l("À ajouter\u202f; négatif\u202f: à retirer"))
    held_back = schemas.money(_l("Dont sur des comptes nantis"))


class MoveOut(Given):
    """What is suggested of a class."""

    asset_class = schemas.string(_l("Classe d'actifs"), codes=CLASSES)
    amount = schemas.money(_l("À investir\u202f; négatif\u202f: à désinvestir"))


class OfferedOut(Given):
    """What a model could do for an account."""

    account_id = schemas.string()
    possible = schemas.flag(_l("Des ordres peuvent être proposés"))
    text = schemas.string(_l("Face au modèle"))


class OfferOut(Given):
    """A model portfolio that suits the profile."""

    key = schemas.string(_l("Id du modèle"))
    label = schemas.string(_l("Nom"))
    detail = schemas.string(_l("Profil et version"))
    accounts = schemas.many(OfferedOut)


class AllocationOut(Given):
    """What a contact holds beside what suits; lines empty without a profile, or where no class is known."""

    on = schemas.day(_l("Au"), null=False)
    level = schemas.whole(_l("Niveau du profil\u202f; null sans profil"), null=True)
    contact_id = schemas.string(_l("Dont le profil est suivi"), null=True)
    version = schemas.whole(_l("Version des allocations cibles"))
    known = schemas.money(_l("Valeur comparée"))
    untold = schemas.money(_l("Valeur dont la classe n'est pas connue"))
    lines = schemas.many(GapOut)
    moves = schemas.many(MoveOut, _l("Arbitrage suggéré, par classe\u202f: ce qui est désinvesti est investi"))
    models = schemas.many(OfferOut, _l("Modèles du cabinet qui vont avec le profil"))
    incomplete = schemas.flag(_l("Des modèles n'ont pas pu être lus"))


@ALLOCATIONS.get(_BASE, _l("Lire les allocations cibles"), VersionsOut, scope="contacts:read")
def versions(call: Call) -> dict[str, Any]:
    """The one that holds, then those before."""
    return {"items": [_told(one) for one in allocations.versions(call.session)]}


@ALLOCATIONS.post(
    _BASE, _l("Fixer les allocations cibles"), TargetsOut, takes=TargetsNew, status=201, scope="administration:write"
)
def save(call: Call) -> Reply:
    """As «Modifier»: a new version, by an administrator."""
    levels: dict[int, dict[str, Decimal]] = {}
    for one in call.taken["weights"]:
        own = levels.setdefault(int(one["level"]), {})
        if one["asset_class"] in own:
            text = "Une classe est là deux fois pour un même niveau\u202f: réunissez les deux lignes."
            raise DomainError(text, field="weights")
        own[one["asset_class"]] = one["weight"] / _HUNDRED
    try:
        made = allocations.save(call.session, call.adviser, levels, call.taken.get("remarks") or "")
    except DomainError as error:
        if error.field and error.field.startswith("w_"):
            raise DomainError(error.text, field="weights") from error
        raise
    return Reply(_told(made), _BASE)


@ALLOCATIONS.get(
    "/p/conformite/contacts/{contact_id}/allocation", _l("Lire l'allocation d'un contact"), AllocationOut, scope="accounts:read"
)
def show(call: Call, contact_id: str) -> dict[str, Any]:
    """As Conformité > Allocation."""
    card = contacts.get_contact(call.session, call.adviser, contact_id)
    found = holding.of_contact(call.session, call.adviser, card, today())
    offers, failures = offering.offers(found)
    made = found.comparison
    told = {
        "on": found.on, "level": found.profile.level if found.profile else None, "version": found.targets.number,
        "contact_id": found.profile.contact_id if found.profile else None, "models": offers, "incomplete": bool(failures),
    }  # fmt: skip
    if made is None:
        return {**told, "known": None, "untold": None, "lines": (), "moves": ()}
    moves = [{"asset_class": one.code, "amount": one.amount} for one in made.moves]
    return {**told, "known": made.known, "untold": made.unknown, "moves": moves, "lines": [
        {
            "asset_class": one.code, "value": one.value, "weight": _percent(one.weight), "target": _percent(one.target),
            "gap": _percent(one.gap), "amount": one.amount, "held_back": one.held_back,
        }
        for one in made.lines
    ]}  # fmt: skip


def _told(one: Targets) -> dict[str, Any]:
    weights = [
        {"level": level, "asset_class": code, "weight": _percent(weight)}
        for level, some in one.levels.items() for code, weight in some.items()
    ]  # fmt: skip
    return {
        "number": one.number, "dated": one.dated, "author": one.said_by, "remarks": one.about, "margin": _percent(one.margin),
        "weights": weights,
    }  # fmt: skip


def _percent(value: Decimal) -> Decimal:
    return (value * _HUNDRED).quantize(_DIGITS)
