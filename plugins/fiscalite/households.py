"""From what is declared, or owned, to the households that the engine is asked about; what is tried beside the present one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import Any

from core.api import taxes
from core.api import wealth
from plugins.fiscalite import kinds
from plugins.fiscalite import rates
from plugins.fiscalite import retirement

Facts = Mapping[str, Any]
_CENT = Decimal("0.01")
ZERO = Decimal(0)
#: The case that is asked for the IFI.
IFI = "ifi"


@dataclass(frozen=True, slots=True)
class BaseLine:
    """A thing that is taxed, or what comes off: its value, what is counted of it, and why."""

    label: Any
    value: Decimal
    counted: Decimal
    why: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """The base of the IFI. `from_sheet`: out of the balance sheet of `on`; otherwise as it was declared here.

    `unknown`: taxed things whose value is not known; `capped`: debts that the cap of art. 974, IV CGI keeps out.
    """

    lines: tuple[BaseLine, ...]
    total: Decimal
    on: date
    from_sheet: bool = False
    unknown: tuple[str, ...] = ()
    capped: Decimal = ZERO

    @property
    def due(self) -> bool:
        """Whether there is something to pay at all (art. 964 CGI)."""
        return self.total > rates.IFI_THRESHOLD

    @property
    def asked(self) -> Decimal | None:
        """What the engine is asked about; None where nothing is due."""
        return self.total if self.due else None


def declared_base(facts: Facts, year: int) -> Base | None:
    """What is taxed by the IFI, net of debts, out of what was declared here for a year of income; None where nothing was."""
    given = {code: facts[code] for code in kinds.PROPERTY if facts.get(code) is not None}
    if not given:
        return None
    lines = []
    for code, value in given.items():
        counted = value * (1 - rates.MAIN_HOME) if code == "ifi_residence" else -value if code == "ifi_dettes" else value
        why = f"Résidence principale\u202f: abattement de 30\u00a0% ({rates.MAIN_HOME_SOURCE})" if code == "ifi_residence" else ""
        lines.append(BaseLine(kinds.PROPERTY[code][0], value, counted.quantize(_CENT, ROUND_HALF_UP), why))
    return Base(tuple(lines), max(ZERO, sum((one.counted for one in lines), ZERO)), date(year + 1, 1, 1))


def sheet_base(found: wealth.IfiBase) -> Base | None:
    """The same out of a balance sheet; None where it knows of nothing that is taxed."""
    if not found.lines and not found.unknown:
        return None
    lines = tuple(BaseLine(one.line.item.label, one.value, one.counted, one.why) for one in found.lines)
    return Base(lines, found.net, found.on, True, tuple(one.item.label for one in found.unknown), found.capped)


def household(facts: Facts, year: int) -> taxes.Household:
    """The household of a declaration."""
    situation: taxes.Situation = facts["situation"]
    numbers = (1, 2) if situation in kinds.COUPLE else (1,)
    shared = {code: facts[code] for code in taxes.FOYER if facts.get(code)}
    counts: dict[str, int] = {code: facts.get(code) or 0 for code in kinds.COUNTS}
    alone = situation in kinds.ALONE
    return taxes.Household(
        year=year, situation=situation, adults=tuple(_adult(facts, number, year) for number in numbers), amounts=shared,
        by_scale=bool(facts.get("by_scale")),
        lone_parent=alone and bool(facts.get("lone_parent")), raised_alone=alone and bool(facts.get("raised_alone")),
        children=counts["children"], shared=counts["shared"], of_age=counts["of_age"],
        disabled_children=counts["disabled_children"], disabled_shared=counts["disabled_shared"],
        disabled_others=counts["disabled_others"],
    )  # fmt: skip


def _adult(facts: Facts, number: int, year: int) -> taxes.Adult:
    amounts = {code: facts[f"{code}_{number}"] for code in taxes.ADULT if facts.get(f"{code}_{number}")}
    if "per" in amounts:
        # the engine takes «no ceiling» for a ceiling of nought: the one of the notice, or the one that can be reckoned
        ceiling = retirement.ceiling(facts, number, year)
        if ceiling.total is not None:
            amounts["per"] = min(amounts["per"], ceiling.total)
        amounts.pop("per_plafond", None)
    return taxes.Adult(facts.get(f"birth_year_{number}"), amounts, bool(facts.get(f"disabled_{number}")))


@dataclass(frozen=True, slots=True)
class Gain:
    """A surrender's share of gain (prorata of premiums), by how each part of it is taxed."""

    total: Decimal
    old: Decimal  #: of premiums before 27/09/2017: by the scale
    low: Decimal  #: eight years and more, at 7.5 %
    high: Decimal  #: at 12.8 %


def gain(what_if: Facts) -> Gain | None:
    """The gain of the surrender that is tried; None where none is."""
    surrender, value, premiums = (what_if.get(name) for name in ("surrender", "contract_value", "premiums"))
    if not surrender or not value or premiums is None:
        return None
    total = max(ZERO, surrender - premiums * surrender / value).quantize(_CENT, ROUND_HALF_UP)
    before = what_if.get("premiums_before") or ZERO
    old = (total * before / premiums).quantize(_CENT, ROUND_HALF_UP) if premiums else ZERO
    new = total - old
    if not what_if.get("eight_years"):
        return Gain(total, old, ZERO, new)
    every = what_if.get("premiums_all") or premiums
    since = max(every - before, ZERO)
    ratio = min(Decimal(1), max(ZERO, rates.PREMIUMS - before) / since) if since else Decimal(1)
    low = (new * ratio).quantize(_CENT, ROUND_HALF_UP)
    return Gain(total, old, low, new - low)


def scenarios(facts: Facts, what_if: Facts, year: int, taxed: Decimal | None = None) -> dict[str, taxes.Household]:
    """The present case, and each thing that is tried beside it, in the order of the page.

    `taxed`: the base of the IFI, where it is due. It is a case of its own: a building's new value asks for no new income tax.
    """
    now = household(facts, year)
    found = {"present": now}
    if taxed is not None:
        found[IFI] = replace(now, property_base=taxed)
    if what_if.get("more_child"):
        found["child"] = replace(now, children=now.children + 1)
    if what_if.get("more_per"):
        more = dict(facts)
        more["per_1"] = (facts.get("per_1") or ZERO) + what_if["more_per"]
        found["per"] = household(more, year)
    if (made := gain(what_if)) is not None:
        long = bool(what_if.get("eight_years"))
        amounts = dict(now.amounts)
        parts = (
            {"av_anciennes_plus_8": made.old, "av_plus_8": made.low, "av_plus_8_au_dela": made.high} if long
            else {"av_anciennes_moins_8": made.old, "av_moins_8": made.high}
        )  # fmt: skip
        for code, part in parts.items():
            amounts[code] = amounts.get(code, ZERO) + part
        found["surrender"] = replace(now, amounts=amounts)
    return found
