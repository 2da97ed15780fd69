"""What is known of a support as a page shows it: title by title, each value in words (OU-09)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.api import supports
from core.api.formats import number

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact in words; `others`: what other origins say otherwise, with their source. `text` empty: told to be unknown."""

    fact: supports.facts.Fact
    text: str
    others: tuple[tuple[str, str], ...]


def groups(known: Mapping[str, supports.facts.Fact]) -> list[tuple[str, list[Shown]]]:
    """Title → its facts, in the order of the keys; titles that have none are left out."""
    titles = supports.fact_keys.GROUPS
    found = [(title, [_shown(one) for one in known.values() if one.key.group == group]) for group, title in titles.items()]
    return [(title, some) for title, some in found if some]


def words(key: supports.fact_keys.FactKey, value: str) -> str:
    """«1,25 %», «Actions», «3 sur 7»; empty for what is not known."""
    if not value:
        return ""
    return cost(Decimal(value)) if key.kind == "ratio" else key.words(value)


def cost(value: Decimal) -> str:
    """«1,25 %», with up to six decimals where it has them."""
    written = number(value * _HUNDRED, 6).rstrip("0")
    whole, _mark, digits = written.partition(",")
    return f"{whole},{digits.ljust(2, '0')}\u00a0%"


def _shown(one: supports.facts.Fact) -> Shown:
    others = tuple((words(one.key, other.value), other.source) for other in one.beneath if other.value != one.told.value)
    return Shown(one, words(one.key, one.told.value), others)
