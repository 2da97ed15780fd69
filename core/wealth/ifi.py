"""The base of the IFI out of a balance sheet: who is taxed on what, what comes off it, each line with its reason (PA-03).

Pure. Sources: CGI, art. 965 (property and shares), 968 (the usufructuary is taxed on the whole), 973 (main home), 974 (debts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.wealth.balance import Balance
from core.wealth.balance import Line
from core.wealth.balance import cents

#: Art. 973, I: off the main home.
MAIN_HOME = Decimal("0.30")
#: Art. 974, IV: above so much property, debts over this ratio of it count by half for what is over. In force since 2018.
CAPPED_ABOVE, CAP, BEYOND = Decimal(5_000_000), Decimal("0.60"), Decimal("0.50")
#: Rights that are taxed on the whole of what they bear on; bare ownership is not taxed.
_TAXED = ("PLEINE_PROPRIETE", "INDIVISION", "USUFRUIT", "QUASI_USUFRUIT")


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of the base. `value`: what is these people's of it before any rule; `counted`: what enters, a debt as a minus."""

    line: Line
    value: Decimal
    counted: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class Base:
    """What is taxed on a day. `unknown`: taxed things without a known value, so that the base is not whole."""

    on: date
    lines: tuple[Counted, ...]
    unknown: tuple[Line, ...]
    capped: Decimal = Decimal(0)  #: of the debts, what the cap of art. 974, IV keeps out

    @property
    def gross(self) -> Decimal:
        """Taxed property, after the relief of the main home."""
        return sum((one.counted for one in self.lines if one.counted > 0), Decimal(0))

    @property
    def debts(self) -> Decimal:
        """What comes off, as a positive amount."""
        return -sum((one.counted for one in self.lines if one.counted < 0), Decimal(0)) - self.capped

    @property
    def net(self) -> Decimal:
        """The base, never below nought; in euros."""
        return max(Decimal(0), self.gross - self.debts)


def base(balance: Balance, people: Sequence[str] = ()) -> Base:
    """The base of those who are taxed together: all of the sheet, or these of its people."""
    who = set(people or balance.people)
    taxed: dict[str, tuple[Line, Decimal]] = {}
    lines, unknown = list[Counted](), list[Line]()
    for line in balance.lines:
        if not line.counted or line.item.debt or not line.item.taxable:
            continue
        share = sum((part.share for part in line.parts if part.contact_id in who and part.right in _TAXED), Decimal(0))
        if not share:
            continue
        if line.item.value is None:
            unknown.append(line)
            continue
        value = cents(line.item.value, share)
        ratio = line.item.taxable * (1 - MAIN_HOME if line.item.main_home else 1)
        taxed[line.item.key] = (line, line.item.taxable)
        lines.append(Counted(line, value, cents(value, ratio), _why(line)))
    gross = sum((one.counted for one in lines), Decimal(0))
    for line in balance.lines:
        paid_for = taxed.get(line.item.finances)
        if not line.counted or not line.item.debt or not line.item.taxable or paid_for is None:
            continue
        owed = line.of(tuple(sorted(who)))
        if owed is None:
            unknown.append(line)
            continue
        why = f"Finance «\u202f{paid_for[0].item.label}\u202f» (art. 974 CGI)"
        if line.item.taxable < 1:
            why += "\u202f; prêt in fine, admis à proportion des années restantes"
        lines.append(Counted(line, -owed, -cents(owed, line.item.taxable * paid_for[1]), why))
    debts = -sum((one.counted for one in lines if one.counted < 0), Decimal(0))
    limit = cents(gross, CAP)
    over = max(Decimal(0), debts - limit) if gross > CAPPED_ABOVE else Decimal(0)
    return Base(balance.on, tuple(lines), tuple(unknown), cents(over, 1 - BEYOND))


def _why(line: Line) -> str:
    said = []
    if any(part.right in ("USUFRUIT", "QUASI_USUFRUIT") for part in line.parts):
        said.append("Usufruit taxé sur la pleine propriété (art. 968 CGI)")
    if line.item.main_home:
        said.append("Résidence principale\u202f: abattement de 30\u00a0% (art. 973 CGI)")
    if line.item.company_id:
        said.append("Fraction immobilière des parts (art. 965 CGI)")
    return "\u202f; ".join(said) or "Immeuble taxable (art. 965 CGI)"
