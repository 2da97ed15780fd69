"""Rows of a form that are added and taken away without a script: their fields end in the row's number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rows:
    """`names`: the fields of a row; `room`: rows at most; `first`: how many an empty form shows."""

    names: tuple[str, ...]
    room: int
    first: int

    @property
    def numbers(self) -> range:
        """Those of the rows, from 1."""
        return range(1, self.room + 1)

    def used(self, values: Mapping[str, Any], asked: int = 0) -> int:
        """How many rows are shown: those with something in them, or as many as were asked for."""
        filled = max((n for n in self.numbers if any(values.get(f"{name}_{n}") for name in self.names)), default=0)
        return min(self.room, max(filled, asked or self.first))

    def without(self, values: Mapping[str, Any], gone: int) -> dict[str, Any]:
        """What was typed, without one row: those below move up."""
        kept = dict(values)
        for name in self.names:
            for n in range(gone, self.room + 1):
                kept[f"{name}_{n}"] = values.get(f"{name}_{n + 1}", "")
        return kept

    def pressed(self, values: Mapping[str, Any], button: str, shown: int) -> tuple[Mapping[str, Any], int] | None:
        """What «ligne» or «retirer-2» makes of what was typed, and of the rows shown; None where neither was pressed."""
        if button == "ligne":
            return values, shown + 1
        gone = button.removeprefix("retirer-")
        if button != gone and gone.isdecimal() and len(gone) < 4 and 1 <= int(gone) <= self.room:
            return self.without(values, int(gone)), max(1, shown - 1)
        return None

    def placed(self, field: str | None, rows: Mapping[int, int]) -> str:
        """The form's field of a fault, from the place of the line; `rows`: line → its row."""
        name, _sep, place = (field or "").rpartition("_")
        known = name in self.names and place.isdecimal() and len(place) < 4
        return f"{name}_{rows.get(int(place), int(place))}" if known else field or ""
