"""Who changed what of an account, when, before → after: read from the cabinet's journal (PF-01)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.accounts.envelopes import ENVELOPES
from core.accounts.envelopes import FED
from core.accounts.envelopes import FEES
from core.accounts.envelopes import MANAGEMENT_MODES
from core.accounts.envelopes import ROLES
from core.accounts.envelopes import SETTLEMENTS
from core.accounts.envelopes import STATES
from core.accounts.envelopes import TAX_OPTIONS
from core.accounts.lists import get_ref
from core.cabinets import changes
from core.cabinets.changes import Change
from core.cabinets.changes import Line
from core.contacts.models import Contact
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.supports.models import Company
from core.supports.models import Product
from core.web import formats

MOST = 200
#: Field → how people call it.
LABELS: dict[str, str] = {
    **FED, "depositary_id": "Dépositaire", "distributor_id": "Distributeur", "management_mode": "Mode de gestion",
    "effect_on": "Date d'effet", "matures_on": "Échéance", "closed_on": "Date de clôture", "net_payments": "Versements nets",
    "value": "Valorisation", "value_on": "Valorisé le", **FEES, "tax_option": "Option fiscale", "settlement": "Dénouement",
    "introducer_code": "Code apporteur", "pledged": "Nanti", "delegated": "Délégation", "blocked": "Blocage",
}  # fmt: skip
_ACTIONS: dict[str, str] = {
    "account.added": "Compte créé", "account.changed": "Fiche modifiée", "account.roles": "Personnes modifiées",
    "account.corrected": "Champ corrigé", "account.released": "Correction retirée", "account.archived": "Compte archivé",
    "account.restored": "Compte sorti des archives", "account.deleted": "Compte supprimé", "account.back": "Suppression annulée",
    "account.filled_by": "Source des valeurs changée", "account.stale": "Flux silencieux",
    "account.movements_added": "Mouvements reçus",
    "account.movements_removed": "Mouvements repris", "account.valued": "Valorisation notée",
    "account.unvalued": "Valorisation retirée", "account.positions": "Lignes notées", "account.movement": "Mouvement noté",
    "account.movement_removed": "Mouvement retiré", "account.put_back": "Import annulé",
}  # fmt: skip
_CODES: dict[str, Mapping[str, str]] = {
    "envelope": ENVELOPES, "state": STATES, "management_mode": MANAGEMENT_MODES, "tax_option": TAX_OPTIONS,
    "settlement": SETTLEMENTS,
}  # fmt: skip
_NAMED = {"company_id": Company, "depositary_id": Company, "distributor_id": Company, "product_id": Product}


def of_account(session: TenantSession, adviser: Adviser, account_id: str) -> tuple[Change, ...]:
    """The changes of an account, the newest first. Raises `NotFound`. A constant number of queries."""
    get_ref(session, adviser, account_id)
    noted = changes.entries(session, [f"account:{account_id}"], _ACTIONS, MOST)
    people = changes.people(session, {one.actor for one in noted})
    names = _names(session, [one.payload for one in noted if one.payload])
    return tuple(
        Change(
            one.at, changes.said_of(one.actor, people), _ACTIONS[one.action],
            tuple(_lines(one.action, one.payload or {}, names)), one.payload is None,
        )
        for one in noted
    )  # fmt: skip


def _lines(action: str, payload: Mapping[str, Any], names: Mapping[str, str]) -> list[Line]:
    if action in ("account.corrected", "account.released"):
        name = str(payload.get("field"))
        sides = ({name: payload.get("before")}, {name: payload.get("after")})
    elif action == "account.roles":
        said = [_people(payload.get(side) or [], names) for side in ("before", "after")]
        return [Line("roles", "Personnes", *said)] if said[0] != said[1] else []
    elif action in ("account.added", "account.valued", "account.unvalued"):
        told = dict(payload) | ({"value_on": payload["on"]} if "on" in payload else {})
        sides = (told, {}) if action == "account.unvalued" else ({}, told)
    elif action in ("account.movement", "account.movement_removed"):
        text = f"{payload.get('label', '')}, {said_as('value', payload.get('amount'), names)}"
        both = (text, formats.NOTHING) if action.endswith("removed") else (formats.NOTHING, text)
        return [Line("movement", f"Le {formats.day(date.fromisoformat(str(payload['on'])))}", *both)] if "on" in payload else []
    else:
        sides = (dict(payload.get("before") or {}), dict(payload.get("after") or {}))
    return [
        Line(name, LABELS[name], said_as(name, sides[0].get(name), names), said_as(name, sides[1].get(name), names))
        for name in LABELS if name in sides[0] or name in sides[1]
    ]  # fmt: skip


def said_as(name: str, value: Any, names: Mapping[str, str]) -> str:
    """A value of the journal as a person reads it; «—» for none."""
    if value in (None, ""):
        return formats.NOTHING
    text = str(value)
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if name in _CODES:
        return _CODES[name].get(text, text)
    if name in _NAMED:
        return names.get(text, formats.NOTHING)
    if name in FEES:
        return f"{formats.number(Decimal(text) * 100, 2)}\u00a0%"
    if name.endswith("_on"):
        return formats.day(date.fromisoformat(text))
    return formats.money(Decimal(text)) if name in ("value", "net_payments") else text


def named(session: TenantSession, name: str, value: Any) -> str:
    """A field's value as a person reads it, whatever it names."""
    return said_as(name, value, _names(session, [{name: value}]))


def _people(roles: Any, names: Mapping[str, str]) -> str:
    said = [
        f"{names.get(str(one.get('contact_id')), formats.NOTHING)}, {ROLES.get(str(one.get('role')), '').lower()}"
        for one in roles
    ]
    return " · ".join(said) or formats.NOTHING


def _names(session: TenantSession, payloads: list[dict[str, Any]]) -> dict[str, str]:
    """Every company, product and contact that the payloads name, by id. Three queries."""
    text = {str(value) for one in payloads for value in _values(one)}
    found: dict[str, str] = {}
    for model, label in ((Company, Company.name), (Product, Product.name), (Contact, Contact.display_name)):
        found |= {row[0]: row[1] for row in session.execute(select(model.id, label).where(model.id.in_(text)))} if text else {}
    return found


def _values(payload: Any) -> list[str]:
    if isinstance(payload, Mapping):
        return [found for value in payload.values() for found in _values(value)]
    if isinstance(payload, list):
        return [found for value in payload for found in _values(value)]
    return [payload] if isinstance(payload, str) and len(payload) == 26 else []
