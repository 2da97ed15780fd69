"""The contacts under construction: file codes, folded names, addresses that nobody owns, households, followers."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from random import Random

from stdnum import luhn

from core.demo import names
from core.demo.seed import Ids
from core.demo.seed import folded

#: Arcep's blocks kept for fiction: 06 39 98 xx xx and 02 61 91 xx xx are never given to anyone.
MOBILE = "+3363998"
OFFICE = "+3326191"


@dataclass(slots=True)
class Contact:
    """A contact as the demonstration makes it. `adviser` names who follows it; `partner_id` is the spouse."""

    id: str
    kind: str
    stage: str
    display_name: str
    adviser: str
    city: str
    created_at: datetime
    file_code: str
    assisted: bool = False
    civility: str | None = None
    birth_name: str | None = None
    family: str | None = None
    first: str | None = None
    birth: date | None = None
    company_name: str | None = None
    legal_form: str | None = None
    siren: str | None = None
    situation: str | None = None
    protection: str = "AUCUNE"
    vital: str = "VIVANT"
    death: date | None = None
    email: str | None = None
    phone: str | None = None
    partner_id: str | None = None
    children: list[str] = field(default_factory=list)


class Directory:
    """One cabinet's contacts, made one by one, each with its file code."""

    def __init__(self, rng: Random, ids: Ids, today: date) -> None:
        self.rng = rng
        self.today = today
        self.contacts: list[Contact] = []
        self.members: list[tuple[str, str]] = []
        self._ids = ids
        self._emails: set[str] = set()

    def person(
        self, family: str, first: str, *, birth: date, adviser: str, city: str, situation: str,
        civility: str | None = None, stage: str = "CLIENT", protection: str = "AUCUNE", vital: str = "VIVANT",
        death: date | None = None,
    ) -> Contact:  # fmt: skip
        """A natural person. A minor has no address of its own."""
        women = (names.WOMEN, names.GIRLS, names.OTHER_WOMEN)
        woman = civility == "MME" if civility else any(first in known for known in women) and first not in names.MEN
        contact = self._new("PERSONNE_PHYSIQUE", f"{family} {first}", stage, adviser, city)
        contact.civility = "MME" if woman else "M"
        contact.family, contact.first, contact.birth = family, first, birth
        contact.birth_name = family
        if woman and situation in ("MARIE", "VEUF"):
            contact.birth_name = self.rng.choice([name for name in names.FAMILIES if name != family])
        contact.situation, contact.protection = situation, protection
        contact.vital, contact.death = vital, death
        if protection != "MINEUR":
            contact.email = self._email(f"{first}.{family}")
            contact.phone = f"{MOBILE}{self.rng.randrange(10_000):04d}"
        return contact

    def company(self, form: str, name: str, *, adviser: str, city: str, stage: str = "CLIENT") -> Contact:
        """A legal person, with a SIREN whose check digit is right."""
        contact = self._new("PERSONNE_MORALE", f"{form} {name}", stage, adviser, city)
        contact.company_name, contact.legal_form = name, form
        body = f"{self.rng.randrange(30_000_000, 99_999_999):08d}"
        contact.siren = body + luhn.calc_check_digit(body)
        contact.email = self._email(f"direction.{name}")
        contact.phone = f"{OFFICE}{self.rng.randrange(10_000):04d}"
        return contact

    def household(self, name: str, people: list[Contact]) -> Contact:
        """A household of these persons; the first two adults are a couple."""
        first = people[0]
        home = self._new("FOYER", name, first.stage, first.adviser, first.city)
        home.assisted = first.assisted
        adults = [one for one in people if one.protection != "MINEUR"]
        if len(adults) > 1:
            adults[0].partner_id, adults[1].partner_id = adults[1].id, adults[0].id
        minors = [one.id for one in people if one.protection == "MINEUR"]
        for adult in adults:
            adult.children.extend(minors)
        for one in people:
            one.assisted = first.assisted
            self.members.append((home.id, one.id))
        return home

    def named(self, display_name: str, born: date | None = None) -> Contact:
        """The contact of this name, and of this birth date where one is given. Raises LookupError."""
        for contact in self.contacts:
            if contact.display_name == display_name and born in (None, contact.birth):
                return contact
        raise LookupError(f"no contact named {display_name!r}")

    def _new(self, kind: str, display_name: str, stage: str, adviser: str, city: str) -> Contact:
        number = len(self.contacts) + 1
        made = datetime(self.today.year, self.today.month, self.today.day, 9, tzinfo=UTC)
        contact = Contact(
            id=self._ids.next(), kind=kind, stage=stage, display_name=display_name, adviser=adviser, city=city,
            file_code=f"D-{number:05d}", created_at=made - timedelta(days=self.rng.randrange(40, 3000)),
            assisted=self.rng.randrange(100) < 80,
        )  # fmt: skip
        self.contacts.append(contact)
        return contact

    def _email(self, text: str) -> str:
        local = "".join(char for char in folded(text).replace(" ", "-") if char.isalnum() or char in ".-")
        address, number = f"{local}@example.org", 1
        while address in self._emails:
            number += 1
            address = f"{local}{number}@example.org"
        self._emails.add(address)
        return address
