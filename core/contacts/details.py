"""What is known of a contact beyond its name: birth, nationality, tax, work, identity paper, company (domain.md §2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from stdnum import lei as lei_number

from core.contacts import choices
from core.db.clock import today
from core.db.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Every field is optional. Countries are ISO 3166-1 alpha-2."""

    birth_city: str | None = None
    birth_department: str | None = None
    birth_country: str | None = None
    nationality: str | None = None
    other_nationality: str | None = None
    more_nationalities: tuple[str, ...] = ()
    tax_country: str | None = None
    tax_id: str | None = None
    us_person: str | None = None
    matrimonial_regime: str | None = None
    pacs_regime: str | None = None
    work_status: str | None = None
    csp: str | None = None
    profession: str | None = None
    sector: str | None = None
    employer: str | None = None
    id_kind: str | None = None
    id_number: str | None = None
    id_issued_on: date | None = None
    id_expires_on: date | None = None
    founded_on: date | None = None
    capital: Decimal | None = None
    tax_regime: str | None = None
    lei: str | None = None
    origin: str | None = None
    origin_note: str | None = None
    remarks: str | None = None
    introducer: bool = False
    prescriber: bool = False
    prescriber_profession: str | None = None
    prospect_since: date | None = None
    client_since: date | None = None
    former_since: date | None = None


NAMES = tuple(one.name for one in fields(Details))
#: What all kinds of contact have; the rest is a person's or a company's alone.
COMMON = frozenset({
    "origin", "origin_note", "remarks", "tax_country", "tax_id", "introducer", "prescriber", "prescriber_profession",
    "prospect_since", "client_since", "former_since",
})  # fmt: skip
#: Stage → since when it is at it.
SINCE = {"PROSPECT": "prospect_since", "CLIENT": "client_since", "ANCIEN_CLIENT": "former_since"}
_NOT_OF_HOUSEHOLDS = ("tax_country", "tax_id", "introducer", "prescriber", "prescriber_profession")
#: Far more than anybody has: what is beyond is a slip of the hand.
MOST_NATIONALITIES = 20
OF_COMPANIES = frozenset({"founded_on", "capital", "tax_regime", "lei"})
LENGTHS: dict[str, int] = {
    "birth_department": 3, "tax_id": 40, "profession": 120, "sector": 120, "employer": 200, "id_number": 40, "lei": 20,
    "origin_note": 200, "remarks": 4000,
}  # fmt: skip
_CODES: Mapping[str, Mapping[str, str]] = {
    "us_person": choices.YES_NO, "matrimonial_regime": choices.MATRIMONIAL_REGIMES, "pacs_regime": choices.PACS_REGIMES,
    "work_status": choices.WORK_STATUSES, "id_kind": choices.ID_KINDS, "tax_regime": choices.TAX_REGIMES,
    "origin": choices.ORIGINS, "csp": choices.CSPS, "prescriber_profession": choices.PRESCRIBERS,
}  # fmt: skip
_COUNTRIES = ("birth_country", "nationality", "other_nationality", "tax_country")


def check(data: Any) -> None:
    """The rules of domain.md §2.1 on these fields of a `NewContact`. Raises `DomainError` that names the field."""
    for name in NAMES:
        value = getattr(data, name)
        if value is None or value is False or value == ():
            continue
        if name not in COMMON and (name in OF_COMPANIES) != (data.kind == "PERSONNE_MORALE"):
            raise DomainError("Cette donnée ne concerne pas ce type de contact.", field=name)
        if isinstance(value, str) and len(value) > LENGTHS.get(name, 100):
            raise DomainError(f"{LENGTHS.get(name, 100)} caractères au plus.", field=name)
        if name in _CODES and value not in _CODES[name]:
            raise DomainError(f"Valeur inconnue\u202f: {value}.", field=name)
        if name in _COUNTRIES and value not in choices.countries():
            raise DomainError("Choisissez un pays de la liste.", field=name)
        if data.kind == "FOYER" and name in _NOT_OF_HOUSEHOLDS:
            raise DomainError("Cette donnée ne concerne pas ce type de contact.", field=name)
    _check_nationalities(data)
    if data.prescriber != (data.prescriber_profession is not None):
        raise DomainError("Un prescripteur se note avec sa profession.", field="prescriber_profession")
    if data.matrimonial_regime and data.situation != "MARIE":
        raise DomainError("Le régime matrimonial ne concerne que les personnes mariées.", field="matrimonial_regime")
    if data.pacs_regime and data.situation != "PACSE":
        raise DomainError("Le régime du PACS ne concerne que les personnes pacsées.", field="pacs_regime")
    if data.lei and not lei_number.is_valid(data.lei):
        raise DomainError("Un LEI compte 20 lettres et chiffres, dont une clé\u202f: vérifiez-le.", field="lei")
    if data.capital is not None and data.capital < 0:
        raise DomainError("Un capital n'est pas négatif.", field="capital")
    _check_dates(data)


def _check_nationalities(data: Any) -> None:
    more = data.more_nationalities
    if any(one not in choices.countries() for one in more):
        raise DomainError("Choisissez des pays de la liste.", field="more_nationalities")
    every = [one for one in (data.nationality, data.other_nationality, *more) if one]
    if len(set(every)) < len(every):
        twice = "more_nationalities" if more else "other_nationality"
        raise DomainError("La même nationalité est donnée deux fois\u202f: effacez-en une.", field=twice)
    if len(every) > MOST_NATIONALITIES:
        raise DomainError(f"{MOST_NATIONALITIES} nationalités au plus.", field="more_nationalities")


def _check_dates(data: Any) -> None:
    for name in ("founded_on", "id_issued_on", *SINCE.values()):
        value = getattr(data, name)
        if value is not None and value > today():
            raise DomainError("Cette date est dans le futur\u202f: vérifiez-la.", field=name)
    if data.id_issued_on and data.id_expires_on and data.id_expires_on <= data.id_issued_on:
        raise DomainError("La pièce expire avant d'avoir été délivrée\u202f: vérifiez les dates.", field="id_expires_on")
    born = getattr(data, "birth_date", None)
    if born and data.id_issued_on and data.id_issued_on < born:
        raise DomainError("La pièce est délivrée avant la naissance\u202f: vérifiez les dates.", field="id_issued_on")
