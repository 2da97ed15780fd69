"""Who may hold which account: adults, minors, the young, couples, companies; one regulated plan a person."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

from core.demo import civil
from core.demo.companies import Product
from core.demo.contracts import Contract
from core.demo.directory import Contact
from core.demo.directory import Directory

#: One of each at most for a person (domain.md §2.2).
REGULATED = frozenset(
    {"PEA", "PEA_PME", "PEA_JEUNE", "LIVRET_A", "LDDS", "LEP", "LIVRET_JEUNE", "CEL", "PEL", "PERCO", "PEE", "PREFON"}
)
#: Contracts of those who work: kind of holder → status.
WORKERS = {
    "worker": ("SALARIE", "FONCTIONNAIRE", "TNS", "DIRIGEANT"), "self_employed": ("TNS", "DIRIGEANT"),
    "public": ("FONCTIONNAIRE",), "employee": ("SALARIE",),
}  # fmt: skip
OLDEST = 64
#: Who holds that many given contracts gets no other: a persona's portfolio stays as written.
FULL = 4
#: Of a hundred accounts, how many a former client once held, and how many of life insurance two spouses share.
FORMER, SHARED = 3, 8


class Holders:
    """The contacts of a cabinet as holders."""

    def __init__(self, rng: Random, directory: Directory, today: date) -> None:
        self._rng, self._directory, self._today = rng, directory, today
        self._by_id = {contact.id: contact for contact in directory.contacts}
        self._taken: set[tuple[str, str]] = set()
        self._given: Counter[str] = Counter()

    def given(self, product: Product, contract: Contract) -> Contact:
        """The holder of a given contract. Raises LookupError for one who is not in the directory."""
        contact = self._directory.named(contract.holder, contract.born)
        self._taken.add((contact.id, product.envelope))
        self._given[contact.id] += 1
        return contact

    def draw(self, product: Product) -> list[Contact]:
        """One holder, or two for what a couple holds together."""
        rng = self._rng
        former = rng.randrange(100) < FORMER and product.holder == "adult"
        able = [one for one in self._directory.contacts if self._able(one, product)]
        past = [one for one in able if former and one.stage == "ANCIEN_CLIENT"]
        holder = rng.choice(past or [one for one in able if one.stage == "CLIENT"])
        self._taken.add((holder.id, product.envelope))
        partner = self._by_id.get(holder.partner_id or "")
        together = product.holder == "couple" or (product.envelope == "ASSURANCE_VIE" and rng.randrange(100) < SHARED)
        return [holder, partner] if partner and together else [holder]

    def _able(self, contact: Contact, product: Product) -> bool:
        if product.holder == "company":
            return contact.kind == "PERSONNE_MORALE"
        if contact.kind != "PERSONNE_PHYSIQUE" or contact.vital != "VIVANT" or self._given[contact.id] >= FULL:
            return False
        if contact.protection not in ("AUCUNE", "MINEUR"):
            return False
        if product.envelope in REGULATED and (contact.id, product.envelope) in self._taken:
            return False
        age = civil.age(contact, self._today)
        if product.holder == "couple":
            partner = self._by_id.get(contact.partner_id or "")
            return partner is not None and partner.vital == "VIVANT"
        if product.holder in WORKERS:
            old_enough = civil.age(contact, product.until or self._today) >= 24
            return old_enough and age < OLDEST and civil.work(contact, self._today)[0] in WORKERS[product.holder]
        if product.holder == "young":
            return 18 <= age <= 25
        if product.holder == "teen":
            return 12 <= age <= 25
        return product.holder == "any" or age >= 18
