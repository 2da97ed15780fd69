"""Which column fills which field: guessed by its head, remembered by all heads, told by the person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from core.hooks.importing import ImportField
from core.hooks.importing import ImportLine
from core.imports import tables
from core.imports import values
from core.search.words import fold

#: Lines whose cells tell the order of dates and the decimal mark; lines that the mapping page shows of a column.
_LOOKED, SHOWN = 2_000, 3


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the mapping page shows it."""

    place: int
    head: str
    samples: tuple[str, ...]
    field: str


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that could not be read whole: why, and which fields are wrong. `line`: what could be read of it."""

    line: ImportLine
    why: str
    fields: tuple[str, ...] = ()


def guessed(heads: Sequence[str], fields: Sequence[ImportField]) -> dict[str, int]:
    """Field → column, for the columns whose head is one of the field's words. The field's first word wins over its others."""
    folded = [fold(head) for head in heads]
    found: dict[str, int] = {}
    taken: set[int] = set()
    ranked = [
        (rank, place, field.key)
        for field in fields
        for rank, word in enumerate((str(field.label), *field.words))
        for place, head in enumerate(folded)
        if head and head == fold(word)
    ]
    for _rank, place, key in sorted(ranked):
        if key not in found and place not in taken:
            found[key] = place
            taken.add(place)
    return found


def fingerprint(heads: Sequence[str]) -> str:
    """What the same heads have in common, in whatever order."""
    return hashlib.sha256("\n".join(sorted(fold(head) for head in heads)).encode()).hexdigest()


def by_head(mapping: Mapping[str, int], heads: Sequence[str]) -> dict[str, str]:
    """A mapping as it is remembered."""
    return {key: heads[place] for key, place in mapping.items() if 0 <= place < len(heads)}


def recalled(kept: Mapping[str, str], heads: Sequence[str], fields: Sequence[ImportField]) -> dict[str, int]:
    """A remembered mapping on these heads; what is no longer a field or a head is left out."""
    places = {fold(head): place for place, head in enumerate(heads)}
    known = {field.key for field in fields}
    return {key: places[fold(head)] for key, head in kept.items() if key in known and fold(head) in places}


def columns(data: bytes, heads: Sequence[str], mapping: Mapping[str, int]) -> list[Column]:
    """Each column with its first values and the field that it fills."""
    samples: list[list[str]] = [[] for _head in heads]
    for line in islice(tables.lines(data), 200):
        for place, cell in enumerate(line.cells):
            if cell and len(samples[place]) < SHOWN:
                samples[place].append(cell[:60])
    by_place = {place: key for key, place in mapping.items()}
    return [Column(place, head, tuple(samples[place]), by_place.get(place, "")) for place, head in enumerate(heads)]


def detected(data: bytes, mapping: Mapping[str, int], fields: Sequence[ImportField]) -> dict[str, Any]:
    """How each mapped column writes its days and amounts: field → order or mark."""
    wanted = [(field, mapping[field.key]) for field in fields if field.key in mapping and field.kind in ("day", "amount")]
    cells: dict[str, list[str]] = {field.key: [] for field, _place in wanted}
    for line in islice(tables.lines(data), _LOOKED):
        for field, place in wanted:
            if place < len(line.cells) and line.cells[place]:
                cells[field.key].append(line.cells[place])
    return {
        field.key: values.order_of(cells[field.key]) if field.kind == "day" else values.mark_of(cells[field.key])
        for field, _place in wanted
    }


def read(
    data: bytes, mapping: Mapping[str, int], ways: Mapping[str, Any], fields: Sequence[ImportField],
    constants: Mapping[str, Any] = {},
    *, after: int = 0,
) -> Iterator[ImportLine | Bad]:  # fmt: skip
    """The lines of a table, read by the mapping: each is whole, or a `Bad` that says all that is wrong with it.

    `constants`: for what is not told.
    """
    wanted = [(field, mapping[field.key], ways.get(field.key)) for field in fields if field.key in mapping]
    for row in tables.lines(data, after=after):
        if row.fault:
            yield Bad(ImportLine(row.number, {}), row.fault)
            continue
        found: dict[str, Any] = dict(constants)
        faults: dict[str, str] | None = None
        for field, place, way in wanted:
            cell = row.cells[place] if place < len(row.cells) else ""
            if not cell:
                continue
            try:
                found[field.key] = _value(cell, field, way)
            except ValueError as error:
                found.pop(field.key, None)
                faults = faults or {}
                faults[field.key] = f"{field.label}\u202f: {error}"
        line = ImportLine(row.number, found)
        yield Bad(line, " ".join(faults.values()), tuple(faults)) if faults else line


def _value(cell: str, field: ImportField, way: Any) -> Any:
    if field.kind == "text":
        return cell
    if field.kind == "day":
        return values.day(cell, way or "jma")
    if field.kind == "amount":
        return values.amount(cell, way or ",")
    return values.code(cell, field)
