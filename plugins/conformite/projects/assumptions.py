"""What a projection supposes of each asset class: the house's figures, dated, as a data file (CO-04). Knows no database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "assumptions-1.json"


@dataclass(frozen=True, slots=True)
class Assumption:
    """One class. `mean`, `volatility`: of a year, ratios, None where the house supposes nothing; `holding`: years advised."""

    mean: Decimal | None
    volatility: Decimal | None
    holding: int


@dataclass(frozen=True, slots=True)
class Assumptions:
    """All of them. A class that is not there is one of which nothing is supposed."""

    version: str
    dated: date
    about: str
    sources: tuple[str, ...]
    classes: Mapping[str, Assumption]


@cache
def load() -> Assumptions:
    """The ones in force."""
    read = json.loads(_FILE.read_text("utf-8"))
    return Assumptions(
        read["version"], date.fromisoformat(read["dated"]), read["about"], tuple(read["sources"]),
        {
            code: Assumption(_ratio(one["mean"]), _ratio(one["volatility"]), one["holding"])
            for code, one in read["classes"].items()
        },
    )  # fmt: skip


def _ratio(told: str | None) -> Decimal | None:
    return None if told is None else Decimal(told)
