"""What an address, a number or an account may be: its fields, its usages, how each is read (domain.md §2.1)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.contacts import choices
from core.contacts.models import Contact
from core.contacts.models import ContactAddress
from core.contacts.models import ContactBank
from core.contacts.models import ContactEmail
from core.contacts.models import ContactPhone
from core.contacts.schemas import NewContact
from core.db.clock import today
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.web import inputs


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of channel: its table, the field that must be there, all its fields, its usages by code."""

    model: type[Any]
    needed: str
    names: tuple[str, ...]
    usages: Mapping[str, str]


KINDS: dict[str, Kind] = {
    "address": Kind(
        ContactAddress, "city", ("street", "extra", "postal_code", "city", "country", "siret"),
        {"DOMICILE": "Domicile", "CORRESPONDANCE": "Correspondance", "FISCALE": "Domicile fiscal", "SIEGE": "Siège social",
         "BUREAU": "Bureau", "SECONDAIRE": "Résidence secondaire"},
    ),
    "phone": Kind(
        ContactPhone, "number", ("number",),
        {"MOBILE": "Mobile", "DOMICILE": "Domicile", "BUREAU": "Bureau", "AUTRE": "Autre"},
    ),
    "email": Kind(ContactEmail, "email", ("email",), {"PERSONNEL": "Personnel", "BUREAU": "Bureau", "AUTRE": "Autre"}),
    "bank": Kind(
        ContactBank, "iban", ("iban", "bic", "holder"),
        {"COURANT": "Compte courant", "JOINT": "Compte joint", "PROFESSIONNEL": "Compte professionnel", "AUTRE": "Autre"},
    ),
}  # fmt: skip
_LENGTHS = {"street": 200, "extra": 200, "postal_code": 12, "city": 100, "holder": 120}
_READ: dict[str, tuple[Callable[[str], str], str]] = {
    "number": (inputs.phone, "Écrivez un numéro de téléphone, avec l'indicatif du pays hors de France."),
    "email": (inputs.email, "Écrivez une adresse e-mail complète."),
    "iban": (inputs.iban, "Vérifiez l'IBAN\u202f: sa clé ou sa longueur n'est pas bonne."),
    "bic": (inputs.bic, "Un BIC compte 8 ou 11 lettres et chiffres."),
    "siret": (inputs.siret, "Un SIRET compte 14 chiffres, dont une clé\u202f: vérifiez-le."),
}
_MISSING = {
    "city": "Saisissez la ville.", "number": "Saisissez le numéro.", "email": "Saisissez l'adresse.", "iban": "Saisissez l'IBAN.",
}  # fmt: skip


def checked(kind: str, values: Mapping[str, Any], contact: Contact | NewContact) -> dict[str, Any]:
    known = kind_of(kind)
    if values.get("usage") not in known.usages:
        raise DomainError("Choisissez un usage de la liste.", field="usage")
    clean: dict[str, Any] = {"usage": values["usage"], **_agreed(values)}
    for name in known.names:
        clean[name] = _value(name, values.get(name))
    if not clean[known.needed]:
        raise DomainError(_MISSING[known.needed], field=known.needed)
    if kind == "address":
        clean["country"] = clean["country"] or "FR"
        if clean["siret"] and contact.kind != "PERSONNE_MORALE":
            raise DomainError("Un SIRET est celui d'un établissement de société.", field="siret")
        if clean["siret"] and contact.siren and clean["siret"][:9] != contact.siren:
            raise DomainError("Ce SIRET ne commence pas par le SIREN de la société\u202f: vérifiez les deux.", field="siret")
        if clean["country"] not in choices.countries():
            raise DomainError("Choisissez un pays de la liste.", field="country")
        if clean["country"] == "FR" and clean["postal_code"] and not (
            len(clean["postal_code"]) == 5 and clean["postal_code"].isascii() and clean["postal_code"].isdigit()
        ):
            raise DomainError("Un code postal français compte 5 chiffres.", field="postal_code")
    return folded(clean)


def _agreed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The agreement to be approached, with its day (today where it is not said) and how it was given."""
    if not values.get("opt_in"):
        return {"opt_in": False, "opt_in_on": None, "opt_in_source": None}
    day, source = values.get("opt_in_on") or today(), values.get("opt_in_source") or None
    if day > today():
        raise DomainError("Cette date est dans le futur\u202f: vérifiez-la.", field="opt_in_on")
    if source is not None and source not in choices.OPT_IN_SOURCES:
        raise DomainError("Choisissez une valeur de la liste.", field="opt_in_source")
    return {"opt_in": True, "opt_in_on": day, "opt_in_source": source}


def _value(name: str, value: Any) -> str | None:
    if not value:
        return None
    try:
        plain = inputs.plain(str(value))
    except ValueError as error:
        raise DomainError("Ce texte contient un caractère invisible qui n'est pas accepté.", field=name) from error
    if not plain:
        return None
    if name in _READ:
        read, wrong = _READ[name]
        try:
            return read(plain)
        except ValueError as error:
            raise DomainError(wrong, field=name) from error
    if len(plain) > _LENGTHS.get(name, 200):
        raise DomainError(f"{_LENGTHS.get(name, 200)} caractères au plus.", field=name)
    return plain


def folded(clean: dict[str, Any]) -> dict[str, Any]:
    return {**clean, "folded": str(clean["email"]).casefold()[:254]} if "email" in clean else clean


def kind_of(kind: str) -> Kind:
    if kind not in KINDS:
        raise NotFound("Cette page n'existe pas, ou n'est pas ouverte à votre profil.")
    return KINDS[kind]
