"""Tables of supports: sharing an amount out, in percent; taking it from positions."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from .. import wording
from ..book import Contract
from ..prefill import code_of
from . import fields
from .base import Context
from .base import Line
from .base import Move
from .base import Table
from .base import Typed

WHOLE = 10_000


def table(context: Context, caption: str) -> Table:
    """One percentage a support that is open to investment."""
    lines = tuple(
        Line(f"in:{support.code}", support.label, support.isin, f"{support.risk} sur 7") for support in context.supports
    )
    return Table("in", caption, "Risque", "Répartition", "%", "Total réparti", lines)


def parse(typed: Typed, context: Context, errors: dict[str, str]) -> dict[str, int]:
    """code → hundredths of a percent; the sum is 100 %."""
    shares: dict[str, int] = {}
    for support in context.supports:
        found = fields.share(typed, f"in:{support.code}", errors)
        if found:
            shares[support.code] = found
    if sum(shares.values()) != WHOLE and not any(name.startswith("in:") for name in errors):
        total = wording.number(sum(shares.values()))
        errors["in"] = f"La répartition doit faire 100,00 %\u202f; elle fait {total} %."
    return shares


def split(total: int, shares: Mapping[str, int]) -> dict[str, int]:
    """Cents by code; their sum is `total` to the cent."""
    whole = sum(shares.values())
    made = {code: total * share // whole for code, share in shares.items()}
    if made:
        largest = max(made, key=lambda code: (made[code], code))
        made[largest] += total - sum(made.values())
    return made


def prorata(contract: Contract, total: int) -> dict[str, int]:
    """Cents to take from each position, in proportion."""
    return split(total, {position.code: position.amount for position in contract.positions})


def instructions(side: str, cents: Mapping[str, int], isins: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """PLP-085: final, in amounts."""
    return [
        {
            "side": side, "isin": isins[code], "support_ref": None if isins[code] else code, "mode": "amount",
            "value": f"{value // 100}.{value % 100:02d}",
        }
        for code, value in cents.items()
        if value
    ]  # fmt: skip


def isins(context: Context) -> dict[str, str | None]:
    """Of all that the contract holds or may hold."""
    held = {position.code: position.isin for position in context.contract.positions}
    return {**{support.code: support.isin for support in context.supports}, **held}


def moves(side: str, cents: Mapping[str, int], context: Context) -> tuple[Move, ...]:
    """For the recapitulation."""
    names = {support.code: support.label for support in context.supports}
    names |= {position.code: position.label for position in context.contract.positions}
    known = isins(context)
    return tuple(Move(side, names[code], known[code], value) for code, value in cents.items() if value)


def from_prefill(context: Context) -> tuple[dict[str, str], list[str]]:
    """The percentages the platform asked for; what cannot be used is said (PLP-078)."""
    given: Sequence[Mapping[str, Any]] = (context.prefill or {}).get("instructions") or []
    wanted = [item for item in given if item["side"] == "in"]
    known = {support.code for support in context.supports}
    usable = [item for item in wanted if code_of(item) in known]
    notes = [
        f"Support {code_of(item)}\u202f: il n'est pas ouvert à l'investissement sur ce contrat, laissé vide."
        for item in wanted
        if code_of(item) not in known
    ]
    shares: dict[str, int] = {}
    if usable and all(item["mode"] == "amount" for item in usable) and not notes:
        cents = {code_of(item): fields.hundredths(item["value"]) or 0 for item in usable}
        if sum(cents.values()):
            shares = split(WHOLE, cents)
    else:
        for item in usable:
            if item["mode"] == "percent":
                shares[code_of(item)] = round(float(item["value"]) * 100)
            elif item["mode"] == "all" and len(wanted) == 1:
                shares[code_of(item)] = WHOLE
            else:
                notes.append(f"Support {code_of(item)}\u202f: sa répartition est à saisir ici en pourcentage.")
    return {f"in:{code}": wording.number(value) for code, value in shares.items() if value}, notes
