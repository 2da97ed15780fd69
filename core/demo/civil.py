"""What is known of the demonstration's contacts beyond their names: birth, marriage, work, papers; a company's form and capital.

Drawn from each contact's own code, so that what is added here changes nothing of the rest; and coherent: no manager among minors,
nobody retired at forty, no community of furniture among those who married after 1966.
"""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from core.demo.months import years_before

if TYPE_CHECKING:
    from core.demo.directory import Contact

#: Status, profession (a man's, a woman's), sector, employer; what employs nobody has none.
WORK = (
    ("SALARIE", "Ingénieur", "Ingénieure", "Aéronautique", "Ateliers aéronautiques de l'Estuaire"),
    ("SALARIE", "Cadre commercial", "Cadre commerciale", "Agroalimentaire", "Laiteries du Bocage"),
    ("SALARIE", "Comptable", "Comptable", "Services aux entreprises", "Fiduciaire des Quais"),
    ("SALARIE", "Chef de projet", "Cheffe de projet", "Numérique", "Ouest Logiciels"),
    ("SALARIE", "Technicien de maintenance", "Technicienne de maintenance", "Construction navale", "Chantiers du Grand Port"),
    ("SALARIE", "Responsable des ressources humaines", "Responsable des ressources humaines", "Transport", "Transports Guilbaud"),
    ("SALARIE", "Directeur d'agence bancaire", "Directrice d'agence bancaire", "Banque", "Banque de Loire"),
    ("SALARIE", "Pharmacien adjoint", "Pharmacienne adjointe", "Santé", "Pharmacie du Port"),
    ("FONCTIONNAIRE", "Professeur des écoles", "Professeure des écoles", "Éducation", "Éducation nationale"),
    ("FONCTIONNAIRE", "Infirmier hospitalier", "Infirmière hospitalière", "Santé", "Centre hospitalier universitaire"),
    ("FONCTIONNAIRE", "Attaché territorial", "Attachée territoriale", "Administration publique", "Conseil départemental"),
    ("TNS", "Architecte", "Architecte", "Bâtiment", None),
    ("TNS", "Masseur-kinésithérapeute", "Masseuse-kinésithérapeute", "Santé", None),
    ("TNS", "Avocat", "Avocate", "Droit", None),
    ("TNS", "Médecin généraliste", "Médecin généraliste", "Santé", None),
    ("TNS", "Artisan menuisier", "Artisane menuisière", "Bâtiment", None),
    ("TNS", "Viticulteur", "Viticultrice", "Agriculture", None),
    ("DIRIGEANT", "Gérant de société", "Gérante de société", "Commerce", None),
    ("DIRIGEANT", "Président de SAS", "Présidente de SAS", "Industrie", None),
)
#: Who had which profession before retiring is not asked of a demonstration: the retired are retired.
RETIREMENT_AGE = 64
#: Where people are born: town, department.
_BIRTHS = (
    ("Nantes", "44"), ("Saint-Nazaire", "44"), ("Châteaubriant", "44"), ("Angers", "49"), ("Saumur", "49"), ("Cholet", "49"),
    ("Rennes", "35"), ("Fougères", "35"), ("Vannes", "56"), ("Lorient", "56"), ("Pontivy", "56"), ("Brest", "29"),
    ("Quimper", "29"), ("Morlaix", "29"), ("Saint-Brieuc", "22"), ("Le Mans", "72"), ("Laval", "53"), ("La Roche-sur-Yon", "85"),
    ("Niort", "79"), ("Poitiers", "86"), ("Tours", "37"), ("Bordeaux", "33"), ("Lyon", "69"), ("Lille", "59"), ("Paris", "75"),
)  # fmt: skip
_ORIGINS = ("RECOMMANDATION", "RECOMMANDATION", "PRESCRIPTEUR", "RELATION", "SITE", "EVENEMENT", "REPRISE")
#: Legal form → capital in euros (lowest, highest), tax.
_FORMS = {
    "SARL": (7_500, 60_000, "IS"), "SAS": (10_000, 250_000, "IS"), "SASU": (1_000, 20_000, "IS"), "SCI": (1_000, 10_000, "IR"),
    "SC": (1_000, 150_000, "IS"), "SELARL": (8_000, 80_000, "IS"), "SELAS": (20_000, 120_000, "IS"),
    "EARL": (15_000, 90_000, "IR"), "SA": (40_000_000, 60_000_000, "IS"),
}  # fmt: skip


