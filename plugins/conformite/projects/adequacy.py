"""Whether a project suits who invests: of profile, plan and data, rules, each with its verdict and reason (CO-04). Pure.

The law says what has to go together (sources below); where it gives no figure, the scale is the house's, and the reason says so.
What nobody told is INCONNU, never OK. `judging` asks the rules: `rules`, `target_market`, and `surrender` for a total surrender.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from decimal import Decimal

from core.api.types import AccountRef
from plugins.conformite.projects.assumptions import Assumptions
from plugins.conformite.projects.targets import Targets

OK, WARN, BLOCK, UNKNOWN = "OK", "AVERTIR", "BLOQUER", "INCONNU"
VERDICTS: dict[str, str] = {OK: "Adapté", WARN: "À expliquer", UNKNOWN: "Non vérifiable", BLOCK: "Inadapté"}
#: The gravest last: what several rules, or several people, come to.
GRAVITY = (OK, WARN, UNKNOWN, BLOCK)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an allocation: a class, or a support with what is known of it (`core.api.supports.fact_keys`)."""

    label: str
    weight: Decimal
    asset_class: str
    type: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def sri(self) -> int | None:
        """The support's risk indicator, 1 to 7."""
        told = self.facts.get("sri", "")
        return int(told) if told.isascii() and told.isdigit() and len(told) == 1 else None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is judged. `pieces`: empty where no allocation was chosen; `surrender`: the account is surrendered whole."""

    on: date
    months: int
    pieces: tuple[Piece, ...] = ()
    surrender: bool = False
    account: AccountRef | None = None
    #: The account's money is locked, but for cases that the law names.
    locked: bool = False

    @property
    def weights(self) -> dict[str, Decimal]:
        """Class → weight."""
        found: dict[str, Decimal] = {}
        for one in self.pieces:
            found[one.asset_class] = found.get(one.asset_class, Decimal(0)) + one.weight
        return found


@dataclass(frozen=True, slots=True)
class Scales:
    """What the house and the cabinet go by."""

    targets: Targets
    supposed: Assumptions


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `verdict`: of VERDICTS; `lines`: what it says of one piece or another; `source`: the text behind it."""

    key: str
    label: str
    verdict: str
    reason: str
    source: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One investor. `name`: whose profile was gone by."""

    contact_id: str
    name: str
    rules: tuple[Rule, ...]

    @property
    def verdict(self) -> str:
        """The gravest."""
        return worst([one.verdict for one in self.rules])


def worst(verdicts: Sequence[str]) -> str:
    """The gravest of several; INCONNU where there is none."""
    return max(verdicts, key=GRAVITY.index, default=UNKNOWN)
