"""What a template is written in: sections, paragraphs, lists, tables, `{words}` of a fixed dictionary. Knows no database.

A line of its own each: `## Section`, `- an item`, `| a | row |`, `{tableau_…}` alone for what is listed; the rest is paragraphs,
apart by an empty line. Nothing else means anything: no program, no condition, no HTML. What is not in the dictionary is
refused with its line.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: What stands where a fact is not known.
ABSENT = "à compléter"
_WORD = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")
_ALONE = re.compile(r"\{(tableau_[a-z0-9_]{1,40})\}")
_Kind = Literal["section", "paragraph", "items", "table", "listed"]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a template. `lines`: one of a section or a paragraph, each item, the cells of each row between tabs, or the
    name of what is listed."""

    kind: _Kind
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text with its words put in. `absent`: a fact that is not known."""

    text: str
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a template. `line`: from 1."""

    line: int
    text: str


def blocks(text: str) -> list[Block]:
    """A template piece by piece."""
    found: list[Block] = []
    kind: _Kind | None = None
    lines: list[str] = []

    def close() -> None:
        nonlocal kind
        if kind is not None:
            found.append(Block(kind, (" ".join(lines),) if kind == "paragraph" else tuple(lines)))
        kind, lines[:] = None, []

    for raw in text.splitlines():
        line = raw.strip()
        now = _kind(line)
        if now != kind or now in ("section", "listed"):
            close()
        if now is not None:
            kind = now
            lines.append(_content(line, now))
    close()
    return found


def faults(text: str, known: Collection[str]) -> list[Fault]:
    """Words that the dictionary has not, braces that are none of a word's, tables that stand in the middle of a sentence."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        alone = _ALONE.fullmatch(line.strip())
        for name in _WORD.findall(line):
            if name not in known:
                found.append(Fault(number, f"«\u202f{{{name}}}\u202f» n'est pas un champ de ce document."))
            elif name.startswith("tableau_") and not alone:
                found.append(Fault(number, f"«\u202f{{{name}}}\u202f» est un tableau\u202f: écrivez-le seul sur sa ligne."))
        if set(_WORD.sub("", line)) & set("{}"):
            found.append(Fault(number, "Une accolade n'entoure pas un champ\u202f: retirez-la, ou écrivez le champ en entier."))
    return found


def used(text: str) -> tuple[str, ...]:
    """The words that a template has, in their order, each once."""
    return tuple(dict.fromkeys(_WORD.findall(text)))


def filled(line: str, values: Mapping[str, str]) -> list[Piece]:
    """A line with its words put in, which are never read again: a brace in a fact stays a brace."""
    return [piece for piece in _pieces(line, values) if piece.text]


def _pieces(line: str, values: Mapping[str, str]) -> Iterator[Piece]:
    end = 0
    for met in _WORD.finditer(line):
        yield Piece(line[end : met.start()])
        value = values.get(met.group(1), "")
        yield Piece(value or ABSENT, not value)
        end = met.end()
    yield Piece(line[end:])


def cells(row: str) -> Sequence[str]:
    """The cells of a table's row."""
    return row.split("\t")


def _kind(line: str) -> _Kind | None:
    if not line:
        return None
    if line.startswith("## "):
        return "section"
    if line.startswith("- "):
        return "items"
    if line.startswith("|"):
        return "table"
    return "listed" if _ALONE.fullmatch(line) else "paragraph"


def _content(line: str, kind: _Kind) -> str:
    if kind == "section":
        return line[3:].strip()
    if kind == "items":
        return line[2:].strip()
    if kind == "table":
        return "\t".join(cell.strip() for cell in line.strip("|").split("|"))
    return line[1:-1] if kind == "listed" else line
