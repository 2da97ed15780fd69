"""How the demonstration's contacts are reached: one home for a household, numbers and addresses that nobody owns.

Drawn from each contact's own code: what is added here changes nothing of the rest of the demonstration.
"""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from functools import cache
from random import Random

from stdnum import luhn

from core.contacts import models
from core.contacts.place_models import AddressPlace
from core.db.model import Base
from core.demo.directory import OFFICE
from core.demo.directory import Contact
from core.demo.seed import Ids
from core.demo.seed import rows as lines

#: A bank code that the Banque de France gives to nobody: an IBAN with a right key and no account behind it.
BANK = "99999"
_EXTRAS = ("Bâtiment B", "Appartement 12", "Résidence Les Tilleuls", "Lieu-dit La Ville-au-Blanc")


#: What the place of a made-up address says of itself: about the middle of its town, typed for the demonstration.
SOURCE = "Centre approximatif de la commune (démonstration)"


@cache
def middles() -> dict[tuple[str, str], tuple[float, float]]:
    """Town and postcode → about where its middle lies, in degrees."""
    return {(row["town"], row["code"]): (float(row["latitude"]), float(row["longitude"])) for row in lines("places.csv")}


@cache
def places() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Town → its postcodes, each with streets of it."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for row in lines("places.csv"):
        found.setdefault(row["town"], []).append((row["code"], tuple(row["streets"].split("|"))))
    return found


def iban(draw: Random) -> str:
    """A French IBAN whose two keys are right, at a bank that does not exist."""
    branch, account = f"{draw.randrange(1, 1000):05d}", f"{draw.randrange(10**11):011d}"
    key = 97 - (89 * int(BANK) + 15 * int(branch) + 3 * int(account)) % 97
    national = f"{BANK}{branch}{account}{key:02d}"
    check = 98 - int(f"{national}152700") % 97
    return f"FR{check:02d}{national}"


def rows(ids: Ids, contacts: list[Contact], members: list[tuple[str, str]]) -> list[tuple[type[Base], list[dict[str, object]]]]:
    """Addresses, telephones, e-mails, bank accounts, by table; the primary ones are those that the contacts' own rows repeat."""
    addresses: list[dict[str, object]] = []
    phones: list[dict[str, object]] = []
    emails: list[dict[str, object]] = []
    banks: list[dict[str, object]] = []
    homes = {one: home for home, one in members}
    for one in contacts:
        draw = Random(f"channels {one.file_code} {one.display_name}")  # noqa: S311 - a demonstration
        company = one.kind == "PERSONNE_MORALE"

        later = Random(f"accords {one.file_code} {one.display_name}")  # noqa: S311 - a demonstration
        day = one.created_at.date()

        def shared(
            usage: str, *, first: bool = True, one: Contact = one, draw: Random = draw, later: Random = later, day: date = day
        ) -> dict[str, object]:
            agreed = draw.randrange(3) == 0 and one.vital == "VIVANT"
            source = later.choice(("RENDEZ_VOUS", "RENDEZ_VOUS", "FORMULAIRE", "TELEPHONE"))
            return {
                "id": ids.next(), "contact_id": one.id, "usage": usage, "is_primary": first, "opt_in": agreed,
                "opt_in_on": day if agreed else None, "opt_in_source": source if agreed else None,
                "verified_on": day + timedelta(days=later.randrange(1, 30)) if later.randrange(3) else None,
                "created_at": one.created_at,
            }  # fmt: skip

        siret = {"siret": _siret(one.siren) if one.siren else None}
        addresses.append({**shared("SIEGE" if company else "DOMICILE"), **_home(homes.get(one.id, one.id), one.city), **siret})
        if one.phone:
            phones.append({**shared("BUREAU" if company else "MOBILE"), "number": one.phone})
            if not company and draw.randrange(3) == 0:
                phones.append({**shared("DOMICILE", first=False), "number": f"{OFFICE}{draw.randrange(10_000):04d}"})
        if one.email:
            emails.append({**shared("BUREAU" if company else "PERSONNEL"), "email": one.email, "folded": one.email.casefold()})
        if one.stage == "CLIENT" and one.kind != "FOYER" and one.vital == "VIVANT":
            holder = (
                one.display_name if company else f"{one.civility or ''} {one.first} {one.family}".replace("MME ", "Mme ").strip()
            )
            banks.append({**shared("PROFESSIONNEL" if company else "COURANT"), "iban": iban(draw), "bic": None, "holder": holder})
    return [
        (models.ContactAddress, addresses), (AddressPlace, [_place(one, homes) for one in addresses]),
        (models.ContactPhone, phones), (models.ContactEmail, emails), (models.ContactBank, banks),
    ]  # fmt: skip


def _siret(siren: str) -> str:
    """The head office's number: the SIREN, 0001, the key of the whole."""
    body = f"{siren}0001"
    return body + str(luhn.calc_check_digit(body))


def _place(address: dict[str, object], homes: dict[str, str]) -> dict[str, object]:
    """Where an address lies: somewhere about its town's middle, the same for all of a household."""
    town, code = str(address["city"]), str(address["postal_code"])
    draw = Random(f"position {homes.get(str(address['contact_id']), address['contact_id'])}")  # noqa: S311 - a demonstration
    north, east = middles()[town, code]
    return {
        "id": address["id"], "address_id": address["id"], "asked": f"{address['street']}|{code}|{town}|FR", "state": "FOUND",
        "latitude": round(north + draw.uniform(-0.012, 0.012), 5), "longitude": round(east + draw.uniform(-0.016, 0.016), 5),
        "score": round(draw.uniform(0.72, 0.98), 2), "source": SOURCE, "label": f"{address['street']} {code} {town}",
        "candidates": [], "at": address["created_at"],
    }  # fmt: skip


def _home(key: str, town: str) -> dict[str, object]:
    """The address of a home: the same for all who live in it."""
    draw = Random(f"adresse {key}")  # noqa: S311 - a demonstration
    code, streets = draw.choice(places()[town])
    extra = draw.choice(_EXTRAS) if draw.randrange(6) == 0 else None
    number = f"{draw.randrange(1, 90)}{' bis' if draw.randrange(12) == 0 else ''}"
    return {"street": f"{number} {draw.choice(streets)}", "extra": extra, "postal_code": code, "city": town, "country": "FR"}
