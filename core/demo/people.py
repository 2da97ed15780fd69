"""Who the first cabinet's contacts are: the personas, the holders of given contracts, then the rest by the seed."""

from __future__ import annotations

from datetime import date
from random import Random

from core.demo import names
from core.demo.civil import age
from core.demo.civil import age_on
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
        for child, born in (("Durand Jeanne", "Girard"), ("Petit Émilie", "Durand")):  # daughters of other personas
            self.named(child).birth_name = born
        self.company("SARL", "Moreau Conseil", adviser="marc", city="Saint-Nazaire")

    def _holders(self, contracts: list[Contract]) -> None:
        known = {(contact.display_name, contact.birth) for contact in self.contacts}
        for contract in contracts:
            if (contract.holder, contract.born) not in known:  # two holders may bear one name
                known.add((contract.holder, contract.born))
                family, _, first = contract.holder.rpartition(" ")
                birth, drawn = contract.born or self._birth(40, 80), self.adviser()
                self.person(
                    family, first, birth=birth, adviser=contract.adviser or drawn, city=self.rng.choice(names.CITIES),
                    situation=self._alone(age_on(birth, self.today)),
                )  # fmt: skip

    def _couple(self, children: int, *, stage: str) -> None:
        """A couple of about one age, of a common name, and children whom their mother had between 22 and 42."""
        family, adviser, city = self._families.pop(), self.adviser(), self.rng.choice(names.CITIES)
        situation = self.rng.choice(("MARIE", "MARIE", "MARIE", "PACSE", "CONCUBIN"))
        hers = self._birth(*((33, 54) if children else (36, 80)))
        his = hers.replace(year=hers.year - self.rng.randrange(-3, 7), day=self.rng.randrange(1, 29))
        pair = [(hers, self.rng.choice(names.given(hers.year, woman=True)), "MME"),
                (his, self.rng.choice(names.given(his.year, woman=False)), "M")]  # fmt: skip
        self.rng.shuffle(pair)
        people = [
            self.person(
                family, first, birth=birth, civility=civility, adviser=adviser, city=city, situation=situation, stage=stage
            )
            for birth, first, civility in pair
        ]
        mother = age(people[0] if people[0].civility == "MME" else people[1], self.today)
        for first in self.rng.sample(names.CHILDREN, children):
            youngest, oldest = max(1, mother - 41), min(16, mother - 23)
            people.append(
                self.person(
                    family, first, birth=self._birth(min(youngest, oldest), oldest), adviser=adviser, city=city,
                    situation="CELIBATAIRE", protection="MINEUR", stage=stage,
                )
            )  # fmt: skip
        name = f"{family} {pair[0][1]} et {pair[1][1]}"
        self.household(f"Famille {family}" if children else name, people)

    def _single(self, order: int) -> None:
        """One who lives alone: the first few are young clients, then prospects and former clients among clients."""
        stage = "CLIENT" if order < YOUNG else ("PROSPECT", "ANCIEN_CLIENT", "CLIENT", "CLIENT")[order % 4]
        birth, woman = self._birth(*((19, 24) if order < YOUNG else (27, 84))), self.rng.randrange(2) == 0
        first = self.rng.choice(names.given(birth.year, woman=woman))
        self.person(
            self._families.pop(), first, birth=birth, civility="MME" if woman else "M", adviser=self.adviser(),
            city=self.rng.choice(names.CITIES), situation=self._alone(age_on(birth, self.today)), stage=stage,
        )  # fmt: skip

    def _alone(self, years: int) -> str:
        """Who lives alone: the young were never married, widows are old."""
        if years < 28:
            return "CELIBATAIRE"
        return self.rng.choice(("CELIBATAIRE", "DIVORCE", "SEPARE") if years < 62 else ("CELIBATAIRE", "DIVORCE", "VEUF", "VEUF"))

    def _birth(self, youngest: int, oldest: int) -> date:
        year = years_before(self.today, self.rng.randrange(youngest, oldest + 1)).year
        return date(year - 1, self.rng.randrange(1, 13), self.rng.randrange(1, 29))
