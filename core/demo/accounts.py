"""The accounts under construction: which, whose, since when, worth what. Positions and history come after."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import timedelta
from random import Random

from core.accounts.envelopes import ENDED_STATES
from core.demo import civil
from core.demo.companies import Product
from core.demo.contracts import Contract
from core.demo.directory import Contact
from core.demo.holders import WORKERS
from core.demo.holders import Holders
from core.demo.months import years_before
from core.demo.seed import Ids
from core.demo.seed import number_key


@dataclass(slots=True)
class Account:
    """One account; money in whole cents. `gain` is what it earned since it opened, in basis points of payments.

    `given`: positions that are not drawn, ISIN or code → cents.
    """

    id: str
    product: Product
    number: str
    holders: list[Contact]
    opened_on: date
    value: int | None
    value_on: date | None
    state: str = "OUVERT"
    freshness: str = "JAMAIS"
    data_as_of: date | None = None
    closed_on: date | None = None
    matures_on: date | None = None
    management_mode: str = "LIBRE"
    flags: frozenset[str] = frozenset()
    blocked: str | None = None
    net_payments: int | None = None
    gain: int = 0
    given: dict[str, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What lists call it."""
        return self.product.name

    @property
    def ended(self) -> bool:
        """Whether nothing can be done on it any more."""
        return self.state in ENDED_STATES


class Maker:
    """Makes one cabinet's accounts."""

    def __init__(self, rng: Random, ids: Ids, today: date) -> None:
        self._rng, self._ids, self._today = rng, ids, today
        self._yesterday = today - timedelta(days=1)
        self._numbers: set[tuple[str, str]] = set()

    def given(self, contract: Contract, product: Product, holder: Contact) -> Account:
        """An account of the given contracts: aggregated, known up to yesterday."""
        self._numbers.add((product.depositary, number_key(contract.number)))
        account = Account(
            self._ids.next(), product, contract.number, [holder], contract.effect_on, contract.value, self._yesterday,
            state=contract.state, freshness="A_JOUR", data_as_of=self._yesterday, flags=contract.flags,
            gain=self._rng.randrange(150, 2800), given=contract.positions,
        )  # fmt: skip
        if account.ended:
            self._end(account)
        return account

    def drawn(self, product: Product, holders: list[Contact]) -> Account:
        """An account of a product, by the seed."""
        rng = self._rng
        opened = self._opened(product, holders[0])
        account = Account(
            self._ids.next(), product, self._number(product), holders, opened, self._worth(product), self._yesterday,
            gain=rng.randrange(40, 600) if product.allocation == "cash" else rng.randrange(-500, 3600),
        )  # fmt: skip
        self._freshness(account)
        self._special(account)
        return account

    def _opened(self, product: Product, holder: Contact) -> date:
        """While it was on sale, once its holder was of age (or born, for what a child may hold)."""
        span = (civil.founded(holder, self._today) if holder.birth is None else holder.birth) + timedelta(days=30)
        if holder.birth is not None and product.holder not in ("any", "teen"):
            span = years_before(holder.birth, -22 if product.holder in WORKERS else -18) + timedelta(days=1)
        if product.holder == "teen" and holder.birth is not None:
            span = years_before(holder.birth, -12)
        last = min(product.until or self._today, self._today - timedelta(days=200))
        first = max(span, product.since or span, self._today - timedelta(days=18 * 365))
        return last - timedelta(days=self._rng.randrange(max(1, (last - first).days)))

    def _number(self, product: Product) -> str:
        while True:
            number = product.number(self._rng)
            key = (product.depositary, number_key(number))
            if key not in self._numbers:
                self._numbers.add(key)
                return number

    def _worth(self, product: Product) -> int | None:
        if not product.high:
            return None
        low, high = product.low * 100, product.high * 100
        return min(self._rng.randrange(low, high), self._rng.randrange(low, high))

    def _freshness(self, account: Account) -> None:
        rng, origin = self._rng, account.product.origin
        drawn = rng.randrange(100)
        if origin == "MANUEL":
            account.value_on = self._today - timedelta(days=rng.randrange(5, 330)) if account.value else None
        elif origin == "IMPORT_FICHIER":
            account.freshness = "A_JOUR" if drawn < 55 else "ANCIEN"
            account.value_on = self._today - timedelta(days=rng.randrange(3, 30) if drawn < 55 else 30 + drawn)
            account.data_as_of = account.value_on
        else:
            days = 1 if drawn < 88 else rng.randrange(9, 36)
            account.freshness = "A_JOUR" if drawn < 88 else "ANCIEN" if drawn < 97 else "EN_ERREUR"
            account.value_on = account.data_as_of = self._today - timedelta(days=days)
        if account.value_on and account.value_on <= account.opened_on:
            account.value_on = account.opened_on + timedelta(days=40)

    def _special(self, account: Account) -> None:
        rng, product = self._rng, account.product
        if account.holders[0].stage == "ANCIEN_CLIENT":
            account.state = rng.choice(("CLOTURE", "TRANSFERE"))
            self._end(account)
        elif product.allocation == "debt":
            account.value = -(account.value or 0)
            account.matures_on = self._today.replace(year=self._today.year + rng.randrange(1, 22), day=5)
        elif product.allocation.startswith("insured"):
            self._insured(account)

    def _insured(self, account: Account) -> None:
        drawn = self._rng.randrange(1000)
        if drawn < 12 and account.product.until is None:
            account.state, account.value, account.value_on, account.freshness = "EN_SOUSCRIPTION", None, None, "JAMAIS"
            account.opened_on, account.data_as_of = self._today - timedelta(days=drawn + 3), None
        elif drawn < 22:
            account.state = "EN_COURS_DE_RACHAT"
        elif drawn < 32:
            account.state = "REDUIT"
        elif drawn < 60:
            account.flags = frozenset({"pledged"})
        elif drawn < 80 and account.holders[0].partner_id and account.product.envelope == "ASSURANCE_VIE":
            account.holders = account.holders[:1]  # the one who may accept is the other spouse
            account.flags = frozenset({"accepted_beneficiary"})
        elif drawn < 95:
            account.flags = frozenset({"advance_running"})
        elif drawn < 110:
            account.blocked = "OPPOSITION"
        if drawn % 5 == 0:
            account.management_mode = ("PILOTEE", "PROFILEE", "SOUS_MANDAT", "HORIZON", "MIXTE")[drawn // 5 % 5]
        if account.product.envelope == "CAPITALISATION" and drawn >= 32:
            account.matures_on = years_before(account.opened_on, -30)

    def _end(self, account: Account) -> None:
        age = max(2, (self._today - account.opened_on).days)
        account.closed_on = self._today - timedelta(days=self._rng.randrange(1, min(age, 900)))
        if (death := account.holders[0].death) is not None:
            account.closed_on = min(self._yesterday, death + timedelta(days=45))
        account.value, account.value_on, account.data_as_of = 0, account.closed_on, account.closed_on
        account.freshness = "JAMAIS" if account.product.origin == "MANUEL" else "ANCIEN"


def accounts(maker: Maker, holders: Holders, given: list[Contract], products: list[Product]) -> list[Account]:
    """Every account of a cabinet: the given contracts, then each product's share."""
    by_name = {product.name: product for product in products}
    found = [
        maker.given(contract, by_name[contract.product], holders.given(by_name[contract.product], contract)) for contract in given
    ]
    for product in products:
        found.extend(maker.drawn(product, holders.draw(product)) for _ in range(product.count))
    return found
