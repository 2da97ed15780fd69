"""`/p/fiscalite/…`: a year of taxes read, declared, compared, asked of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api.db import DomainError
from core.api.db import NotFound
from core.api.rest import Call
from core.api.rest import Resource
from core.api.web import own_context
from plugins.fiscalite import frames
from plugins.fiscalite import households
from plugins.fiscalite import results
from plugins.fiscalite import schemas
from plugins.fiscalite import services
from plugins.fiscalite import shapes
from plugins.fiscalite import work

FISCALITE = Resource(
    "fiscalite", _l("Fiscalité"), _l("Données fiscales d'un foyer, impôt estimé par le moteur fiscal, comparaisons."),
    plugin="fiscalite",
)  # fmt: skip
RESOURCES = (FISCALITE,)
READ, WRITE = "contacts:read", "contacts:write"
_YEAR = "/p/fiscalite/contacts/{contact_id}/years/{year}"


@FISCALITE.get(
    _YEAR, _l("Lire une année d'imposition"), shapes.YearOut, scope=READ,
    about=_l("Celle du foyer de la personne, ou la sienne. Tout montant d'impôt est une estimation du moteur."),
)  # fmt: skip
def show(call: Call, contact_id: str, year: str) -> dict[str, Any]:
    """Patrimoine > Fiscalité."""
    owner = services.owner(call.session, call.adviser, contact_id)
    return _shown(call, services.declared(call.session, owner.id, _year(year)))


@FISCALITE.patch(
    _YEAR, _l("Déclarer une année"), shapes.YearOut, takes=shapes.FactsPatch, scope=WRITE, same="fiscalite_show",
    about=_l("Ce qui n'est pas envoyé garde sa valeur\u202f; le calcul est demandé aussitôt."),
)  # fmt: skip
def change(call: Call, contact_id: str, year: str) -> dict[str, Any]:
    """As the form."""
    owner = services.owner(call.session, call.adviser, contact_id)
    found = services.declared(call.session, owner.id, _year(year))
    facts = {**found.facts, **call.taken}
    if not facts.get("situation"):
        raise DomainError("Choisissez la situation du foyer.", field="situation")
    _hold(schemas.problems(facts))
    return _asked(call, services.save(call.session, call.adviser, owner.id, found.year, facts))


@FISCALITE.patch(
    f"{_YEAR}/what-if", _l("Choisir ce qui est comparé"), shapes.YearOut, takes=shapes.WhatIfPatch, scope=WRITE,
    same="fiscalite_show",
)  # fmt: skip
def compare(call: Call, contact_id: str, year: str) -> dict[str, Any]:
    """As «Et si…»."""
    owner = services.owner(call.session, call.adviser, contact_id)
    found = services.declared(call.session, owner.id, _year(year))
    tried = {**found.what_if, **call.taken}
    _hold(schemas.trial_problems(tried))
    return _asked(call, services.compare(call.session, call.adviser, owner.id, found.year, tried))


@FISCALITE.post(f"{_YEAR}/estimate", _l("Demander le calcul"), shapes.YearOut, scope=WRITE)
def calculate(call: Call, contact_id: str, year: str) -> dict[str, Any]:
    """As «Calculer»."""
    owner = services.owner(call.session, call.adviser, contact_id)
    services.may_write(call.session, call.adviser, owner.id)
    found = services.declared(call.session, owner.id, _year(year))
    if not found.version:
        raise NotFound("Aucune donnée fiscale n'est saisie pour cette année.")
    return _asked(call, found)


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotFound("Cette année ne peut pas être déclarée ici.")
    return services.checked_year(int(text))


def _hold(problems: Mapping[str, str]) -> None:
    for name, text in problems.items():
        raise DomainError(text, field=name)


def _asked(call: Call, found: services.Declared) -> dict[str, Any]:
    base = frames.base(found)
    taxed = base.asked if base else None
    services.waiting(call.session, services.keys(found, taxed).values())
    work.enqueue(own_context("fiscalite"), found, taxed)
    return _shown(call, found)


def _shown(call: Call, found: services.Declared) -> dict[str, Any]:
    base = frames.base(found) if found.version else None
    keys = services.keys(found, base.asked if base else None)
    estimates = services.estimates(call.session, keys.values())
    now = estimates.get(keys["present"]) if keys else None
    ifi = results.ifi(base, estimates.get(keys.get(households.IFI, "")))
    facts = dict.fromkeys(shapes.FactsOut().fields) | dict.fromkeys(("by_scale", *results.FLAGS), False)
    tried = dict.fromkeys(shapes.WhatIfOut().fields) | {"more_child": False, "eight_years": False}
    return {
        "contact_id": found.contact_id, "year": found.year, "declared": bool(found.version), "updated_at": found.updated_at,
        "facts": facts | dict(found.facts), "what_if": tried | dict(found.what_if), "estimate": _estimate(now, found),
        "ifi": {
            "base": ifi.base.total, "amount": ifi.amount, "on": ifi.base.on, "from_sheet": ifi.base.from_sheet,
            "lines": ifi.base.lines, "without_value": list(ifi.base.unknown),
        } if ifi is not None else None,
        "social_levies": [
            {"label": str(one.label), "base": one.base, "rate": one.levy.rate, "amount": one.amount,
             "source": one.levy.source, "verified": one.levy.verified}
            for one in results.levies(found.facts, found.year)
        ],
        "ceilings": [
            {"number": one.number, "ceiling": one.ceiling.total, "left": one.left}
            for one in (results.ceilings(found.facts, found.year) if found.version else ())
        ],
        "comparisons": [
            {"key": one.key, "income_tax": one.tax.total if one.tax else None, "difference": one.difference,
             "social_levies": one.levies}
            for one in results.columns(found, keys, estimates) if one.key != "present"
        ],
    }  # fmt: skip


def _estimate(now: services.Estimated | None, found: services.Declared) -> dict[str, Any]:
    state = {"state": now.state if now else "none", "text": now.text if now else "", "engine": now.program if now else ""}
    if now is None or not now.done or now.scale is None:
        return {**state, "scale_year": None, "computed_at": None, "steps": [], "brackets": [], **dict.fromkeys(
            ("income_tax", "left_to_pay", "parts", "marginal_rate", "average_rate")
        )}  # fmt: skip
    tax = results.tax(now, found.facts)
    return {
        **state, "scale_year": now.scale.year, "computed_at": now.computed_at, "income_tax": tax.total,
        "left_to_pay": tax.left, "parts": tax.parts, "marginal_rate": tax.marginal, "average_rate": tax.average,
        "steps": [{"key": name, "label": str(label), "value": value} for name, label, value in tax.steps],
        "brackets": [{"above": one.above, "rate": one.rate} for one in now.scale.brackets],
    }  # fmt: skip
