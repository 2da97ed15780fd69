"""What every form is made of: blocks to show, values to read, an entry to validate."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from typing import Any
from typing import Protocol

from .. import wording
from ..book import Contract
from ..book import Support
from ..rules import Limits

Typed = Mapping[str, str]


class FormErrors(Exception):
    """What is wrong, by the name of the field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class Context:
    """What a form may look at; `prefill` as `prefill.check` gives it."""

    contract: Contract
    supports: Sequence[Support]
    limits: Limits
    today: date
    prefill: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `kind`: amount, percent, iban, date, select, textarea, check."""

    name: str
    label: str
    kind: str
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One support in a table of fields; `note`: savings held, or risk."""

    name: str
    label: str
    isin: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    """One field a support; `unit` € or %."""

    name: str
    caption: str
    note_head: str
    value_head: str
    unit: str
    total: str
    lines: tuple[Line, ...]


Block = Field | Table


@dataclass(frozen=True, slots=True)
class Initial:
    """A form's first values, and what could not be taken over from the platform."""

    values: Typed = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the recapitulation, cents."""

    side: str
    label: str
    isin: str | None
    cents: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What an adviser validates: `instructions` as PLP-085 sends them, `effects` as `effects.apply` takes them."""

    amount: int | None
    instructions: Sequence[Mapping[str, Any]] | None
    summary: tuple[tuple[str, str], ...]
    effects: Mapping[str, Any]
    moves: tuple[Move, ...] = ()


class Form(Protocol):
    """One act's form."""

    def title(self, context: Context) -> str:
        """Its heading, «» for the act's own label."""
        ...

    def blocks(self, context: Context) -> list[Block]:
        """What it shows."""
        ...

    def initial(self, context: Context) -> Initial:
        """Filled from the platform's prefill and from the book."""
        ...

    def parse(self, typed: Typed, context: Context) -> Entry:
        """Raises `FormErrors`."""
        ...


def check_limits(cents: int, limits: Limits, errors: dict[str, str], name: str = "amount") -> None:
    """The act's own bounds on this contract."""
    if limits.minimum is not None and cents < limits.minimum:
        errors[name] = f"Le minimum est de {wording.money(limits.minimum)}."
    elif limits.maximum is not None and cents > limits.maximum:
        errors[name] = f"Le maximum est de {wording.money(limits.maximum)}."


def bounds(limits: Limits) -> str:
    """How a field says its limits."""
    said = []
    if limits.minimum is not None:
        said.append(f"minimum {wording.money(limits.minimum)}")
    if limits.maximum is not None:
        said.append(f"maximum {wording.money(limits.maximum)}")
    return ", ".join(said).capitalize()