def age(one: Contact, on: date) -> int:
    """Full years on a day; 0 for who has no birth date."""
    return 0 if one.birth is None else age_on(one.birth, on)


def age_on(birth: date, on: date) -> int:
    """Full years between a birth and a day."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def work(one: Contact, today: date) -> tuple[str | None, str | None, str | None, str | None]:
    """Status, profession, sector, employer."""
    if one.kind != "PERSONNE_PHYSIQUE" or one.protection == "MINEUR":
        return None, None, None, None
    years = age(one, today)
    if years >= RETIREMENT_AGE or one.protection == "TUTELLE":
        return "RETRAITE", None, None, None
    woman = one.civility == "MME"
    if years < 24:
        return "SANS_ACTIVITE", "Étudiante" if woman else "Étudiant", None, None
    status, man, feminine, sector, employer = _draw(one, "travail").choice(WORK)
    return status, feminine if woman else man, sector, employer


def founded(one: Contact, today: date) -> date:
    """The day on which a company was made: before it held anything."""
    draw = _draw(one, "création")
    return years_before(today, draw.randrange(8, 38)).replace(day=draw.randrange(1, 28))


def details(one: Contact, today: date) -> dict[str, object]:
    """Columns of a contact: nothing that a household lacks, nor a minor's profession."""
    draw = _draw(one, "détails")
    found: dict[str, object] = dict.fromkeys(
        (
            "birth_city", "birth_department", "birth_country", "nationality", "tax_country", "us_person",
            "matrimonial_regime", "pacs_regime", "work_status", "profession", "sector", "employer", "id_kind", "id_number",
            "id_issued_on", "id_expires_on", "founded_on", "capital", "tax_regime",
        )
    )  # fmt: skip
    found["origin"] = draw.choice(_ORIGINS)
    if one.kind != "FOYER":
        found["tax_country"] = "FR"
    if one.kind == "PERSONNE_PHYSIQUE":
        found |= _person(one, today, draw)
    elif one.kind == "PERSONNE_MORALE":
        low, high, tax = _FORMS[one.legal_form or "SARL"]
        found |= {
            "founded_on": founded(one, today),
            "capital": Decimal(draw.randrange(low, high + 1) // 500 * 500), "tax_regime": tax,
        }  # fmt: skip
    return found


def _person(one: Contact, today: date, draw: Random) -> dict[str, object]:
    city, department = draw.choice(_BIRTHS)
    status, profession, sector, employer = work(one, today)
    found: dict[str, object] = {
        "nationality": "FR", "birth_country": "FR", "us_person": "NON", "birth_city": city, "birth_department": department,
        "work_status": status, "profession": profession, "sector": sector, "employer": employer,
    }  # fmt: skip
    if one.situation == "MARIE":
        found["matrimonial_regime"] = regime(one)
    elif one.situation == "PACSE":
        found["pacs_regime"] = "INDIVISION" if _draw_couple(one).randrange(10) < 2 else "SEPARATION"
    if one.stage == "CLIENT" and one.vital == "VIVANT" and one.protection != "MINEUR" and draw.randrange(10) < 8:
        passport = draw.randrange(4) == 0
        issued = today - timedelta(days=draw.randrange(90, 3700))
        number = f"{draw.randrange(10, 26)}XX{draw.randrange(100_000):05d}" if passport else f"X{draw.randrange(10**8):08d}"
        found |= {
            "id_kind": "PASSEPORT" if passport else "CNI", "id_number": number, "id_issued_on": issued,
            "id_expires_on": years_before(issued, -10) - timedelta(days=1),
        }  # fmt: skip
    return found


def regime(one: Contact) -> str:
    """The same for both spouses; the law's own for six couples in ten, the universal one for the old."""
    draw = _draw_couple(one)
    drawn = draw.randrange(100)
    if one.birth is not None and one.birth.year < 1950 and drawn < 35:
        return "COMMUNAUTE_UNIVERSELLE"
    if drawn < 72:
        return "COMMUNAUTE_REDUITE_AUX_ACQUETS"
    return "SEPARATION_DE_BIENS" if drawn < 94 else "PARTICIPATION_AUX_ACQUETS"


def _draw_couple(one: Contact) -> Random:
    return Random(f"couple {min(one.id, one.partner_id or one.id)}")  # noqa: S311 - a demonstration


def _draw(one: Contact, of: str) -> Random:
    return Random(f"{of} {one.file_code} {one.display_name}")  # noqa: S311 - a demonstration
