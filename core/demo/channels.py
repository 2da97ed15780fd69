"""How the demonstration's contacts are reached, and what is known of the persons beyond their names.

Drawn from each contact's own code: what is added here changes nothing of the rest of the demonstration.
"""

from __future__ import annotations

from datetime import date
from random import Random

from core.contacts import models
from core.db.model import Base
from core.demo.directory import Contact
from core.demo.seed import Ids

_CODES = {
    "Nantes": "44000", "Rezé": "44400", "Saint-Nazaire": "44600", "Angers": "49000", "Rennes": "35000", "Vannes": "56000",
    "Quimper": "29000", "Lorient": "56100", "Brest": "29200", "Le Mans": "72000", "Tours": "37000", "Cholet": "49300",
    "La Baule-Escoublac": "44500", "Pornic": "44210", "La Rochelle": "17000", "Niort": "79000", "Poitiers": "86000",
    "Bordeaux": "33000", "Laval": "53000", "Saint-Malo": "35400", "Orvault": "44700", "Saint-Herblain": "44800",
    "Clisson": "44190", "Ancenis-Saint-Géréon": "44150", "Les Sables-d'Olonne": "85100", "La Roche-sur-Yon": "85000",
}  # fmt: skip
_STREETS = (
    "rue des Olivettes", "rue de la Paix", "quai de la Fosse", "avenue des Tilleuls", "rue du Moulin", "allée des Chênes",
    "place du Marché", "boulevard de la Liberté", "rue Jean-Jaurès", "impasse des Genêts", "chemin des Vignes",
)  # fmt: skip
_WORK = (
    ("SALARIE", "Ingénieur"), ("SALARIE", "Cadre commercial"), ("SALARIE", "Comptable"), ("FONCTIONNAIRE", "Professeur"),
    ("FONCTIONNAIRE", "Infirmier hospitalier"), ("TNS", "Architecte"), ("TNS", "Kinésithérapeute"), ("TNS", "Avocat"),
    ("DIRIGEANT", "Gérant de société"), ("SALARIE", "Chef de projet"),
)  # fmt: skip
_ORIGINS = ("RECOMMANDATION", "RECOMMANDATION", "PRESCRIPTEUR", "RELATION", "SITE", "EVENEMENT", "REPRISE")


def details(one: Contact, today: date) -> dict[str, object]:
    """Columns of a contact: nothing that a household lacks, nor a minor's profession."""
    draw = Random(f"details {one.file_code} {one.display_name}")  # noqa: S311 - a demonstration
    found: dict[str, object] = {
        "nationality": None, "tax_country": None, "birth_country": None, "us_person": None, "work_status": None,
        "profession": None, "origin": draw.choice(_ORIGINS),
    }  # fmt: skip
    if one.kind != "FOYER":
        found["tax_country"] = "FR"
    if one.kind == "PERSONNE_PHYSIQUE":
        found |= {"nationality": "FR", "birth_country": "FR", "us_person": "NON"}
        age = (today - one.birth).days // 365 if one.birth else 40
        work = ("RETRAITE", None) if age >= 65 else draw.choice(_WORK) if age >= 24 else ("SANS_ACTIVITE", "Étudiant")
        if one.protection != "MINEUR":
            found |= {"work_status": work[0], "profession": work[1]}
    return found


def rows(ids: Ids, contacts: list[Contact]) -> list[tuple[type[Base], list[dict[str, object]]]]:
    """Addresses, telephones and e-mails, by table; the primary ones are those that the contacts' own rows repeat."""
    addresses: list[dict[str, object]] = []
    phones: list[dict[str, object]] = []
    emails: list[dict[str, object]] = []
    for one in contacts:
        draw = Random(f"channels {one.file_code} {one.display_name}")  # noqa: S311 - a demonstration
        company = one.kind == "PERSONNE_MORALE"

        def shared(usage: str, one: Contact = one, draw: Random = draw) -> dict[str, object]:
            return {
                "id": ids.next(), "contact_id": one.id, "usage": usage, "is_primary": True,
                "opt_in": draw.randrange(3) == 0, "created_at": one.created_at,
            }  # fmt: skip

        street = f"{draw.randrange(1, 90)} {draw.choice(_STREETS)}"
        addresses.append(
            {**shared("SIEGE" if company else "DOMICILE"), "street": street, "extra": None,
             "postal_code": _CODES.get(one.city), "city": one.city, "country": "FR"}
        )  # fmt: skip
        if one.phone:
            phones.append({**shared("BUREAU" if company else "MOBILE"), "number": one.phone})
        if one.email:
            emails.append({**shared("BUREAU" if company else "PERSONNEL"), "email": one.email, "folded": one.email.casefold()})
    return [(models.ContactAddress, addresses), (models.ContactPhone, phones), (models.ContactEmail, emails)]
