"""Who changed what of a contact, when, before → after: read from the cabinet's journal (DO-01)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.cabinets import changes
from core.cabinets.changes import Change
from core.cabinets.changes import Line
from core.contacts import aliases
from core.contacts import choices
from core.contacts import custom
from core.contacts import custom_values
from core.contacts.channels import KINDS as CHANNELS
from core.contacts.schemas import FOLLOWING_LABELS
from core.contacts.schemas import KIND_LABELS
from core.contacts.schemas import PROTECTION_LABELS
from core.contacts.schemas import SITUATION_LABELS
from core.contacts.schemas import STAGE_LABELS
from core.contacts.services import get_contact
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.web import formats

__all__ = ["LABELS", "Change", "label_of", "of_contact", "said"]

#: Field → how people call it.
LABELS: dict[str, str] = {
    "kind": "Nature", "stage": "Type", "display_name": "Nom dans les listes", "file_code": "Code dossier",
    "civility": "Civilité", "birth_name": "Nom de naissance", "usage_name": "Nom d'usage", "first_names": "Prénoms",
    "birth_date": "Date de naissance", "company_name": "Dénomination", "legal_form": "Forme juridique", "siren": "SIREN",
    "situation": "Situation familiale", "protection": "Protection juridique", "vital": "Vivant ou décédé",
    "death_date": "Date de décès", "email": "E-mail", "phone": "Téléphone", "city": "Ville",
    "birth_city": "Commune de naissance", "birth_department": "Département de naissance",
    "birth_country": "Pays de naissance", "nationality": "Nationalité", "other_nationality": "Autre nationalité",
    "tax_country": "Résidence fiscale", "tax_id": "Numéro fiscal (NIF)", "us_person": "Contribuable américain (US person)",
    "matrimonial_regime": "Régime matrimonial", "pacs_regime": "Régime du PACS", "work_status": "Statut professionnel",
    "profession": "Profession", "sector": "Secteur d'activité", "employer": "Employeur", "id_kind": "Pièce d'identité",
    "id_number": "Numéro de la pièce", "id_issued_on": "Délivrée le", "id_expires_on": "Expire le",
    "founded_on": "Date de création", "capital": "Capital", "tax_regime": "Régime fiscal", "lei": "LEI",
    "origin": "Origine du contact", "origin_note": "Précision sur l'origine", "remarks": "Remarques",
    "more_nationalities": "Nationalités supplémentaires", "csp": "Catégorie socioprofessionnelle",
    "introducer": "Apporteur d'affaires", "prescriber": "Prescripteur",
    "prescriber_profession": "Profession du prescripteur", "prospect_since": "Prospect depuis le",
    "client_since": "Client depuis le", "former_since": "Ancien client depuis le", "category": "Catégorie",
    "labels": "Étiquettes", "followers": "Suivi", "client_numbers": "Numéros client", "archived": "Archivage",
    "usage": "Usage", "is_primary": "Principal", "opt_in": "Accord de prospection", "street": "Adresse",
    "extra": "Complément", "postal_code": "Code postal", "country": "Pays", "number": "Numéro", "iban": "IBAN",
    "bic": "BIC", "holder": "Titulaire du compte", "siret": "SIRET", "opt_in_on": "Accord donné le",
    "opt_in_source": "Accord recueilli", "verified_on": "Vérifié le",
}  # fmt: skip
_CHANNEL_LABELS = {"address": "Adresse", "phone": "Téléphone", "email": "E-mail", "bank": "Compte bancaire"}
_ACTIONS = {
    "contact.added": "Création du dossier", "contact.changed": "Modification", "contact.followed": "Suivi attribué",
    "contact.unfollowed": "Suivi retiré", "household.joined": "Membre ajouté au foyer",
    "household.left": "Membre retiré du foyer", "contact.channel_added": "Coordonnée ajoutée",
    "contact.channel_changed": "Coordonnée modifiée", "contact.channel_removed": "Coordonnée retirée",
    "contact.channel_restored": "Coordonnée rétablie", "contact.channels_ordered": "Coordonnée réordonnée",
    "contact.custom_changed": "Modification", "contact.categorised": "Catégorie changée",
    "contact.labelled": "Étiquettes changées", "contact.number_added": "Numéro client ajouté",
    "contact.number_removed": "Numéro client retiré", "contact.archived": "Dossier archivé",
    "contact.restored": "Dossier sorti des archives", "contact.consents_ended": "Sollicitations closes après le décès",
    "contact.channel_verified": "Coordonnée vérifiée",
    "contact.merged": "Fusion d'un autre dossier dans celui-ci", "contact.unmerged": "Fusion défaite",
}  # fmt: skip
_CODES: Mapping[str, Mapping[str, str]] = {
    "kind": KIND_LABELS, "stage": STAGE_LABELS, "situation": SITUATION_LABELS, "protection": PROTECTION_LABELS,
    "civility": choices.CIVILITIES, "vital": {"VIVANT": "Vivant", "DECEDE": "Décédé"}, "us_person": choices.YES_NO,
    "matrimonial_regime": choices.MATRIMONIAL_REGIMES, "pacs_regime": choices.PACS_REGIMES,
    "work_status": choices.WORK_STATUSES, "id_kind": choices.ID_KINDS, "tax_regime": choices.TAX_REGIMES,
    "origin": choices.ORIGINS, "csp": choices.CSPS, "prescriber_profession": choices.PRESCRIBERS,
    "opt_in_source": choices.OPT_IN_SOURCES,
}  # fmt: skip
#: What every contact begins with: not worth a line.
_USUAL = (("protection", "AUCUNE"), ("vital", "VIVANT"), ("introducer", False), ("prescriber", False))
_COUNTRIES = ("birth_country", "nationality", "other_nationality", "tax_country", "country", "more_nationalities")


def of_contact(
    session: TenantSession, adviser: Adviser, contact_id: str, *, field: str | None = None, most: int = 50
) -> tuple[Change, ...]:
    """The changes of a contact, the newest first; those of one field where it is named. Raises `NotFound`."""
    get_contact(session, adviser, contact_id)
    subjects = [f"contact:{one}" for one in aliases.names(session, contact_id)]
    noted = changes.entries(session, subjects, _ACTIONS, 500 if field else most)
    named = {str(one.payload["user"]) for one in noted if one.payload and one.payload.get("user")}
    names = changes.people(session, {one.actor for one in noted} | named)
    found = []
    for one in noted:
        lines = tuple(line for line in _lines(one.action, one.payload or {}, names) if field in (None, line.name))
        if field and not lines:
            continue
        what = _ACTIONS[one.action]
        if one.payload and (kind := _CHANNEL_LABELS.get(str(one.payload.get("channel")))):
            what = f"{kind} : {what.removeprefix('Coordonnée ').rstrip('e')}{'e' if kind.startswith('Adr') else ''}"
        found.append(Change(one.at, changes.said_of(one.actor, names), what, lines, one.payload is None))
    return tuple(found[:most])


def label_of(session: TenantSession, name: str) -> str | None:
    """How the field of a name is called, the cabinet's own too; None for what is no field."""
    if name in LABELS:
        return LABELS[name]
    return next((one.label for one in custom.every(session, archived=True) if custom_values.at(one.code) == name), None)


