"""The second cabinet: few contacts, with family names that the first never bears."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from core.demo import names
from core.demo.accounts import Account
from core.demo.accounts import Maker
from core.demo.accounts import accounts
from core.demo.companies import Product
from core.demo.directory import Directory
from core.demo.holders import Holders
from core.demo.months import years_before
from core.demo.seed import Ids

ADVISER = "paul"
#: Products of the second cabinet, and how many accounts of each; some at the company whose link it has not asked for
#: yet: their icons say how to activate.
SHARE = {
    "NetLife 2": 6, "PER Version Absolue 2": 3, "Cardif Elite": 5, "SwissLife Strategic Premium": 4, "PEA Loire": 3,
    "Compte-titres Loire": 2, "Livret A": 2, "Primovie": 1, "NetCapi 2": 1, "Himalia": 2, "Xaélidia": 1,
}  # fmt: skip


class Strangers(Directory):
    """The second cabinet's directory: two couples, four persons alone, two companies."""

    def __init__(self, rng: Random, ids: Ids, today: date) -> None:
        super().__init__(rng, ids, today)
        for index, family in enumerate(names.OTHER_FAMILIES):
            city, couple = rng.choice(names.CITIES), index < 2
            birth = date(years_before(today, rng.randrange(35, 72)).year, rng.randrange(1, 13), 15)
            people = [
                self.person(
                    family, rng.choice(names.given(birth.year, woman=woman)), adviser=ADVISER, city=city, birth=birth,
                    civility="MME" if woman else "M", situation="MARIE" if couple else "CELIBATAIRE",
                )
                for woman in ((True, False) if couple else (index % 2 == 0,))
            ]  # fmt: skip
            if couple:
                self.household(f"{family} {people[0].first} et {people[1].first}", people)
        self.company("SAS", "Xantrailles Négoce", adviser=ADVISER, city="Bordeaux")
        self.company("SCI", "Quillévéré Frères", adviser=ADVISER, city="Brest")


def made(rng: Random, ids: Ids, today: date, products: list[Product]) -> tuple[Strangers, list[Account]]:
    """Its contacts and accounts."""
    strangers = Strangers(rng, ids, today)
    shared = [replace(one, count=SHARE.get(one.name, 0)) for one in products]
    return strangers, accounts(Maker(rng, ids, today), Holders(rng, strangers, today), [], shared)
