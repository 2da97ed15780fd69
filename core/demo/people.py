"""Who the first cabinet's contacts are: the personas, the holders of given contracts, then the rest by the seed."""

from __future__ import annotations

from datetime import date
from random import Random

from core.demo import names
from core.demo.contracts import Contract
from core.demo.directory import Contact
from core.demo.directory import Directory
from core.demo.months import years_before
from core.demo.seed import Ids
from core.demo.seed import rows

#: Who lends against a pledged contract.
PLEDGEE = ("SA", "Banque de Loire")
#: How many contacts the first cabinet has in all.
CONTACTS = 250
COUPLES = 22
FAMILIES = 11
#: Young adults living alone: some plans are for them only.
YOUNG = 5


class People(Directory):
    """The first cabinet's directory."""

    def __init__(self, rng: Random, ids: Ids, today: date, contracts: list[Contract]) -> None:
        super().__init__(rng, ids, today)
        self._personas()
        self._holders(contracts)
        used = {contact.family for contact in self.contacts}
        self._families = [name for name in dict.fromkeys(names.FAMILIES) if name not in used]
        rng.shuffle(self._families)
        for form, name in names.COMPANIES:
            self.company(form, name, adviser=self.adviser(), city=rng.choice(names.CITIES))
        self.company(*PLEDGEE, adviser="marc", city="Nantes", stage="PROSPECT")
        for index in range(COUPLES):
            self._couple(0, stage="PROSPECT" if index % 8 == 5 else "CLIENT")
        for index in range(FAMILIES):
            self._couple(1 + index % 3, stage="CLIENT")
        for order in range(CONTACTS - len(self.contacts)):
            self._single(order)

    def adviser(self) -> str:
        """Marc Diallo follows about six in ten, Julie Perrin a third, both a few."""
        drawn = self.rng.randrange(100)
        return "marc" if drawn < 57 else "julie" if drawn < 96 else "both"

    def _personas(self) -> None:
        homes: dict[str, list[Contact]] = {}
        for row in rows("personas.csv"):
            one = self.person(
                row["family"], row["first"], civility=row["civility"], birth=date.fromisoformat(row["birth"]),
                city=row["city"], situation=row["situation"], protection=row["protection"], vital=row["vital"],
                death=date.fromisoformat(row["death"]) if row["death"] else None, adviser=row["adviser"],
            )  # fmt: skip
            if row["household"]:
                homes.setdefault(row["household"], []).append(one)
        for name, members in homes.items():
            self.household(name, members)
        self.company("SARL", "Moreau Conseil", adviser="marc", city="Saint-Nazaire")

    def _holders(self, contracts: list[Contract]) -> None:
        known = {(contact.display_name, contact.birth) for contact in self.contacts}
        for contract in contracts:
            if (contract.holder, contract.born) not in known:  # two holders may bear one name
                known.add((contract.holder, contract.born))
                family, _, first = contract.holder.rpartition(" ")
                self.person(
                    family, first, birth=contract.born or self._birth(40, 80), adviser=self.adviser(),
                    city=self.rng.choice(names.CITIES), situation=self._alone(),
                )  # fmt: skip

    def _couple(self, children: int, *, stage: str) -> None:
        family, adviser, city = self._families.pop(), self.adviser(), self.rng.choice(names.CITIES)
        situation = self.rng.choice(("MARIE", "MARIE", "MARIE", "PACSE", "CONCUBIN"))
        firsts = [self.rng.choice(names.WOMEN), self.rng.choice(names.MEN)]
        self.rng.shuffle(firsts)
        span = (32, 54) if children else (36, 82)
        people = [
            self._adult(family, first, adviser=adviser, situation=situation, city=city, span=span, stage=stage)
            for first in firsts
        ]
        for first in self.rng.sample(names.CHILDREN, children):
            people.append(
                self.person(
                    family, first, birth=self._birth(2, 16), adviser=adviser, city=city, situation="CELIBATAIRE",
                    protection="MINEUR", stage=stage,
                )
            )  # fmt: skip
        self.household(f"Famille {family}" if children else f"{family} {firsts[0]} et {firsts[1]}", people)

    def _single(self, order: int) -> None:
        """One who lives alone: the first few are young clients, then prospects and former clients among clients."""
        stage = "CLIENT" if order < YOUNG else ("PROSPECT", "ANCIEN_CLIENT", "CLIENT", "CLIENT")[order % 4]
        span = (19, 24) if order < YOUNG else (27, 84)
        first = self.rng.choice(names.WOMEN + names.MEN)
        self._adult(
            self._families.pop(), first, adviser=self.adviser(), situation=self._alone(), stage=stage, span=span
        )

    def _adult(
        self, family: str, first: str, *, adviser: str, situation: str, city: str | None = None,
        span: tuple[int, int] = (34, 82), stage: str = "CLIENT",
    ) -> Contact:  # fmt: skip
        return self.person(
            family, first, birth=self._birth(*span), adviser=adviser, city=city or self.rng.choice(names.CITIES),
            situation=situation, stage=stage,
        )  # fmt: skip

    def _alone(self) -> str:
        return self.rng.choice(("CELIBATAIRE", "DIVORCE", "CELIBATAIRE", "VEUF"))

    def _birth(self, youngest: int, oldest: int) -> date:
        year = years_before(self.today, self.rng.randrange(youngest, oldest + 1)).year
        return date(year - 1, self.rng.randrange(1, 13), self.rng.randrange(1, 29))