def _lines(action: str, payload: Mapping[str, Any], people: Mapping[str, str]) -> list[Line]:
    if action in _SPECIAL:
        return _SPECIAL[action](payload, people) if payload else []
    if action == "contact.added":
        before, after = {}, dict(payload)
        after = {name: value for name, value in after.items() if (name, value) not in _USUAL}
    elif action in ("household.joined", "household.left"):
        return []
    else:
        before, after = dict(payload.get("before") or {}), dict(payload.get("after") or {})
    names = [name for name in LABELS if name in before or name in after]
    channel = str(payload.get("channel") or "")
    found = [
        Line(name, LABELS[name], said(name, before.get(name), channel), said(name, after.get(name), channel)) for name in names
    ]
    # of many made at once, the first who follows is told with the rest (`bulk`)
    return [*found, *_followed(payload, people)] if action == "contact.added" and payload.get("user") else found


def _followed(payload: Mapping[str, Any], people: Mapping[str, str]) -> list[Line]:
    name = people.get(str(payload.get("user")), formats.NOTHING)
    role = FOLLOWING_LABELS.get(str(payload.get("role")), "")
    return [Line("followers", LABELS["followers"], formats.NOTHING, f"{name}, {role.lower()}" if role else name)]


def _unfollowed(payload: Mapping[str, Any], people: Mapping[str, str]) -> list[Line]:
    name = people.get(str(payload.get("user")), formats.NOTHING)
    return [Line("followers", LABELS["followers"], name, formats.NOTHING)]


def _custom(payload: Mapping[str, Any], _people: Mapping[str, str]) -> list[Line]:
    before, after = (str(payload.get(side) or formats.NOTHING) for side in ("before", "after"))
    return [Line(custom_values.at(str(payload.get("code"))), str(payload.get("label")), before, after)]


def _numbered(payload: Mapping[str, Any], _people: Mapping[str, str]) -> list[Line]:
    text = f"{payload.get('company')}\u202f: {payload.get('number')}"
    return [Line("client_numbers", LABELS["client_numbers"], formats.NOTHING, text)]


def _unnumbered(payload: Mapping[str, Any], people: Mapping[str, str]) -> list[Line]:
    (line,) = _numbered(payload, people)
    return [replace(line, before=line.after, after=line.before)]


def _archived(payload: Mapping[str, Any], _people: Mapping[str, str]) -> list[Line]:
    return [Line("archived", LABELS["archived"], formats.NOTHING, str(payload.get("reason") or "Archivé"))]


#: Entries whose payload is not a row of fields, before and after.
_SPECIAL: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, str]], list[Line]]] = {
    "contact.followed": _followed, "contact.unfollowed": _unfollowed, "contact.custom_changed": _custom,
    "contact.number_added": _numbered, "contact.number_removed": _unnumbered, "contact.archived": _archived,
}  # fmt: skip


def said(name: str, value: Any, channel: str = "") -> str:
    """A value as a person reads it; «—» for none."""
    if value in (None, ""):
        return formats.NOTHING
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, list | tuple):
        return ", ".join(said(name, one, channel) for one in value) or formats.NOTHING
    text = str(value)
    if name == "usage" and channel in CHANNELS:
        return CHANNELS[channel].usages.get(text, text)
    if name in _CODES:
        return _CODES[name].get(text, text)
    if name in _COUNTRIES:
        return choices.countries().get(text, text)
    if name in ("phone", "number"):
        return formats.phone(text)
    if name == "siren":
        return formats.siren(text)
    if name == "capital":
        return formats.money(Decimal(text))
    if name.endswith(("_date", "_on", "_since")):
        return formats.day(value if isinstance(value, date) else date.fromisoformat(text))
    return text
