"""The contracts whose holder, number and value are given: those of the partner link, and a persona's others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.demo.seed import cents
from core.demo.seed import rows


@dataclass(frozen=True, slots=True)
class Contract:
    """One given contract; `flags` are names of `Account`'s booleans. `adviser`: who follows its holder, if that is given.

    `positions`: ISIN or code of a support → cents, where they are given too; `value` is then their sum.
    """

    number: str
    product: str
    holder: str
    born: date | None
    value: int
    effect_on: date
    state: str
    flags: frozenset[str]
    positions: dict[str, int]
    adviser: str = ""


def contracts() -> list[Contract]:
    """The given contracts of the first cabinet, in the file's order."""
    return [_contract(row) for row in rows("contracts.csv")]


def _contract(row: dict[str, str]) -> Contract:
    pairs = (pair.split("=") for pair in row["positions"].split())
    positions = {code: cents(amount) for code, amount in pairs}
    return Contract(
        number=row["number"], product=row["product"], holder=row["holder"],
        born=date.fromisoformat(row["born"]) if row["born"] else None,
        value=sum(positions.values()) if positions else cents(row["value"]),
        effect_on=date.fromisoformat(row["effect_on"]), state=row["state"], flags=frozenset(row["flags"].split()),
        positions=positions, adviser=row["adviser"],
    )  # fmt: skip
