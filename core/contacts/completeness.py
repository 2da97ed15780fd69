"""How complete a file is: what a cabinet must know of its clients, as rules, each with its reason (DO-01).

A rule names the field that fills it: pages link to it. Mandatory fields of the cabinet's own count like the others.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.contacts import custom_values
from core.contacts import life
from core.contacts.custom_values import Answer
from core.contacts.schemas import ContactCard
from core.db.clock import today

Page = Literal["edit", "channels"]
PERSON, COMPANY = "PERSONNE_PHYSIQUE", "PERSONNE_MORALE"
ADULT = 18
IDENTITY = "Identification du client, lutte contre le blanchiment (CMF, art. L. 561-5 et R. 561-5)."
TAX = "Échange automatique d'informations fiscales (FATCA, CRS)."
KNOWLEDGE = "Connaissance du client, avant tout conseil (recueil d'informations)."
FAMILY = "Capacité et pouvoirs des époux ou partenaires\u202f: qui peut signer, sur quels biens."
REACH = "Remise des documents et information du client."
CABINET = "Champ obligatoire dans votre cabinet."


@dataclass(frozen=True, slots=True)
class Rule:
    """Something to know: of whom, why, where it is typed (`field` of a page's form), whether it is known, whether asked."""

    key: str
    label: str
    why: str
    kind: str
    known: Callable[[ContactCard], object]
    field: str
    page: Page = "edit"
    asked: Callable[[ContactCard], bool] = lambda _card: True


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not known yet. `field`: the form's field that takes it, on `page`."""

    key: str
    label: str
    why: str
    page: Page
    field: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far a file is: `known` of `asked`, in whole percents (100 only where nothing is missing), and what is missing."""

    known: int
    asked: int
    missing: tuple[Missing, ...]

    @property
    def percent(self) -> int:
        """Whole percents, rounded down."""
        return 100 if not self.missing else self.known * 100 // self.asked


def _adult(card: ContactCard) -> bool:
    years = card.age(today())
    return card.protection != "MINEUR" and (years is None or years >= ADULT)


def _living(card: ContactCard) -> bool:
    return not life.of(card.line).deceased


def _of_age(card: ContactCard) -> bool:
    return _adult(card) and _living(card)


def _works(card: ContactCard) -> bool:
    return _of_age(card) and card.details.work_status not in ("RETRAITE", "SANS_ACTIVITE")


def _valid(until: date | None) -> bool:
    return until is not None and until >= today()


def _person(
    key: str, label: str, why: str, known: Callable[[ContactCard], object],
    asked: Callable[[ContactCard], bool] = lambda _card: True, *, field: str | None = None, page: Page = "edit",
) -> Rule:  # fmt: skip
    return Rule(key, label, why, PERSON, known, field or key, page, asked)


def _company(
    key: str, label: str, why: str, known: Callable[[ContactCard], object], *, field: str | None = None, page: Page = "edit"
) -> Rule:
    return Rule(key, label, why, COMPANY, known, field or key, page)


RULES: tuple[Rule, ...] = (
    _person("civility", "Civilité", IDENTITY, lambda card: card.civility),
    _person("birth_name", "Nom de naissance", IDENTITY, lambda card: card.birth_name),
    _person("first_names", "Prénoms", IDENTITY, lambda card: card.first_names),
    _person("birth_date", "Date de naissance", IDENTITY, lambda card: card.birth_date),
    _person("birth_city", "Commune de naissance", IDENTITY, lambda card: card.details.birth_city),
    _person("birth_country", "Pays de naissance", IDENTITY, lambda card: card.details.birth_country),
    _person("nationality", "Nationalité", IDENTITY, lambda card: card.details.nationality),
    _person("id_kind", "Pièce d'identité", IDENTITY, lambda card: card.details.id_kind, _of_age),
    _person("id_number", "Numéro de la pièce d'identité", IDENTITY, lambda card: card.details.id_number, _of_age),
    _person("id_expires_on", "Pièce d'identité en cours de validité", IDENTITY,
            lambda card: _valid(card.details.id_expires_on), _of_age),
    _person("tax_country", "Résidence fiscale", TAX, lambda card: card.details.tax_country),
    _person("tax_id", "Numéro fiscal (NIF)", TAX, lambda card: card.details.tax_id, _of_age),
    _person("us_person", "Contribuable américain (US person)", TAX, lambda card: card.details.us_person, _of_age),
    _person("situation", "Situation familiale", FAMILY, lambda card: card.situation),
    _person("matrimonial_regime", "Régime matrimonial", FAMILY, lambda card: card.details.matrimonial_regime,
            lambda card: card.situation == "MARIE"),
    _person("pacs_regime", "Régime du PACS", FAMILY, lambda card: card.details.pacs_regime,
            lambda card: card.situation == "PACSE"),
    _person("work_status", "Statut professionnel", KNOWLEDGE, lambda card: card.details.work_status, _of_age),
    _person("csp", "Catégorie socioprofessionnelle", KNOWLEDGE, lambda card: card.details.csp, _of_age),
    _person("profession", "Profession", KNOWLEDGE, lambda card: card.details.profession, _works),
    _person("address", "Adresse", IDENTITY, lambda card: card.line.city, _living, field="address", page="channels"),
    _person("reach", "Téléphone ou e-mail", REACH, lambda card: card.line.phone or card.line.email, _of_age,
            field="phone", page="channels"),
    _company("company_name", "Dénomination", IDENTITY, lambda card: card.company_name),
    _company("legal_form", "Forme juridique", IDENTITY, lambda card: card.legal_form),
    _company("siren", "SIREN", IDENTITY, lambda card: card.siren),
    _company("founded_on", "Date de création", KNOWLEDGE, lambda card: card.details.founded_on),
    _company("capital", "Capital social", KNOWLEDGE, lambda card: card.details.capital is not None),
    _company("tax_regime", "Régime fiscal", KNOWLEDGE, lambda card: card.details.tax_regime),
    _company("tax_country", "Résidence fiscale", TAX, lambda card: card.details.tax_country),
    _company("address", "Siège social", IDENTITY, lambda card: card.line.city, field="address", page="channels"),
    _company("reach", "Téléphone ou e-mail", REACH, lambda card: card.line.phone or card.line.email, field="phone",
             page="channels"),
)  # fmt: skip


def of(card: ContactCard, answers: Iterable[Answer] = ()) -> Completeness | None:
    """How complete the file is; None for a household, whose members have files of their own."""
    rules = [rule for rule in RULES if rule.kind == card.line.kind and rule.asked(card)]
    if not rules:
        return None
    missing = [Missing(rule.key, rule.label, rule.why, rule.page, rule.field) for rule in rules if not rule.known(card)]
    own = [one for one in answers if one.field.required and not one.field.archived]
    missing += [
        Missing(custom_values.at(one.field.code), one.field.label, CABINET, "edit", custom_values.at(one.field.code))
        for one in own if one.value is None
    ]  # fmt: skip
    asked = len(rules) + len(own)
    return Completeness(asked - len(missing), asked, tuple(missing))
