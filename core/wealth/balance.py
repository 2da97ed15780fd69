"""A balance sheet: what people own and owe on a day, part by part, with what each figure is made of (PA-01, NX-02).

Pure: what is put together here was read by `core.wealth.services`. For each thing the parts of all owners make its value
to the cent, so the total of a household is the sum of its people's, and nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal

from core.hooks.wealth import Category
from core.hooks.wealth import Ownership
from core.hooks.wealth import WealthItem
from core.wealth.parts import Part
from core.wealth.parts import parts
from core.wealth.parts import problem
from core.wealth.regimes import Couple
from core.wealth.regimes import shared

CURRENCY = "EUR"
CENT, NOTHING = Decimal("0.01"), Decimal("0.00")
#: Who tells it, and the thing.
Found = tuple[str, WealthItem]


@dataclass(frozen=True, slots=True)
class Line:
    """A thing in the balance sheet. `amounts`: each owner's part in its currency, None where it cannot be told.

    `counted`: in the sums; otherwise `apart` says why not. `common`: how a couple's regime was applied; `shared`: by halves.
    """

    source: str
    item: WealthItem
    parts: tuple[Part, ...]
    amounts: Mapping[str, Decimal | None]
    counted: bool = True
    apart: str = ""
    common: str = ""
    shared: bool = False

    def of(self, people: Sequence[str]) -> Decimal | None:
        """What these people have of it together; None where one's part is not known."""
        mine = [self.amounts[one] for one in people if one in self.amounts]
        return None if None in mine or not mine else sum((one for one in mine if one is not None), Decimal(0))


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance sheet of some people on a day. `missing`: modules that did not answer, in words: it is not whole then.

    `through`: company → its own balance sheet, of those whose shares are reckoned from it.
    """

    on: date
    people: tuple[str, ...]
    lines: tuple[Line, ...]
    missing: tuple[str, ...] = ()
    through: Mapping[str, Balance] = field(default_factory=dict)

    def assets(self, *people: str) -> Decimal:
        """What is owned by these people, or by all, as far as it is known; in euros."""
        return self._sum(people, debt=False)

    def debts(self, *people: str) -> Decimal:
        """What is owed, as a positive amount; in euros."""
        return self._sum(people, debt=True)

    def net(self, *people: str) -> Decimal:
        """Owned less owed."""
        return self.assets(*people) - self.debts(*people)

    def of_category(self, category: Category, *people: str) -> Decimal:
        """The sum of one category."""
        return sum((one.of(people or self.people) or Decimal(0) for one in self.lines
                    if one.counted and one.item.category == category), Decimal(0))  # fmt: skip

    @property
    def unknown(self) -> tuple[Line, ...]:
        """Things whose value or whose parts are not known: the sums are without them."""
        return tuple(one for one in self.lines if one.counted and one.of(self.people) is None)

    @property
    def apart(self) -> tuple[Line, ...]:
        """Things told beside the sums: sureties, other currencies, what does not add up."""
        return tuple(one for one in self.lines if not one.counted)

    def _sum(self, people: Sequence[str], *, debt: bool) -> Decimal:
        who = tuple(people) or self.people
        return sum(
            (one.of(who) or NOTHING for one in self.lines if one.counted and one.item.debt == debt), NOTHING
        )


def made(
    found: Sequence[Found], people: Sequence[str], births: Mapping[str, date | None],
    couples: Sequence[Couple], on: date, *, missing: Sequence[str] = (), through: Mapping[str, Balance] | None = None,
) -> Balance:  # fmt: skip
    """The balance sheet of `people`. `births`: of all owners, as far as they are known."""
    lines: list[Line] = []
    for source, item in found:
        line = _line(source, item if item.value is None else replace(item, value=cents(item.value)), births, couples, on)
        lines.append(line)
        lines += _owed_back(line)
    wanted = set(people)
    return Balance(on, tuple(people), tuple(line for line in lines if wanted & set(line.amounts)), tuple(missing), through or {})


def _line(source: str, item: WealthItem, births: Mapping[str, date | None], couples: Sequence[Couple], on: date) -> Line:
    if wrong := problem(item.owners):
        return Line(source, item, (), {one.contact_id: None for one in item.owners}, counted=False, apart=wrong)
    found = parts(item.owners, births, on, until=item.usufruct_until)
    common, halved = "", False
    for couple in couples:
        if any(couple.of(one.contact_id) for one in found):
            said = shared(item, couple)
            common = said.why or common
            if said.common:
                found, halved = _halved(found, couple), True
    apart = ""
    if item.off_balance:
        apart = "Engagement donné\u202f: il n'est pas une dette tant qu'il n'est pas appelé."
    elif item.currency != CURRENCY:
        apart = f"En {item.currency}\u202f: aucun cours de change n'est connu ici."
    return Line(source, item, found, amounts_of(item.value, found), not apart, apart, common, halved)


def _halved(found: Sequence[Part], couple: Couple) -> tuple[Part, ...]:
    """What the two have of it, by halves; whoever else owns a part keeps it."""
    theirs = [one for one in found if couple.of(one.contact_id)]
    others = [one for one in found if not couple.of(one.contact_id)]
    ratios = [one.ratio for one in theirs]
    whole = None if None in ratios else sum((one for one in ratios if one is not None), Decimal(0))
    share, first = sum((one.share for one in theirs), Decimal(0)), theirs[0]
    half = None if whole is None else whole / 2
    each = tuple(replace(first, contact_id=who, share=share / 2, ratio=half) for who in (couple.one, couple.other))
    return (*each, *others)


def cents(value: Decimal, ratio: Decimal = Decimal(1)) -> Decimal:
    """A part of a value, or all of it, to the cent, half up."""
    return (value * ratio).quantize(CENT, ROUND_HALF_UP)


def amounts_of(value: Decimal | None, found: Sequence[Part]) -> dict[str, Decimal | None]:
    """Contact → his part in cents, None where it is not known; they sum to the value: the last takes what is left."""
    amounts: dict[str, Decimal | None] = {}
    left, known = value, value is not None and all(one.ratio is not None for one in found)
    for place, one in enumerate(found):
        amount = None
        if known and value is not None and left is not None and one.ratio is not None:
            amount = left if place == len(found) - 1 else cents(value, one.ratio)
            left -= amount
        elif value is not None and one.ratio is not None:
            amount = cents(value, one.ratio)
        before = amounts.get(one.contact_id, Decimal(0))
        amounts[one.contact_id] = None if before is None or amount is None else before + amount
    return amounts


def _owed_back(line: Line) -> list[Line]:
    """A quasi-usufructuary disposes of all, and owes the bare owners their share: his debt, their claim (art. 587 C. civ.)."""
    holders = [one for one in line.item.owners if one.right == "QUASI_USUFRUIT"]
    bare = [one for one in line.item.owners if one.right == "NUE_PROPRIETE"]
    total = sum((one.share for one in holders), Decimal(0))
    if not holders or not bare or line.item.debt or line.item.value is None or line.item.value == 0:
        return []
    value = cents(line.item.value, total)
    why = "Créance de restitution du quasi-usufruit (art. 587 C. civ.)."
    found = []
    sides: tuple[tuple[Category, str, list[Ownership]], ...] = (
        ("AUTRE_DETTE", "Restitution due", holders), ("DIVERS", "Créance de restitution", bare),
    )  # fmt: skip
    for category, label, who in sides:
        of = sum((one.share for one in who), Decimal(0))
        owners = tuple(Ownership(one.contact_id, one.share / of) for one in who)
        item = replace(
            line.item, key=f"{line.item.key}:{category}", label=f"{label}\u202f: {line.item.label}", category=category,
            value=value, owners=owners, origin="CALCULE", nature="PROPRE", immovable=False, taxable=Decimal(0),
            main_home=False,
        )  # fmt: skip
        found_parts = parts(owners, {}, line.item.as_of or date.max)
        found.append(Line(line.source, item, found_parts, amounts_of(value, found_parts), common=why))
    return found
