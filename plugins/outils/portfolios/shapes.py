"""What a model portfolio is, as it is read and written: frozen, without rows. Weights and bands are ratios: 0.6 is 60 %."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

#: Investors' profiles → what people call them.
PROFILES: Mapping[str, Any] = {
    "PRUDENT": _l("Prudent"), "EQUILIBRE": _l("Équilibré"), "DYNAMIQUE": _l("Dynamique"), "OFFENSIF": _l("Offensif"),
}  # fmt: skip
#: Supports of a model at most.
MOST = 16
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Target:
    """A line of a model as it is written: a support, its weight, and how far from it an account may be."""

    support_id: str
    weight: Decimal
    band: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """A model as it is written."""

    name: str
    profile: str
    remarks: str
    lines: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A line as it is read. `sri`, `costs` (a year, a ratio): None where nobody told."""

    support_id: str
    label: str
    isin: str | None
    code: str | None
    type: str
    sri: int | None
    costs: Decimal | None
    weight: Decimal
    band: Decimal


@dataclass(frozen=True, slots=True)
class Weighted:
    """An average over the lines of which it is known. `known`: their weight together; None for the figure where it is nothing."""

    figure: Decimal | None
    known: Decimal


@dataclass(frozen=True, slots=True)
class Version:
    """A version, which never changes."""

    id: str
    number: int
    profile: str
    remarks: str
    said_by: str
    created_at: datetime
    lines: tuple[ModelLine, ...]

    @property
    def total(self) -> Decimal:
        """All weights together: 1."""
        return sum((line.weight for line in self.lines), ZERO)

    @property
    def risk(self) -> Weighted:
        """The SRI, weighted, of the lines that have one."""
        return _average([(line.weight, None if line.sri is None else Decimal(line.sri)) for line in self.lines])

    @property
    def costs(self) -> Weighted:
        """The supports' ongoing costs, weighted, of the lines of which they are known."""
        return _average([(line.weight, line.costs) for line in self.lines])


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A model with the version that holds. `followers`: how many accounts follow it, be they open to the reader or not."""

    id: str
    name: str
    version: Version
    archived_at: datetime | None
    followers: int


@dataclass(frozen=True, slots=True)
class Change:
    """A support in a version and in the one before it; None where it was not there."""

    label: str
    isin: str | None
    before: Target | None
    after: Target | None


def changes(after: Version, before: Version | None) -> tuple[Change, ...]:
    """The supports whose weight or band is another than in the version before, in the order of the newer."""
    old = {} if before is None else {line.support_id: line for line in before.lines}
    new = {line.support_id: line for line in after.lines}
    found = []
    for key in dict.fromkeys((*new, *old)):
        was, now = old.get(key), new.get(key)
        if was is None or now is None or (was.weight, was.band) != (now.weight, now.band):
            named = now or old[key]
            found.append(Change(named.label, named.isin, _target(was), _target(now)))
    return tuple(found)


def _target(line: ModelLine | None) -> Target | None:
    return None if line is None else Target(line.support_id, line.weight, line.band)


def _average(pairs: list[tuple[Decimal, Decimal | None]]) -> Weighted:
    told = [(weight, figure) for weight, figure in pairs if figure is not None]
    known = sum((weight for weight, _figure in told), ZERO)
    if not known:
        return Weighted(None, ZERO)
    return Weighted(sum((weight * figure for weight, figure in told), ZERO) / known, known)
